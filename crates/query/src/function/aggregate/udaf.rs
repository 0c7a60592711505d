//! An aggregate of ours as DataFusion sees it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, SortOptions};
use datafusion::common::Result;
use datafusion::logical_expr::expr::AggregateFunctionParams;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, GroupsAccumulator, Signature, TypeSignature, Volatility,
};

use super::super::into_datafusion;
use super::accumulator::{Begin, Groups, Single, Sliding};
use super::gather::Gather;
use super::{Aggregate, Fold, Types};

/// One call's aggregate. Its arguments are followed by what they are sorted by, if there is an ORDER BY within the
/// parentheses; neither that nor DISTINCT is known to DataFusion.
pub(in super::super) struct Udaf {
    name: String,
    types: Arc<Types>,
    aggregate: Arc<dyn Aggregate>,
    order: Vec<SortOptions>,
    is_distinct: bool,
    signature: Signature,
}

impl Udaf {
    pub(in super::super) fn new(
        name: String,
        types: Types,
        aggregate: Arc<dyn Aggregate>,
        order: Vec<SortOptions>,
        is_distinct: bool,
    ) -> Self {
        let any = vec![TypeSignature::VariadicAny, TypeSignature::Nullary];
        let signature = Signature::one_of(any, Volatility::Immutable);
        Self { name, types: Arc::new(types), aggregate, order, is_distinct, signature }
    }

    /// Nothing gathered yet.
    fn begin(&self) -> Begin {
        let (aggregate, types, order) = (Arc::clone(&self.aggregate), Arc::clone(&self.types), self.order.clone());
        let (must_gather, is_distinct) = (self.must_gather(), self.is_distinct);
        Arc::new(move || {
            if must_gather {
                let gather = Gather::before(Arc::clone(&aggregate), Arc::clone(&types), &order, is_distinct);
                return Ok(Box::new(gather) as Box<dyn Fold>);
            }
            aggregate.begin(&types)
        })
    }

    /// Do all rows have to be kept until the end?
    fn must_gather(&self) -> bool {
        self.is_distinct || !self.order.is_empty()
    }
}

impl std::fmt::Debug for Udaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Udaf").field("name", &self.name).field("types", &self.types).finish_non_exhaustive()
    }
}

impl PartialEq for Udaf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.types == other.types
            && self.order == other.order
            && self.is_distinct == other.is_distinct
    }
}

impl Eq for Udaf {}

impl Hash for Udaf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.types.hash(state);
        self.order.hash(state);
        self.is_distinct.hash(state);
    }
}

impl AggregateUDFImpl for Udaf {
    fn name(&self) -> &str {
        &self.name
    }

    /// Calls that differ in what only we know are different columns.
    fn schema_name(&self, params: &AggregateFunctionParams) -> Result<String> {
        let mut parts: Vec<String> = params.args.iter().map(|argument| argument.schema_name().to_string()).collect();
        parts.extend(self.types.lambdas.iter().map(ToString::to_string));
        let mut name = format!("{}({}{})", self.name, if self.is_distinct { "DISTINCT " } else { "" }, parts.join(","));
        for order in &self.order {
            name.push_str(&format!(" {order:?}"));
        }
        if let Some(filter) = &params.filter {
            name.push_str(&format!(" FILTER {}", filter.schema_name()));
        }
        Ok(format!("{name} {}", self.types.returns))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.types.shape())
    }

    fn is_nullable(&self) -> bool {
        self.aggregate.is_nullable()
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let state = if self.must_gather() {
            Gather::state_of(arguments.input_fields.iter().map(|field| field.data_type().clone()))
        } else {
            self.aggregate.state(&self.types)
        };
        let fields = state
            .into_iter()
            .enumerate()
            .map(|(index, shape)| Arc::new(Field::new(format!("{}[{index}]", arguments.name), shape, true)));
        Ok(fields.collect())
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single::new((self.begin())().map_err(into_datafusion)?)?))
    }

    fn create_sliding_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Sliding::new(self.begin())))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::new(self.begin())?))
    }
}
