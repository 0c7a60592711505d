//! What selectors would take, before anybody puts them on a trail.

use opentrail_model::{SelectorSubject, Selectors};
use opentrail_wire::shapes::PutEventSelectorsRequest;
use opentrail_wire::{Operation, decode_value};
use serde_json::{Value, json};

use crate::{Error, selectors};

/// A name that stands for the trail that may not be there yet.
const NO_TRAIL: &str = "preview";

/// The selectors that PutEventSelectors would accept, or why it would refuse them.
pub fn previewed_selectors(
    basic: Option<Value>,
    advanced: Option<Value>,
    partition: &str,
) -> Result<Selectors, opentrail_wire::Error> {
    let mut body = json!({ "TrailName": NO_TRAIL });
    for (member, value) in [("EventSelectors", basic), ("AdvancedEventSelectors", advanced)] {
        if let Some(value) = value {
            body[member] = value;
        }
    }
    let request: PutEventSelectorsRequest = decode_value(Operation::PutEventSelectors, body)?;
    let submitted = selectors::read(request.event_selectors, request.advanced_event_selectors);
    Ok(Selectors::validate(submitted, SelectorSubject::Trail, partition).map_err(Error::from)?)
}
