//! What each protocol writes is read back: any values of any operation's shapes.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::encode;
use crate::describe::requested;
use crate::table::{Kind, Member, Model, Place, Protocol, Shape, Table};
use crate::{Body, Exchange, Operation, Recognition, Services, Transfer};

/// Services that between them speak all protocols.
const SERVICES: [(&str, Protocol); 8] = [
    ("cloudfront", Protocol::RestXml),
    ("cloudwatch", Protocol::Cbor),
    ("ec2", Protocol::Ec2),
    ("iam", Protocol::Query),
    ("lambda", Protocol::RestJson),
    ("route53", Protocol::RestXml),
    ("sns", Protocol::Query),
    ("ssm", Protocol::Json),
];

/// A value of a type, made from bytes; lists and maps are never empty, which forms can't write.
fn value(model: &Model, kind: Kind, bytes: &mut impl Iterator<Item = u8>, depth: usize) -> Value {
    let mut byte = || bytes.next().unwrap_or_default();
    let Kind::Shape(number) = kind else {
        return match kind {
            Kind::Integer => json!(i64::from(byte()) - 100),
            Kind::Double => json!(f64::from(byte()) / 4.0 + 0.125),
            Kind::Boolean => json!(byte() % 2 == 0),
            Kind::Blob => Value::Null,
            _ => text(byte()).into(),
        };
    };
    let count = usize::from(byte() % 2) + 1;
    match model.shape(number) {
        _ if depth == 0 => Value::Null,
        Shape::Structure { members, .. } => Value::Object(structure(model, members, bytes, depth - 1)),
        Shape::List { item, .. } => {
            let items: Vec<_> = (0..count).map(|_| value(model, item.kind, bytes, depth - 1)).collect();
            if items.iter().any(is_empty) { Value::Null } else { items.into() }
        }
        Shape::Map { value: of, .. } => {
            let pairs = (0..count).map(|index| (format!("k{index}"), value(model, of.kind, bytes, depth - 1)));
            let pairs: Map<_, _> = pairs.filter(|(_, value)| !is_empty(value)).collect();
            if pairs.is_empty() { Value::Null } else { pairs.into() }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(Map::is_empty)
}

fn text(byte: u8) -> &'static str {
    const TEXTS: [&str; 8] = ["a", "a b", "<&>\"'", "x=1&y=2", "é✓", "%41+", "true", "100"];
    TEXTS[usize::from(byte) % TEXTS.len()]
}

fn structure(
    model: &Model,
    members: &[Member],
    bytes: &mut impl Iterator<Item = u8>,
    depth: usize,
) -> Map<String, Value> {
    let mut made = Map::new();
    for member in members {
        let is_wanted = member.place == Place::Uri || bytes.next().unwrap_or_default() > 80;
        // Headers carry plain text, and are split at commas; a map of a query takes what is left.
        let is_plain = !matches!(member.place, Place::Header | Place::Headers | Place::Status | Place::Query);
        let value = match member.place {
            Place::Uri => json!("a b"),
            _ if is_plain && is_wanted => value(model, member.kind, bytes, depth),
            _ => Value::Null,
        };
        if !is_empty(&value) {
            made.insert(member.name.to_owned(), value);
        }
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn requests_are_read_as_they_were_written(
        service in 0..SERVICES.len(),
        operation in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let (service, protocol) = SERVICES[service];
        let head = Table::embedded().heads.iter().find(|head| head.name == service).expect("a service");
        let inner = operation.get(&head.model().operations);
        let operation = Operation::new(head, inner, protocol, None);
        let asked = structure(head.model(), head.model().members(inner.input), &mut bytes.into_iter(), 6);
        let message = encode::modelled_request(&operation, &asked);
        let parts = message.parts();
        let found = match Services::embedded().recognise(&parts, Some(head.signing)) {
            Recognition::NeedsBody(pending) => pending.resolve(&message.body),
            other => other,
        };
        let Recognition::Operation(found) = found else { panic!("{found:?}") };
        prop_assert_eq!(found.name(), operation.name());
        let exchange = Exchange {
            operation: &found,
            request: &parts,
            request_body: Body { bytes: &message.body, is_whole: true },
            response: None,
            account: "123456789012",
            region: "us-east-1",
            partition: "aws",
            transfer: Transfer::default(),
        };
        prop_assert_eq!(Value::Object(requested(&exchange)), Value::Object(asked));
    }

    /// Whatever comes, something is said of it, and soon.
    #[test]
    fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..300), service in 0..SERVICES.len()) {
        let (service, protocol) = SERVICES[service];
        let head = Table::embedded().heads.iter().find(|head| head.name == service).expect("a service");
        let operation = Operation::new(head, &head.model().operations[0], protocol, None);
        let message = encode::modelled_request(&operation, &Map::new());
        let parts = message.parts();
        let headers = http::HeaderMap::new();
        let body = Body { bytes: &body, is_whole: true };
        let response = crate::Response { status: http::StatusCode::OK, headers: &headers, body };
        let call = crate::describe(&Exchange {
            operation: &operation,
            request: &parts,
            request_body: body,
            response: Some(response),
            account: "123456789012",
            region: "us-east-1",
            partition: "aws",
            transfer: Transfer::default(),
        });
        prop_assert_eq!(call.event_source, operation.event_source());
    }
}
