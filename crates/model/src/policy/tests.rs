//! Documents are refused in S3's words; decisions follow IAM's rules.

use expect_test::{Expect, expect};
use opentrail_stdx::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn check_text(text: &str, expected: Expect) {
    let answer = Policy::parse(text).and_then(|policy| policy.check_bucket("aws", "logs"));
    expected.assert_eq(&answer.map_or_else(|error| error.to_string(), |()| "fine".to_owned()));
}

fn statement() -> Value {
    json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"})
}

/// A policy of one statement with some members changed, and taken away where `null`.
fn policy(changes: Value) -> String {
    let mut statement = statement();
    let members = statement.as_object_mut().expect("object");
    for (name, value) in changes.as_object().expect("object") {
        if value.is_null() {
            members.shift_remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn check(changes: Value, expected: Expect) {
    check_text(&policy(changes), expected);
}

#[test]
fn documents_are_checked() {
    check_text("", expect!["Policies must be valid JSON and the first byte must be '{'"]);
    check_text(" {}", expect!["Policies must be valid JSON and the first byte must be '{'"]);
    check_text("[]", expect!["Policies must be valid JSON and the first byte must be '{'"]);
    check_text("{", expect!["This policy contains invalid Json"]);
    check_text("{\"Version\":\"2012-10-17\"}", expect!["Missing required field Statement"]);
    check_text("{\"Statement\":[]}", expect!["Could not parse the policy: Statement is empty!"]);
    check_text("{\"Statement\":[7]}", expect!["Invalid policy syntax."]);
    check_text("{\"Statement\":[],\"Color\":1}", expect!["Unknown field Color"]);
    check_text("{\"Version\":\"2020\",\"Statement\":[]}", expect!["The policy must contain a valid version string"]);
    let deep = format!("{{\"Statement\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    check_text(&deep, expect!["This policy contains invalid Json"]);
    let long = format!("{{{}", " ".repeat(POLICY_BYTES_MAX));
    check_text(&long, expect!["Your policy exceeds the maximum allowed document size."]);
    check_text(&json!({"Statement": statement()}).to_string(), expect!["fine"]);
    check_text(
        &json!({"Id": "x", "Version": "2008-10-17", "Statement": [statement(), statement()]}).to_string(),
        expect!["fine"],
    );
}

#[test]
fn statements_are_checked() {
    check(json!({}), expect!["fine"]);
    check(json!({"Effect": null}), expect!["Missing required field Effect"]);
    check(json!({"Effect": "allow"}), expect!["Invalid effect: allow"]);
    check(json!({"Effect": 1}), expect!["Invalid policy syntax."]);
    check(json!({"Sid": 1}), expect!["Invalid policy syntax."]);
    check(json!({"Color": "red"}), expect!["Unknown field Color"]);
    check(json!({"Action": null}), expect!["Missing required field Action"]);
    check(json!({"Action": []}), expect!["Action cannot be empty"]);
    check(json!({"NotAction": "s3:GetObject"}), expect!["Invalid policy syntax."]);
    check(json!({"Condition": {"StringSame": {"aws:SourceArn": "x"}}}), expect!["Invalid Condition type : StringSame"]);
    check(json!({"Condition": {"StringEquals": "x"}}), expect!["Invalid policy syntax."]);
    check(json!({"Condition": {"StringEquals": {"k": {}}}}), expect!["Invalid policy syntax."]);
    check(json!({"Condition": {"NullIfExists": {"k": "true"}}}), expect!["Invalid Condition type : NullIfExists"]);
    check(
        json!({"Condition": {"NumericLessThanEquals": {"k": 5}, "Bool": {"aws:SecureTransport": false}}}),
        expect!["fine"],
    );
}

#[test]
fn principals_are_checked() {
    check(json!({"Principal": null}), expect!["Missing required field Principal"]);
    for bad in [
        json!("arn:aws:iam::123456789012:root"),
        json!({}),
        json!({"AWS": "me"}),
        json!({"AWS": "12345678901"}),
        json!({"AWS": "arn:aws:iam::123456789012:group/g"}),
        json!({"AWS": "arn:aws:iam::123456789012:user/*"}),
        json!({"AWS": "arn:aws:s3:::bucket"}),
        json!({"Service": "cloudtrail"}),
        json!({"Robot": "x"}),
        json!(["*"]),
    ] {
        check(json!({"Principal": bad}), expect!["Invalid principal in policy"]);
    }
    for good in [
        json!({"AWS": "*"}),
        json!({"AWS": ["123456789012", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:user/a/b"]}),
        json!({"AWS": "arn:aws-cn:iam::123456789012:role/r"}),
        json!({"AWS": "arn:aws:sts::123456789012:assumed-role/r/s"}),
        json!({"AWS": "AIDAAAAAAAAAAAAAAAAAA"}),
        json!({"Service": "cloudtrail.amazonaws.com", "CanonicalUser": "79a59d"}),
    ] {
        check(json!({"Principal": good}), expect!["fine"]);
    }
}

#[test]
fn resources_and_actions_are_those_of_the_bucket() {
    check(json!({"Resource": null}), expect!["Missing required field Resource"]);
    for bad in [json!("arn:aws:s3:::other/*"), json!("logs/*"), json!("*"), json!([]), json!("arn:aws-cn:s3:::logs/*")]
    {
        check(json!({"Resource": bad}), expect!["Policy has invalid resource"]);
    }
    check(json!({"Action": "s3:Fly"}), expect!["Policy has invalid action"]);
    check(json!({"Action": "ec2:RunInstances"}), expect!["Policy has invalid action"]);
    check(json!({"Action": "s3:ListBucket"}), expect!["Action does not apply to any resource(s) in statement"]);
    check(
        json!({"Action": ["s3:GetObject", "s3:ListBucket"]}),
        expect!["Action does not apply to any resource(s) in statement"],
    );
    check(json!({"Resource": "arn:aws:s3:::logs"}), expect!["Action does not apply to any resource(s) in statement"]);
    check(
        json!({"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}),
        expect!["fine"],
    );
    check(json!({"Action": "*", "Resource": "arn:aws:s3:::log*"}), expect!["fine"]);
    check(json!({"Action": "s3:getobject"}), expect!["fine"]);
    check(json!({"Action": null, "NotAction": "s3:ListBucket"}), expect!["fine"]);
}

fn context(pairs: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
    let mut context = BTreeMap::<String, Vec<String>>::new();
    for (key, value) in pairs {
        context.entry((*key).to_owned()).or_default().push((*value).to_owned());
    }
    context
}

fn decide(policy: &str, principal: &PolicyPrincipal, action: &str, resource: &str, pairs: &[(&str, &str)]) -> Decision {
    let policy = Policy::parse(policy).expect("a policy");
    policy.decide(&PolicyRequest { principal, action, resource, context: &context(pairs) })
}

fn cloudtrail() -> PolicyPrincipal {
    PolicyPrincipal::Service("cloudtrail.amazonaws.com".to_owned())
}

fn user(name: &str) -> PolicyPrincipal {
    PolicyPrincipal::Aws {
        account: "123456789012".to_owned(),
        arns: vec![format!("arn:aws:iam::123456789012:user/{name}")],
    }
}

/// The policy that CloudTrail's user guide asks for.
#[test]
fn cloudtrails_own_policy() {
    let trail = "arn:aws:cloudtrail:us-east-1:123456789012:trail/main";
    let text = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "AWSCloudTrailAclCheck20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
         "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::logs", "Condition": {"StringEquals": {"aws:SourceArn": trail}}},
        {"Sid": "AWSCloudTrailWrite20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
         "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/AWSLogs/123456789012/*",
         "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trail}}},
    ]})
    .to_string();
    check_text(&text, expect!["fine"]);
    let key = "arn:aws:s3:::logs/AWSLogs/123456789012/CloudTrail/x";
    let put = |key: &str, pairs: &[(&str, &str)]| decide(&text, &cloudtrail(), "s3:PutObject", key, pairs);
    let full = [("aws:SourceArn", trail), ("s3:x-amz-acl", "bucket-owner-full-control")];
    assert_eq!(put(key, &full), Decision::Allow);
    assert_eq!(put(key, &full[..1]), Decision::Unspecified);
    assert_eq!(put("arn:aws:s3:::logs/AWSLogs/999999999999/x", &full), Decision::Unspecified);
    assert_eq!(decide(&text, &cloudtrail(), "s3:GetBucketAcl", "arn:aws:s3:::logs", &full), Decision::Allow);
    assert_eq!(decide(&text, &cloudtrail(), "s3:GetBucketAcl", "arn:aws:s3:::logs", &[]), Decision::Unspecified);
    assert_eq!(decide(&text, &user("bob"), "s3:GetBucketAcl", "arn:aws:s3:::logs", &full), Decision::Unspecified);
}

#[test]
fn denying_wins() {
    let text = json!({"Statement": [
        statement(),
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/secret/*"},
    ]})
    .to_string();
    let get = |key: &str| decide(&text, &PolicyPrincipal::Anonymous, "s3:GetObject", key, &[]);
    assert_eq!(get("arn:aws:s3:::logs/a"), Decision::Allow);
    assert_eq!(get("arn:aws:s3:::logs/secret/a"), Decision::Deny);
    assert_eq!(get("arn:aws:s3:::other/a"), Decision::Unspecified);
}

#[test]
fn principals_name_callers() {
    let account = PolicyPrincipal::Aws { account: "123456789012".to_owned(), arns: Vec::new() };
    let session = Principal {
        account: "123456789012".parse().expect("valid"),
        kind: PrincipalKind::Session {
            role: "R".to_owned(),
            role_path: "/p/".to_owned(),
            role_id: "AROA".to_owned(),
            session: "s".to_owned(),
            created_at: Timestamp::EPOCH,
        },
    };
    let session = PolicyPrincipal::from(&session);
    let is_allowed = |pattern: Value, caller: &PolicyPrincipal| {
        let text = policy(json!({"Principal": pattern}));
        decide(&text, caller, "s3:GetObject", "arn:aws:s3:::logs/a", &[]) == Decision::Allow
    };
    assert!(is_allowed(json!({"AWS": "123456789012"}), &account));
    assert!(is_allowed(json!({"AWS": "arn:aws:iam::123456789012:root"}), &user("bob")));
    assert!(!is_allowed(json!({"AWS": "999999999999"}), &account));
    assert!(is_allowed(json!({"AWS": "arn:aws:iam::123456789012:user/bob"}), &user("bob")));
    assert!(!is_allowed(json!({"AWS": "arn:aws:iam::123456789012:user/bob"}), &user("eve")));
    assert!(is_allowed(json!({"AWS": "arn:aws:iam::123456789012:role/p/R"}), &session));
    assert!(is_allowed(json!({"AWS": "arn:aws:sts::123456789012:assumed-role/R/s"}), &session));
    assert!(!is_allowed(json!({"AWS": "arn:aws:sts::123456789012:assumed-role/R/t"}), &session));
    assert!(is_allowed(json!({"AWS": "*"}), &PolicyPrincipal::Anonymous));
    assert!(!is_allowed(json!({"AWS": "123456789012"}), &PolicyPrincipal::Anonymous));
    assert!(!is_allowed(json!({"Service": "config.amazonaws.com"}), &cloudtrail()));
    assert!(!is_allowed(json!({"CanonicalUser": "79a59d"}), &account));
    let but_bob = policy(json!({"Principal": null, "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:user/bob"}}));
    let is_spared = |caller: &PolicyPrincipal| {
        decide(&but_bob, caller, "s3:GetObject", "arn:aws:s3:::logs/a", &[]) == Decision::Unspecified
    };
    assert!(is_spared(&user("bob")) && !is_spared(&user("eve")));
}

#[test]
fn negated_lists() {
    let text = policy(json!({"Action": null, "NotAction": ["s3:Delete*", "s3:PutObject"]}));
    let is_allowed = |action: &str| {
        decide(&text, &PolicyPrincipal::Anonymous, action, "arn:aws:s3:::logs/a", &[]) == Decision::Allow
    };
    assert!(is_allowed("s3:GetObject") && !is_allowed("s3:DeleteObject") && !is_allowed("S3:putobject"));
    let text = policy(json!({"Resource": null, "NotResource": "arn:aws:s3:::logs/secret/*"}));
    let is_allowed =
        |resource: &str| decide(&text, &PolicyPrincipal::Anonymous, "s3:GetObject", resource, &[]) == Decision::Allow;
    assert!(is_allowed("arn:aws:s3:::logs/a") && !is_allowed("arn:aws:s3:::logs/secret/a"));
}

fn holds(condition: Value, pairs: &[(&str, &str)]) -> bool {
    let text = policy(json!({"Condition": condition}));
    decide(&text, &PolicyPrincipal::Anonymous, "s3:GetObject", "arn:aws:s3:::logs/a", pairs) == Decision::Allow
}

#[test]
fn operators_compare() {
    for (operator, wanted, actual, expected) in [
        ("StringEquals", json!("a"), "a", true),
        ("StringEquals", json!(["x", "a"]), "a", true),
        ("StringEquals", json!("a*"), "ab", false),
        ("StringNotEquals", json!(["x", "a"]), "a", false),
        ("StringNotEquals", json!("x"), "a", true),
        ("StringEqualsIgnoreCase", json!("ÄA"), "äa", true),
        ("StringNotEqualsIgnoreCase", json!("A"), "a", false),
        ("StringLike", json!("a*c?"), "abbcd", true),
        ("StringNotLike", json!("a*"), "ab", false),
        ("NumericEquals", json!(10), "10.0", true),
        ("NumericNotEquals", json!(10), "11", true),
        ("NumericLessThan", json!("10"), "9.5", true),
        ("NumericLessThanEquals", json!(10), "10", true),
        ("NumericGreaterThan", json!(10), "10", false),
        ("NumericGreaterThanEquals", json!(10), "ten", false),
        ("DateLessThan", json!("2026-01-01T00:00:00Z"), "2025-12-31T23:59:59Z", true),
        ("DateGreaterThan", json!("2026-01-01"), "2026-01-01T00:00:01Z", true),
        ("DateEquals", json!("1767225600"), "2026-01-01T00:00:00Z", true),
        ("DateNotEquals", json!("2026-01-01"), "2026-01-02", true),
        ("Bool", json!(true), "true", true),
        ("Bool", json!("FALSE"), "false", true),
        ("Bool", json!(true), "false", false),
        ("BinaryEquals", json!("QmluYXJ5"), "QmluYXJ5", true),
        ("IpAddress", json!("203.0.113.0/24"), "203.0.113.77", true),
        ("IpAddress", json!("203.0.113.0/24"), "203.0.114.1", false),
        ("IpAddress", json!("203.0.113.7"), "203.0.113.7", true),
        ("IpAddress", json!("0.0.0.0/0"), "9.9.9.9", true),
        ("IpAddress", json!("2001:db8::/32"), "2001:db8:1::1", true),
        ("IpAddress", json!("::/0"), "2001:db8:1::1", true),
        ("IpAddress", json!("::/0"), "9.9.9.9", false),
        ("IpAddress", json!("10.0.0.0/33"), "10.0.0.1", false),
        ("NotIpAddress", json!("203.0.113.0/24"), "203.0.114.1", true),
        (
            "ArnLike",
            json!("arn:aws:cloudtrail:*:123456789012:trail/*"),
            "arn:aws:cloudtrail:eu-west-1:123456789012:trail/a:b",
            true,
        ),
        ("ArnEquals", json!("arn:aws:s3:*:trail/x"), "arn:aws:s3:eu-west-1:1:trail/x", false),
        ("ArnNotLike", json!("arn:aws:sns:*:*:*"), "arn:aws:sns:a:b:c", false),
        ("ArnNotEquals", json!("arn:aws:sns:*:*:*"), "x", true),
    ] {
        assert_eq!(
            holds(json!({operator: {"aws:Key": wanted}}), &[("AWS:key", actual)]),
            expected,
            "{operator} {actual}"
        );
    }
}

#[test]
fn absent_keys() {
    assert!(!holds(json!({"StringEquals": {"k": "a"}}), &[]));
    assert!(holds(json!({"StringEqualsIfExists": {"k": "a"}}), &[]));
    assert!(!holds(json!({"StringEqualsIfExists": {"k": "a"}}), &[("k", "b")]));
    assert!(holds(json!({"StringNotEquals": {"k": "a"}}), &[]));
    assert!(holds(json!({"Null": {"k": "true"}}), &[]));
    assert!(holds(json!({"Null": {"k": false}}), &[("k", "")]));
    assert!(!holds(json!({"Null": {"k": "true"}}), &[("k", "a")]));
    assert!(holds(json!({"ForAllValues:StringEquals": {"k": "a"}}), &[]));
    assert!(!holds(json!({"ForAnyValue:StringEquals": {"k": "a"}}), &[]));
}

#[test]
fn several_values() {
    let two = [("k", "a"), ("k", "b")];
    assert!(holds(json!({"ForAllValues:StringEquals": {"k": ["a", "b", "c"]}}), &two));
    assert!(!holds(json!({"ForAllValues:StringEquals": {"k": ["a", "c"]}}), &two));
    assert!(holds(json!({"ForAnyValue:StringEquals": {"k": ["b", "c"]}}), &two));
    assert!(!holds(json!({"ForAnyValue:StringEquals": {"k": "c"}}), &two));
    assert!(holds(json!({"ForAnyValue:StringNotEquals": {"k": "a"}}), &two));
    assert!(!holds(json!({"ForAllValues:StringNotEquals": {"k": "a"}}), &two));
}

#[test]
fn variables_since_2012() {
    let of = |version: &str| {
        let text =
            policy(json!({"Resource": "arn:aws:s3:::logs/home/${aws:username}/*"})).replace("2012-10-17", version);
        decide(&text, &user("bob"), "s3:GetObject", "arn:aws:s3:::logs/home/bob/x", &[("aws:username", "bob")])
    };
    assert_eq!(of("2012-10-17"), Decision::Allow);
    assert_eq!(of("2008-10-17"), Decision::Unspecified);
    assert!(holds(json!({"StringEquals": {"k": "${other}"}}), &[("k", "v"), ("other", "v")]));
}

proptest! {
    #[test]
    fn no_text_panics(text in r#"[{}\[\],:"\\a*?$ ]{0,60}"#) {
        let _ = Policy::parse(&text);
    }

    #[test]
    fn no_statement_panics(
        action in ".{0,20}", resource in ".{0,20}", principal in ".{0,20}", operator in "(For(All|Any)(Values|Value):)?[A-Za-z]{0,20}",
        value in ".{0,10}",
    ) {
        let text = policy(json!({
            "Action": action, "Resource": resource, "Principal": {"AWS": principal}, "Condition": {operator: {"k": value}},
        }));
        if let Ok(policy) = Policy::parse(&text) {
            let _ = policy.check_bucket("aws", "logs");
            let context = context(&[("k", "v")]);
            let principal = PolicyPrincipal::Anonymous;
            policy.decide(&PolicyRequest { principal: &principal, action: &action, resource: &resource, context: &context });
        }
    }
}

const STORE: &str = "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/01234567-89ab-cdef-0123-456789abcdef";
const CHANNEL: &str = "arn:aws:cloudtrail:us-east-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef";
const DASHBOARD: &str = "arn:aws:cloudtrail:us-east-1:123456789012:dashboard/mine";

type LakeCheck = fn(&Policy, &str) -> Result<(), MalformedPolicy>;

/// Checks a statement that is fine but for its changes.
fn check_lake(check: LakeCheck, arn: &str, base: &Value, changes: Value, expected: Expect) {
    let mut statement = base.clone();
    for (name, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => statement.as_object_mut().expect("an object").remove(name),
            value => statement.as_object_mut().expect("an object").insert(name.clone(), value.clone()),
        };
    }
    let text = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let answer = Policy::parse(&text).and_then(|policy| check(&policy, arn));
    expected.assert_eq(&answer.map_or_else(|error| error.to_string(), |()| "fine".to_owned()));
}

#[test]
fn policies_of_channels() {
    let base = json!({
        "Effect": "Allow", "Principal": {"AWS": ["111111111111", "arn:aws:iam::222222222222:role/r"]},
        "Action": "cloudtrail-data:PutAuditEvents", "Resource": CHANNEL,
        "Condition": {"StringEquals": {"cloudtrail:ExternalId": "secret"}},
    });
    let check = |changes: Value, expected: Expect| check_lake(Policy::check_channel, CHANNEL, &base, changes, expected);
    check(json!({}), expect!["fine"]);
    check(json!({"Condition": null}), expect!["fine"]);
    check(json!({"Effect": "Deny"}), expect!["fine"]);
    check(
        json!({"Action": "cloudtrail:StartQuery"}),
        expect!["The action cloudtrail:StartQuery is not supported here."],
    );
    check(json!({"Action": "*"}), expect!["The action * is not supported here."]);
    check(json!({"Action": null, "NotAction": "s3:GetObject"}), expect!["NotAction is not supported."]);
    check(json!({"Principal": "*"}), expect!["The principals of a channel's policy must be accounts, users or roles."]);
    check(
        json!({"Principal": {"Service": "cloudtrail.amazonaws.com"}}),
        expect!["The principals of a channel's policy must be accounts, users or roles."],
    );
    let many: Vec<_> = (0..51).map(|n| format!("{n:012}")).collect();
    check(json!({"Principal": {"AWS": many}}), expect!["Each statement must name 1 to 50 principals."]);
    check(json!({"Principal": null}), expect!["Missing required field Principal"]);
    check(json!({"Resource": null}), expect!["Missing required field Resource"]);
    check(
        json!({"Resource": "*"}),
        expect![
            "The resource of each statement must be arn:aws:cloudtrail:us-east-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef."
        ],
    );
    check(
        json!({"Condition": {"StringLike": {"cloudtrail:ExternalId": "s*"}}}),
        expect!["The condition operator must be StringEquals."],
    );
    check(
        json!({"Condition": {"StringEquals": {"aws:SourceIp": "1.2.3.4"}}}),
        expect!["The condition key aws:SourceIp is not supported here."],
    );
    let text = json!({"Version": "2012-10-17", "Statement": vec![base.clone(); 21]}).to_string();
    let many = Policy::parse(&text).expect("well formed").check_channel(CHANNEL);
    expect!["The policy can have at most 20 statements."].assert_eq(&many.expect_err("refused").to_string());
    let old = json!({"Version": "2008-10-17", "Statement": base}).to_string();
    let old = Policy::parse(&old).expect("well formed").check_channel(CHANNEL);
    expect!["The policy must have the version 2012-10-17."].assert_eq(&old.expect_err("refused").to_string());
}

#[test]
fn policies_of_stores() {
    let base = json!({
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": ["cloudtrail:StartQuery", "cloudtrail:GetQueryResults", "cloudtrail:getEventDataStore"],
    });
    let check =
        |changes: Value, expected: Expect| check_lake(Policy::check_event_data_store, STORE, &base, changes, expected);
    check(json!({}), expect!["fine"]);
    check(json!({"Resource": STORE}), expect!["fine"]);
    check(
        json!({"Action": "cloudtrail:DeleteEventDataStore"}),
        expect!["The action cloudtrail:DeleteEventDataStore is not supported here."],
    );
    let dashboards = json!({
        "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "cloudtrail:StartQuery",
        "Condition": {"StringLike": {"AWS:SourceArn": [DASHBOARD]}, "StringEquals": {"AWS:SourceAccount": "123456789012"}},
    });
    check(dashboards.clone(), expect!["fine"]);
    let with = |name: &str, value: Value| {
        let mut changed = dashboards.clone();
        changed[name] = value;
        changed
    };
    check(
        with("Action", json!("cloudtrail:GetQueryResults")),
        expect!["The action cloudtrail:GetQueryResults is not supported here."],
    );
    check(
        with("Principal", json!({"Service": "s3.amazonaws.com"})),
        expect!["The only service that can be a principal is cloudtrail.amazonaws.com, by itself."],
    );
    check(
        with("Condition", json!({"ArnLike": {"aws:SourceArn": DASHBOARD}})),
        expect!["The condition operator must be StringEquals or StringLike."],
    );
}

#[test]
fn policies_of_dashboards() {
    let base = json!({
        "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "cloudtrail:StartDashboardRefresh", "Resource": DASHBOARD,
        "Condition": {"StringEquals": {"AWS:SourceArn": DASHBOARD, "AWS:SourceAccount": "123456789012"}},
    });
    let check =
        |changes: Value, expected: Expect| check_lake(Policy::check_dashboard, DASHBOARD, &base, changes, expected);
    check(json!({}), expect!["fine"]);
    check(
        json!({"Principal": {"AWS": "111111111111"}}),
        expect!["The only principal of a dashboard's policy is cloudtrail.amazonaws.com."],
    );
    check(
        json!({"Action": "cloudtrail:StartQuery"}),
        expect!["The action cloudtrail:StartQuery is not supported here."],
    );
}
