//! `array_agg`: NULLs stay, and no rows give NULL.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};

use super::super::Registry;
use super::super::lists::{self, Builder};
use super::gather::Gathering;

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate(
        "array_agg(T) -> array(T)",
        Gathering::new(|rows, types| {
            let lengths: Vec<usize> = rows.groups.iter().map(std::ops::Range::len).collect();
            let valid = lengths.iter().map(|length| *length > 0).collect();
            lists::list(ArrayRef::clone(&rows.columns[0]), lengths, valid, &types.shape())
        }),
    );
    to.add_aggregate(
        "set_union(array(C)) -> array(C)",
        Gathering::new(|rows, types| {
            let column = rows.columns[0].as_list::<i32>();
            let keys = super::super::keys::keys_of(column.values())?;
            let mut builder = Builder::default();
            for group in &rows.groups {
                let mut seen = std::collections::HashSet::new();
                let mut any = false;
                for row in group.clone().filter(|row| column.is_valid(*row)) {
                    any = true;
                    let items = lists::range(column.offsets(), row);
                    builder.items(0, items.filter(|item| seen.insert(keys.row(*item).data())));
                }
                if any { builder.end() } else { builder.end_null() }
            }
            builder.finish(&[column.values()], &types.shape())
        }),
    );
}
