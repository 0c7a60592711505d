//! Which rows of a batch a predicate is true for.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt32Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, TimeUnit};

use super::key::{Key, compare_decimals};
use super::{CompareOp, Filter, Leaf, Node, Test};

/// The rows for which a condition is true, and those for which it is false; for others it is null.
struct Masks {
    yes: BooleanBuffer,
    no: BooleanBuffer,
}

impl Filter {
    /// The rows of a batch of [`Filter::wanted`] for which the predicate is true.
    pub(crate) fn evaluate(&self, batch: &RecordBatch) -> BooleanBuffer {
        self.masks(&self.tree, batch).yes
    }

    fn masks(&self, node: &Node, batch: &RecordBatch) -> Masks {
        let all = |value| {
            if value { BooleanBuffer::new_set(batch.num_rows()) } else { BooleanBuffer::new_unset(batch.num_rows()) }
        };
        match node {
            Node::Leaf(at) => self.leaves[*at].masks(batch),
            Node::Not(one) => {
                let Masks { yes, no } = self.masks(one, batch);
                Masks { yes: no, no: yes }
            }
            Node::And(nodes) => nodes.iter().fold(Masks { yes: all(true), no: all(false) }, |sum, node| {
                let one = self.masks(node, batch);
                Masks { yes: &sum.yes & &one.yes, no: &sum.no | &one.no }
            }),
            Node::Or(nodes) => nodes.iter().fold(Masks { yes: all(false), no: all(true) }, |sum, node| {
                let one = self.masks(node, batch);
                Masks { yes: &sum.yes | &one.yes, no: &sum.no & &one.no }
            }),
        }
    }
}

impl Leaf {
    fn masks(&self, batch: &RecordBatch) -> Masks {
        let mut array: &ArrayRef = batch.column(self.steps[0]);
        let mut nulls = array.logical_nulls();
        for step in &self.steps[1..] {
            array = array.as_struct().column(*step);
            nulls = NullBuffer::union(nulls.as_ref(), array.logical_nulls().as_ref());
        }
        let valid = nulls.map_or_else(|| BooleanBuffer::new_set(array.len()), |nulls| nulls.into_inner());
        match &self.test {
            Test::IsNull => Masks { yes: !&valid, no: valid },
            Test::IsNotNull => Masks { no: !&valid, yes: valid },
            Test::Compare(op, key) => Masks::of(&compare(array, *op, key), &valid),
            Test::In(keys) => Masks::of(&one_of(array, keys), &valid),
            Test::Like(pattern) => Masks::of(&texts(array, &|text| pattern.matches(text)), &valid),
        }
    }
}

impl Masks {
    fn of(holds: &BooleanBuffer, valid: &BooleanBuffer) -> Masks {
        Masks { yes: holds & valid, no: &!holds & valid }
    }
}

/// Where values are one of the keys, whatever it says of nulls. There can be a thousand keys: rows of the types that most are
/// asked of are looked at once, not once for each.
fn one_of<'k>(array: &ArrayRef, keys: &'k [Key]) -> BooleanBuffer {
    match array.data_type() {
        DataType::Int64 => {
            let key = |key: &Key| if let Key::Int(key) = key { Some(*key) } else { None };
            let keys = sorted(keys.iter().filter_map(key));
            let values = array.as_primitive::<Int64Type>().values();
            BooleanBuffer::collect_bool(values.len(), |row| keys.binary_search(&values[row]).is_ok())
        }
        DataType::Utf8 | DataType::Dictionary(..) => {
            let key = |key: &'k Key| if let Key::Bytes(key) = key { Some(key.as_slice()) } else { None };
            let keys = sorted(keys.iter().filter_map(key));
            texts(array, &|text| keys.binary_search(&text).is_ok())
        }
        _ => {
            let none = BooleanBuffer::new_unset(array.len());
            keys.iter().fold(none, |sum, key| &sum | &compare(array, CompareOp::Eq, key))
        }
    }
}

fn sorted<T: Ord>(keys: impl Iterator<Item = T>) -> Vec<T> {
    let mut keys: Vec<T> = keys.collect();
    keys.sort_unstable();
    keys
}

/// Where texts pass a test, whatever it says of nulls.
fn texts(array: &ArrayRef, passes: &dyn Fn(&[u8]) -> bool) -> BooleanBuffer {
    let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() else {
        let texts = array.as_string::<i32>();
        return BooleanBuffer::collect_bool(texts.len(), |row| passes(texts.value(row).as_bytes()));
    };
    let (references, entries) = (dictionary.keys().values(), dictionary.values().as_string::<i32>());
    let passes = |entry: u32| passes(entries.value(entry as usize).as_bytes());
    if entries.is_empty() {
        // Then all are null.
        BooleanBuffer::new_unset(references.len())
    } else if entries.len() < references.len() {
        let each = BooleanBuffer::collect_bool(entries.len(), |entry| passes(entry as u32));
        BooleanBuffer::collect_bool(references.len(), |row| each.value(references[row] as usize))
    } else {
        BooleanBuffer::collect_bool(references.len(), |row| passes(references[row]))
    }
}

/// Where values stand in this order to the key, whatever it says of nulls.
fn compare(array: &ArrayRef, op: CompareOp, key: &Key) -> BooleanBuffer {
    macro_rules! integers {
        ($of:ty, $key:expr) => {{
            let (values, key) = (array.as_primitive::<$of>().values(), *$key);
            rows(values.len(), op, |row| i64::from(values[row]), key)
        }};
    }
    macro_rules! times {
        ($of:ty, $key:expr, $unit:expr) => {{
            let (values, key) = (array.as_primitive::<$of>().values(), *$key);
            rows(values.len(), op, |row| i128::from(values[row]) * $unit, key)
        }};
    }
    match (array.data_type(), key) {
        (DataType::Boolean, Key::Boolean(key)) => {
            let values = array.as_boolean().values();
            rows(values.len(), op, |row| values.value(row), *key)
        }
        (DataType::Int8, Key::Int(key)) => integers!(Int8Type, key),
        (DataType::Int16, Key::Int(key)) => integers!(Int16Type, key),
        (DataType::Int32, Key::Int(key)) => integers!(Int32Type, key),
        (DataType::Int64, Key::Int(key)) => integers!(Int64Type, key),
        (DataType::Date32, Key::Int(key)) => integers!(Date32Type, key),
        (DataType::Float32, Key::Float(key)) => {
            let values = array.as_primitive::<Float32Type>().values();
            rows(values.len(), op, |row| f64::from(values[row]), *key)
        }
        (DataType::Float64, Key::Float(key)) => {
            let values = array.as_primitive::<Float64Type>().values();
            rows(values.len(), op, |row| values[row], *key)
        }
        (DataType::Decimal128(_, scale), Key::Decimal(key, of)) => {
            let values = array.as_primitive::<Decimal128Type>().values();
            rows(values.len(), op, |row| compare_decimals((values[row], *scale), (*key, *of)) as i8, 0)
        }
        (DataType::Utf8 | DataType::Dictionary(..), Key::Bytes(key)) => {
            let key = key.as_slice();
            match op {
                CompareOp::Eq => texts(array, &|text| text == key),
                CompareOp::NotEq => texts(array, &|text| text != key),
                CompareOp::Lt => texts(array, &|text| text < key),
                CompareOp::LtEq => texts(array, &|text| text <= key),
                CompareOp::Gt => texts(array, &|text| text > key),
                CompareOp::GtEq => texts(array, &|text| text >= key),
            }
        }
        (DataType::Binary, Key::Bytes(key)) => {
            let values = array.as_binary::<i32>();
            rows(values.len(), op, |row| values.value(row), key.as_slice())
        }
        (DataType::Timestamp(unit, _), Key::Nanos(key)) => match unit {
            TimeUnit::Second => times!(TimestampSecondType, key, 1_000_000_000),
            TimeUnit::Millisecond => times!(TimestampMillisecondType, key, 1_000_000),
            TimeUnit::Microsecond => times!(TimestampMicrosecondType, key, 1_000),
            TimeUnit::Nanosecond => times!(TimestampNanosecondType, key, 1),
        },
        (other, key) => unreachable!("{key:?} was made for a column of {other}"),
    }
}

/// One loop for each order, so that none is chosen row by row.
fn rows<T: PartialOrd>(count: usize, op: CompareOp, value: impl Fn(usize) -> T, key: T) -> BooleanBuffer {
    match op {
        CompareOp::Eq => BooleanBuffer::collect_bool(count, |row| value(row) == key),
        CompareOp::NotEq => BooleanBuffer::collect_bool(count, |row| value(row) != key),
        CompareOp::Lt => BooleanBuffer::collect_bool(count, |row| value(row) < key),
        CompareOp::LtEq => BooleanBuffer::collect_bool(count, |row| value(row) <= key),
        CompareOp::Gt => BooleanBuffer::collect_bool(count, |row| value(row) > key),
        CompareOp::GtEq => BooleanBuffer::collect_bool(count, |row| value(row) >= key),
    }
}
