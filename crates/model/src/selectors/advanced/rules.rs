//! What one advanced selector may say: which fields in which category, with which operators and values. Where
//! CloudTrail's own words are known they are used; the other texts are ours, in its manner.

use super::super::basic::EXCLUDABLE_SOURCES;
use super::super::fields::{Field, SelectorSubject};
use super::super::{arns, tables};
use super::FieldSelector;

type Check = Result<(), String>;

/// The categories that a selector can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Category {
    Management,
    Data,
    NetworkActivity,
    /// Insight, ConfigurationItem, Evidence and ActivityAuditLog, which only a store can hold, and nothing beside them.
    Alone,
}

/// Checks a selector as a whole, then each of its fields.
pub(super) fn check(fields: &[FieldSelector], subject: SelectorSubject, partition: &str, is_alone: bool) -> Check {
    check_fields_once(fields)?;
    let category = category(fields, subject)?;
    check_required(fields, category)?;
    check_supported(fields, subject, category)?;
    if category == Category::Alone && !is_alone {
        return Err("A selector of this eventCategory must be the only one.".to_owned());
    }
    fields.iter().try_for_each(|field| check_field(field, subject, category))?;
    check_arns(fields, partition)
}

fn check_fields_once(fields: &[FieldSelector]) -> Check {
    let is_again = |(place, field): &(usize, &FieldSelector)| fields[..*place].iter().any(|f| f.field == field.field);
    match fields.iter().enumerate().find(is_again) {
        Some((_, field)) => {
            Err(format!("The field {} is specified more than once in a selector.", field.field.as_str()))
        }
        None => Ok(()),
    }
}

fn find(fields: &[FieldSelector], field: Field) -> Option<&FieldSelector> {
    fields.iter().find(|selector| selector.field == field)
}

fn category(fields: &[FieldSelector], subject: SelectorSubject) -> Result<Category, String> {
    let selector = find(fields, Field::EventCategory).ok_or_else(|| missing(&[Field::EventCategory]))?;
    check_operators(selector, &["Equals"])?;
    let [name] = selector.equals.as_slice() else { return Err(bad_value(Field::EventCategory)) };
    let is_store = subject == SelectorSubject::EventDataStore;
    match name.as_str() {
        "Management" => Ok(Category::Management),
        "Data" => Ok(Category::Data),
        "NetworkActivity" => Ok(Category::NetworkActivity),
        "Insight" | "ConfigurationItem" | "Evidence" | "ActivityAuditLog" if is_store => Ok(Category::Alone),
        _ => Err(bad_value(Field::EventCategory)),
    }
}

fn missing(fields: &[Field]) -> String {
    format!("The following fields are required: {}.", list(fields))
}

fn bad_value(field: Field) -> String {
    format!("The {} field value is not valid.", field.as_str())
}

fn list(fields: &[Field]) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
    format!("[{}]", names.join(", "))
}

fn check_required(fields: &[FieldSelector], category: Category) -> Check {
    let required = match category {
        Category::Data => Field::ResourcesType,
        Category::NetworkActivity => Field::EventSource,
        Category::Management | Category::Alone => return Ok(()),
    };
    if find(fields, required).is_some() { Ok(()) } else { Err(missing(&[required])) }
}

fn check_supported(fields: &[FieldSelector], subject: SelectorSubject, category: Category) -> Check {
    let unsupported: Vec<_> =
        fields.iter().map(|selector| selector.field).filter(|field| !is_supported(*field, subject, category)).collect();
    if unsupported.is_empty() {
        return Ok(());
    }
    let category = find(fields, Field::EventCategory).and_then(|selector| selector.equals.first());
    let category = category.map_or("", String::as_str);
    Err(format!("The following fields are not supported for the eventCategory {category}: {}.", list(&unsupported)))
}

fn is_supported(field: Field, subject: SelectorSubject, category: Category) -> bool {
    let is_store = subject == SelectorSubject::EventDataStore;
    match category {
        Category::Alone => field == Field::EventCategory,
        Category::NetworkActivity => matches!(
            field,
            Field::EventCategory | Field::EventSource | Field::EventName | Field::ErrorCode | Field::VpcEndpointId
        ),
        Category::Data => !matches!(field, Field::ErrorCode | Field::VpcEndpointId),
        Category::Management if !is_store => {
            matches!(field, Field::EventCategory | Field::ReadOnly | Field::EventSource)
        }
        Category::Management => {
            !matches!(field, Field::ErrorCode | Field::VpcEndpointId | Field::ResourcesType | Field::ResourcesArn)
        }
    }
}

/// The operators of a field, and the values that they may have.
fn check_field(selector: &FieldSelector, subject: SelectorSubject, category: Category) -> Check {
    let field = selector.field;
    if operators(selector).iter().all(|(_, values)| values.is_empty()) {
        return Err(format!("Specify at least one operator for the field {}.", field.as_str()));
    }
    match field {
        Field::ReadOnly => check_values(selector, &["Equals"], |value| matches!(value, "true" | "false")),
        Field::SessionCredentialFromConsole => {
            check_values(selector, &["Equals", "NotEquals"], |value| value == "true")
        }
        Field::ErrorCode => check_values(selector, &["Equals"], |value| value == "VpceAccessDenied"),
        Field::ResourcesType => check_one(selector, tables::is_resource_type),
        Field::EventSource if category == Category::NetworkActivity => {
            check_one(selector, tables::is_network_event_source)
        }
        Field::EventSource if category == Category::Management && subject == SelectorSubject::Trail => {
            check_values(selector, &["NotEquals"], |value| EXCLUDABLE_SOURCES.contains(&value))
        }
        _ => Ok(()),
    }
}

fn check_one(selector: &FieldSelector, is_valid: impl Fn(&str) -> bool) -> Check {
    check_values(selector, &["Equals"], is_valid)?;
    if selector.equals.len() == 1 { Ok(()) } else { Err(bad_value(selector.field)) }
}

fn check_values(selector: &FieldSelector, allowed: &[&str], is_valid: impl Fn(&str) -> bool) -> Check {
    check_operators(selector, allowed)?;
    let mut values = operators(selector).into_iter().flat_map(|(_, values)| values);
    if values.all(|value| is_valid(value)) { Ok(()) } else { Err(bad_value(selector.field)) }
}

fn check_operators(selector: &FieldSelector, allowed: &[&str]) -> Check {
    let is_used = |name: &str, values: &[String]| !values.is_empty() && !allowed.contains(&name);
    match operators(selector).into_iter().find(|(name, values)| is_used(name, values)) {
        Some((name, _)) => {
            Err(format!("The operator {name} is not supported for the field {}.", selector.field.as_str()))
        }
        None => Ok(()),
    }
}

fn operators(selector: &FieldSelector) -> [(&'static str, &[String]); 6] {
    [
        ("Equals", &selector.equals),
        ("StartsWith", &selector.starts_with),
        ("EndsWith", &selector.ends_with),
        ("NotEquals", &selector.not_equals),
        ("NotStartsWith", &selector.not_starts_with),
        ("NotEndsWith", &selector.not_ends_with),
    ]
}

fn check_arns(fields: &[FieldSelector], partition: &str) -> Check {
    let kind = find(fields, Field::ResourcesType).and_then(|selector| selector.equals.first());
    let (Some(kind), Some(selector)) = (kind, find(fields, Field::ResourcesArn)) else { return Ok(()) };
    let mut values = selector.equals.iter().chain(&selector.not_equals);
    match values.find(|arn| !arns::is_arn_of(kind, partition, arn)) {
        Some(arn) => Err(format!("The specified ARN {arn} is not valid. Verify that the ARN is properly formatted.")),
        None => Ok(()),
    }
}
