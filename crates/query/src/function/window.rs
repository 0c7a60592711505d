//! Window functions, with Trino's types of answers.

mod evaluate;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{LimitEffect, PartitionEvaluator, Signature, TypeSignature, Volatility, WindowUDFImpl};
use opentrail_trino::Type;

use super::Registry;
use super::shape::data_type;

pub(super) fn register(to: &mut Registry) {
    for (signature, window) in [
        ("row_number() -> bigint", Window::RowNumber),
        ("rank() -> bigint", Window::Rank),
        ("dense_rank() -> bigint", Window::DenseRank),
        ("percent_rank() -> double", Window::PercentRank),
        ("cume_dist() -> double", Window::CumeDist),
        ("ntile(bigint) -> bigint", Window::Ntile),
        ("lag(T) -> T", Window::Lag),
        ("lag(T, bigint) -> T", Window::Lag),
        ("lag(T, bigint, T) -> T", Window::Lag),
        ("lead(T) -> T", Window::Lead),
        ("lead(T, bigint) -> T", Window::Lead),
        ("lead(T, bigint, T) -> T", Window::Lead),
        ("first_value(T) -> T", Window::First),
        ("last_value(T) -> T", Window::Last),
        ("nth_value(T, bigint) -> T", Window::Nth),
    ] {
        to.add_window(signature, window);
    }
}

/// Which window function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Window {
    RowNumber,
    Rank,
    DenseRank,
    PercentRank,
    CumeDist,
    Ntile,
    Lag,
    Lead,
    First,
    Last,
    Nth,
}

impl Window {
    /// Does the answer depend on the frame?
    fn is_framed(self) -> bool {
        matches!(self, Self::First | Self::Last | Self::Nth)
    }

    /// Does the answer depend on ranks?
    fn is_ranked(self) -> bool {
        matches!(self, Self::Rank | Self::DenseRank | Self::PercentRank | Self::CumeDist)
    }

    /// May IGNORE NULLS follow?
    pub(super) fn takes_nulls(self) -> bool {
        self.is_framed() || matches!(self, Self::Lag | Self::Lead)
    }
}

/// One call's window function as DataFusion sees it.
#[derive(Debug)]
pub(super) struct Udwf {
    name: String,
    window: Window,
    returns: Type,
    signature: Signature,
}

impl Udwf {
    pub(super) fn new(name: String, window: Window, returns: Type) -> Self {
        let any = vec![TypeSignature::VariadicAny, TypeSignature::Nullary];
        Self { name, window, returns, signature: Signature::one_of(any, Volatility::Immutable) }
    }
}

impl PartialEq for Udwf {
    fn eq(&self, other: &Self) -> bool {
        self.window == other.window && self.returns == other.returns
    }
}

impl Eq for Udwf {}

impl Hash for Udwf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.window.hash(state);
        self.returns.hash(state);
    }
}

impl WindowUDFImpl for Udwf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(&self, arguments: PartitionEvaluatorArgs<'_>) -> Result<Box<dyn PartitionEvaluator>> {
        let shape = data_type(&self.returns);
        Ok(Box::new(evaluate::Evaluator::new(self.window, shape, arguments.ignore_nulls())))
    }

    fn field(&self, arguments: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        let shape = data_type(&self.returns);
        // A timestamp keeps the zone that it is labelled with.
        let shape = match (&shape, arguments.input_fields().first().map(|field| field.data_type())) {
            (DataType::Timestamp(_, Some(_)), Some(input)) => input.clone(),
            _ => shape,
        };
        Ok(Arc::new(Field::new(arguments.name(), shape, true)))
    }

    fn limit_effect(&self, _: &[Arc<dyn datafusion::physical_expr::PhysicalExpr>]) -> LimitEffect {
        LimitEffect::Unknown
    }
}
