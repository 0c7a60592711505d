//! The items of a JSON body, each with its own text.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::value::RawValue;

use crate::event::Event;
use crate::rejected::Mistake;
use crate::{ITEMS_MAX, Malformed, Received};

/// An item and its place.
pub(crate) type Item<'a> = (String, &'a RawValue);

/// The values of a body: one, or one after the other, as newline-delimited JSON has them; those of a list one by one.
pub(crate) fn values(body: &[u8]) -> Result<Vec<Item<'_>>, Malformed> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_slice(body).into_iter::<&RawValue>() {
        values.push(value.map_err(|error| Malformed::Broken(error.to_string()))?);
        within(values.len())?;
    }
    let mut items = Vec::new();
    match values.as_slice() {
        [] => return Err(Malformed::Broken("it is empty".to_owned())),
        [one] if is_list(one) => spread(&mut items, "", one)?,
        [one] => items.push(("body".to_owned(), *one)),
        many => {
            for (index, value) in many.iter().enumerate() {
                spread(&mut items, &format!("[{index}]"), value)?;
            }
        }
    }
    Ok(items)
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

/// Adds a value, or each value of a list.
pub(crate) fn spread<'a>(items: &mut Vec<Item<'a>>, place: &str, value: &'a RawValue) -> Result<(), Malformed> {
    if is_list(value) {
        let list = serde_json::from_str::<Vec<&RawValue>>(value.get());
        let list = list.map_err(|error| Malformed::Broken(error.to_string()))?;
        items.extend(list.into_iter().enumerate().map(|(index, value)| (format!("{place}[{index}]"), value)));
    } else {
        items.push((place.to_owned(), value));
    }
    within(items.len())
}

/// Refuses too many items.
pub(crate) fn within(items: usize) -> Result<(), Malformed> {
    if items > ITEMS_MAX { Err(Malformed::TooLarge { what: "items", max: ITEMS_MAX }) } else { Ok(()) }
}

/// Maps each item for itself.
pub(crate) fn map(items: Vec<Item<'_>>, event: impl Fn(&RawValue) -> Result<Event, Mistake>) -> Received {
    let mut received = Received::default();
    for (place, item) in items {
        received.push(event(item).map_err(|mistake| mistake.at(place, item.get().as_bytes())));
    }
    received
}

/// The members of an object; nothing when it is none.
pub(crate) fn members(value: &RawValue) -> Option<BTreeMap<String, &RawValue>> {
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    BTreeMap::deserialize(&mut deserializer).ok()
}
