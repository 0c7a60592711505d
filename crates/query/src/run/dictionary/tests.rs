use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::physical_expr::aggregate::AggregateExprBuilder;
use datafusion::physical_expr::expressions::lit;

use super::exec::Function;
use super::groups::Groups;

/// Keys of a batch: of each of two columns its dictionary, and the entry of each row.
type Keys<'a> = [(&'a Arc<StringArray>, Vec<Option<u32>>); 2];

fn dictionary(entries: &[&str]) -> Arc<StringArray> {
    Arc::new(StringArray::from(entries.to_vec()))
}

fn batch(keys: &Keys<'_>) -> RecordBatch {
    let column = |(entries, references): &(&Arc<StringArray>, Vec<Option<u32>>)| {
        let entries = Arc::clone(entries) as ArrayRef;
        Arc::new(DictionaryArray::new(UInt32Array::from(references.clone()), entries)) as ArrayRef
    };
    RecordBatch::try_from_iter([("a", column(&keys[0])), ("b", column(&keys[1]))]).unwrap()
}

fn groups() -> Groups {
    let (text, number) = (|name| Field::new(name, DataType::Utf8, true), Field::new("n", DataType::Int64, true));
    let input = Arc::new(Schema::new(vec![text("a"), text("b")]));
    let count = AggregateExprBuilder::new(count_udaf(), vec![lit(1i64)]).schema(input).alias("n").build().unwrap();
    let schema = Arc::new(Schema::new(vec![text("a"), text("b"), number]));
    Groups::new(schema, vec![0, 1], Arc::new([Function { of: Arc::new(count), filter: None }])).unwrap()
}

type Counts = BTreeMap<(Option<String>, Option<String>), i64>;

fn taken(groups: &mut Groups) -> Counts {
    let made = groups.take().unwrap();
    let text = |column: usize, row: usize| {
        let texts = made.column(column).as_string::<i32>();
        texts.is_valid(row).then(|| texts.value(row).to_owned())
    };
    let counts = made.column(2).as_primitive::<Int64Type>();
    let all: Vec<_> = (0..made.num_rows()).map(|row| ((text(0, row), text(1, row)), counts.value(row))).collect();
    let counted: Counts = all.iter().cloned().collect();
    assert_eq!(counted.len(), all.len(), "a group comes once");
    counted
}

fn counted_one_by_one(batches: &[Keys<'_>]) -> Counts {
    let mut counts = Counts::new();
    for [(first, ones), (second, others)] in batches {
        for (one, other) in ones.iter().zip(others) {
            let text = |entries: &StringArray, at: &Option<u32>| at.map(|at| entries.value(at as usize).to_owned());
            *counts.entry((text(first, one), text(second, other))).or_default() += 1;
        }
    }
    counts
}

fn check(batches: &[Keys<'_>]) {
    let mut groups = groups();
    for keys in batches {
        groups.add(&batch(keys)).unwrap();
    }
    let expected = counted_one_by_one(batches);
    assert_eq!(groups.len(), expected.len());
    assert_eq!(taken(&mut groups), expected);
    // Nothing of them is left.
    groups.add(&batch(&batches[0])).unwrap();
    assert_eq!(taken(&mut groups), counted_one_by_one(&batches[..1]));
}

#[test]
fn groups_are_those_of_the_texts() {
    let (few, same_in_other_order) = (dictionary(&["x", "y"]), dictionary(&["y", "x", "z"]));
    let none = dictionary(&[]);
    let all = vec![Some(0), Some(1), None, Some(1), Some(0), None];
    let one_way = vec![Some(1), None, None, Some(1), Some(0), Some(0)];
    check(&[[(&few, all.clone()), (&few, one_way.clone())]]);
    check(&[
        [(&few, all.clone()), (&same_in_other_order, one_way.clone())],
        [(&few, one_way.clone()), (&same_in_other_order, all.clone())],
        [(&same_in_other_order, all.clone()), (&few, one_way.clone())],
        [(&none, vec![None; 6]), (&few, all.clone())],
    ]);
}

#[test]
fn no_rows_have_no_groups() {
    let mut groups = groups();
    assert_eq!(taken(&mut groups), Counts::new());
}

#[test]
fn entries_that_repeat_are_one_group() {
    let repeated = dictionary(&["x", "y", "x", "x"]);
    let rows = vec![Some(0), Some(1), Some(2), Some(3)];
    check(&[[(&repeated, rows.clone()), (&repeated, vec![Some(0), Some(2), Some(3), None])]]);
}

#[test]
fn combinations_of_large_dictionaries_are_remembered_the_second_time() {
    let names: Vec<String> = (0..300).map(|number| format!("n{number}")).collect();
    let large = dictionary(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let rows = |step: u32| (0..40u32).map(|row| (row % 7 != 0).then_some(row * step % 300)).collect::<Vec<_>>();
    // 90,601 combinations for 40 rows.
    let batches: Vec<Keys<'_>> = [7, 11, 7, 13].map(|step| [(&large, rows(step)), (&large, rows(3))]).into();
    check(&batches);
    // 601 × 601 have no place each.
    let names: Vec<String> = (0..600).map(|number| format!("n{number}")).collect();
    let larger = dictionary(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let batches: Vec<Keys<'_>> = [7, 11, 7, 13].map(|step| [(&larger, rows(step)), (&larger, rows(3))]).into();
    check(&batches);
}

#[test]
fn a_dictionary_in_the_place_of_another_is_another() {
    let mut groups = groups();
    let mut expected = Counts::new();
    // Each is dropped before the next is made, which may get its memory.
    for round in 0..50 {
        let entries = dictionary(&[["aa", "bb"][round % 2], "cc"]);
        let keys: Keys<'_> = [(&entries, vec![Some(0), Some(1)]), (&entries, vec![Some(0), None])];
        groups.add(&batch(&keys)).unwrap();
        for (key, count) in counted_one_by_one(&[keys]) {
            *expected.entry(key).or_default() += count;
        }
    }
    assert_eq!(taken(&mut groups), expected);
}
