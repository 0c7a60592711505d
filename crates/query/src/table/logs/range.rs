//! Which folders a query can want, by its conditions on the key's columns: what the listing steps over.

use std::collections::BTreeSet;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Operator};

use super::key::LogKey;

/// Bounds that every wanted file's key keeps. They may let others through: each file is looked at once more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyRange {
    accounts: Option<BTreeSet<String>>,
    regions: Option<BTreeSet<String>>,
    /// `yyyy/MM/dd`, both included.
    from: Option<String>,
    to: Option<String>,
}

impl KeyRange {
    /// What conditions leave, all of which hold. `title` tells the title of a column by its name in them.
    pub(super) fn of(conditions: &[Expr], title: &dyn Fn(&str) -> Option<&'static str>) -> Self {
        let mut range = Self::default();
        conditions.iter().for_each(|condition| range.narrow(condition, title));
        range
    }

    fn narrow(&mut self, condition: &Expr, title: &dyn Fn(&str) -> Option<&'static str>) {
        match condition {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                self.narrow(left, title);
                self.narrow(right, title);
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => match (text(left), text(right)) {
                (None, Some(value)) => self.compare(column(left, title), *op, value),
                (Some(value), None) => self.compare(column(right, title), op.swap().unwrap_or(*op), value),
                _ => {}
            },
            Expr::Between(Between { expr, negated: false, low, high }) => {
                if let (Some(low), Some(high)) = (text(low), text(high)) {
                    self.compare(column(expr, title), Operator::GtEq, low);
                    self.compare(column(expr, title), Operator::LtEq, high);
                }
            }
            Expr::InList(InList { expr, list, negated: false }) => {
                if let Some(values) = list.iter().map(text).collect::<Option<BTreeSet<_>>>() {
                    self.one_of(column(expr, title), &values);
                }
            }
            _ => {}
        }
    }

    fn compare(&mut self, column: Option<&str>, op: Operator, value: &str) {
        match (column, op) {
            (_, Operator::Eq) => self.one_of(column, &BTreeSet::from([value])),
            (Some("date"), Operator::Gt | Operator::GtEq) => self.raise(value),
            (Some("date"), Operator::Lt | Operator::LtEq) => self.lower(value),
            // The first and the last day of years that are texts of four digits.
            (Some("year"), Operator::Gt | Operator::GtEq) => self.raise(value),
            (Some("year"), Operator::Lt | Operator::LtEq) => self.lower(&format!("{value}/99")),
            _ => {}
        }
    }

    fn one_of(&mut self, column: Option<&str>, values: &BTreeSet<&str>) {
        let keep = |set: &mut Option<BTreeSet<String>>| {
            let is_left = |value: &&str| set.as_ref().is_none_or(|set| set.contains(*value));
            *set = Some(values.iter().copied().filter(|value| is_left(value)).map(str::to_owned).collect());
        };
        match column {
            Some("account") => keep(&mut self.accounts),
            Some("region") => keep(&mut self.regions),
            Some("date" | "year") => {
                if let (Some(first), Some(last)) = (values.first(), values.last()) {
                    self.raise(first);
                    self.lower(&if column == Some("year") { format!("{last}/99") } else { (*last).to_owned() });
                }
            }
            _ => {}
        }
    }

    fn raise(&mut self, from: &str) {
        self.from = self.from.take().max(Some(from.to_owned()));
    }

    fn lower(&mut self, to: &str) {
        self.to = Some(self.to.take().map_or_else(|| to.to_owned(), |before| before.min(to.to_owned())));
    }

    /// When a file can't be wanted: the text that comes after it and before all keys that can be wanted beyond it.
    pub(super) fn step_over(&self, text: &str, key: &LogKey<'_>) -> Option<String> {
        let is_out = |set: &Option<BTreeSet<String>>, value: &str| set.as_ref().is_some_and(|set| !set.contains(value));
        let (account, region, date) = (key.account?, key.region?, key.date?);
        if is_out(&self.accounts, account) {
            return Some(past(&text[..key.account_end]));
        }
        if is_out(&self.regions, region) || self.to.as_deref().is_some_and(|to| date > to) {
            return Some(past(&text[..key.region_end]));
        }
        match &self.from {
            // What comes after this begins with the date itself, or with a later one.
            Some(from) if date < from.as_str() => Some(format!("{}/{from}", &text[..key.region_end])),
            _ => None,
        }
    }
}

/// What follows all that is in a folder: a zero is the next character after a slash, and no log file is called so.
fn past(folder: &str) -> String {
    format!("{folder}0")
}

fn text(of: &Expr) -> Option<&str> {
    match of {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(text),
        _ => None,
    }
}

fn column(of: &Expr, title: &dyn Fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    match of {
        Expr::Column(column) => title(column.name()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{col, lit};

    use super::*;

    fn title(name: &str) -> Option<&'static str> {
        ["account", "region", "year", "date"].into_iter().find(|title| *title == name)
    }

    fn step(conditions: &[Expr], key: &str) -> Option<String> {
        KeyRange::of(conditions, &title).step_over(key, &LogKey::parse(key))
    }

    const KEY: &str = "AWSLogs/123456789012/CloudTrail/us-east-1/2026/09/13/f.json.gz";

    #[test]
    fn folders_are_stepped_over() {
        assert_eq!(step(&[], KEY), None);
        assert_eq!(step(&[col("account").eq(lit("2"))], KEY).as_deref(), Some("AWSLogs/1234567890120"));
        let regions = col("region").in_list(vec![lit("eu-west-1")], false);
        assert_eq!(step(&[regions], KEY).as_deref(), Some("AWSLogs/123456789012/CloudTrail/us-east-10"));
        let later = col("date").gt(lit("2026/10/01")).and(col("region").eq(lit("us-east-1")));
        assert_eq!(step(&[later], KEY).as_deref(), Some("AWSLogs/123456789012/CloudTrail/us-east-1/2026/10/01"));
        let earlier = col("date").between(lit("2026/01/01"), lit("2026/09/12"));
        assert_eq!(step(&[earlier], KEY).as_deref(), Some("AWSLogs/123456789012/CloudTrail/us-east-10"));
        assert_eq!(step(&[col("year").eq(lit("2026"))], KEY), None);
        assert_eq!(step(&[lit("2026").lt(col("year"))], KEY), None, "left to the look at each file");
    }

    #[test]
    fn what_may_be_wanted_is_not_stepped_over() {
        for condition in [
            col("region").not_eq(lit("us-east-1")),
            col("region").eq(lit("x")).or(col("date").eq(lit("2026/09/13"))),
            col("other").eq(lit("x")),
        ] {
            assert_eq!(step(&[condition], KEY), None);
        }
    }
}
