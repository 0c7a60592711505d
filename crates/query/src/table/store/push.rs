//! Conditions of a query as predicates that segments are read by.

use arrow_schema::{DataType, Schema};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Like, Operator};
use opentrail_orc::{ColumnPath, CompareOp, Predicate, Scalar, TextPattern};

/// Turns conditions on the leaves of a scan into predicates.
pub(super) struct Pushed<'s> {
    /// Of the leaves.
    pub(super) schema: &'s Schema,
    /// Of each leaf its name in the store.
    pub(super) paths: &'s [Option<ColumnPath>],
}

impl Pushed<'_> {
    /// The predicate that says the same as a condition; nothing when there is none.
    pub(super) fn predicate(&self, condition: &Expr) -> Option<Predicate> {
        match condition {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                Some(Predicate::And(vec![self.predicate(left)?, self.predicate(right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
                Some(Predicate::Or(vec![self.predicate(left)?, self.predicate(right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => match (&**left, &**right) {
                (Expr::Column(column), Expr::Literal(value, _)) => self.compare(column, compare_op(*op)?, value),
                (Expr::Literal(value, _), Expr::Column(column)) => self.compare(column, compare_op(op.swap()?)?, value),
                _ => None,
            },
            Expr::Not(of) => Some(Predicate::Not(Box::new(self.predicate(of)?))),
            Expr::Column(column) => self.compare(column, CompareOp::Eq, &ScalarValue::Boolean(Some(true))),
            Expr::IsNull(of) => Some(Predicate::IsNull { column: self.leaf(of)? }),
            Expr::IsNotNull(of) => Some(Predicate::IsNotNull { column: self.leaf(of)? }),
            Expr::InList(list) => self.in_list(list),
            Expr::Between(between) => self.between(between),
            Expr::Like(like) => self.like(like),
            _ => None,
        }
    }

    fn compare(&self, column: &Column, op: CompareOp, value: &ScalarValue) -> Option<Predicate> {
        let (path, data_type) = self.column(column)?;
        Some(Predicate::compare(path, op, scalar(value, data_type)?))
    }

    fn in_list(&self, InList { expr, list, negated }: &InList) -> Option<Predicate> {
        let Expr::Column(column) = &**expr else { return None };
        let (path, data_type) = self.column(column)?;
        let value = |item: &Expr| match item {
            Expr::Literal(value, _) => scalar(value, data_type),
            _ => None,
        };
        let values = list.iter().map(value).collect::<Option<Vec<_>>>()?;
        let is_in = Predicate::In { column: path, values };
        Some(if *negated { Predicate::Not(Box::new(is_in)) } else { is_in })
    }

    fn between(&self, Between { expr, negated, low, high }: &Between) -> Option<Predicate> {
        let (Expr::Column(column), Expr::Literal(low, _), Expr::Literal(high, _)) = (&**expr, &**low, &**high) else {
            return None;
        };
        let bounds = vec![self.compare(column, CompareOp::GtEq, low)?, self.compare(column, CompareOp::LtEq, high)?];
        let is_between = Predicate::And(bounds);
        Some(if *negated { Predicate::Not(Box::new(is_between)) } else { is_between })
    }

    fn like(&self, like: &Like) -> Option<Predicate> {
        let Like { negated, expr, pattern, escape_char: None, case_insensitive: false } = like else {
            return None;
        };
        let (Expr::Column(column), Expr::Literal(ScalarValue::Utf8(Some(pattern)), _)) = (&**expr, &**pattern) else {
            return None;
        };
        let (path, data_type) = self.column(column)?;
        if *data_type != DataType::Utf8 || pattern.contains(['\\', '_']) {
            return None;
        }
        let is_like = begins_with(&path, pattern)
            .unwrap_or_else(|| Predicate::Like { column: path, pattern: TextPattern::new(pattern) });
        Some(if *negated { Predicate::Not(Box::new(is_like)) } else { is_like })
    }

    fn leaf(&self, of: &Expr) -> Option<ColumnPath> {
        let Expr::Column(column) = of else { return None };
        self.column(column).map(|(path, _)| path)
    }

    fn column(&self, column: &Column) -> Option<(ColumnPath, &DataType)> {
        let leaf = self.schema.index_of(column.name()).ok()?;
        Some((self.paths.get(leaf)?.clone()?, self.schema.field(leaf).data_type()))
    }
}

/// What begins so lies between that begin and the next text that doesn't: statistics can tell. Only a bare prefix says the
/// same as two comparisons.
fn begins_with(column: &ColumnPath, pattern: &str) -> Option<Predicate> {
    let begin = pattern.strip_suffix('%').filter(|begin| !begin.is_empty() && !begin.contains('%'))?;
    let from = Predicate::compare(column.clone(), CompareOp::GtEq, Scalar::from(begin));
    let bounds = match after(begin) {
        Some(end) => vec![from, Predicate::compare(column.clone(), CompareOp::Lt, Scalar::Text(end))],
        None => vec![from],
    };
    Some(Predicate::And(bounds))
}

/// The least text that is greater than all that begin so.
fn after(begin: &str) -> Option<String> {
    let mut characters: Vec<char> = begin.chars().collect();
    while let Some(last) = characters.pop() {
        // Past the last character of a plane of surrogates there are none.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

fn compare_op(op: Operator) -> Option<CompareOp> {
    Some(match op {
        Operator::Eq => CompareOp::Eq,
        Operator::NotEq => CompareOp::NotEq,
        Operator::Lt => CompareOp::Lt,
        Operator::LtEq => CompareOp::LtEq,
        Operator::Gt => CompareOp::Gt,
        Operator::GtEq => CompareOp::GtEq,
        _ => return None,
    })
}

/// A value for a column of a type; nothing for null and for what can't be compared with it.
fn scalar(value: &ScalarValue, data_type: &DataType) -> Option<Scalar> {
    Some(match (value, data_type) {
        (ScalarValue::Utf8(Some(text)) | ScalarValue::Utf8View(Some(text)), DataType::Utf8) => {
            Scalar::Text(text.clone())
        }
        (ScalarValue::Boolean(Some(value)), DataType::Boolean) => Scalar::Boolean(*value),
        (ScalarValue::Int32(Some(value)), DataType::Int32) => Scalar::Int(i64::from(*value)),
        (ScalarValue::Int64(Some(value)), DataType::Int64) => Scalar::Int(*value),
        (ScalarValue::Float64(Some(value)), DataType::Float64) => Scalar::Float(*value),
        (ScalarValue::TimestampSecond(Some(value), None), DataType::Timestamp(..)) => {
            Scalar::TimestampMicros(value.checked_mul(1_000_000)?)
        }
        (ScalarValue::TimestampMillisecond(Some(value), None), DataType::Timestamp(..)) => {
            Scalar::TimestampMicros(value.checked_mul(1_000)?)
        }
        (ScalarValue::TimestampMicrosecond(Some(value), None), DataType::Timestamp(..)) => {
            Scalar::TimestampMicros(*value)
        }
        (ScalarValue::TimestampNanosecond(Some(value), None), DataType::Timestamp(..)) if value % 1_000 == 0 => {
            Scalar::TimestampMicros(value / 1_000)
        }
        (ScalarValue::TimestampNanosecond(Some(value), None), DataType::Timestamp(..)) => {
            Scalar::TimestampNanos(*value)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use arrow_schema::{Field, TimeUnit};
    use datafusion::logical_expr::{col, lit};

    use super::*;

    fn check(condition: &Expr, expected: Option<Predicate>) {
        let schema = Schema::new(vec![
            Field::new("c0", DataType::Utf8, true),
            Field::new("c1", DataType::Timestamp(TimeUnit::Millisecond, None), true),
            Field::new("c2", DataType::Boolean, true),
        ]);
        let paths = ["eventName", "eventTime", "readOnly"].map(|name| Some(ColumnPath::from(name)));
        assert_eq!(Pushed { schema: &schema, paths: &paths }.predicate(condition), expected, "{condition}");
    }

    fn name(op: CompareOp, value: &str) -> Predicate {
        Predicate::compare("eventName", op, Scalar::from(value))
    }

    #[test]
    fn conditions_become_predicates() {
        check(&col("c0").eq(lit("a")), Some(name(CompareOp::Eq, "a")));
        check(&lit("a").lt(col("c0")), Some(name(CompareOp::Gt, "a")));
        let time = ScalarValue::TimestampMillisecond(Some(5), None);
        let later = Predicate::compare("eventTime", CompareOp::GtEq, Scalar::TimestampMicros(5_000));
        check(&col("c1").gt_eq(Expr::Literal(time, None)), Some(later));
        let read = Predicate::compare("readOnly", CompareOp::Eq, Scalar::Boolean(true));
        check(&col("c2"), Some(read.clone()));
        let either =
            Predicate::Or(vec![Predicate::Not(Box::new(read)), Predicate::IsNull { column: "eventName".into() }]);
        check(&Expr::Not(Box::new(col("c2"))).or(col("c0").is_null()), Some(either));
        let values = vec![Scalar::from("a"), Scalar::from("b")];
        let is_in = Predicate::In { column: "eventName".into(), values };
        check(&col("c0").in_list(vec![lit("a"), lit("b")], true), Some(Predicate::Not(Box::new(is_in))));
        let begins = Predicate::And(vec![name(CompareOp::GtEq, "Get"), name(CompareOp::Lt, "Geu")]);
        check(&col("c0").like(lit("Get%")), Some(begins.clone()));
        check(&col("c0").not_like(lit("Get%")), Some(Predicate::Not(Box::new(begins))));
        let has = |pattern| Predicate::Like { column: "eventName".into(), pattern: TextPattern::new(pattern) };
        check(&col("c0").like(lit("%Get%")), Some(has("%Get%")));
        check(&col("c0").like(lit("Get%x")), Some(has("Get%x")));
    }

    #[test]
    fn what_segments_cant_be_asked_is_left_to_the_query() {
        for condition in [
            col("c0").eq(col("c0")),
            col("c0").eq(lit(ScalarValue::Utf8(None))),
            col("c0").like(lit("%Get_%")),
            col("c0").like(lit("%\\%Get%")),
            col("c0").eq(lit("a")).or(col("c0").eq(col("c0"))),
            col("nothing").eq(lit("a")),
        ] {
            check(&condition, None);
        }
    }

    #[test]
    fn the_text_after_a_begin() {
        assert_eq!(after("ab").as_deref(), Some("ac"));
        assert_eq!(after("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(after("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after("\u{10ffff}"), None);
    }
}
