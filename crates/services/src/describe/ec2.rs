//! EC2's two forms. Its oldest operations are recorded as the SOAP API wrote them, with sets of items; all later ones as the request
//! and the response are on the wire, turned from XML to JSON without a look at what they mean.

mod classic;

use http::request::Parts;
use serde_json::{Map, Value, json};

use super::message::{self, Document};
use crate::Operation;
use crate::table::Protocol;
use crate::wire::form::Node;
use crate::wire::{form, scalar, xml};

#[cfg(test)]
pub(crate) use classic::set_and_key as classic_set;

pub(super) fn parameters(operation: &Operation, request: &Parts, body: Option<&Document<'_>>) -> Map<String, Value> {
    let tree = message::form(request, body);
    if !operation.inner.is_classic {
        return raw_parameters(operation, &tree);
    }
    let members = operation.model().members(operation.inner.input);
    let asked = form::structure(operation.model(), Protocol::Ec2, members, &tree);
    classic::Request::new(operation).print(members, asked)
}

pub(super) fn elements(operation: &Operation, body: Option<&Document<'_>>) -> Map<String, Value> {
    let Some(root) = body.and_then(|body| xml::parse(body.bytes())) else { return Map::new() };
    if !operation.inner.is_classic {
        return Map::from_iter([(root.name.clone(), root.to_json())]);
    }
    classic::elements(operation, &root)
}

/// `{"CreateNatGatewayRequest": {"SubnetId": …}}`.
fn raw_parameters(operation: &Operation, tree: &Node) -> Map<String, Value> {
    const NOT_PARAMETERS: [&str; 2] = ["Action", "Version"];
    let is_signature = |name: &str| name.starts_with("X-Amz-") || matches!(name, "AWSAccessKeyId" | "Signature");
    let children = tree.children().iter().filter(|(name, _)| !NOT_PARAMETERS.contains(&&**name) && !is_signature(name));
    let members: Map<_, _> = children.map(|(name, node)| (name.clone(), raw(name, node))).collect();
    let request = if members.is_empty() { json!("") } else { Value::Object(members) };
    Map::from_iter([(format!("{}Request", operation.inner.name), request)])
}

/// A part of the form, as the XML that it stands for would be turned to JSON: each item of a list carries its number as `tag`.
fn raw(name: &str, node: &Node) -> Value {
    if name == "UserData" {
        return "<sensitiveDataRemoved>".into();
    }
    let numbered = node.numbered();
    if numbered.is_empty() {
        return content(node);
    }
    let mut items = numbered.into_iter().map(|(number, item)| tagged(number, content(item)));
    match (items.next(), items.len()) {
        (Some(only), 0) => only,
        (first, _) => first.into_iter().chain(items).collect(),
    }
}

fn content(node: &Node) -> Value {
    if node.children().is_empty() {
        return scalar::guessed(node.text().unwrap_or_default());
    }
    Value::Object(node.children().iter().map(|(name, node)| (name.clone(), raw(name, node))).collect())
}

fn tagged(number: u32, value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            members.insert("tag".to_owned(), number.into());
            Value::Object(members)
        }
        value => json!({"tag": number, "content": value}),
    }
}
