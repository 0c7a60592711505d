//! Truth values, and what is chosen by them.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{Case, InList, Like};
use datafusion::logical_expr::{Expr, and, lit, or};
use opentrail_trino::ast::{self, BinaryOperator, ExprKind};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use crate::analyze::Analyzer;
use crate::analyze::coerce::{coerce, common_type, compare, null, relabel, unify};
use crate::analyze::context::{Context, Typed};
use crate::analyze::plan;

impl Analyzer<'_> {
    pub(super) fn condition<'a>(&self, ast: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let place = ast.place;
        match &ast.kind {
            ExprKind::And(terms) => self.terms(&terms.iter().collect::<Vec<_>>(), true, cx),
            ExprKind::Or(terms) => self.terms(&terms.iter().collect::<Vec<_>>(), false, cx),
            ExprKind::Not(term) => {
                let words =
                    |ty: &Type| format!("Value of logical NOT expression must evaluate to a boolean (actual: {ty})");
                Ok(boolean(!self.truth(term, cx, words)?))
            }
            ExprKind::IsNull(value) => Ok(boolean(self.expression(value, cx)?.expr.is_null())),
            ExprKind::Between { value, low, high } => self.between(value, low, high, place, cx),
            ExprKind::InList { value, list } => self.in_list(value, list, place, cx),
            ExprKind::Like { value, pattern, escape } => self.like(value, pattern, escape.as_deref(), place, cx),
            ExprKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), place, cx)
            }
            ExprKind::If { condition, then, otherwise } => {
                let words = |ty: &Type| format!("IF condition must evaluate to a boolean (actual: {ty})");
                let condition = self.truth(condition, cx, words)?;
                let then = self.expression(then, cx)?;
                let otherwise = otherwise.as_ref().map(|value| self.expression(value, cx)).transpose()?;
                choose(vec![(condition, then)], otherwise, "IF results", place)
            }
            ExprKind::Coalesce(values) => {
                let mut values = self.expressions(values, cx)?;
                let last = values.pop();
                let branches = values.into_iter().map(|value| (value.expr.clone().is_not_null(), value));
                choose(branches.collect(), last, "COALESCE operands", place)
            }
            ExprKind::NullIf(value, other) => {
                let (value, other) = (self.expression(value, cx)?, self.expression(other, cx)?);
                let condition = compare(self.functions, BinaryOperator::Equal, value.clone(), other, place)?;
                choose(vec![(condition, null(&value.ty)?)], Some(value), "NULLIF operands", place)
            }
            _ => unreachable!("conditions only"),
        }
    }

    /// `AND` and `OR`. DataFusion computes all terms for most rows, so those that may fail are guarded by those before them.
    pub(in crate::analyze) fn terms<'a>(
        &self,
        terms: &[&'a ast::Expr],
        is_and: bool,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let Terms { mut safe, guarded } = self.separated_terms(terms, is_and, cx)?;
        safe.extend(guarded);
        Ok(boolean(balanced(safe, is_and)))
    }

    /// The terms that can be computed for any row, and all others as one.
    fn separated_terms<'a>(
        &self,
        terms: &[&'a ast::Expr],
        is_and: bool,
        cx: &mut Context<'a, '_>,
    ) -> Result<Terms, SqlError> {
        let words = |ty: &Type| format!("Logical expression term must evaluate to a boolean (actual: {ty})");
        let mut all = Vec::new();
        for term in terms {
            let could_fail = std::mem::replace(&mut cx.can_fail, false);
            let term = self.truth(term, cx, words)?;
            all.push((term, cx.can_fail));
            cx.can_fail |= could_fail;
        }
        let safe = all.iter().filter(|(_, can_fail)| !can_fail).map(|(term, _)| term.clone()).collect();
        // Those behind the last one that can fail have nothing to guard.
        let risks = all.iter().rposition(|(_, can_fail)| *can_fail);
        Ok(Terms { safe, guarded: risks.map(|last| in_turn(all.drain(..=last), is_and)) })
    }

    /// Terms of WHERE over a plan that is filtered already: those that may fail stay above its conditions, the others go where
    /// the optimizer wants them.
    pub(in crate::analyze) fn filter_terms<'a>(
        &self,
        terms: &[&'a ast::Expr],
        cx: &mut Context<'a, '_>,
    ) -> Result<(), SqlError> {
        let Terms { safe, guarded } = self.separated_terms(terms, true, cx)?;
        if !safe.is_empty() {
            cx.plan = plan::filter(cx.take_plan(), balanced(safe, true))?;
        }
        if let Some(guarded) = guarded {
            cx.plan = plan::filter_above(cx.take_plan(), guarded)?;
        }
        Ok(())
    }

    fn between<'a>(
        &self,
        value: &'a ast::Expr,
        low: &'a ast::Expr,
        high: &'a ast::Expr,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let (value, low, high) = (self.expression(value, cx)?, self.expression(low, cx)?, self.expression(high, cx)?);
        let message = format!("Cannot check if {} is BETWEEN {} and {}", value.ty, low.ty, high.ty);
        let compare = |operator, value: Typed, bound| {
            compare(self.functions, operator, value, bound, place).map_err(|error| reworded(error, message.clone()))
        };
        let above = compare(BinaryOperator::GreaterThanOrEqual, value.clone(), low)?;
        Ok(boolean(and(above, compare(BinaryOperator::LessThanOrEqual, value, high)?)))
    }

    fn in_list<'a>(
        &self,
        value: &'a ast::Expr,
        list: &'a [ast::Expr],
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let value = self.expression(value, cx)?;
        let list = self.expressions(list, cx)?;
        if let Some(plain) = plain_in_list(&value, &list, place)? {
            return Ok(boolean(plain));
        }
        let mut any = Vec::new();
        for item in list {
            let message = format!("value and result of IN list must be of the same type: {} vs {}", value.ty, item.ty);
            let equal = compare(self.functions, BinaryOperator::Equal, value.clone(), item, place);
            any.push(equal.map_err(|error| reworded(error, message))?);
        }
        Ok(boolean(balanced(any, false)))
    }

    fn like<'a>(
        &self,
        value: &'a ast::Expr,
        pattern: &'a ast::Expr,
        escape: Option<&'a ast::Expr>,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let is_text = |typed: &Typed| matches!(typed.ty, Type::Varchar { .. } | Type::Char { .. } | Type::Unknown);
        let mut values = vec![self.expression(value, cx)?, self.expression(pattern, cx)?];
        if let Some(escape) = escape {
            values.push(self.expression(escape, cx)?);
        }
        for (value, which) in values.iter().zip([
            "Left side of LIKE expression",
            "Pattern for LIKE expression",
            "Escape for LIKE expression",
        ]) {
            if !is_text(value) {
                let message = format!("{which} must evaluate to a varchar (actual: {})", value.ty);
                return Err(SqlError::at(place, ErrorClass::TypeMismatch, message));
            }
        }
        // Without a backslash DataFusion's LIKE means the same, and can be pushed down.
        if let ([value, pattern], ExprKind::String(text)) = (values.as_slice(), &pattern.kind)
            && !text.contains('\\')
            && value.ty.is_varchar()
        {
            let (value, pattern) = (Box::new(value.expr.clone()), Box::new(pattern.expr.clone()));
            return Ok(boolean(Expr::Like(Like::new(false, value, pattern, None, false))));
        }
        self.operator("$operator$like", values, place, cx)
    }

    fn case<'a>(
        &self,
        operand: Option<&'a ast::Expr>,
        branches: &'a [(ast::Expr, ast::Expr)],
        otherwise: Option<&'a ast::Expr>,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let operand = operand.map(|operand| self.expression(operand, cx)).transpose()?;
        let mut compiled = Vec::new();
        for (condition, result) in branches {
            let condition = match &operand {
                Some(operand) => {
                    let value = self.expression(condition, cx)?;
                    compare(self.functions, BinaryOperator::Equal, operand.clone(), value, condition.place)?
                }
                None => {
                    let words = |ty: &Type| format!("CASE WHEN clause must evaluate to a boolean (actual: {ty})");
                    self.truth(condition, cx, words)?
                }
            };
            compiled.push((condition, self.expression(result, cx)?));
        }
        let otherwise = otherwise.map(|value| self.expression(value, cx)).transpose()?;
        choose(compiled, otherwise, "CASE results", place)
    }
}

/// The terms of `AND` or `OR`: all of these together.
struct Terms {
    /// Those that can be computed for any row.
    safe: Vec<Expr>,
    /// Those that can fail, as one, computed only where the terms before have not decided.
    guarded: Option<Expr>,
}

/// The terms that can fail, each computed only where none of those before it has decided. The last one can fail. Every
/// term stands in the result twice at most: guards that were made of guards would double with each of them.
fn in_turn(terms: impl Iterator<Item = (Expr, bool)>, is_and: bool) -> Expr {
    let decided = |terms: Vec<Expr>| {
        let all = balanced(terms, is_and);
        (if is_and { all.is_false() } else { all.is_true() }, lit(!is_and))
    };
    let (mut branches, mut before, mut risky) = (Vec::new(), Vec::new(), Vec::new());
    for (term, can_fail) in terms {
        if can_fail {
            if !before.is_empty() {
                branches.push(decided(std::mem::take(&mut before)));
            }
            risky.push(term.clone());
        }
        before.push(term);
        if can_fail {
            branches.push(decided(std::mem::take(&mut before)));
        }
    }
    // The last one is computed by the rest.
    branches.pop();
    let rest = balanced(risky, is_and);
    if branches.is_empty() { rest } else { decide(branches, rest) }
}

/// All terms joined by AND, or by OR; as a tree that is wide rather than deep, since walks through it recurse.
fn balanced(mut terms: Vec<Expr>, is_and: bool) -> Expr {
    if terms.len() > 1 {
        let right = balanced(terms.split_off(terms.len() / 2), is_and);
        let left = balanced(terms, is_and);
        return if is_and { and(left, right) } else { or(left, right) };
    }
    terms.pop().unwrap_or_else(|| lit(is_and))
}

/// The refusal of a pair of types, in the words of the construct.
fn reworded(error: SqlError, message: String) -> SqlError {
    if error.class == ErrorClass::TypeMismatch { SqlError { message, ..error } } else { error }
}

/// A truth value.
fn boolean(expr: Expr) -> Typed {
    Typed::new(expr, Type::Boolean)
}

/// The result of the first condition that is true.
pub(in crate::analyze) fn when(branches: Vec<(Expr, Expr)>, otherwise: Expr) -> Expr {
    let branches = branches.into_iter().map(|(condition, result)| (Box::new(condition), Box::new(result)));
    Expr::Case(Case::new(None, branches.collect(), Some(Box::new(otherwise))))
}

/// The same for truth values. DataFusion turns a plain CASE of them into AND and OR, which compute all branches for all rows
/// and so fail where the CASE does not; one with an operand it leaves alone.
fn decide(branches: Vec<(Expr, Expr)>, otherwise: Expr) -> Expr {
    let branches = branches.into_iter().map(|(condition, result)| (Box::new(condition), Box::new(result)));
    Expr::Case(Case::new(Some(Box::new(lit(true))), branches.collect(), Some(Box::new(otherwise))))
}

/// The same with results of several types that have one in common; without `otherwise` it is NULL.
fn choose(branches: Vec<(Expr, Typed)>, otherwise: Option<Typed>, what: &str, place: Place) -> Result<Typed, SqlError> {
    let types = branches.iter().map(|(_, result)| &result.ty).chain(otherwise.iter().map(|result| &result.ty));
    let common = common_type(types, |a, b| {
        let words = format!("All {what} must be the same type or coercible to a common type");
        let message = format!("{words}. Cannot find common type between {a} and {b}");
        SqlError::at(place, ErrorClass::TypeMismatch, message)
    })?;
    let branches = branches.into_iter().map(|(condition, result)| Ok((condition, relabel(coerce(result, &common)?))));
    let branches = branches.collect::<Result<Vec<_>, SqlError>>()?;
    let otherwise = match otherwise {
        Some(value) => relabel(coerce(value, &common)?),
        None => relabel(null(&common)?),
    };
    let choice = if common == Type::Boolean { decide(branches, otherwise) } else { when(branches, otherwise) };
    Ok(Typed::new(choice, common))
}

/// `IN` as DataFusion's own, where all are of one simple type.
fn plain_in_list(value: &Typed, list: &[Typed], place: Place) -> Result<Option<Expr>, SqlError> {
    let mut items = Vec::new();
    let mut probe = value.clone();
    for item in list {
        let Some((_, item, _)) = unify(probe.clone(), item.clone(), place)? else { return Ok(None) };
        items.push(item);
    }
    let types = items.iter().map(|item| &item.ty).chain([&value.ty]);
    let mismatch = |_: &Type, _: &Type| SqlError::new(ErrorClass::TypeMismatch, "");
    let Ok(common) = common_type(types, mismatch) else { return Ok(None) };
    let is_plain = common.is_integral()
        || matches!(
            common,
            Type::Varchar { .. } | Type::Boolean | Type::Date | Type::Timestamp { .. } | Type::Decimal { .. }
        );
    if !is_plain {
        return Ok(None);
    }
    probe = coerce(probe, &common)?;
    let items = items.into_iter().map(|item| Ok(coerce(item, &common)?.expr)).collect::<Result<Vec<_>, SqlError>>()?;
    if items.iter().all(|item| matches!(item, Expr::Literal(ScalarValue::Null, _))) {
        return Ok(None);
    }
    Ok(Some(Expr::InList(InList::new(Box::new(probe.expr), items, false))))
}
