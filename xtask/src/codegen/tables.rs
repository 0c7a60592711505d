//! `tables.rs`: the constraints of each shape as static data, for validation and for walking.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::{Model, Shape};
use super::names::constant;

pub(crate) fn generate(model: &Model) -> String {
    let mut code = format!(
        "//! The shapes of the `{}` model with their constraints.\n\n\
         use crate::schema::{{Kind, Limits, Member, Pattern, Shape}};\n",
        model.endpoint_prefix
    );
    let used = reachable(model);
    for shape in model.shapes().filter(|shape| used.contains(shape.name)) {
        let _ = write!(
            code,
            "\n/// `{name}`.\npub(crate) static {constant}: Shape = Shape {{ name: {name:?}, sensitive: {sensitive}, kind: {kind} }};\n",
            name = shape.name,
            constant = constant(shape.name),
            sensitive = shape.is_sensitive(),
            kind = kind(model, shape),
        );
    }
    code
}

/// The shapes that inputs and outputs are made of.
fn reachable(model: &Model) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<Shape<'_>> = model.structures().collect();
    while let Some(shape) = open.pop() {
        if !seen.insert(shape.name) {
            continue;
        }
        match shape.kind() {
            "structure" => open.extend(model.members(shape).into_iter().map(|member| member.shape)),
            "list" => open.push(model.inner(shape, "member")),
            "map" => open.extend([model.inner(shape, "key"), model.inner(shape, "value")]),
            _ => {}
        }
    }
    seen
}

fn kind(model: &Model, shape: Shape<'_>) -> String {
    let reference = |shape: Shape<'_>| format!("&{}", constant(shape.name));
    match shape.kind() {
        "structure" => {
            let members: Vec<String> = model
                .members(shape)
                .into_iter()
                .map(|member| {
                    format!(
                        "Member {{ name: {:?}, shape: {}, required: {}, in_query: {} }}",
                        member.name,
                        reference(member.shape),
                        member.required,
                        member.in_query
                    )
                })
                .collect();
            format!("Kind::Structure(&[{}])", members.join(", "))
        }
        "list" => {
            format!("Kind::List {{ member: {}, length: {} }}", reference(model.inner(shape, "member")), limits(shape))
        }
        "map" => format!(
            "Kind::Map {{ key: {}, value: {}, length: {} }}",
            reference(model.inner(shape, "key")),
            reference(model.inner(shape, "value")),
            limits(shape)
        ),
        "string" if !shape.values().is_empty() => format!("Kind::Enum(&{:?})", shape.values()),
        "string" => format!("Kind::String {{ length: {}, pattern: {} }}", limits(shape), pattern(shape)),
        "integer" => format!("Kind::Integer(Limits {{ min: {:?}, max: {:?} }})", shape.min(), shape.max()),
        "long" => "Kind::Long".to_owned(),
        "float" => "Kind::Float".to_owned(),
        "double" => "Kind::Double".to_owned(),
        "boolean" => "Kind::Boolean".to_owned(),
        "timestamp" => "Kind::Timestamp".to_owned(),
        "blob" => "Kind::Blob".to_owned(),
        other => panic!("the model has a new type `{other}`: teach codegen and `wire::schema` about it"),
    }
}

/// A reference to a static of its own, in which the pattern is compiled once.
fn pattern(shape: Shape<'_>) -> String {
    let Some(source) = shape.pattern() else { return "None".to_owned() };
    let name = constant(shape.name);
    format!("{{ static {name}_PATTERN: Pattern = Pattern::new({}); Some(&{name}_PATTERN) }}", literal(source))
}

fn limits(shape: Shape<'_>) -> String {
    format!("Limits {{ min: {:?}, max: {:?} }}", shape.min(), shape.max())
}

/// A raw string literal, so that patterns read as they stand in the model.
fn literal(text: &str) -> String {
    if text.contains('"') { format!("{text:?}") } else { format!("r\"{text}\"") }
}
