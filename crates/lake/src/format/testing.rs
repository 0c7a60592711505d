//! Made-up rows and filters, and the slow truth about them.

use bytes::Bytes;
use opentrail_model::{Attribute, Filter, Terms, View};
use opentrail_stdx::Timestamp;
use proptest::prelude::*;

use super::row::{Place, Row, TimeRange, describe};

/// A question.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) filter: Filter,
    pub(crate) range: TimeRange,
    pub(crate) after: Option<Place>,
    pub(crate) limit: usize,
}

/// Rows with the hashes of their identities.
pub(crate) fn filed(rows: &[Row]) -> Vec<(Row, u64)> {
    rows.iter().map(|row| (row.clone(), describe(&row.record).hash)).collect()
}

/// Rows in no order, each place once, with values that often repeat.
pub(crate) fn rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    let row = (0_i64..40, record()).prop_map(|(second, record)| (Timestamp::from_secs(1_700_000_000 + second), record));
    proptest::collection::vec(row, count).prop_map(|rows| {
        let row = |(number, (time, record)): (u64, (Timestamp, String))| {
            // Positions don't follow times.
            Row { position: (number * 7919) % 100_003, time, record: Bytes::from(record) }
        };
        (0_u64..).zip(rows).map(row).collect()
    })
}

fn record() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| proptest::sample::select(values);
    (
        (0_u32..1000, pick(&["PutObject", "GetObject", "CreateUser", "Put", ""])),
        pick(&["s3.amazonaws.com", "iam.amazonaws.com"]),
        pick(&["", r#","errorCode":"AccessDenied""#, r#","errorCode":7"#]),
        0_u32..300,
        pick(&["us-east-1", "us-east-1", "us-east-1", "eu-west-1"]),
        proptest::option::of(0_u32..5),
        pick(&["", r#","readOnly":true"#, r#","readOnly":"false""#]),
        proptest::collection::vec(0_u32..6, 0..3),
    )
        .prop_map(|((id, name), source, error, ip, region, user, read_only, resources)| {
            let id = if id < 50 { String::new() } else { format!(r#""eventID":"{id:08}","#) };
            let user = user.map_or_else(String::new, |user| {
                format!(
                    r#","userIdentity":{{"type":"IAMUser","userName":"u{user}","arn":"arn:aws:iam::1:user/u{user}","accessKeyId":"AKIA{user}"}}"#
                )
            });
            let resources: Vec<_> =
                resources.iter().map(|n| format!(r#"{{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b{n}"}}"#)).collect();
            format!(
                r#"{{{id}"eventName":"{name}","eventSource":"{source}","sourceIPAddress":"192.0.2.{ip}","awsRegion":"{region}"{error}{user}{read_only},"resources":[{}]}}"#,
                resources.join(",")
            )
        })
}

/// A question about such rows.
pub(crate) fn question() -> impl Strategy<Value = Question> {
    let time = || proptest::option::of((-2_i64..42).prop_map(|second| Timestamp::from_secs(1_700_000_000 + second)));
    let after = proptest::option::of(
        (0_i64..40, 0_u64..100_003)
            .prop_map(|(second, position)| Place { time: Timestamp::from_secs(1_700_000_000 + second), position }),
    );
    (filter(), time(), time(), after, prop_oneof![0_usize..5, Just(50), Just(10_000)])
        .prop_map(|(filter, from, to, after, limit)| Question { filter, range: TimeRange { from, to }, after, limit })
}

/// A filter over such rows.
pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    let attribute = || proptest::sample::select(Attribute::ALL.to_vec());
    let value = || {
        prop_oneof![
            proptest::sample::select(vec![
                "",
                "PutObject",
                "Put",
                "GetObject",
                "s3.amazonaws.com",
                "AccessDenied",
                "us-east-1",
                "us",
                "u1",
                "true",
                "false",
                "arn:aws:",
                "b1",
                "AKIA",
                "AKIA3",
                "192.0.2.1",
                "192.0.2.",
                "Management",
                "AWS::S3::Bucket",
                "amazonaws",
                "1",
                "00000123",
            ])
            .prop_map(str::to_owned),
            (50_u32..1000).prop_map(|id| format!("{id:08}")),
            (0_u32..300).prop_map(|ip| format!("192.0.2.{ip}")),
        ]
    };
    let leaf = prop_oneof![
        1 => Just(Filter::All),
        6 => (attribute(), value()).prop_map(|(attribute, value)| Filter::Is { attribute, value }),
        2 => (attribute(), value()).prop_map(|(attribute, value)| Filter::Prefix { attribute, value }),
        2 => (attribute(), value()).prop_map(|(attribute, value)| Filter::Contains { attribute, value }),
        1 => attribute().prop_map(Filter::Has),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::And),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// Does a row match, as the filter itself has it?
pub(crate) fn matches(row: &Row, filter: &Filter) -> bool {
    let view = View::parse(&row.record).unwrap_or_default();
    filter.matches(&Terms::of(&view))
}

/// The places that answer a question, newest first.
pub(crate) fn truth(rows: &[Row], question: &Question) -> Vec<Place> {
    let mut places: Vec<Place> = rows
        .iter()
        .filter(|row| question.range.contains(row.time) && question.after.is_none_or(|after| row.place() < after))
        .filter(|row| matches(row, &question.filter))
        .map(Row::place)
        .collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.truncate(question.limit);
    places
}

/// The places that arrived after a position, by position.
pub(crate) fn arrived(rows: &[Row], after: Option<u64>, filter: &Filter, limit: usize) -> Vec<Place> {
    let after = |row: &&Row| after.is_none_or(|after| row.position > after);
    let mut places: Vec<Place> = rows.iter().filter(after).filter(|row| matches(row, filter)).map(Row::place).collect();
    places.sort_unstable_by_key(|place| place.position);
    places.truncate(limit);
    places
}
