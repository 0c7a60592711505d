//! Binding a call's arguments to a signature.

use std::collections::BTreeMap;

use opentrail_trino::{SqlError, Type, can_coerce, common_super_type};

use super::super::registry::Argument;
use super::{Pattern, Signature};

/// How often lambdas may widen a type variable (`reduce` with an integer state over bigints widens once).
const ROUNDS_MAX: usize = 8;

/// What the arguments have to become, and what comes out.
#[derive(Debug)]
pub(in super::super) struct Binding {
    pub(in super::super) parameters: Vec<Type>,
    pub(in super::super) returns: Type,
}

/// Types of variables; precisions of times are kept under their own keys.
#[derive(Debug, Default, PartialEq, Clone)]
struct Variables {
    types: BTreeMap<char, Type>,
    precision: Option<u8>,
}

/// The type of the lambda at a position, for parameters of these types.
pub(in super::super) type TypeOfLambda<'a> = dyn FnMut(usize, &[Type]) -> Result<Type, SqlError> + 'a;

impl Signature {
    /// Binds the arguments; `None` if they do not fit.
    pub(in super::super) fn bind(
        &self,
        arguments: &[Argument<'_>],
        lambda: &mut TypeOfLambda<'_>,
    ) -> Result<Option<Binding>, SqlError> {
        let Some(patterns) = self.patterns(arguments.len()) else { return Ok(None) };
        let mut variables = Variables::default();
        for (pattern, argument) in patterns.iter().zip(arguments) {
            let fits = match (pattern, argument) {
                (Pattern::Function(parameters, _), Argument::Lambda { parameters: given }) => {
                    parameters.len() == *given
                }
                (Pattern::Function(..), _) | (_, Argument::Lambda { .. }) => false,
                (pattern, Argument::Value(actual)) => variables.unify(pattern, actual),
            };
            if !fits {
                return Ok(None);
            }
        }
        if !bind_lambdas(&patterns, &mut variables, lambda)? {
            return Ok(None);
        }
        Ok(self.conclude(&patterns, arguments, &variables))
    }

    /// One pattern an argument.
    fn patterns(&self, count: usize) -> Option<Vec<&Pattern>> {
        let declared = self.parameters.len();
        if !self.is_variadic {
            return (declared == count).then(|| self.parameters.iter().collect());
        }
        let last = self.parameters.last()?;
        (count + 1 >= declared).then(|| {
            let fixed = self.parameters[..declared - 1].iter();
            fixed.chain(std::iter::repeat(last)).take(count).collect()
        })
    }

    /// The parameters with variables filled in, if each argument turns into its own.
    fn conclude(&self, patterns: &[&Pattern], arguments: &[Argument<'_>], variables: &Variables) -> Option<Binding> {
        let mut parameters = Vec::with_capacity(patterns.len());
        for (pattern, argument) in patterns.iter().zip(arguments) {
            let actual = match argument {
                Argument::Value(actual) => Some(*actual),
                Argument::Lambda { .. } => None,
            };
            let parameter = variables.fill(pattern, actual);
            if actual.is_some_and(|actual| !coerces(actual, &parameter)) {
                return None;
            }
            parameters.push(parameter);
        }
        Some(Binding { parameters, returns: variables.fill(&self.returns, None) })
    }
}

/// Does a value of `actual` turn into `parameter` without a cast? A parameter's unbounded varchar takes every length.
pub(in super::super) fn coerces(actual: &Type, parameter: &Type) -> bool {
    actual == parameter || can_coerce(actual, parameter)
}

/// Asks for the types of lambdas until they settle.
fn bind_lambdas(
    patterns: &[&Pattern],
    variables: &mut Variables,
    lambda: &mut TypeOfLambda<'_>,
) -> Result<bool, SqlError> {
    for _ in 0..ROUNDS_MAX {
        let before = variables.clone();
        for (index, pattern) in patterns.iter().enumerate() {
            let Pattern::Function(parameters, returns) = pattern else { continue };
            let parameters: Vec<Type> = parameters.iter().map(|p| variables.fill(p, None)).collect();
            let actual = lambda(index, &parameters)?;
            if !variables.unify(returns, &actual) {
                return Ok(false);
            }
        }
        if *variables == before {
            break;
        }
    }
    Ok(true)
}

impl Variables {
    /// Notes what `actual` says about the variables in `pattern`; false if it cannot fit.
    fn unify(&mut self, pattern: &Pattern, actual: &Type) -> bool {
        match (pattern, actual) {
            (Pattern::Exact(parameter), actual) => coerces(actual, parameter),
            (Pattern::Variable(letter), actual) => self.bind(*letter, actual),
            (Pattern::Any, _) | (_, Type::Unknown) => true,
            (Pattern::Decimal, actual) => decimal(actual).is_some(),
            (Pattern::Timestamp, Type::Timestamp { precision })
            | (Pattern::TimestampTz, Type::Timestamp { precision } | Type::TimestampTz { precision })
            | (Pattern::Time, Type::Time { precision }) => {
                self.precision = self.precision.max(Some(*precision));
                true
            }
            (Pattern::Timestamp | Pattern::TimestampTz, Type::Date) | (Pattern::Row, Type::Row(_)) => true,
            (Pattern::Array(item), Type::Array(actual)) => self.unify(item, actual),
            (Pattern::Map(key, value), Type::Map(actual_key, actual_value)) => {
                self.unify(key, actual_key) && self.unify(value, actual_value)
            }
            (Pattern::Fields(fields), Type::Row(actual)) => {
                fields.len() == actual.len()
                    && fields.iter().zip(actual).all(|(field, (_, actual))| self.unify(field, actual))
            }
            _ => false,
        }
    }

    fn bind(&mut self, letter: char, actual: &Type) -> bool {
        let is_fit = match letter {
            'O' | 'P' => actual.is_orderable(),
            'C' | 'K' => actual.is_comparable(),
            _ => true,
        };
        let common = match self.types.get(&letter) {
            Some(bound) => common_super_type(bound, actual),
            None => Some(actual.clone()),
        };
        let Some(common) = common.filter(|_| is_fit) else { return false };
        self.types.insert(letter, common);
        true
    }

    /// The type that `pattern` means; `actual` decides where the pattern leaves it open.
    fn fill(&self, pattern: &Pattern, actual: Option<&Type>) -> Type {
        let precision = self.precision.unwrap_or(3);
        match pattern {
            Pattern::Exact(of) => of.clone(),
            Pattern::Variable(letter) => self.types.get(letter).cloned().unwrap_or(Type::Unknown),
            Pattern::Decimal => actual.and_then(decimal).unwrap_or(Type::Decimal { precision: 1, scale: 0 }),
            Pattern::Timestamp => Type::Timestamp { precision },
            Pattern::TimestampTz => Type::TimestampTz { precision },
            Pattern::Time => Type::Time { precision },
            Pattern::Any => actual.cloned().unwrap_or(Type::Unknown),
            Pattern::Row => actual.cloned().unwrap_or(Type::Row(Vec::new())),
            Pattern::Array(item) => {
                let actual = actual.and_then(|of| if let Type::Array(item) = of { Some(&**item) } else { None });
                Type::array(self.fill(item, actual))
            }
            Pattern::Map(key, value) => Type::map(self.fill(key, None), self.fill(value, None)),
            Pattern::Fields(fields) => Type::Row(fields.iter().map(|field| (None, self.fill(field, None))).collect()),
            Pattern::Function(parameters, returns) => Type::Function(
                parameters.iter().map(|parameter| self.fill(parameter, None)).collect(),
                Box::new(self.fill(returns, None)),
            ),
        }
    }
}

/// The decimal that holds every value of a whole-number or decimal type.
fn decimal(of: &Type) -> Option<Type> {
    let precision = match of {
        Type::Decimal { .. } => return Some(of.clone()),
        Type::Tinyint => 3,
        Type::Smallint => 5,
        Type::Integer => 10,
        Type::Bigint => 19,
        _ => return None,
    };
    Some(Type::Decimal { precision, scale: 0 })
}
