//! New maps, of arrays, entries or other maps.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::super::adapt::input;
use super::super::arrays::{interleave, take_some};
use super::super::kernel::{Call, Input, Kernel};
use super::super::keys::{keys, keys_of};
use super::super::lists::{self, Lists, Maps};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add(
        "map() -> map(unknown, unknown)",
        Kernel::total(|call| {
            let nothing = arrow_array::new_empty_array(&DataType::Null);
            lists::map(&nothing, &nothing, vec![0; call.rows], vec![true; call.rows], call.shape)
        }),
    );
    to.add("map(array(K), array(V)) -> map(K, V)", Kernel::partial(of_arrays));
    to.add("map_from_entries(array(row(K, V))) -> map(K, V)", Kernel::partial(of_entries));
    to.add("multimap_from_entries(array(row(K, V))) -> map(K, array(V))", Kernel::partial(multimap));
    to.add("map_concat(map(K, V), map(K, V), map(K, V)...) -> map(K, V)", Kernel::total(union));
}

/// Fails if a key comes twice or is NULL.
pub(super) fn check(keys: &ArrayRef, lengths: &[usize]) -> Result<(), SqlError> {
    if keys.null_count() > 0 {
        return Err(fault::argument("map key cannot be null"));
    }
    let bytes = keys_of(keys)?;
    let mut begin = 0;
    for length in lengths {
        let mut seen = std::collections::HashSet::new();
        if !(begin..begin + length).all(|index| seen.insert(bytes.row(index).data())) {
            return Err(fault::argument("Duplicate map keys are not allowed"));
        }
        begin += length;
    }
    Ok(())
}

fn of_arrays(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (names, values) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let (mut left, mut right, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let both = names.get(row).zip(values.get(row));
        valid.push(both.is_some());
        let (x, y) = both.unwrap_or((0..0, 0..0));
        if x.len() != y.len() {
            return Err(fault::argument("Key and value arrays must be the same length"));
        }
        lengths.push(x.len());
        left.extend(x.map(Some));
        right.extend(y.map(Some));
    }
    let names = take_some(names.values(), &left)?;
    check(&names, &lengths)?;
    lists::map(&names, &take_some(values.values(), &right)?, lengths, valid, call.shape)
}

/// Where the entries of each row are.
type Entries = (Vec<Option<usize>>, Vec<usize>, Vec<bool>);

fn entries(call: &Call<'_>, lists: &Lists<'_>) -> Result<Entries, SqlError> {
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let range = lists.get(row);
        valid.push(range.is_some());
        let range = range.unwrap_or(0..0);
        if range.clone().any(|index| lists.values().is_null(index)) {
            return Err(fault::argument("map entry cannot be null"));
        }
        lengths.push(range.len());
        places.extend(range.map(Some));
    }
    Ok((places, lengths, valid))
}

fn columns(lists: &Lists<'_>, places: &[Option<usize>]) -> Result<(ArrayRef, ArrayRef), SqlError> {
    let rows = lists.values().as_struct_opt().filter(|rows| rows.num_columns() == 2);
    let rows = rows.ok_or_else(|| fault::internal("entries are no rows of two"))?;
    Ok((take_some(rows.column(0), places)?, take_some(rows.column(1), places)?))
}

fn of_entries(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let (places, lengths, valid) = entries(call, &lists)?;
    let (names, values) = columns(&lists, &places)?;
    check(&names, &lengths)?;
    lists::map(&names, &values, lengths, valid, call.shape)
}

fn multimap(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let (places, lengths, valid) = entries(call, &lists)?;
    let (names, values) = columns(&lists, &places)?;
    if names.null_count() > 0 {
        return Err(fault::argument("map key cannot be null"));
    }
    let bytes = keys_of(&names)?;
    let (mut firsts, mut items, mut counts, mut sizes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut begin = 0;
    for length in lengths {
        let mut found: HashMap<&[u8], usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for index in begin..begin + length {
            let group = *found.entry(bytes.row(index).data()).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(index);
        }
        begin += length;
        sizes.push(groups.len());
        for group in groups {
            firsts.push(group.first().copied());
            counts.push(group.len());
            items.extend(group.into_iter().map(Some));
        }
    }
    let shape = value_shape(call.shape)?;
    let all = vec![true; counts.len()];
    let items = lists::list(take_some(&values, &items)?, counts, all, &shape)?;
    lists::map(&take_some(&names, &firsts)?, &items, sizes, valid, call.shape)
}

/// The arrow type of a map's values.
pub(super) fn value_shape(map: &DataType) -> Result<DataType, SqlError> {
    if let DataType::Map(entries, _) = map
        && let DataType::Struct(fields) = entries.data_type()
        && let [_, value] = &**fields
    {
        return Ok(value.data_type().clone());
    }
    Err(fault::internal("a map type was promised"))
}

/// Of equal keys the last map's value counts.
fn union(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let maps = call.inputs.iter().map(|input: &Input| Maps::new(input)).collect::<Result<Vec<_>, _>>()?;
    let bytes = keys(&maps.iter().map(Maps::keys).collect::<Vec<_>>())?;
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let ranges = maps.iter().map(|map| map.get(row)).collect::<Option<Vec<_>>>();
        valid.push(ranges.is_some());
        let begin = places.len();
        let mut found: HashMap<&[u8], usize> = HashMap::new();
        for (source, range) in ranges.unwrap_or_default().into_iter().enumerate() {
            for index in range {
                match found.entry(bytes[source].row(index).data()) {
                    std::collections::hash_map::Entry::Occupied(at) => places[*at.get()] = Some((source, index)),
                    std::collections::hash_map::Entry::Vacant(at) => {
                        at.insert(places.len());
                        places.push(Some((source, index)));
                    }
                }
            }
        }
        lengths.push(places.len() - begin);
    }
    let names = interleave(&maps.iter().map(Maps::keys).collect::<Vec<_>>(), &places)?;
    let values = interleave(&maps.iter().map(Maps::values).collect::<Vec<_>>(), &places)?;
    lists::map(&names, &values, lengths, valid, call.shape)
}
