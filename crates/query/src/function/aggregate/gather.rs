//! Keeping all rows of the groups, for aggregates that need them together, distinct, or in an order.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, StructArray, UInt32Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, Fields, SortOptions};
use datafusion::arrow::row::{RowConverter, SortField};
use opentrail_trino::SqlError;

use super::super::arrays::{concat, take};
use super::super::fault;
use super::super::keys::keys_of;
use super::super::lists::range;
use super::super::shape::item_field;
use super::{Aggregate, Fold, Rows, Types};

/// The rows of all groups, group after group.
pub(super) struct Gathered {
    /// The arguments.
    pub(super) columns: Vec<ArrayRef>,
    /// Where each group's rows are.
    pub(super) groups: Vec<Range<usize>>,
}

/// What is made of rows that were kept: one answer a group.
pub(super) type Finish = Arc<dyn Fn(&Gathered, &Types) -> Result<ArrayRef, SqlError> + Send + Sync>;

/// An aggregate that keeps all rows.
pub(super) struct Gathering(Finish);

impl Gathering {
    pub(super) fn new(
        finish: impl Fn(&Gathered, &Types) -> Result<ArrayRef, SqlError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(finish))
    }
}

impl Aggregate for Gathering {
    fn begin(&self, of: &Types) -> Result<Box<dyn Fold>, SqlError> {
        let types = Types { parameters: of.parameters.clone(), returns: of.returns.clone(), lambdas: again(of) };
        Ok(Box::new(Gather::new(Arc::clone(&self.0), Arc::new(types), &[], false)))
    }

    fn state(&self, of: &Types) -> Vec<DataType> {
        Gather::state_of(of.values().map(super::super::shape::data_type))
    }
}

fn again(of: &Types) -> Vec<super::super::lambda::Lambda> {
    of.lambdas.iter().map(super::super::lambda::Lambda::again).collect()
}

/// Rows of groups, as they came.
pub(super) struct Gather {
    finish: Finish,
    types: Arc<Types>,
    order: Vec<SortOptions>,
    is_distinct: bool,
    /// Batches of rows, each with the group of each row.
    batches: Vec<(Vec<ArrayRef>, Vec<usize>)>,
    count: usize,
    bytes: usize,
}

impl Gather {
    fn new(finish: Finish, types: Arc<Types>, order: &[SortOptions], is_distinct: bool) -> Self {
        Self { finish, types, order: order.to_vec(), is_distinct, batches: Vec::new(), count: 0, bytes: 0 }
    }

    /// Rows are sorted and made distinct, then given to an aggregate.
    pub(super) fn before(
        aggregate: Arc<dyn Aggregate>,
        types: Arc<Types>,
        order: &[SortOptions],
        is_distinct: bool,
    ) -> Self {
        let finish = move |rows: &Gathered, types: &Types| {
            let mut fold = aggregate.begin(types)?;
            fold.grow(rows.groups.len())?;
            let groups: Vec<usize> =
                rows.groups.iter().enumerate().flat_map(|(group, range)| range.clone().map(move |_| group)).collect();
            fold.update(&Rows { columns: &rows.columns, groups: &groups, filter: None })?;
            fold.answer(0..rows.groups.len())
        };
        Self::new(Arc::new(finish), types, order, is_distinct)
    }

    /// The type of the state: a list of rows.
    pub(super) fn state_of(columns: impl IntoIterator<Item = DataType>) -> Vec<DataType> {
        vec![DataType::List(item_field(DataType::Struct(fields(columns))))]
    }

    /// The rows of some groups, group after group; within a group as they came.
    fn collect(&self, groups: Range<usize>) -> Result<Gathered, SqlError> {
        let mut counts = vec![0_usize; groups.len()];
        for group in self.batches.iter().flat_map(|(_, of)| of) {
            if groups.contains(group) {
                counts[group - groups.start] += 1;
            }
        }
        let mut begins = Vec::with_capacity(groups.len());
        let mut total = 0;
        for count in &counts {
            begins.push(total);
            total += count;
        }
        let ranges = begins.iter().zip(&counts).map(|(begin, count)| *begin..begin + count).collect();
        let mut order = vec![0_u32; total];
        let mut row = 0_u32;
        for group in self.batches.iter().flat_map(|(_, of)| of) {
            if groups.contains(group) {
                let place = &mut begins[group - groups.start];
                order[*place] = row;
                *place += 1;
            }
            row = row.checked_add(1).ok_or_else(|| fault::internal("an aggregate keeps too many rows"))?;
        }
        let order = UInt32Array::from(order);
        let width = self.batches.first().map_or(0, |(columns, _)| columns.len());
        let columns = (0..width).map(|column| {
            let parts: Vec<ArrayRef> =
                self.batches.iter().filter_map(|(columns, _)| columns.get(column).map(Arc::clone)).collect();
            take(&concat(&parts)?, &order)
        });
        let mut columns = columns.collect::<Result<Vec<_>, _>>()?;
        if columns.is_empty() {
            let empty = self.types.values().map(|of| arrow_array::new_empty_array(&super::super::shape::data_type(of)));
            columns = empty.collect();
        }
        Ok(Gathered { columns, groups: ranges })
    }

    /// The rows as the aggregate wants them: in order, distinct, without the columns that they are sorted by.
    fn prepared(&self, groups: Range<usize>) -> Result<Gathered, SqlError> {
        let mut rows = self.collect(groups)?;
        let values = self.types.values().count().max(1).min(rows.columns.len());
        if !self.order.is_empty() && rows.columns.len() > values {
            rows = sorted(&rows, values, &self.order)?;
        }
        rows.columns.truncate(values);
        if self.is_distinct { distinct(&rows) } else { Ok(rows) }
    }
}

fn fields(columns: impl IntoIterator<Item = DataType>) -> Fields {
    columns.into_iter().enumerate().map(|(index, shape)| Field::new(format!("c{index}"), shape, true)).collect()
}

/// Each group's rows sorted by the columns from `values` on.
fn sorted(rows: &Gathered, values: usize, order: &[SortOptions]) -> Result<Gathered, SqlError> {
    let by = &rows.columns[values..];
    let fields =
        by.iter().zip(order).map(|(column, options)| SortField::new_with_options(column.data_type().clone(), *options));
    let converter = RowConverter::new(fields.collect()).map_err(fault::internal)?;
    let keys = converter.convert_columns(by).map_err(fault::internal)?;
    let mut order: Vec<usize> = Vec::with_capacity(keys.num_rows());
    for range in &rows.groups {
        let begin = order.len();
        order.extend(range.clone());
        order[begin..].sort_by(|a, b| keys.row(*a).cmp(&keys.row(*b)));
    }
    rearranged(rows, &order, rows.groups.clone())
}

/// Each group's rows, of equal ones the first.
fn distinct(rows: &Gathered) -> Result<Gathered, SqlError> {
    let keys = rows.columns.iter().map(keys_of).collect::<Result<Vec<_>, _>>()?;
    let mut kept = Vec::new();
    let mut groups = Vec::with_capacity(rows.groups.len());
    for range in &rows.groups {
        let begin = kept.len();
        let mut seen = std::collections::HashSet::new();
        kept.extend(range.clone().filter(|row| {
            let key: Vec<&[u8]> = keys.iter().map(|keys| keys.row(*row).data()).collect();
            seen.insert(key)
        }));
        groups.push(begin..kept.len());
    }
    rearranged(rows, &kept, groups)
}

fn rearranged(rows: &Gathered, order: &[usize], groups: Vec<Range<usize>>) -> Result<Gathered, SqlError> {
    let order: UInt32Array = order.iter().map(|row| u32::try_from(*row).ok()).collect();
    let columns = rows.columns.iter().map(|column| take(column, &order)).collect::<Result<_, _>>()?;
    Ok(Gathered { columns, groups })
}

impl Fold for Gather {
    fn grow(&mut self, groups: usize) -> Result<(), SqlError> {
        self.count = self.count.max(groups);
        Ok(())
    }

    fn update(&mut self, rows: &Rows<'_>) -> Result<(), SqlError> {
        let (kept, groups): (Vec<u32>, Vec<usize>) =
            rows.iter().filter_map(|(row, group)| Some((u32::try_from(row).ok()?, group))).unzip();
        if kept.is_empty() {
            return Ok(());
        }
        let columns = if kept.len() == rows.groups.len() {
            rows.columns.to_vec()
        } else {
            let kept = UInt32Array::from(kept);
            rows.columns.iter().map(|column| take(column, &kept)).collect::<Result<_, _>>()?
        };
        self.bytes += columns.iter().map(|column| column.get_array_memory_size()).sum::<usize>();
        self.batches.push((columns, groups));
        Ok(())
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize]) -> Result<(), SqlError> {
        let list = states.first().and_then(|state| state.as_list_opt::<i32>());
        let list = list.ok_or_else(|| fault::internal("an aggregate's state is no list"))?;
        let mut kept = Vec::new();
        let mut of = Vec::new();
        for (row, group) in groups.iter().enumerate() {
            if list.is_valid(row) {
                let range = range(list.offsets(), row);
                of.extend(std::iter::repeat_n(*group, range.len()));
                kept.extend(range.filter_map(|index| u32::try_from(index).ok()));
            }
        }
        let rows = take(list.values(), &UInt32Array::from(kept))?;
        let columns = rows.as_struct().columns().to_vec();
        self.update(&Rows { columns: &columns, groups: &of, filter: None })
    }

    fn answer(&self, groups: Range<usize>) -> Result<ArrayRef, SqlError> {
        let rows = self.prepared(groups)?;
        super::super::arrays::conform(&(self.finish)(&rows, &self.types)?, &self.types.shape())
    }

    fn state(&self, groups: Range<usize>) -> Result<Vec<ArrayRef>, SqlError> {
        let rows = self.collect(groups)?;
        let fields = fields(rows.columns.iter().map(|column| column.data_type().clone()));
        let lengths = rows.groups.iter().map(Range::len);
        let items = StructArray::try_new(fields.clone(), rows.columns, None).map_err(fault::internal)?;
        let field = item_field(DataType::Struct(fields));
        let list = ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), Arc::new(items), None);
        Ok(vec![Arc::new(list.map_err(fault::internal)?)])
    }

    fn forget(&mut self, first: usize) -> Result<(), SqlError> {
        let batches = std::mem::take(&mut self.batches);
        self.bytes = 0;
        self.count -= first.min(self.count);
        for (columns, groups) in batches {
            let keep: arrow_array::BooleanArray = groups.iter().map(|group| Some(*group >= first)).collect();
            let moved: Vec<usize> = groups.iter().map(|group| group.saturating_sub(first)).collect();
            self.update(&Rows { columns: &columns, groups: &moved, filter: Some(&keep) })?;
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.bytes + self.batches.iter().map(|(_, groups)| groups.len() * size_of::<usize>()).sum::<usize>()
    }
}
