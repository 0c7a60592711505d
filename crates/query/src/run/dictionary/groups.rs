//! The groups found so far.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{Schema, SchemaRef};
use arrow_select::take::take;
use datafusion::common::hash_utils::RandomState;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::GroupsAccumulatorAdapter;
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;

use super::exec::Function;

/// So many combinations have a place each; of more, those that occur are remembered.
const PLACES_MAX: usize = 1 << 18;

/// So many times as many places as rows are worth it for a single batch.
const PLACES_PER_ROW: usize = 4;

/// So many combinations that occur are remembered at most.
const OCCURRING_MAX: usize = 1 << 18;

/// Groups, and what was computed of each.
pub(super) struct Groups {
    schema: SchemaRef,
    keys: Vec<usize>,
    functions: Arc<[Function]>,
    /// The texts of each group, by its number.
    texts: Box<dyn GroupValues>,
    computed: Vec<Box<dyn GroupsAccumulator>>,
    known: Known,
    /// The group of each row of a batch; kept for its memory.
    numbers: Vec<usize>,
}

/// The groups of combinations of the entries of some dictionaries.
#[derive(Default)]
struct Known {
    /// Which dictionaries. They are held, so that no others can come to lie where they do.
    dictionaries: Vec<StringArray>,
    groups: Combinations,
}

/// The group of each combination that is known.
#[derive(Default)]
enum Combinations {
    /// They aren't remembered.
    #[default]
    None,
    /// By the combination's number.
    Few(Vec<u32>),
    /// Those that occurred.
    Many(HashMap<u64, u32, RandomState>),
}

/// A combination whose group isn't known.
const UNKNOWN: u32 = u32::MAX;

impl Combinations {
    /// The group of a combination.
    fn of(&mut self, combination: u64) -> &mut u32 {
        match self {
            Self::None => unreachable!("asked only when they are remembered"),
            Self::Few(groups) => &mut groups[combination as usize],
            Self::Many(groups) => groups.entry(combination).or_insert(UNKNOWN),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Few(groups) => groups.capacity() * size_of::<u32>(),
            Self::Many(groups) => groups.capacity() * (size_of::<(u64, u32)>() + 1),
        }
    }
}

impl Groups {
    /// None yet. The schema is that of the groups: keys, then the states of the functions.
    pub(super) fn new(schema: SchemaRef, keys: Vec<usize>, functions: Arc<[Function]>) -> Result<Self> {
        let texts = no_texts(&schema, keys.len())?;
        let computed = functions.iter().map(accumulator).collect::<Result<_>>()?;
        let (known, numbers) = (Known::default(), Vec::new());
        Ok(Self { schema, keys, functions, texts, computed, known, numbers })
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// About how much memory they take.
    pub(super) fn bytes(&self) -> usize {
        let computed: usize = self.computed.iter().map(|computed| computed.size()).sum();
        self.texts.size() + computed + self.known.groups.bytes()
    }

    /// Adds each row to its group.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            let Some(dictionary) = batch.column(*key).as_dictionary_opt::<UInt32Type>() else {
                return internal_err!("the column to group by is no dictionary");
            };
            keys.push(dictionary);
        }
        if self.known.is_for(&keys, batch.num_rows()) {
            self.number_by_combination(&keys, batch.num_rows())?;
        } else {
            let texts = keys.iter().map(|key| texts(key, key.keys())).collect::<Result<Vec<_>>>()?;
            self.texts.intern(&texts, &mut self.numbers)?;
        }
        let groups = self.texts.len();
        for (function, computed) in self.functions.iter().zip(&mut self.computed) {
            let arguments = function.of.expressions().into_iter();
            let arguments = arguments.map(|expr| expr.evaluate(batch)?.into_array(batch.num_rows()));
            let arguments = arguments.collect::<Result<Vec<ArrayRef>>>()?;
            let filter = function.filter.as_ref().map(|expr| expr.evaluate(batch)?.into_array(batch.num_rows()));
            let filter = filter.transpose()?;
            let filter = filter.as_ref().map(|filter| filter.as_boolean());
            computed.update_batch(&arguments, &self.numbers, filter, groups)?;
        }
        Ok(())
    }

    /// All groups, as rows of the schema; none are left.
    pub(super) fn take(&mut self) -> Result<RecordBatch> {
        // What was never filled doesn't know its columns yet.
        if self.texts.is_empty() {
            return Ok(RecordBatch::new_empty(Arc::clone(&self.schema)));
        }
        // What has given out all its groups is not made to be filled again.
        let mut texts = std::mem::replace(&mut self.texts, no_texts(&self.schema, self.keys.len())?);
        let mut columns = texts.emit(EmitTo::All)?;
        for computed in &mut self.computed {
            columns.extend(computed.state(EmitTo::All)?);
        }
        self.known = Known::default();
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// Finds the group of each row by its references; looks at texts only where a combination is new.
    fn number_by_combination(&mut self, keys: &[&DictionaryArray<UInt32Type>], rows: usize) -> Result<()> {
        let combinations = combinations(keys, rows);
        let known = &mut self.known.groups;
        // The first row of each new combination.
        let mut news: Vec<u32> = Vec::new();
        for (row, combination) in combinations.iter().enumerate() {
            let group = known.of(*combination);
            if *group == UNKNOWN {
                // Not to be found new again; its number follows.
                *group = 0;
                news.push(row as u32);
            }
        }
        if !news.is_empty() {
            let rows = UInt32Array::from(news);
            let texts = keys.iter().map(|key| texts(key, take(key.keys(), &rows, None)?.as_primitive()));
            self.texts.intern(&texts.collect::<Result<Vec<_>>>()?, &mut self.numbers)?;
            for (row, number) in rows.values().iter().zip(&self.numbers) {
                *known.of(combinations[*row as usize]) = *number as u32;
            }
        }
        self.numbers.clear();
        self.numbers.extend(combinations.iter().map(|combination| *known.of(*combination) as usize));
        Ok(())
    }
}

impl Known {
    /// Makes ready for a batch with these dictionaries. Tells whether its combinations are remembered: as far as they are worth it
    /// for the rows that share them.
    fn is_for(&mut self, keys: &[&DictionaryArray<UInt32Type>], rows: usize) -> bool {
        let dictionaries: Vec<StringArray> = keys.iter().map(|key| key.values().as_string().clone()).collect();
        let is_same = self.dictionaries.len() == dictionaries.len()
            && self.dictionaries.iter().zip(&dictionaries).all(|(one, other)| are_same(one, other));
        let is_full = matches!(&self.groups, Combinations::Many(groups) if groups.len() > OCCURRING_MAX);
        if is_same && !is_full && !matches!(self.groups, Combinations::None) {
            return true;
        }
        let count = keys.iter().try_fold(1u64, |count, key| count.checked_mul(key.values().len() as u64 + 1));
        let places = count.and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= PLACES_MAX);
        self.dictionaries = dictionaries;
        self.groups = match (places, count) {
            (Some(places), _) if is_same || places <= rows * PLACES_PER_ROW => Combinations::Few(vec![UNKNOWN; places]),
            // Dictionaries that come a second time will come a third.
            (None, Some(_)) if is_same => Combinations::Many(HashMap::default()),
            _ => Combinations::None,
        };
        !matches!(self.groups, Combinations::None)
    }
}

fn no_texts(schema: &Schema, keys: usize) -> Result<Box<dyn GroupValues>> {
    new_group_values(Arc::new(Schema::new(schema.fields()[..keys].to_vec())), &GroupOrdering::None)
}

/// Whether two dictionaries lie in the same place of memory.
fn are_same(one: &StringArray, other: &StringArray) -> bool {
    one.value_offsets().as_ptr_range() == other.value_offsets().as_ptr_range()
        && one.value_data().as_ptr_range() == other.value_data().as_ptr_range()
}

/// The number of each row's combination: that of its references, of which null is one more in each dictionary.
fn combinations(keys: &[&DictionaryArray<UInt32Type>], rows: usize) -> Vec<u64> {
    let mut combinations = vec![0u64; rows];
    for key in keys {
        let (references, null) = (key.keys(), key.values().len() as u64);
        let slots = combinations.iter_mut().zip(references.values());
        match references.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => slots.for_each(|(slot, reference)| *slot = *slot * (null + 1) + u64::from(*reference)),
            Some(nulls) => slots.zip(nulls).for_each(|((slot, reference), is_valid)| {
                *slot = *slot * (null + 1) + if is_valid { u64::from(*reference) } else { null };
            }),
        }
    }
    combinations
}

/// The texts of references.
fn texts(dictionary: &DictionaryArray<UInt32Type>, references: &UInt32Array) -> Result<ArrayRef> {
    Ok(take(dictionary.values(), references, None)?)
}

fn accumulator(function: &Function) -> Result<Box<dyn GroupsAccumulator>> {
    if function.of.groups_accumulator_supported() {
        return function.of.create_groups_accumulator();
    }
    let of = Arc::clone(&function.of);
    Ok(Box::new(GroupsAccumulatorAdapter::new(move || of.create_accumulator())))
}
