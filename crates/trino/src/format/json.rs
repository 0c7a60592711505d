//! The functions of SQL/JSON.

use std::fmt::{self, Display, Formatter};

use super::{List, Quoted};
use crate::ast::{ExprKind, JsonArgument, JsonBehavior, JsonFunction, JsonPath, JsonWrapper};

impl Display for JsonPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = match self.function {
            JsonFunction::Value => "JSON_VALUE",
            JsonFunction::Query => "JSON_QUERY",
            JsonFunction::Exists => "JSON_EXISTS",
        };
        write!(f, "{name}({}, {}", self.input, Quoted(&self.path))?;
        if !self.passing.is_empty() {
            write!(f, " PASSING {}", List(&self.passing))?;
        }
        if let Some(returning) = &self.returning {
            write!(f, " RETURNING {returning}")?;
        }
        f.write_str(match self.wrapper {
            JsonWrapper::Without => "",
            JsonWrapper::Conditional => " WITH CONDITIONAL ARRAY WRAPPER",
            JsonWrapper::Unconditional => " WITH UNCONDITIONAL ARRAY WRAPPER",
        })?;
        if self.is_without_quotes {
            f.write_str(" OMIT QUOTES")?;
        }
        if let Some(behavior) = &self.on_empty {
            write!(f, " {behavior} ON EMPTY")?;
        }
        if let Some(behavior) = &self.on_error {
            write!(f, " {behavior} ON ERROR")?;
        }
        f.write_str(")")
    }
}

impl Display for JsonArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let format = if self.is_json { " FORMAT JSON" } else { "" };
        write!(f, "{}{format} AS {}", self.value, self.name)
    }
}

impl Display for JsonBehavior {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "ERROR",
            Self::Null => "NULL",
            Self::Default(value) => return write!(f, "DEFAULT {value}"),
            Self::EmptyArray => "EMPTY ARRAY",
            Self::EmptyObject => "EMPTY OBJECT",
            Self::True => "TRUE",
            Self::False => "FALSE",
            Self::Unknown => "UNKNOWN",
        })
    }
}

/// JSON_OBJECT and JSON_ARRAY.
pub(super) fn write_constructor(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    let is_absent = match kind {
        ExprKind::JsonObject { members, is_absent_on_null } => {
            f.write_str("JSON_OBJECT(")?;
            for (index, (name, value)) in members.iter().enumerate() {
                write!(f, "{}KEY {name} VALUE {value}", if index > 0 { ", " } else { "" })?;
            }
            is_absent_on_null
        }
        ExprKind::JsonArray { items, is_absent_on_null } => {
            write!(f, "JSON_ARRAY({}", List(items))?;
            is_absent_on_null
        }
        _ => return Ok(()),
    };
    write!(f, " {} ON NULL)", if *is_absent { "ABSENT" } else { "NULL" })
}
