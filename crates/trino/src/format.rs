//! Trees as text, the way Trino's formatter has them: operators in parentheses, names in quotes only where they were. What is printed
//! parses to an equal tree; messages quote expressions so.

mod expression;
mod json;
mod relation;

use std::fmt::{self, Display, Formatter};

use crate::ast::{
    GroupingElement, Identifier, Limit, Query, QueryBody, Select, SelectItem, SetOperation, SetOperator, SortItem,
};

/// Items with `, ` between them.
struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

/// Names with dots between them.
struct Dotted<'a>(&'a [Identifier]);

impl Display for Dotted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "{part}")?;
        }
        Ok(())
    }
}

/// A text in single quotes.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0.replace('\'', "''"))
    }
}

impl Display for Identifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_quoted { write!(f, "\"{}\"", self.text.replace('"', "\"\"")) } else { f.write_str(&self.text) }
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, with) in self.with.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "WITH " } else { ", " }, with.name)?;
            if !with.columns.is_empty() {
                write!(f, " ({})", List(&with.columns))?;
            }
            write!(f, " AS ({})", with.query)?;
        }
        if !self.with.is_empty() {
            f.write_str(" ")?;
        }
        write!(f, "{}", self.body)?;
        write_order_by(f, &self.order_by)?;
        if let Some(offset) = self.offset {
            write!(f, " OFFSET {offset} ROWS")?;
        }
        match self.limit {
            None => Ok(()),
            Some(Limit::All) => f.write_str(" LIMIT ALL"),
            Some(Limit::Rows(rows)) => write!(f, " LIMIT {rows}"),
            Some(Limit::WithTies(rows)) => write!(f, " FETCH FIRST {rows} ROWS WITH TIES"),
        }
    }
}

/// ` ORDER BY …`, or nothing.
fn write_order_by(f: &mut Formatter<'_>, items: &[SortItem]) -> fmt::Result {
    if items.is_empty() { Ok(()) } else { write!(f, " ORDER BY {}", List(items)) }
}

impl Display for SortItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let direction = if self.is_descending { "DESC" } else { "ASC" };
        let nulls = if self.is_nulls_first { " NULLS FIRST" } else { "" };
        write!(f, "{} {direction}{nulls}", self.key)
    }
}

impl Display for QueryBody {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Select(select) => write!(f, "{select}"),
            Self::Set(operation) => write!(f, "{operation}"),
            Self::Values(rows) => write!(f, "VALUES {}", List(rows)),
            Self::Table(name) => write!(f, "TABLE {}", Dotted(name)),
            Self::Nested(query) => write!(f, "({query})"),
        }
    }
}

impl Display for SetOperation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = match self.operator {
            SetOperator::Union => "UNION",
            SetOperator::Except => "EXCEPT",
            SetOperator::Intersect => "INTERSECT",
        };
        let quantifier = if self.is_distinct { "DISTINCT" } else { "ALL" };
        write!(f, "{} {word} {quantifier} {}", self.left, self.right)
    }
}

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "SELECT {}{}", if self.is_distinct { "DISTINCT " } else { "" }, List(&self.items))?;
        if !self.from.is_empty() {
            write!(f, " FROM {}", List(&self.from))?;
        }
        if let Some(filter) = &self.filter {
            write!(f, " WHERE {filter}")?;
        }
        if let Some(group_by) = &self.group_by {
            let quantifier = if group_by.is_distinct { "DISTINCT " } else { "" };
            write!(f, " GROUP BY {quantifier}{}", List(&group_by.elements))?;
        }
        if let Some(having) = &self.having {
            write!(f, " HAVING {having}")?;
        }
        if !self.windows.is_empty() {
            write!(f, " WINDOW {}", List(&self.windows))?;
        }
        Ok(())
    }
}

impl Display for SelectItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { value, alias: None } => write!(f, "{value}"),
            Self::Value { value, alias: Some(alias) } => write!(f, "{value} AS {alias}"),
            Self::All { prefix, aliases, .. } => {
                if let Some(prefix) = prefix {
                    write!(f, "{prefix}.")?;
                }
                f.write_str("*")?;
                if aliases.is_empty() { Ok(()) } else { write!(f, " AS ({})", List(aliases)) }
            }
        }
    }
}

impl Display for GroupingElement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (word, sets) = match self {
            Self::Set(set) => return write!(f, "({})", List(set)),
            Self::Sets(sets) => ("GROUPING SETS", sets),
            Self::Rollup(sets) => ("ROLLUP", sets),
            Self::Cube(sets) => ("CUBE", sets),
        };
        write!(f, "{word} (")?;
        for (index, set) in sets.iter().enumerate() {
            write!(f, "{}({})", if index > 0 { ", " } else { "" }, List(set))?;
        }
        f.write_str(")")
    }
}
