//! Event selectors between the wire and the model.

use opentrail_model::selectors::{
    AdvancedEventSelectorInput, DataResourceInput, EventSelectorInput, FieldSelectorInput, Selectors, SelectorsInput,
};
use opentrail_model::{AdvancedEventSelector, EventSelector, FieldSelector};
use opentrail_wire::shapes;

/// What a caller submitted.
pub(crate) fn read(
    basic: Option<Vec<shapes::EventSelector>>,
    advanced: Option<Vec<shapes::AdvancedEventSelector>>,
) -> SelectorsInput {
    SelectorsInput {
        basic: basic.map(|selectors| selectors.into_iter().map(read_basic).collect()),
        advanced: advanced.map(|selectors| selectors.into_iter().map(read_advanced).collect()),
    }
}

fn read_basic(selector: shapes::EventSelector) -> EventSelectorInput {
    let read_resource =
        |resource: shapes::DataResource| DataResourceInput { kind: resource.r#type, values: resource.values };
    EventSelectorInput {
        read_write_type: selector.read_write_type.map(|kind| kind.as_str().to_owned()),
        include_management_events: selector.include_management_events,
        data_resources: selector.data_resources.map(|all| all.into_iter().map(read_resource).collect()),
        exclude_management_event_sources: selector.exclude_management_event_sources,
    }
}

fn read_advanced(selector: shapes::AdvancedEventSelector) -> AdvancedEventSelectorInput {
    AdvancedEventSelectorInput {
        name: selector.name,
        field_selectors: selector.field_selectors.into_iter().map(read_field).collect(),
    }
}

fn read_field(field: shapes::AdvancedFieldSelector) -> FieldSelectorInput {
    FieldSelectorInput {
        field: field.field,
        equals: field.equals.unwrap_or_default(),
        starts_with: field.starts_with.unwrap_or_default(),
        ends_with: field.ends_with.unwrap_or_default(),
        not_equals: field.not_equals.unwrap_or_default(),
        not_starts_with: field.not_starts_with.unwrap_or_default(),
        not_ends_with: field.not_ends_with.unwrap_or_default(),
    }
}

/// The two families as the wire shows them.
pub(crate) type Shown = (Option<Vec<shapes::EventSelector>>, Option<Vec<shapes::AdvancedEventSelector>>);

/// The family that is in use; the other is absent.
pub(crate) fn show(selectors: &Selectors) -> Shown {
    match selectors {
        Selectors::Basic(selectors) => (Some(selectors.iter().map(show_basic).collect()), None),
        Selectors::Advanced(selectors) => (None, Some(selectors.iter().map(show_advanced).collect())),
    }
}

fn show_basic(selector: &EventSelector) -> shapes::EventSelector {
    let resources = selector.data_resources.iter().map(|resource| shapes::DataResource {
        r#type: Some(resource.kind.clone()),
        values: Some(resource.values.clone()),
    });
    shapes::EventSelector {
        read_write_type: Some(selector.read_write_type.as_str().into()),
        include_management_events: Some(selector.include_management_events),
        data_resources: Some(resources.collect()),
        exclude_management_event_sources: Some(selector.exclude_management_event_sources.clone()),
    }
}

fn show_advanced(selector: &AdvancedEventSelector) -> shapes::AdvancedEventSelector {
    shapes::AdvancedEventSelector {
        name: selector.name.clone(),
        field_selectors: selector.field_selectors.iter().map(show_field).collect(),
    }
}

fn show_field(field: &FieldSelector) -> shapes::AdvancedFieldSelector {
    let set = |values: &Vec<String>| (!values.is_empty()).then(|| values.clone());
    shapes::AdvancedFieldSelector {
        field: field.field.as_str().to_owned(),
        equals: set(&field.equals),
        starts_with: set(&field.starts_with),
        ends_with: set(&field.ends_with),
        not_equals: set(&field.not_equals),
        not_starts_with: set(&field.not_starts_with),
        not_ends_with: set(&field.not_ends_with),
    }
}
