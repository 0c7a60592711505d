use clap::Parser;
use expect_test::{Expect, expect};
use serde_json::json;

use super::LookupArgs;
use super::answer::Event;
use super::table::{Row, Style, Table};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    lookup: LookupArgs,
}

fn parse(flags: &[&str]) -> Result<LookupArgs, String> {
    let words = ["lookup"].iter().chain(flags);
    Cli::try_parse_from(words).map(|cli| cli.lookup).map_err(|error| error.to_string())
}

fn asks(flags: &[&str], expected: &Expect) {
    let args = parse(flags).expect("valid flags");
    expected.assert_eq(&args.question.search(args.limit).to_string());
}

#[test]
fn the_same_flag_twice_means_or_and_different_flags_and() {
    asks(
        &["--user", "a", "--user", "b", "--source", "s3", "--read-only", "false", "--limit", "5"],
        &expect![[
            r#"{"Filter":{"and":[{"or":[{"is":{"attribute":"username","value":"a"}},{"is":{"attribute":"username","value":"b"}}]},{"is":{"attribute":"event-source","value":"s3.amazonaws.com"}},{"is":{"attribute":"read-only","value":"false"}}]},"StartTime":null,"Categories":null,"Regions":null,"EndTime":null,"Limit":5}"#
        ]],
    );
    asks(
        &[
            "--region",
            "eu-west-1",
            "--category",
            "all",
            "--since",
            "2026-11-01",
            "--until",
            "2026-11-02",
            "--where",
            "error = *",
        ],
        &expect![[
            r#"{"Filter":{"and":[{"has":"error-code"}]},"StartTime":"2026-11-01T00:00:00.000Z","Categories":["all"],"Regions":["eu-west-1"],"EndTime":"2026-11-02T00:00:00.000Z","Limit":null}"#
        ]],
    );
}

#[test]
fn wrong_usage_is_explained() {
    let error = parse(&["--where", "user = a AND evnt-name = b"]).expect_err("no such attribute");
    assert!(error.contains("there is no attribute `evnt-name`; did you mean `event-name`?"), "{error}");
    assert!(error.contains("\n  user = a AND evnt-name = b\n               ^"), "{error}");
    assert!(parse(&["--since", "soon"]).expect_err("no time").contains("`7d ago`"));
    assert!(parse(&["--read-only", "yes"]).is_err());
    assert!(parse(&["--follow", "--until", "now"]).is_err());
}

fn event(user: &str, more: serde_json::Value) -> Event {
    let mut record = json!({
        "eventName": "DeleteBucket", "eventSource": "s3.amazonaws.com", "awsRegion": "us-east-1", "readOnly": false,
        "sourceIPAddress": "192.0.2.1", "userIdentity": {"type": "IAMUser", "userName": user},
        "requestParameters": {"bucketName": "logs"},
    });
    record.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    Event { time: "2026-11-22T10:00:00.000Z".to_owned(), position: 1, record: record.to_string() }
}

fn table(style: Style, events: &[Event]) -> String {
    let (mut out, mut table) = (Vec::new(), Table::new(style));
    for event in events {
        table.add(&mut out, Row::of(event)).expect("prints");
    }
    table.flush(&mut out).expect("prints");
    String::from_utf8(out).expect("text")
}

#[test]
fn rows_are_aligned_and_cut_to_the_terminal() {
    let events = [
        event("alice", json!({})),
        event("a-user-whose-name-is-longer-than-the-column", json!({"errorCode": "AccessDenied", "readOnly": true})),
        event("b\u{1b}[2J", json!({"eventSource": null, "requestParameters": null})),
        Event { time: "2026-11-22T10:00:00.500Z".to_owned(), position: 2, record: "{}".to_owned() },
    ];
    expect![[r"
        TIME                  USER                      EVENT         SOURCE  ERROR         RESOURCES  REGION     FROM
        2026-11-22T10:00:00Z  alice                     DeleteBucket  s3      -             logs       us-east-1  192.0.2.1
        2026-11-22T10:00:00Z  a-user-whose-name-is-longer-than-the-column  DeleteBucket  s3      AccessDenied  logs       us-east-1  192.0.2.1
        2026-11-22T10:00:00Z  b�[2J                     DeleteBucket  -       -             -          us-east-1  192.0.2.1
        2026-11-22T10:00:00.500Z  -                         -             -       -             -          -          -
    "]]
    .assert_eq(&table(Style { width: None, has_colors: false }, &events));
    expect![[r"
        TIME                  USER                      EVENT         SOURCE  ERROR
        2026-11-22T10:00:00Z  alice                     DeleteBucket  s3      -
        2026-11-22T10:00:00Z  a-user-whose-name-is-lo…  DeleteBucket  s3      AccessDen…
        2026-11-22T10:00:00Z  b�[2J                     DeleteBucket  -       -
        2026-11-22T10:00:00…  -                         -             -       -
    "]]
    .assert_eq(&table(Style { width: Some(80), has_colors: false }, &events));
}

#[test]
fn colours_tell_changes_and_errors() {
    let shown = table(Style { width: None, has_colors: true }, &[event("a", json!({"errorCode": "AccessDenied"}))]);
    assert!(shown.contains("\u{1b}[31mAccessDenied\u{1b}[0m") && shown.contains("\u{1b}[33mDeleteBucket\u{1b}[0m"));
}
