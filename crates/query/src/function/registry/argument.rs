//! What a call gives, and what is said when it does not fit.

use datafusion::logical_expr::expr::{NullTreatment, Sort};
use datafusion::logical_expr::{Expr, WindowFrame};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

/// What a call gives at one position.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Argument<'a> {
    /// A value of this type.
    Value(&'a Type),
    /// A lambda with so many parameters. `try(x)` is called with a lambda of none.
    Lambda {
        /// How many names stand before the arrow.
        parameters: usize,
    },
}

/// An argument, compiled and coerced to what [`super::Resolved`] wants.
#[derive(Debug, Clone)]
pub(crate) enum Compiled {
    /// A value.
    Value(Expr),
    /// A lambda. `body` refers to its parameters as unqualified columns of the given names, which no captured column and no
    /// enclosing lambda's parameter shares, and to all else it needs by the column expressions in `captures`.
    Lambda {
        /// Names and types of the parameters.
        parameters: Vec<(String, Type)>,
        /// What stands behind the arrow, coerced to the result of the `Type::Function` that is wanted here.
        body: Expr,
        /// The columns from outside that `body` refers to.
        captures: Vec<Expr>,
    },
}

/// What stands behind an aggregate's or window function's arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Over {
    /// `DISTINCT` before the arguments.
    pub(crate) distinct: bool,
    /// `ORDER BY` within the parentheses, or that of `WITHIN GROUP`.
    pub(crate) argument_order: Vec<Sort>,
    /// `FILTER (WHERE …)`
    pub(crate) filter: Option<Expr>,
    /// `PARTITION BY`
    pub(crate) partition_by: Vec<Expr>,
    /// `ORDER BY` of the window.
    pub(crate) order_by: Vec<Sort>,
    /// The frame; `None` means the default: up to the last peer if there is an order, else everything.
    pub(crate) frame: Option<WindowFrame>,
    /// `IGNORE NULLS`, `RESPECT NULLS`
    pub(crate) nulls: Option<NullTreatment>,
}

/// Why a call has no overload.
#[derive(Debug)]
pub(crate) enum Unresolved {
    /// No function has this name.
    Unknown {
        /// The name as it was asked for, in lower case.
        name: String,
        /// A function of nearly this name.
        nearest: Option<String>,
    },
    /// No overload takes these arguments.
    Mismatch {
        /// FUNCTION_NOT_FOUND, or TYPE_MISMATCH for operators.
        class: ErrorClass,
        /// Trino's sentence.
        message: String,
    },
    /// An argument is itself wrong.
    Argument(SqlError),
}

impl Unresolved {
    pub(super) fn mismatch(name: &str, arguments: &[Argument<'_>], expected: &[&str]) -> Self {
        let given: Vec<String> = arguments.iter().map(describe).collect();
        if let Some(operator) = name.strip_prefix("$operator$") {
            return Self::Mismatch { class: ErrorClass::TypeMismatch, message: operator_message(operator, &given) };
        }
        let message = format!(
            "Unexpected parameters ({}) for function {name}. Expected: {}",
            given.join(", "),
            expected.iter().map(|text| text.split(" -> ").next().unwrap_or(text)).collect::<Vec<_>>().join(", "),
        );
        Self::Mismatch { class: ErrorClass::FunctionNotFound, message }
    }

    /// The error at the place of the call.
    pub(crate) fn at(self, place: Place) -> SqlError {
        match self {
            Self::Unknown { name, nearest: None } => {
                SqlError::at(place, ErrorClass::FunctionNotFound, format!("Function '{name}' not registered"))
            }
            Self::Unknown { name, nearest: Some(nearest) } => SqlError::at(
                place,
                ErrorClass::FunctionNotFound,
                format!("Function '{name}' not registered. Did you mean '{nearest}'?"),
            ),
            Self::Mismatch { class, message } => SqlError::at(place, class, message),
            Self::Argument(error) => error.or_at(place),
        }
    }
}

fn describe(argument: &Argument<'_>) -> String {
    match argument {
        Argument::Value(of) => of.to_string(),
        Argument::Lambda { parameters } => {
            let unknown = vec!["?"; *parameters].join(", ");
            format!("({unknown}) -> ?")
        }
    }
}

fn operator_message(operator: &str, given: &[String]) -> String {
    let symbol = match operator {
        "add" => "+",
        "subtract" | "negation" => "-",
        "multiply" => "*",
        "divide" => "/",
        "modulus" => "%",
        "concat" => "||",
        "equal" => "=",
        "identical" => "IS DISTINCT FROM",
        "less_than" => "<",
        "less_than_or_equal" => "<=",
        "like" => "LIKE",
        "at_timezone" => "AT TIME ZONE",
        "subscript" => {
            return format!(
                "Cannot apply operator: {}[{}]",
                given.first().map_or("", String::as_str),
                given[1..].join(", ")
            );
        }
        other => other,
    };
    match given {
        [one] => format!("Cannot apply operator: {symbol}{one}"),
        more => format!("Cannot apply operator: {}", more.join(&format!(" {symbol} "))),
    }
}
