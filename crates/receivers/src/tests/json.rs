use expect_test::{Expect, expect};

use super::support::{check, deliver, uids};
use crate::{Format, Malformed, Mapping};

const MAPPING: &str = r#"
events = "/data/entries"
eventName = "/action"
eventSource = { value = "gitea.example.com" }
eventTime = { at = "/when", unit = "s" }
UID = "/id"
userAgent = "/client/agent"
sourceIPAddress = "/client/ip"
errorCode = "/error/code"
errorMessage = "/error/text"
additionalEventData = { repository = "/repo~1name" }

[userIdentity]
type = { value = "User" }
principalId = { at = ["/actor/email", "/actor/id"], default = "nobody" }
details = { team = "/actor/teams/0" }

[requestParameters]
path = "/path"
big = "/big"
kind = { value = "git" }
"#;

fn format(mapping: &str) -> Format {
    Format::Json(Box::new(Mapping::parse(mapping).expect("a mapping")))
}

#[test]
fn members_come_from_where_the_mapping_says() {
    let body = br#"{"data":{"entries":[
        {"id":7,"action":"push","when":1795343363.5,"actor":{"id":17,"teams":["blue"]},"client":{"ip":"192.0.2.1:99","agent":"git/2"},
         "repo/name":"a","path":{"p":[1]},"big":12345678901234567890,"error":{"code":"E1","text":"no"}},
        {"id":"8","action":"clone","when":"1795343364","client":{"ip":"office"}}]}}"#;
    check(
        &format(MAPPING),
        &[],
        body,
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "User",
            "principalId": "17",
            "details": {
              "team": "blue"
            }
          },
          "userAgent": "git/2",
          "eventSource": "gitea.example.com",
          "eventName": "push",
          "eventTime": "2026-11-22T10:29:23Z",
          "UID": "7",
          "requestParameters": {
            "big": 12345678901234567890,
            "kind": "git",
            "path": {
              "p": [
                1
              ]
            }
          },
          "errorCode": "E1",
          "errorMessage": "no",
          "sourceIPAddress": "192.0.2.1",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "repository": "a",
            "exactTime": "2026-11-22T10:29:23.500Z"
          }
        }
        {
          "version": "1",
          "userIdentity": {
            "type": "User",
            "principalId": "nobody"
          },
          "eventSource": "gitea.example.com",
          "eventName": "clone",
          "eventTime": "2026-11-22T10:29:24Z",
          "UID": "8",
          "requestParameters": {
            "kind": "git"
          },
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "sourceAddress": "office"
          }
        }
    "#]],
    );
}

#[test]
fn what_does_not_fit_is_rejected() {
    let body =
        br#"{"data":{"entries":[7,{},{"action":{}},{"action":"a"},{"action":"a","when":"x"},{"action":"","when":1}]}}"#;
    check(
        &format(MAPPING),
        &[],
        body,
        &expect![[r#"
        body/data/entries[0]: InvalidData: an event is an object
        body/data/entries[1]: FieldNotFound: `eventName` is missing: nothing is at `/action`
        body/data/entries[2]: InvalidData: what is at `/action` is no text
        body/data/entries[3]: FieldNotFound: `eventTime` is missing: nothing is at `/when`
        body/data/entries[4]: InvalidData: `eventTime` is `x`, which is no number of seconds
        body/data/entries[5]: FieldNotFound: `eventName` is missing: nothing is at `/action`
    "#]],
    );
    let nowhere = deliver(&format(MAPPING), &[], br#"{"data":{}}"#).expect_err("no list");
    assert_eq!(nowhere, Malformed::Broken("body has no events at `/data/entries`".to_owned()));
}

const PLAIN: &str = r#"
eventName = "/a"
eventSource = "/s"
eventTime = "/t"
requestParameters = ""
userIdentity = { type = "/k", principalId = "/p" }
"#;

const LINE: &str = r#"{"a":"x","s":"y","t":"2026-11-22T10:29:23Z","k":"K","p":"P"}"#;

#[test]
fn lists_and_lines_are_read_without_being_told() {
    for body in [format!("{LINE}\n{LINE}\n"), format!("[{LINE},{LINE}]"), format!("[{LINE}]\n[{LINE}]")] {
        let uids = uids(&format(PLAIN), &[], body.as_bytes());
        assert_eq!(uids.len(), 2, "{body}");
        assert_eq!(uids[1], format!("{}#2", uids[0]), "the same twice is two");
    }
    check(
        &format(PLAIN),
        &[],
        LINE.as_bytes(),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "K",
            "principalId": "P"
          },
          "eventSource": "y",
          "eventName": "x",
          "eventTime": "2026-11-22T10:29:23Z",
          "UID": "sha256:8095eccc7f5e2afa70e9fab262cc539bb70004cd8e80962034aaa18893886465",
          "requestParameters": {
            "a": "x",
            "k": "K",
            "p": "P",
            "s": "y",
            "t": "2026-11-22T10:29:23Z"
          },
          "recipientAccountId": "123456789012"
        }
    "#]],
    );
}

#[test]
fn times_in_every_unit() {
    for (unit, time, expected) in [
        ("s", "1795343363", "2026-11-22T10:29:23.000Z"),
        ("s", "1795343363.98765", "2026-11-22T10:29:23.987Z"),
        ("ms", "1795343363987", "2026-11-22T10:29:23.987Z"),
        ("us", "1795343363987654", "2026-11-22T10:29:23.987Z"),
        ("ns", "1795343363987654321", "2026-11-22T10:29:23.987Z"),
        ("rfc3339", "\"2026-11-22T11:29:23.987+01:00\"", "2026-11-22T10:29:23.987Z"),
    ] {
        let mapping = PLAIN.replace(r#"eventTime = "/t""#, &format!(r#"eventTime = {{ at = "/t", unit = "{unit}" }}"#));
        let body = LINE.replace("\"2026-11-22T10:29:23Z\"", time);
        let received = deliver(&format(&mapping), &[], body.as_bytes()).expect("readable");
        assert_eq!(received.events[0].event_time.iso_ms(), expected, "{unit}");
    }
}

fn refused(from: &str, to: &str, expected: &Expect) {
    let text = PLAIN.replace(from, to);
    assert_ne!(text, PLAIN);
    expected.assert_eq(&Mapping::parse(&text).expect_err("no mapping").to_string());
}

#[test]
fn mistakes_in_a_mapping_are_told_with_their_place() {
    refused(
        "eventName = \"/a\"\n",
        "",
        &expect![[r#"
        the mapping file is not valid: TOML parse error at line 1, column 1
          |
        1 | 
          | ^
        missing field `eventName`
    "#]],
    );
    refused(
        "\"/a\"",
        "\"a\"",
        &expect![[r#"
        the mapping file is not valid: TOML parse error at line 2, column 13
          |
        2 | eventName = "a"
          |             ^^^
        a JSON pointer such as `/user/name`, or a table with `at` (and perhaps `default`) or with `value`
    "#]],
    );
    refused(
        "\"/a\"",
        "{ at = \"/a\", value = \"b\" }",
        &expect![[r#"
        the mapping file is not valid: TOML parse error at line 2, column 13
          |
        2 | eventName = { at = "/a", value = "b" }
          |             ^^^^^^^^^^^^^^^^^^^^^^^^^^
        a JSON pointer such as `/user/name`, or a table with `at` (and perhaps `default`) or with `value`
    "#]],
    );
    refused(
        "\"/t\"",
        "{ at = \"/t\", unit = \"h\" }",
        &expect![[r#"
        the mapping file is not valid: TOML parse error at line 4, column 13
          |
        4 | eventTime = { at = "/t", unit = "h" }
          |             ^^^^^^^^^^^^^^^^^^^^^^^^^
        a JSON pointer such as `/time`, or a table with `at` and perhaps `unit`: rfc3339, s, ms, us or ns
    "#]],
    );
    refused(
        "eventSource",
        "eventSourse",
        &expect![[r#"
        the mapping file is not valid: TOML parse error at line 3, column 1
          |
        3 | eventSourse = "/s"
          | ^^^^^^^^^^^
        unknown field `eventSourse`, expected one of `events`, `eventName`, `eventSource`, `eventTime`, `userIdentity`, `UID`, `userAgent`, `sourceIPAddress`, `errorCode`, `errorMessage`, `requestParameters`, `responseElements`, `additionalEventData`
    "#]],
    );
    refused(
        ", principalId = \"/p\"",
        "",
        &expect![[r#"
        the mapping file is not valid: TOML parse error at line 6, column 16
          |
        6 | userIdentity = { type = "/k" }
          |                ^^^^^^^^^^^^^^^
        missing field `principalId`
    "#]],
    );
}
