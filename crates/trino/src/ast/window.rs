//! Windows.

use super::{Expr, Identifier, SortItem};

/// What follows OVER.
#[derive(Debug, Clone, PartialEq)]
pub enum Window {
    /// `OVER name`
    Named(Identifier),
    /// `OVER (…)`
    Inline(WindowSpecification),
}

/// `name AS (…)` in a WINDOW clause.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedWindow {
    /// Its name.
    pub name: Identifier,
    /// What it is.
    pub specification: WindowSpecification,
}

/// What stands in the parentheses.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowSpecification {
    /// A window of the WINDOW clause that this one adds to.
    pub base: Option<Identifier>,
    /// `PARTITION BY`
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`
    pub order_by: Vec<SortItem>,
    /// Without one: RANGE UNBOUNDED PRECEDING.
    pub frame: Option<Frame>,
}

/// `unit BETWEEN start AND end`
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// What the bounds count.
    pub unit: FrameUnit,
    /// Where it begins.
    pub start: FrameBound,
    /// Where it ends; CURRENT ROW unless given.
    pub end: Option<FrameBound>,
}

/// What the bounds of a frame count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameUnit {
    /// Values of the sort key.
    Range,
    /// Rows.
    Rows,
    /// Groups of peers.
    Groups,
}

/// A bound of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum FrameBound {
    /// `UNBOUNDED PRECEDING`
    UnboundedPreceding,
    /// `n PRECEDING`
    Preceding(Box<Expr>),
    /// `CURRENT ROW`
    CurrentRow,
    /// `n FOLLOWING`
    Following(Box<Expr>),
    /// `UNBOUNDED FOLLOWING`
    UnboundedFollowing,
}
