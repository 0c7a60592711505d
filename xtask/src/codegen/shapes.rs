//! `shapes.rs`: the structures, and how each of them is written in JSON.

use std::fmt::Write as _;

use super::model::{Member, Model, Shape};
use super::names::{constant, field};

pub(crate) fn generate(models: &[&Model]) -> String {
    let mut code = String::from(
        "//! The structures of the models. A member is an `Option` unless the model requires it.\n\n\
         use std::collections::BTreeMap;\n\n\
         use super::enums::*;\nuse super::{tables, tables_data};\nuse crate::codec::{Blob, structure};\nuse crate::timestamp::Timestamp;\n",
    );
    for model in models {
        for shape in model.structures() {
            structure(&mut code, model, shape);
        }
    }
    code
}

fn structure(code: &mut String, model: &Model, shape: Shape<'_>) {
    let name = shape.name;
    let members = model.members(shape);
    let default = if members.iter().all(|member| has_default(model, *member)) { "Default, " } else { "" };
    let _ = write!(code, "\n/// `{name}`.\n#[derive(Debug, Clone, {default}PartialEq)]\npub struct {name} {{\n");
    for member in &members {
        let note = if member.deprecated { " (deprecated)" } else { "" };
        let _ = writeln!(code, "/// `{}`: `{}`{note}.", member.name, member.shape.name);
        let _ = writeln!(code, "pub {}: {},", field(member.name), member_type(model, *member));
    }
    let table = tables_module(model);
    let _ = write!(code, "}}\n\nstructure!({name}, {table}::{} {{", constant(name));
    for member in &members {
        let _ = write!(code, " {}: {:?},", field(member.name), member.name);
    }
    code.push_str(" });\n");
}

/// The module of `generated` that holds the model's schema tables.
pub(crate) fn tables_module(model: &Model) -> &'static str {
    if model.target_prefix.is_some() { "tables" } else { "tables_data" }
}

fn has_default(model: &Model, member: Member<'_>) -> bool {
    if !member.required {
        return true;
    }
    match member.shape.kind() {
        "structure" => model.members(member.shape).into_iter().all(|inner| has_default(model, inner)),
        "string" => member.shape.values().is_empty(),
        _ => true,
    }
}

fn member_type(model: &Model, member: Member<'_>) -> String {
    let inner = rust_type(model, member.shape);
    if member.required { inner } else { format!("Option<{inner}>") }
}

fn rust_type(model: &Model, shape: Shape<'_>) -> String {
    match shape.kind() {
        "structure" => shape.name.to_owned(),
        "string" if shape.values().is_empty() => "String".to_owned(),
        "string" => shape.name.to_owned(),
        "integer" => "i32".to_owned(),
        "long" => "i64".to_owned(),
        "float" => "f32".to_owned(),
        "double" => "f64".to_owned(),
        "boolean" => "bool".to_owned(),
        "timestamp" => "Timestamp".to_owned(),
        "blob" => "Blob".to_owned(),
        "list" => format!("Vec<{}>", rust_type(model, model.inner(shape, "member"))),
        "map" => {
            let (key, value) = (model.inner(shape, "key"), model.inner(shape, "value"));
            format!("BTreeMap<{}, {}>", rust_type(model, key), rust_type(model, value))
        }
        other => panic!("the model has a new type `{other}`: teach codegen and `wire::schema` about it"),
    }
}
