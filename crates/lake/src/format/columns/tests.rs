use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use bytes::Bytes;
use opentrail_model::View;
use opentrail_stdx::Timestamp;

use super::*;
use crate::format::row::Row;

fn batch(records: &[&str]) -> (RecordBatch, u64) {
    let mut builder = BatchBuilder::of(Table::Events, |_| true);
    for (position, record) in (7..).zip(records) {
        let row = Row {
            position,
            time: Timestamp::from_secs(1_700_000_000),
            record: Bytes::copy_from_slice(record.as_bytes()),
        };
        let view = View::parse(&row.record).expect("a record");
        builder.push(&row, &view, record);
    }
    (builder.finish().expect("rows"), builder.mistyped())
}

/// A column by its path.
fn column(batch: &RecordBatch, path: &str) -> ArrayRef {
    let mut names = path.split('.');
    let top = batch.column_by_name(names.next().expect("a name")).expect("a column");
    names.fold(Arc::clone(top), |array, name| Arc::clone(array.as_struct().column_by_name(name).expect("a member")))
}

fn text(batch: &RecordBatch, path: &str, row: usize) -> Option<String> {
    let array = column(batch, path);
    array.is_valid(row).then(|| array.as_string::<i32>().value(row).to_owned())
}

fn map_of(batch: &RecordBatch, path: &str, row: usize) -> Option<Vec<(String, Option<String>)>> {
    let array = column(batch, path);
    let entries = array.is_valid(row).then(|| array.as_map().value(row))?;
    let (keys, values) = (entries.column(0).as_string::<i32>(), entries.column(1).as_string::<i32>());
    let value = |index: usize| values.is_valid(index).then(|| values.value(index).to_owned());
    Some((0..entries.len()).map(|index| (keys.value(index).to_owned(), value(index))).collect())
}

const FULL: &str = r#"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"P","arn":"A","accountId":"1",
"accessKeyId":"K","sessionContext":{"sessionIssuer":{"type":"Role","userName":"r"},"webIdFederationData":{"federatedProvider":"f",
"attributes":{"a":"b"}},"attributes":{"creationDate":"2026-09-13T17:00:00Z","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"},
"inScopeOf":{"credentialsIssuedTo":"c"},"onBehalfOf":{"userId":"u"}},"eventTime":"2026-09-13T17:19:17Z","eventName":"PutObject",
"requestParameters":{"bucketName":"b","n":1,"o":{"p": [1]},"q":null},"responseElements":null,"readOnly":false,"eventID":"E",
"resources":[{"accountId":"1","type":"T","ARN":"x"},{"ARNPrefix":"p"}],"tlsDetails":{"tlsVersion":"TLSv1.3"},
"eventContext":{"requestContext":{"aws:x":["y"]},"tagContext":{"principalTags":{"k":"v"},"resourceTags":[{"arn":"a","tags":{"t":"u"}}]}},
"newMember":{"x":1}}"#;

#[test]
fn columns_show_what_records_say() {
    let (batch, mistyped) = batch(&[FULL, "{}"]);
    assert_eq!(mistyped, 0);
    for (path, expected) in [
        ("eventVersion", "1.11"),
        ("userIdentity.arn", "A"),
        ("userIdentity.sessionContext.sessionIssuer.userName", "r"),
        ("userIdentity.sessionContext.attributes.mfaAuthenticated", "false"),
        ("userIdentity.inScopeOf.credentiaIsIssuedTo", "c"),
        ("tlsDetails.tlsVersion", "TLSv1.3"),
        ("eventID", "E"),
        ("eventJson", FULL),
    ] {
        assert_eq!(text(&batch, path, 0).as_deref(), Some(expected), "{path}");
    }
    let created = column(&batch, "userIdentity.sessionContext.attributes.creationDate");
    let expected = Timestamp::parse_iso("2026-09-13T17:00:00Z").map(Timestamp::as_ms);
    assert_eq!(Some(created.as_primitive::<TimestampMillisecondType>().value(0)), expected);
    let parameters = map_of(&batch, "requestParameters", 0).expect("a map");
    let expected = [("bucketName", Some("b")), ("n", Some("1")), ("o", Some(r#"{"p":[1]}"#)), ("q", None)];
    assert_eq!(parameters, expected.map(|(key, value)| (key.to_owned(), value.map(str::to_owned))));
    assert_eq!(map_of(&batch, "responseElements", 0), None);
    assert_eq!(map_of(&batch, "eventContext.requestContext", 0), Some(vec![("aws:x".into(), Some(r#"["y"]"#.into()))]));
    assert_eq!(column(&batch, "resources").as_list::<i32>().value(0).len(), 2);
    assert_eq!(column(&batch, "eventContext.tagContext.resourceTags").as_list::<i32>().value(0).len(), 1);
    assert_eq!(column(&batch, "opentrail_position").as_primitive::<Int64Type>().values().as_ref(), [7, 8]);
    assert_eq!(column(&batch, "readOnly").as_boolean().iter().collect::<Vec<_>>(), [Some(false), None]);
    assert_eq!(
        text(&batch, "eventJsonChecksum", 1).as_deref(),
        Some("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
    );
    for path in ["userIdentity", "userIdentity.sessionContext", "requestParameters", "resources", "eventContext"] {
        assert!(column(&batch, path).is_null(1), "{path}");
    }
}

#[test]
fn unexpected_types_are_null_and_counted() {
    let odd = r#"{"eventName":1,"readOnly":"x","requestParameters":[1],"userIdentity":"root","errorCode":{},
        "additionalEventData":{"a":"\ud800"}}"#;
    let session = r#"{"userIdentity":{"sessionContext":{"attributes":{"creationDate":"yesterday"}}}}"#;
    let (batch, mistyped) = batch(&[odd, session]);
    assert_eq!(mistyped, 7);
    assert_eq!(text(&batch, "eventName", 0), None);
    assert_eq!(text(&batch, "eventJson", 0).as_deref(), Some(odd));
    assert_eq!(map_of(&batch, "additionalEventData", 0), Some(vec![("a".into(), None)]));
}

#[test]
fn the_table_is_the_published_one_and_ours() {
    let names: Vec<String> = Table::Events.schema().fields().iter().map(|field| field.name().to_lowercase()).collect();
    assert_eq!(names.len(), 36);
    assert_eq!(
        (names[0].as_str(), names[33].as_str(), names[34].as_str()),
        ("eventversion", "eventjsonchecksum", "eventcontext")
    );
    let identity = Table::Events
        .schema()
        .field_with_name("userIdentity")
        .map(|field| field.data_type().clone())
        .expect("a column");
    let DataType::Struct(members) = identity else { panic!("a struct") };
    assert_eq!(members.len(), 11);
}
