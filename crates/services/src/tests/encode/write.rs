//! Members as each protocol writes them.

use ciborium::value::Value as Cbor;
use serde_json::{Map, Value};

use crate::Operation;
use crate::table::{Kind, Member, Model, Place, Protocol, Shape};
use crate::wire;

/// With all but unreserved characters escaped.
pub(in crate::tests) fn percent(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

// JSON and CBOR.

pub(super) fn json_members(
    model: &Model,
    protocol: Protocol,
    members: &[Member],
    told: &Map<String, Value>,
) -> Map<String, Value> {
    let body = members.iter().filter(|member| member.place == Place::Body);
    let pair = |member: &Member| {
        let value = json(model, protocol, member.kind, told.get(member.name)?);
        Some((wire::json::name(member, protocol).to_owned(), value))
    };
    body.filter_map(pair).collect()
}

pub(super) fn json(model: &Model, protocol: Protocol, kind: Kind, told: &Value) -> Value {
    let Kind::Shape(number) = kind else { return told.clone() };
    match (model.shape(number), told) {
        (Shape::Structure { members, .. }, Value::Object(told)) => {
            Value::Object(json_members(model, protocol, members, told))
        }
        (Shape::List { item, .. }, Value::Array(items)) => {
            items.iter().map(|told| json(model, protocol, item.kind, told)).collect()
        }
        (Shape::Map { value, .. }, Value::Object(told)) => Value::Object(
            told.iter().map(|(key, told)| (key.clone(), json(model, protocol, value.kind, told))).collect(),
        ),
        (_, told) => told.clone(),
    }
}

pub(in crate::tests) fn cbor(value: &Value) -> Vec<u8> {
    fn convert(value: &Value) -> Cbor {
        match value {
            Value::Null => Cbor::Null,
            Value::Bool(truth) => Cbor::Bool(*truth),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Cbor::Integer(whole.into()),
                None => Cbor::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Cbor::Text(text.clone()),
            Value::Array(items) => Cbor::Array(items.iter().map(convert).collect()),
            Value::Object(members) => {
                Cbor::Map(members.iter().map(|(key, value)| (Cbor::Text(key.clone()), convert(value))).collect())
            }
        }
    }
    let mut bytes = Vec::new();
    ciborium::ser::into_writer(&convert(value), &mut bytes).expect("memory takes it");
    bytes
}

// Forms.

pub(super) fn form(operation: &Operation, members: &[Member], told: &Map<String, Value>, form: &mut String) {
    for member in members {
        if let Some(value) = told.get(member.name) {
            part(operation, member, &wire::form::name(member, operation.protocol), value, form);
        }
    }
}

fn part(operation: &Operation, member: &Member, key: &str, told: &Value, out: &mut String) {
    let (model, is_ec2) = (operation.model(), operation.protocol == Protocol::Ec2);
    let Kind::Shape(number) = member.kind else {
        out.push_str(&format!("&{}={}", percent(key), percent(&plain(told))));
        return;
    };
    match (model.shape(number), told) {
        (Shape::Structure { members, .. }, Value::Object(told)) => {
            for member in members {
                if let Some(value) = told.get(member.name) {
                    let key = format!("{key}.{}", wire::form::name(member, operation.protocol));
                    part(operation, member, &key, value, out);
                }
            }
        }
        (Shape::List { item, is_flattened }, Value::Array(items)) => {
            let is_flat = is_ec2 || *is_flattened || member.is_flattened;
            let base = match item.own_wire_name().filter(|_| !is_ec2) {
                Some(name) if is_flat => {
                    key.rsplit_once('.').map_or_else(|| name.to_owned(), |(before, _)| format!("{before}.{name}"))
                }
                _ if is_flat => key.to_owned(),
                name => format!("{key}.{}", name.unwrap_or("member")),
            };
            if items.is_empty() && !is_ec2 {
                // What clients write for an empty list.
                out.push_str(&format!("&{}=", percent(key)));
            }
            for (index, value) in items.iter().enumerate() {
                part(operation, item, &format!("{base}.{}", index + 1), value, out);
            }
        }
        (Shape::Map { key: of, value, is_flattened }, Value::Object(told)) => {
            let base = if *is_flattened || member.is_flattened { key.to_owned() } else { format!("{key}.entry") };
            for (index, (name, told)) in told.iter().enumerate() {
                let entry = format!("{base}.{}", index + 1);
                out.push_str(&format!("&{entry}.{}={}", of.own_wire_name().unwrap_or("key"), percent(name)));
                let key = format!("{entry}.{}", value.own_wire_name().unwrap_or("value"));
                part(operation, value, &key, told, out);
            }
        }
        _ => {}
    }
}

// XML.

pub(super) fn xml_members(model: &Model, members: &[Member], told: &Map<String, Value>) -> String {
    let body = members.iter().filter(|member| member.place == Place::Body && !member.is_attribute);
    let written = body.filter_map(|it| Some(xml_element(model, it, it.wire_name(), told.get(it.name)?)));
    written.collect()
}

pub(super) fn xml_element(model: &Model, member: &Member, name: &str, told: &Value) -> String {
    let Kind::Shape(number) = member.kind else {
        let text = if member.kind == Kind::Timestamp { "2023-07-10T12:07:59Z".to_owned() } else { plain(told) };
        return format!("<{name}>{}</{name}>", escaped(&text));
    };
    match (model.shape(number), told) {
        (Shape::Structure { members, .. }, Value::Object(told)) => {
            let attributes = members.iter().filter(|member| member.is_attribute);
            let written = attributes
                .filter_map(|it| Some(format!(" {}=\"{}\"", it.wire_name(), escaped(&plain(told.get(it.name)?)))));
            format!("<{name}{}>{}</{name}>", written.collect::<String>(), xml_members(model, members, told))
        }
        (Shape::List { item, is_flattened }, Value::Array(items)) => {
            let is_flat = *is_flattened || member.is_flattened;
            let each = match item.own_wire_name() {
                _ if is_flat => member.own_wire_name().or_else(|| item.own_wire_name()).unwrap_or(name),
                own => own.unwrap_or("member"),
            };
            let content: String = items.iter().map(|told| xml_element(model, item, each, told)).collect();
            if is_flat { content } else { format!("<{name}>{content}</{name}>") }
        }
        (Shape::Map { key, value, is_flattened }, Value::Object(told)) => {
            let is_flat = *is_flattened || member.is_flattened;
            let entry = if is_flat { name } else { "entry" };
            let (key, of) = (key.own_wire_name().unwrap_or("key"), value.own_wire_name().unwrap_or("value"));
            let pair = |(text, told): (&String, &Value)| {
                let value = xml_element(model, value, of, told);
                format!("<{entry}><{key}>{}</{key}>{value}</{entry}>", escaped(text))
            };
            let content: String = told.iter().map(pair).collect();
            if is_flat { content } else { format!("<{name}>{content}</{name}>") }
        }
        _ => String::new(),
    }
}

/// A document of records as the XML that it was.
pub(super) fn raw_xml(name: &str, value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(|item| raw_xml(name, item)).collect(),
        Value::Object(members) => {
            let is_attribute = |key: &str| key.starts_with("xmlns") || key.contains(':');
            let (attributes, content): (Vec<_>, Vec<_>) = members.iter().partition(|(key, _)| is_attribute(key));
            let attributes =
                attributes.into_iter().map(|(key, value)| format!(" {key}=\"{}\"", escaped(&plain(value))));
            let content = content.into_iter().map(|(key, value)| match key.as_str() {
                "content" => escaped(&plain(value)),
                key => raw_xml(key, value),
            });
            format!("<{name}{}>{}</{name}>", attributes.collect::<String>(), content.collect::<String>())
        }
        value => format!("<{name}>{}</{name}>", escaped(&plain(value))),
    }
}

// Heads.

pub(super) fn uri(operation: &Operation, members: &[Member], told: &Map<String, Value>) -> String {
    let label = |name: &str| {
        let member = members.iter().find(|it| it.place == Place::Uri && it.wire_name() == name);
        member.and_then(|member| told.get(member.name)).map_or_else(|| "x".to_owned(), plain)
    };
    let (path, mut query) = target(operation, label);
    for member in members.iter().filter(|member| member.place == Place::Query) {
        let pair = |name: &str, value: &Value| format!("{}={}", percent(name), percent(&plain(value)));
        match told.get(member.name) {
            Some(Value::Array(items)) => query.extend(items.iter().map(|value| pair(member.wire_name(), value))),
            Some(Value::Object(pairs)) => query.extend(pairs.iter().map(|(name, value)| pair(name, value))),
            value => query.extend(value.map(|value| pair(member.wire_name(), value))),
        }
    }
    joined(&path, &query)
}

/// An operation's path with its labels filled in, and what its query always has.
pub(super) fn target(operation: &Operation, label: impl Fn(&str) -> String) -> (String, Vec<String>) {
    let (path, literals) = operation.inner.uri.split_once('?').unwrap_or((operation.inner.uri, ""));
    let segment = |segment: &str| match segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
        Some(name) => match name.strip_suffix('+') {
            Some(name) => label(name).split('/').map(percent).collect::<Vec<_>>().join("/"),
            None => percent(&label(name)),
        },
        None => segment.to_owned(),
    };
    let path: Vec<String> = path.split('/').map(segment).collect();
    (path.join("/"), literals.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect())
}

pub(super) fn joined(path: &str, query: &[String]) -> String {
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{path}{separator}{}", query.join("&"))
}

pub(super) fn headers(members: &[Member], told: &Map<String, Value>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for member in members {
        let name = member.wire_name();
        match (member.place, told.get(member.name)) {
            (Place::Header, Some(Value::Array(items))) => {
                headers.push((name.to_owned(), items.iter().map(plain).collect::<Vec<_>>().join(",")));
            }
            (Place::Header, Some(value)) => headers.push((name.to_owned(), plain(value))),
            (Place::Headers, Some(Value::Object(named))) => {
                headers.extend(named.iter().map(|(end, value)| (format!("{name}{end}"), plain(value))));
            }
            _ => {}
        }
    }
    headers
}
