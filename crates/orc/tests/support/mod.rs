//! Rows of all kinds, files of them, and what a predicate says of one row.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, StructArray, TimestampNanosecondArray,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema};
use opentrail_orc::{CompareOp, Predicate, Scalar, TextPattern, Writer, WriterOptions};

/// Chance from a seed (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn of<'a, T>(&mut self, these: &'a [T]) -> &'a T {
        &these[self.below(these.len() as u64) as usize]
    }

    fn maybe<T>(&mut self, of: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        (!self.one_in(5)).then(|| of(self))
    }
}

/// A row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) place: u64,
    pub(crate) id: i64,
    pub(crate) n: Option<i32>,
    pub(crate) f: Option<f64>,
    pub(crate) t: Option<String>,
    pub(crate) b: Option<bool>,
    pub(crate) d: Option<i128>,
    pub(crate) day: Option<i32>,
    pub(crate) ts: Option<i64>,
    pub(crate) s: Option<Inner>,
    pub(crate) l: Option<Vec<Option<i32>>>,
}

/// A struct in a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inner {
    pub(crate) arn: Option<String>,
    /// A struct of one integer.
    pub(crate) k: Option<Option<i64>>,
}

/// Up to 1,500 rows whose values drift, so that row groups differ; for stretches columns are null.
pub(crate) fn rows(dice: &mut Dice) -> Vec<Row> {
    let count = dice.below(1500);
    let stretch = 1 + dice.below(300);
    let without = dice.below(8);
    (0..count)
        .map(|place| {
            let era = place / stretch;
            let hides = |column: u64| era % 3 == 1 && column == without;
            let text = |dice: &mut Dice| {
                let long = if dice.one_in(30) { 1500 } else { 0 };
                format!("{}{}-{}", "é".repeat(long), era, dice.below(20))
            };
            let mut row = Row {
                place,
                id: place as i64 * 3,
                n: dice.maybe(|dice| (era * 10 + dice.below(12)) as i32 - 20),
                f: dice.maybe(|dice| match dice.below(12) {
                    0 => f64::NAN,
                    1 => -0.0,
                    2 => 0.0,
                    other => era as f64 + other as f64 / 8.0,
                }),
                t: dice.maybe(text),
                b: dice.maybe(|dice| era.is_multiple_of(2) || dice.one_in(400)),
                d: dice.maybe(|dice| i128::from(era) * 100 + i128::from(dice.below(300)) - 120),
                day: dice.maybe(|dice| (era * 7 + dice.below(9)) as i32 - 10),
                ts: dice.maybe(|dice| (era * 1_000_000_000 + dice.below(2000) * 700_001) as i64),
                s: dice.maybe(|dice| Inner {
                    arn: dice.maybe(text),
                    k: dice.maybe(|dice| dice.maybe(|dice| (era * 5 + dice.below(7)) as i64)),
                }),
                l: dice.maybe(|dice| (0..dice.below(4)).map(|_| dice.maybe(|dice| dice.below(9) as i32)).collect()),
            };
            if hides(0) {
                row.n = None;
            }
            if hides(1) {
                row.t = None;
            }
            if hides(2) {
                row.s = None;
            }
            if hides(3) {
                row.ts = None;
            }
            row
        })
        .collect()
}

/// The rows as an Arrow batch.
fn batch(rows: &[Row]) -> RecordBatch {
    let inner = |row: &Row| row.s.clone().unwrap_or_default();
    let x: ArrayRef = Arc::new(Int64Array::from_iter(rows.iter().map(|row| inner(row).k.flatten())));
    let k_valid: NullBuffer = rows.iter().map(|row| inner(row).k.is_some()).collect::<Vec<bool>>().into();
    let k = StructArray::new(vec![Field::new("x", DataType::Int64, true)].into(), vec![x], Some(k_valid));
    let arn: ArrayRef = Arc::new(StringArray::from_iter(rows.iter().map(|row| inner(row).arn)));
    let fields = vec![Field::new("arn", DataType::Utf8, true), Field::new("k", k_type(), true)];
    let s_valid: NullBuffer = rows.iter().map(|row| row.s.is_some()).collect::<Vec<bool>>().into();
    let mut lists = ListBuilder::new(Int32Builder::new());
    rows.iter().for_each(|row| lists.append_option(row.l.clone()));
    let decimals = Decimal128Array::from_iter(rows.iter().map(|row| row.d)).with_precision_and_scale(12, 2).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.id)))),
        ("n", Arc::new(Int32Array::from_iter(rows.iter().map(|row| row.n)))),
        ("f", Arc::new(Float64Array::from_iter(rows.iter().map(|row| row.f)))),
        ("t", Arc::new(StringArray::from_iter(rows.iter().map(|row| row.t.clone())))),
        ("b", Arc::new(BooleanArray::from_iter(rows.iter().map(|row| row.b)))),
        ("d", Arc::new(decimals)),
        ("day", Arc::new(Date32Array::from_iter(rows.iter().map(|row| row.day)))),
        ("ts", Arc::new(TimestampNanosecondArray::from_iter(rows.iter().map(|row| row.ts)))),
        ("s", Arc::new(StructArray::new(fields.into(), vec![arn, Arc::new(k)], Some(s_valid)))),
        ("l", Arc::new(lists.finish())),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn k_type() -> DataType {
    DataType::Struct(vec![Field::new("x", DataType::Int64, true)].into())
}

/// A file of the rows, written in batches of any size.
pub(crate) fn file(rows: &[Row], dice: &mut Dice, options: WriterOptions) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), batch(&[]).schema(), options).unwrap();
    let mut rest = rows;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(1 + dice.below(700) as usize));
        writer.write(&batch(now)).unwrap();
        rest = later;
    }
    writer.finish().unwrap().0
}

impl Row {
    /// The value of a column.
    fn value(&self, column: &str) -> Option<Scalar> {
        match column {
            "id" => Some(Scalar::Int(self.id)),
            "n" => self.n.map(|value| Scalar::Int(value.into())),
            "f" => self.f.map(Scalar::Float),
            "t" => self.t.clone().map(Scalar::Text),
            "b" => self.b.map(Scalar::Boolean),
            "d" => self.d.map(|value| Scalar::Decimal { value, scale: 2 }),
            "day" => self.day.map(Scalar::Date),
            "ts" => self.ts.map(Scalar::TimestampNanos),
            "s" => self.s.as_ref().map(|_| Scalar::Int(0)),
            "s.arn" => self.s.clone()?.arn.map(Scalar::Text),
            "s.k" => self.s.clone()?.k.map(|_| Scalar::Int(0)),
            "s.k.x" => self.s.clone()?.k?.map(Scalar::Int),
            "l" => self.l.as_ref().map(|_| Scalar::Int(0)),
            other => panic!("no column `{other}`"),
        }
    }

    /// What a predicate says of the row: true, false or null.
    pub(crate) fn is(&self, predicate: &Predicate) -> Option<bool> {
        let value = |column: &opentrail_orc::ColumnPath| self.value(&column.to_string());
        match predicate {
            Predicate::Compare { column, op, value: with } => Some(compares(&value(column)?, *op, with)),
            Predicate::In { column, values } => {
                let value = value(column)?;
                Some(values.iter().any(|one| compares(&value, CompareOp::Eq, one)))
            }
            Predicate::Like { column, pattern } => match value(column)? {
                Scalar::Text(text) => Some(pattern.matches(text.as_bytes())),
                other => panic!("{other:?} is not like a text"),
            },
            Predicate::IsNull { column } => Some(value(column).is_none()),
            Predicate::IsNotNull { column } => Some(value(column).is_some()),
            Predicate::And(all) => all.iter().map(|one| self.is(one)).fold(Some(true), and),
            Predicate::Or(all) => all.iter().map(|one| self.is(one).map(|it| !it)).fold(Some(true), and).map(|it| !it),
            Predicate::Not(one) => self.is(one).map(|it| !it),
        }
    }
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn compares(left: &Scalar, op: CompareOp, right: &Scalar) -> bool {
    let order = match (left, right) {
        (Scalar::Int(left), Scalar::Int(right)) => left.partial_cmp(right),
        (Scalar::Float(left), Scalar::Float(right)) => left.partial_cmp(right),
        (Scalar::Text(left), Scalar::Text(right)) => left.partial_cmp(right),
        (Scalar::Boolean(left), Scalar::Boolean(right)) => left.partial_cmp(right),
        (Scalar::Date(left), Scalar::Date(right)) => left.partial_cmp(right),
        (Scalar::TimestampNanos(left), Scalar::TimestampNanos(right)) => left.partial_cmp(right),
        (Scalar::TimestampNanos(left), Scalar::TimestampMicros(right)) => left.partial_cmp(&(right * 1000)),
        (Scalar::Decimal { value: left, scale: 2 }, Scalar::Decimal { value: right, scale: 3 }) => {
            (left * 10).partial_cmp(right)
        }
        (Scalar::Decimal { value: left, .. }, Scalar::Decimal { value: right, .. }) => left.partial_cmp(right),
        (Scalar::Decimal { value: left, .. }, Scalar::Int(right)) => left.partial_cmp(&(i128::from(*right) * 100)),
        other => panic!("{other:?} are not compared here"),
    };
    match op {
        CompareOp::Eq => order == Some(Ordering::Equal),
        CompareOp::NotEq => order != Some(Ordering::Equal),
        CompareOp::Lt => order == Some(Ordering::Less),
        CompareOp::LtEq => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        CompareOp::Gt => order == Some(Ordering::Greater),
        CompareOp::GtEq => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// Any predicate, mostly with values that occur.
pub(crate) fn predicate(dice: &mut Dice, rows: &[Row], depth: usize) -> Predicate {
    if depth > 0 && dice.one_in(2) {
        let all = |dice: &mut Dice| (0..dice.below(4)).map(|_| predicate(dice, rows, depth - 1)).collect();
        return match dice.below(3) {
            0 => Predicate::And(all(dice)),
            1 => Predicate::Or(all(dice)),
            _ => Predicate::Not(Box::new(predicate(dice, rows, depth - 1))),
        };
    }
    const LEAVES: [&str; 10] = ["id", "n", "f", "t", "b", "d", "day", "ts", "s.arn", "s.k.x"];
    if dice.one_in(4) {
        let column = (*dice.of(&["n", "t", "s", "s.k", "s.k.x", "s.arn", "l", "ts", "id"])).into();
        return if dice.one_in(2) { Predicate::IsNull { column } } else { Predicate::IsNotNull { column } };
    }
    let name = *dice.of(&LEAVES);
    let value = |dice: &mut Dice| {
        let found = if rows.is_empty() { None } else { dice.of(rows).value(name) };
        found.map(|value| nearby(dice, value)).unwrap_or_else(|| absent(name))
    };
    if dice.one_in(4) {
        let values = (0..dice.below(4)).map(|_| value(dice)).collect();
        return Predicate::In { column: name.into(), values };
    }
    if let (true, Scalar::Text(text)) = (dice.one_in(2), value(dice)) {
        let part: String = text.chars().skip(dice.below(3) as usize).take(1 + dice.below(3) as usize).collect();
        let pattern = (*dice.of(&["%_%", "_%", "%_", "%_%_%"])).replace('_', &part);
        return Predicate::Like { column: name.into(), pattern: TextPattern::new(&pattern) };
    }
    use CompareOp::*;
    let op = *dice.of(&[Eq, Eq, NotEq, Lt, LtEq, Gt, GtEq]);
    Predicate::compare(name, op, value(dice))
}

/// The value, or another form of it, or one beside it.
fn nearby(dice: &mut Dice, value: Scalar) -> Scalar {
    match (value, dice.below(4)) {
        (Scalar::Int(value), 0) => Scalar::Int(value + 1),
        (Scalar::Text(text), 0) => Scalar::Text(format!("{text}!")),
        (Scalar::TimestampNanos(nanos), 0) => Scalar::TimestampMicros(nanos / 1000),
        (Scalar::TimestampNanos(nanos), 1) => Scalar::TimestampNanos(nanos + 1),
        (Scalar::Decimal { value, .. }, 0) => Scalar::Decimal { value: value * 10 + 1, scale: 3 },
        (Scalar::Decimal { value, .. }, 1) => Scalar::Int((value / 100) as i64),
        (other, _) => other,
    }
}

fn absent(column: &str) -> Scalar {
    match column {
        "f" => Scalar::Float(-1.0),
        "t" | "s.arn" => Scalar::from("none"),
        "b" => Scalar::Boolean(true),
        "d" => Scalar::Decimal { value: 1, scale: 2 },
        "day" => Scalar::Date(1),
        "ts" => Scalar::TimestampNanos(1),
        _ => Scalar::Int(-1),
    }
}
