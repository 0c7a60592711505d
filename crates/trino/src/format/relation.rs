//! Relations and windows.

use std::fmt::{self, Display, Formatter};

use super::{Dotted, List, write_order_by};
use crate::ast::{
    Frame, FrameBound, FrameUnit, Join, JoinConstraint, JoinKind, NamedWindow, Relation, RelationKind, Window,
    WindowSpecification,
};

impl Display for Relation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            RelationKind::Table(name) => write!(f, "{}", Dotted(name)),
            RelationKind::Subquery(query) => write!(f, "({query})"),
            RelationKind::Unnest { expressions, is_with_ordinality } => {
                let ordinality = if *is_with_ordinality { " WITH ORDINALITY" } else { "" };
                write!(f, "UNNEST({}){ordinality}", List(expressions))
            }
            RelationKind::Lateral(query) => write!(f, "LATERAL ({query})"),
            RelationKind::Join(join) => write!(f, "({join})"),
            RelationKind::Aliased { relation, alias, columns } => {
                // An alias of an alias, which parentheses make.
                if matches!(relation.kind, RelationKind::Aliased { .. }) {
                    write!(f, "({relation}) {alias}")?;
                } else {
                    write!(f, "{relation} {alias}")?;
                }
                if columns.is_empty() { Ok(()) } else { write!(f, " ({})", List(columns)) }
            }
        }
    }
}

impl Display for Join {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            JoinKind::Cross => "CROSS",
            JoinKind::Inner => "INNER",
            JoinKind::Left => "LEFT",
            JoinKind::Right => "RIGHT",
            JoinKind::Full => "FULL",
        };
        let natural = if self.constraint == JoinConstraint::Natural { "NATURAL " } else { "" };
        write!(f, "{} {natural}{word} JOIN {}", self.left, self.right)?;
        match &self.constraint {
            JoinConstraint::On(condition) => write!(f, " ON {condition}"),
            JoinConstraint::Using(columns) => write!(f, " USING ({})", List(columns)),
            JoinConstraint::None | JoinConstraint::Natural => Ok(()),
        }
    }
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(f, "{name}"),
            Self::Inline(specification) => write!(f, "{specification}"),
        }
    }
}

impl Display for NamedWindow {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} AS {}", self.name, self.specification)
    }
}

impl Display for WindowSpecification {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        if let Some(base) = &self.base {
            write!(f, "{base}")?;
        }
        if !self.partition_by.is_empty() {
            write!(f, " PARTITION BY {}", List(&self.partition_by))?;
        }
        write_order_by(f, &self.order_by)?;
        if let Some(frame) = &self.frame {
            write!(f, " {frame}")?;
        }
        f.write_str(")")
    }
}

impl Display for Frame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            FrameUnit::Range => "RANGE",
            FrameUnit::Rows => "ROWS",
            FrameUnit::Groups => "GROUPS",
        };
        match &self.end {
            Some(end) => write!(f, "{unit} BETWEEN {} AND {end}", self.start),
            None => write!(f, "{unit} {}", self.start),
        }
    }
}

impl Display for FrameBound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnboundedPreceding => f.write_str("UNBOUNDED PRECEDING"),
            Self::Preceding(distance) => write!(f, "{distance} PRECEDING"),
            Self::CurrentRow => f.write_str("CURRENT ROW"),
            Self::Following(distance) => write!(f, "{distance} FOLLOWING"),
            Self::UnboundedFollowing => f.write_str("UNBOUNDED FOLLOWING"),
        }
    }
}
