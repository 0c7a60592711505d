//! Expressions.

use std::fmt::{self, Display, Formatter};

use super::{Dotted, List, Quoted, write_order_by};
use crate::ast::{
    Call, CurrentValue, Expr, ExprKind, ExtractField, IntervalUnit, ListaggOverflow, NullTreatment, Quantifier,
};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Boolean(_)
            | ExprKind::Integer(_)
            | ExprKind::Decimal(_)
            | ExprKind::Double(_)
            | ExprKind::String(_)
            | ExprKind::Bytes(_)
            | ExprKind::Interval { .. }
            | ExprKind::Typed { .. }
            | ExprKind::Current { .. } => write_literal(f, &self.kind),
            ExprKind::JsonPath(call) => write!(f, "{call}"),
            ExprKind::JsonObject { .. } | ExprKind::JsonArray { .. } => super::json::write_constructor(f, &self.kind),
            ExprKind::Call(call) => write!(f, "{call}"),
            ExprKind::Listagg { .. } => write_listagg(f, &self.kind),
            ExprKind::Identifier(_)
            | ExprKind::Dereference { .. }
            | ExprKind::Subscript { .. }
            | ExprKind::Lambda { .. }
            | ExprKind::Row(_)
            | ExprKind::Array(_)
            | ExprKind::Cast { .. }
            | ExprKind::Case { .. }
            | ExprKind::If { .. }
            | ExprKind::Coalesce(_)
            | ExprKind::NullIf(..)
            | ExprKind::Try(_)
            | ExprKind::Extract { .. }
            | ExprKind::Grouping(_) => write_form(f, &self.kind),
            _ => write_operator(f, &self.kind),
        }
    }
}

/// What stands for one value.
fn write_literal(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::Boolean(value) => f.write_str(if *value { "true" } else { "false" }),
        ExprKind::Integer(value) => write!(f, "{value}"),
        ExprKind::Decimal(text) => f.write_str(text),
        ExprKind::Double(value) => write!(f, "{value:E}"),
        ExprKind::String(text) => write!(f, "{}", Quoted(text)),
        ExprKind::Bytes(bytes) => {
            f.write_str("X'")?;
            bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
            f.write_str("'")
        }
        ExprKind::Interval { text, is_negative, from, to } => {
            let sign = if *is_negative { "-" } else { "" };
            write!(f, "INTERVAL {sign}{} {}", Quoted(text), unit(*from))?;
            to.map_or(Ok(()), |to| write!(f, " TO {}", unit(to)))
        }
        ExprKind::Typed { name, text } => write!(f, "{name} {}", Quoted(text)),
        ExprKind::Current { value, precision } => {
            f.write_str(current(*value))?;
            precision.map_or(Ok(()), |precision| write!(f, "({precision})"))
        }
        _ => f.write_str("NULL"),
    }
}

/// What has its own brackets.
fn write_form(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::Identifier(name) => write!(f, "{name}"),
        ExprKind::Dereference { base, field } => write!(f, "{}.{field}", Base(base)),
        ExprKind::Subscript { base, index } => write!(f, "{}[{index}]", Base(base)),
        ExprKind::Lambda { parameters, body } => write!(f, "({}) -> {body}", List(parameters)),
        ExprKind::Row(fields) => write!(f, "ROW ({})", List(fields)),
        ExprKind::Array(items) => write!(f, "ARRAY[{}]", List(items)),
        ExprKind::Cast { value, to, is_try } => {
            write!(f, "{}({value} AS {to})", if *is_try { "TRY_CAST" } else { "CAST" })
        }
        ExprKind::Case { operand, branches, otherwise } => {
            f.write_str("(CASE")?;
            operand.as_ref().map_or(Ok(()), |operand| write!(f, " {operand}"))?;
            branches.iter().try_for_each(|(condition, result)| write!(f, " WHEN {condition} THEN {result}"))?;
            otherwise.as_ref().map_or(Ok(()), |otherwise| write!(f, " ELSE {otherwise}"))?;
            f.write_str(" END)")
        }
        ExprKind::If { condition, then, otherwise: None } => write!(f, "IF({condition}, {then})"),
        ExprKind::If { condition, then, otherwise: Some(otherwise) } => {
            write!(f, "IF({condition}, {then}, {otherwise})")
        }
        ExprKind::Coalesce(values) => write!(f, "COALESCE({})", List(values)),
        ExprKind::NullIf(value, other) => write!(f, "NULLIF({value}, {other})"),
        ExprKind::Try(value) => write!(f, "TRY({value})"),
        ExprKind::Extract { field, value } => write!(f, "EXTRACT({} FROM {value})", extract(*field)),
        ExprKind::Grouping(columns) => write!(f, "GROUPING({})", List(columns)),
        _ => Ok(()),
    }
}

/// What binds by precedence, or holds a query: in parentheses.
fn write_operator(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::AtTimeZone { value, zone } => write!(f, "({} AT TIME ZONE {zone})", Base(value)),
        ExprKind::Negate(operand) => write!(f, "(-{})", Base(operand)),
        ExprKind::Plus(operand) => write!(f, "(+{})", Base(operand)),
        ExprKind::Binary { operator, left, right } => write!(f, "({left} {} {right})", operator.text()),
        ExprKind::And(terms) => write_terms(f, terms, " AND "),
        ExprKind::Or(terms) => write_terms(f, terms, " OR "),
        ExprKind::Not(operand) => write!(f, "(NOT {operand})"),
        ExprKind::IsNull(value) => write!(f, "({value} IS NULL)"),
        ExprKind::Between { value, low, high } => write!(f, "({value} BETWEEN {low} AND {high})"),
        ExprKind::InList { value, list } => write!(f, "({value} IN ({}))", List(list)),
        ExprKind::InSubquery { value, query } => write!(f, "({value} IN ({query}))"),
        ExprKind::Like { value, pattern, escape: None } => write!(f, "({value} LIKE {pattern})"),
        ExprKind::Like { value, pattern, escape: Some(escape) } => {
            write!(f, "({value} LIKE {pattern} ESCAPE {escape})")
        }
        ExprKind::Quantified { operator, quantifier, value, query } => {
            let quantifier = if *quantifier == Quantifier::All { "ALL" } else { "ANY" };
            write!(f, "({value} {} {quantifier} ({query}))", operator.text())
        }
        ExprKind::Exists(query) => write!(f, "(EXISTS ({query}))"),
        ExprKind::Subquery(query) => write!(f, "({query})"),
        _ => Ok(()),
    }
}

fn write_terms(f: &mut Formatter<'_>, terms: &[Expr], operator: &str) -> fmt::Result {
    for (index, term) in terms.iter().enumerate() {
        write!(f, "{}{term}", if index == 0 { "(" } else { operator })?;
    }
    f.write_str(")")
}

/// Before a dot or bracket, or behind a sign, numbers need parentheses.
struct Base<'a>(&'a Expr);

impl Display for Base<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            ExprKind::Integer(_) | ExprKind::Decimal(_) | ExprKind::Double(_) => write!(f, "({})", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some((text, form)) = normalized(self) {
            return write!(f, "NORMALIZE({text}, {form})");
        }
        write!(f, "{}(", Dotted(&self.name))?;
        if self.is_star {
            f.write_str("*")?;
        }
        write!(f, "{}{}", if self.is_distinct { "DISTINCT " } else { "" }, List(&self.arguments))?;
        write_order_by(f, &self.order_by)?;
        f.write_str(")")?;
        if let Some(filter) = &self.filter {
            write!(f, " FILTER (WHERE {filter})")?;
        }
        match self.null_treatment {
            Some(NullTreatment::Ignore) => f.write_str(" IGNORE NULLS")?,
            Some(NullTreatment::Respect) => f.write_str(" RESPECT NULLS")?,
            None => {}
        }
        self.over.as_ref().map_or(Ok(()), |over| write!(f, " OVER {over}"))
    }
}

/// The arguments of NORMALIZE, whose form is a keyword.
fn normalized(call: &Call) -> Option<(&Expr, &str)> {
    match (call.name.as_slice(), call.arguments.as_slice()) {
        ([name], [text, Expr { kind: ExprKind::String(form), .. }]) if name.is("normalize") => Some((text, form)),
        _ => None,
    }
}

fn write_listagg(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    let ExprKind::Listagg { is_distinct, value, separator, overflow, order_by, filter } = kind else { return Ok(()) };
    let distinct = if *is_distinct { "DISTINCT " } else { "" };
    write!(f, "LISTAGG({distinct}{value}, {}", Quoted(separator))?;
    match overflow {
        ListaggOverflow::Error => f.write_str(" ON OVERFLOW ERROR")?,
        ListaggOverflow::Truncate { filler, is_with_count } => {
            let count = if *is_with_count { "WITH" } else { "WITHOUT" };
            write!(f, " ON OVERFLOW TRUNCATE {} {count} COUNT", Quoted(filler))?;
        }
    }
    f.write_str(") WITHIN GROUP (")?;
    write!(f, "ORDER BY {})", List(order_by))?;
    filter.as_ref().map_or(Ok(()), |filter| write!(f, " FILTER (WHERE {filter})"))
}

const fn unit(unit: IntervalUnit) -> &'static str {
    match unit {
        IntervalUnit::Year => "YEAR",
        IntervalUnit::Month => "MONTH",
        IntervalUnit::Day => "DAY",
        IntervalUnit::Hour => "HOUR",
        IntervalUnit::Minute => "MINUTE",
        IntervalUnit::Second => "SECOND",
    }
}

const fn extract(field: ExtractField) -> &'static str {
    match field {
        ExtractField::Year => "YEAR",
        ExtractField::Quarter => "QUARTER",
        ExtractField::Month => "MONTH",
        ExtractField::Week => "WEEK",
        ExtractField::Day => "DAY",
        ExtractField::DayOfWeek => "DAY_OF_WEEK",
        ExtractField::DayOfYear => "DAY_OF_YEAR",
        ExtractField::YearOfWeek => "YEAR_OF_WEEK",
        ExtractField::Hour => "HOUR",
        ExtractField::Minute => "MINUTE",
        ExtractField::Second => "SECOND",
        ExtractField::TimezoneHour => "TIMEZONE_HOUR",
        ExtractField::TimezoneMinute => "TIMEZONE_MINUTE",
    }
}

const fn current(value: CurrentValue) -> &'static str {
    match value {
        CurrentValue::Date => "CURRENT_DATE",
        CurrentValue::Time => "CURRENT_TIME",
        CurrentValue::Timestamp => "CURRENT_TIMESTAMP",
        CurrentValue::LocalTime => "LOCALTIME",
        CurrentValue::LocalTimestamp => "LOCALTIMESTAMP",
        CurrentValue::User => "CURRENT_USER",
        CurrentValue::Catalog => "CURRENT_CATALOG",
        CurrentValue::Schema => "CURRENT_SCHEMA",
        CurrentValue::Path => "CURRENT_PATH",
    }
}
