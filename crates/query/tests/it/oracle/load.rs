//! Both tables of the records: columns of the event data store, and log files.

use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use opentrail_trino::{Type, parse_type};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::logs::{self, log_file};
use crate::memory::{Memory, Rows};

const FILES: [&str; 6] = ["invictus", "stratus", "umccr", "grycap", "fullstop", "awsdocs_groovy"];

const ISSUER: &str = "row(type varchar, principalId varchar, arn varchar, accountId varchar, userName varchar)";
const FEDERATION: &str = "row(federatedProvider varchar, attributes map(varchar, varchar))";
const TLS: &str = "row(tlsVersion varchar, cipherSuite varchar, clientProvidedHostHeader varchar)";
const BEHALF: &str = "row(userId varchar, identityStoreArn varchar)";

fn lake_columns() -> Vec<(String, Type)> {
    let identity = format!(
        "row(type varchar, principalId varchar, arn varchar, accountId varchar, accessKeyId varchar, userName varchar, \
         sessionContext row(attributes row(creationDate timestamp(3), mfaAuthenticated varchar), sessionIssuer {ISSUER}, \
         webIdFederationData {FEDERATION}, sourceIdentity varchar, ec2RoleDelivery varchar, ec2IssuedInVpc varchar), \
         onBehalfOf {BEHALF}, inScopeOf row(sourceArn varchar, sourceAccount varchar, issuerType varchar, \
         credentiaisissuedto varchar), invokedBy varchar, identityProvider varchar)"
    );
    let context = "row(requestContext map(varchar, varchar), tagContext row(principalTags map(varchar, varchar), \
                   resourceTags array(row(arn varchar, tags map(varchar, varchar)))))";
    let names = "eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode \
                 errorMessage requestParameters responseElements additionalEventData requestID eventID readOnly resources \
                 eventType apiVersion managementEvent recipientAccountId sharedEventID annotation vpcEndpointId \
                 vpcEndpointAccountId serviceEventDetails addendum edgeDeviceDetails insightDetails eventCategory \
                 tlsDetails sessionCredentialFromConsole eventJson eventContext";
    let ty = |name: &str| match name {
        "userIdentity" => identity.clone(),
        "eventTime" => "timestamp(3)".to_owned(),
        "readOnly" | "managementEvent" => "boolean".to_owned(),
        "resources" => "array(row(accountId varchar, type varchar, arn varchar, arnPrefix varchar))".to_owned(),
        "tlsDetails" => TLS.to_owned(),
        "eventContext" => context.to_owned(),
        "requestParameters"
        | "responseElements"
        | "additionalEventData"
        | "serviceEventDetails"
        | "addendum"
        | "edgeDeviceDetails"
        | "insightDetails" => "map(varchar, varchar)".to_owned(),
        _ => "varchar".to_owned(),
    };
    names.split_whitespace().map(|name| (name.to_owned(), parse_type(&ty(name)).expect("a type"))).collect()
}

/// The tables under the given names, and `cloudtrail_logs`.
pub(super) fn tables(data: &Path, stores: &[&str]) -> Memory {
    let lines = lines(data);
    assert_eq!(lines.len(), 4072, "the records have other rows than the answers were computed from");
    let lake = lake_columns();
    let lake_rows: Vec<Value> = lines.iter().map(|line| row(line, &lake)).collect();
    let mut tables = Memory::default();
    let lake = Rows::new(lake, &lake_rows);
    stores.iter().for_each(|store| tables.add(store, &lake));
    let files = lines.chunks(500).enumerate();
    let files = files.map(|(number, lines)| (format!("AWSLogs/{number}.json.gz"), log_file(lines)));
    tables.add_logs(logs::files(files));
    tables
}

/// The lines that are records with a time.
fn lines(data: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for name in FILES {
        let file = std::fs::File::open(data.join(format!("{name}.ndjson.gz"))).expect("a file of records");
        lines.extend(BufReader::new(GzDecoder::new(file)).lines().map(|line| line.expect("a line")));
    }
    lines.retain(|line| {
        let Ok(Value::Object(record)) = serde_json::from_str(line) else { return false };
        let time = record.get("eventTime").and_then(Value::as_str).unwrap_or_default();
        let is_time = !time.contains(' ') && chrono::DateTime::parse_from_rfc3339(&time.to_uppercase()).is_ok();
        record.contains_key("eventName") && is_time
    });
    lines
}

fn row(line: &str, columns: &[(String, Type)]) -> Value {
    let raw: &RawValue = serde_json::from_str(line).expect("a record");
    let mut row = Map::new();
    for (name, ty) in columns {
        let value = match name.as_str() {
            "eventJson" => Value::String(line.to_owned()),
            _ => member(raw, name).map_or(Value::Null, |member| shaped(member, ty)),
        };
        row.insert(name.clone(), value);
    }
    Value::Object(row)
}

/// The members of an object, each as it is written.
fn members(raw: &RawValue) -> Option<Vec<(String, &RawValue)>> {
    struct Members<'a>(Vec<(String, &'a RawValue)>);
    impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Vec<(String, &'de RawValue)>;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(members)
                }
            }
            from.deserialize_map(Visitor).map(Members)
        }
    }
    serde_json::from_str::<Members<'_>>(raw.get()).ok().map(|members| members.0)
}

/// A member by name: the exact spelling first, then without regard to case.
fn member<'r>(raw: &'r RawValue, name: &str) -> Option<&'r RawValue> {
    let published = if name == "credentiaisissuedto" { "credentialsIssuedTo" } else { name };
    let members = members(raw)?;
    let exact = members.iter().find(|(key, _)| key == published);
    let found = exact.or_else(|| members.iter().find(|(key, _)| key.to_lowercase() == published.to_lowercase()));
    found.map(|(_, value)| *value)
}

/// The text of a value: of a string what it says, of others what is written.
fn text(raw: &RawValue) -> Value {
    match serde_json::from_str(raw.get()).expect("a value") {
        Value::Null => Value::Null,
        Value::String(text) => Value::String(text),
        _ => Value::String(raw.get().to_owned()),
    }
}

fn shaped(raw: &RawValue, ty: &Type) -> Value {
    match ty {
        Type::Row(fields) => match members(raw) {
            Some(_) => {
                let fields = fields.iter().map(|(name, ty)| {
                    let name = name.as_deref().expect("a name");
                    (name.to_owned(), member(raw, name).map_or(Value::Null, |member| shaped(member, ty)))
                });
                Value::Object(fields.collect())
            }
            None => Value::Null,
        },
        Type::Map(..) => members(raw).map_or(Value::Null, |members| {
            Value::Object(members.into_iter().map(|(key, value)| (key, text(value))).collect())
        }),
        Type::Array(item) => match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
            Ok(items) => items.into_iter().map(|one| shaped(one, item)).collect(),
            Err(_) => Value::Null,
        },
        Type::Boolean => serde_json::from_str(raw.get()).expect("a truth value"),
        _ => text(raw),
    }
}
