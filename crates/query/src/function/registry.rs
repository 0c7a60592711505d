//! All functions by name, and the choice among their overloads.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::logical_expr::expr::{NullTreatment, Sort};
use datafusion::logical_expr::{Expr, WindowFrame};
use opentrail_trino::ast::Place as _;
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

/// An argument, compiled and coerced to [`Resolved::parameters`].
#[derive(Debug, Clone)]
pub(crate) enum Compiled {
    /// A value.
    Value(Expr),
    /// A lambda. `body` refers to its parameters as unqualified columns of the given names, which no captured column and no
    /// enclosing lambda's parameter shares, and to all else it needs by the column expressions in `captures`.
    Lambda {
        /// Names and types of the parameters.
        parameters: Vec<(String, Type)>,
        /// What stands behind the arrow, coerced to the result type of the `Type::Function` in [`Resolved::parameters`].
        body: Expr,
        /// The columns from outside that `body` refers to.
        captures: Vec<Expr>,
    },
}

/// What stands behind an aggregate's or window function's arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Over {
    /// `DISTINCT` before the arguments.
    pub distinct: bool,
    /// `ORDER BY` within the parentheses, or that of `WITHIN GROUP`.
    pub argument_order: Vec<Sort>,
    /// `FILTER (WHERE …)`
    pub filter: Option<Expr>,
    /// `PARTITION BY`
    pub partition_by: Vec<Expr>,
    /// `ORDER BY` of the window.
    pub order_by: Vec<Sort>,
    /// The frame; `None` means Trino's default.
    pub frame: Option<WindowFrame>,
    /// `IGNORE NULLS`, `RESPECT NULLS`
    pub nulls: Option<NullTreatment>,
}

/// A call whose overload is known.
pub(crate) struct Resolved {
    /// The type that each argument has to be coerced to; `Type::Function` for lambdas.
    pub parameters: Vec<Type>,
    /// The type of the answer.
    pub returns: Type,
    make: Make,
}

impl Resolved {
    /// The call of a scalar function or operator.
    pub(crate) fn call(&self, arguments: Vec<Compiled>) -> Result<Expr, SqlError>;
    /// The call of an aggregate without OVER. The expression is one `Expr::AggregateFunction`.
    pub(crate) fn aggregate(&self, arguments: Vec<Compiled>, over: Over) -> Result<Expr, SqlError>;
    /// The call of a window function, or of an aggregate with OVER. The expression is one `Expr::WindowFunction`.
    pub(crate) fn window(&self, arguments: Vec<Compiled>, over: Over) -> Result<Expr, SqlError>;
    /// May the call fail at run time? Then it must not be evaluated for rows that an earlier condition excludes.
    pub(crate) fn can_fail(&self) -> bool;
}

/// Why a call has no overload.
pub(crate) enum Unresolved {
    /// No function has this name.
    Unknown { nearest: Option<String> },
    /// None of its overloads takes these arguments. The sentence is Trino's.
    Mismatch(String),
    /// An argument is itself wrong.
    Argument(SqlError),
}

impl Unresolved {
    /// The error at the place of the call.
    pub(crate) fn at(self, place: Place) -> SqlError;
}

impl Registry {
    /// All functions; made once.
    pub(crate) fn get() -> &'static Registry;
    /// The overload of a scalar function or operator. `lambda` tells the type of the lambda at the given position for
    /// parameters of the given types; it may be asked several times.
    pub(crate) fn scalar(&self, name: &str, arguments: &[Argument<'_>], lambda: &mut dyn FnMut(usize, &[Type]) -> Result<Type, SqlError>) -> Result<Resolved, Unresolved>;
    pub(crate) fn aggregate(&self, same) -> Result<Resolved, Unresolved>;
    /// A function with OVER: a window function proper or an aggregate.
    pub(crate) fn window(&self, same) -> Result<Resolved, Unresolved>;
    pub(crate) fn is_scalar(&self, name: &str) -> bool;
    pub(crate) fn is_aggregate(&self, name: &str) -> bool;
    pub(crate) fn is_window(&self, name: &str) -> bool;
    pub(crate) fn names(&self) -> impl Iterator<Item = &str>;
}
