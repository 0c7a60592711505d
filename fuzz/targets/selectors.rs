//! A PutEventSelectors request and a record, separated by a zero byte. What validates keeps its meaning when it is
//! stored, read back, and sorted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentrail_model::selectors::{
    AdvancedEventSelectorInput, DataResourceInput, EventSelectorInput, FieldSelectorInput, SelectorsInput,
};
use opentrail_model::{Routed, SelectorSubject, Selectors};
use opentrail_wire::shapes::{self, PutEventSelectorsRequest};
use opentrail_wire::{Operation, decode};

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (request, record) = data.split_at(cut);
    let Ok(request) = decode::<PutEventSelectorsRequest>(Operation::PutEventSelectors, request) else { return };
    let record = Routed::parse(record.get(1..).unwrap_or_default());
    for subject in [SelectorSubject::Trail, SelectorSubject::EventDataStore] {
        let Ok(selectors) = Selectors::validate(input(&request), subject, "aws") else { continue };
        let stored = serde_json::to_string(&selectors).expect("selectors are JSON");
        assert_eq!(serde_json::from_str::<Selectors>(&stored).expect("our own JSON"), selectors);
        let _ = selectors.is_default();
        if let Ok(record) = &record {
            assert_eq!(selectors.matches(record), selectors.sorted().matches(record));
        }
    }
});

fn input(request: &PutEventSelectorsRequest) -> SelectorsInput {
    let basic = request.event_selectors.as_ref().map(|all| all.iter().map(basic).collect());
    let advanced = request.advanced_event_selectors.as_ref().map(|all| all.iter().map(advanced).collect());
    SelectorsInput { basic, advanced }
}

fn basic(selector: &shapes::EventSelector) -> EventSelectorInput {
    let resource = |it: &shapes::DataResource| DataResourceInput { kind: it.r#type.clone(), values: it.values.clone() };
    EventSelectorInput {
        read_write_type: selector.read_write_type.as_ref().map(|kind| kind.as_str().to_owned()),
        include_management_events: selector.include_management_events,
        data_resources: selector.data_resources.as_ref().map(|all| all.iter().map(resource).collect()),
        exclude_management_event_sources: selector.exclude_management_event_sources.clone(),
    }
}

fn advanced(selector: &shapes::AdvancedEventSelector) -> AdvancedEventSelectorInput {
    let field = |it: &shapes::AdvancedFieldSelector| FieldSelectorInput {
        field: it.field.clone(),
        equals: it.equals.clone().unwrap_or_default(),
        starts_with: it.starts_with.clone().unwrap_or_default(),
        ends_with: it.ends_with.clone().unwrap_or_default(),
        not_equals: it.not_equals.clone().unwrap_or_default(),
        not_starts_with: it.not_starts_with.clone().unwrap_or_default(),
        not_ends_with: it.not_ends_with.clone().unwrap_or_default(),
    };
    let field_selectors = selector.field_selectors.iter().map(field).collect();
    AdvancedEventSelectorInput { name: selector.name.clone(), field_selectors }
}
