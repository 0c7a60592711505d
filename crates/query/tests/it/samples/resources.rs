//! What is known of CloudTrail's own events: EC2 and other resources, data events, events with context.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::naive::{Answers, Cell, Rec, Row, groups, some};

const WHO: &str = "userIdentity/arn";

pub(crate) fn answer(a: &mut Answers<'_>) {
    compute(a);
    resources(a);
    data(a);
    s3(a);
    enriched(a);
}

fn done(names: &'static [&'static str]) -> impl Fn(Rec<'_>) -> bool + Copy {
    move |r| r.any("eventName", names) && !r.fails()
}

fn compute(a: &mut Answers<'_>) {
    let is_ec2 = |r: Rec<'_>| r.from("ec2");
    let changes = move |parts: &'static [&'static str]| {
        move |r: Rec<'_>| is_ec2(r) && r.writes() && parts.iter().any(|part| r.named(part))
    };
    a.recent_by("network-rule-changes", changes(&["SecurityGroup", "NetworkAcl"]), |r| {
        let target = r.first(&["requestParameters/groupId", "requestParameters/networkAclId"]);
        vec![r.get("eventTime"), r.get(WHO), r.get("eventName"), target, r.get("errorCode")]
    });
    let opens = done(&["AuthorizeSecurityGroupIngress"]);
    let is_open = |rules: String| rules.contains("\"0.0.0.0/0\"") || rules.contains("\"::/0\"");
    let columns = ["eventTime", WHO, "requestParameters/groupId", "requestParameters/ipPermissions"];
    a.recent("public-ingress", &columns, |r| opens(r) && is_open(r.text("requestParameters/ipPermissions")));
    let names = ["RunInstances", "StartInstances", "StopInstances", "RebootInstances", "TerminateInstances"];
    a.trend("ec2-instance-activity", |r| r.any("eventName", &names), |r| vec![r.get("eventName")]);
    a.trend("ec2-outcome-trend", is_ec2, |r| vec![r.outcome()]);
    a.top("ec2-errors", &["eventName", "errorCode"], |r| is_ec2(r) && r.fails());
    a.top("ec2-denied", &["eventName", WHO], |r| is_ec2(r) && r.denied());
    a.top("ec2-launchers", &[WHO, "awsRegion", "requestParameters/instanceType"], done(&["RunInstances"]));
    let columns = ["eventTime", WHO, "eventName", "awsRegion", "errorCode"];
    a.recent("network-interface-changes", &columns, changes(&["SecurityGroup", "NetworkInterface"]));
    a.recent("vpc-changes", &columns, changes(&["Vpc", "Route", "Subnet", "Gateway"]));
    let columns = ["eventTime", "eventName", "awsRegion", "sourceIPAddress", "errorCode"];
    a.recent("ec2-root-actions", &columns, |r| is_ec2(r) && r.is("userIdentity/type", "Root"));
    let mut stopped: Vec<Row> = Vec::new();
    for r in a.filtered(done(&["StopInstances", "TerminateInstances"])) {
        for item in r.list("requestParameters/instancesSet/items") {
            stopped.push([r.cells(&["eventTime", WHO, "eventName"]), vec![item.get("instanceId")]].concat());
        }
    }
    stopped.sort_by_key(|row| (Reverse(row[0].clone()), row[3].clone()));
    a.put("instance-stoppers", stopped);
    shared(a);
    let is_plain = |r: Rec<'_>| r.is("responseElements/encrypted", "false");
    a.recent_by("unencrypted-volumes", is_plain, |r| {
        let made = r.first(&["responseElements/volumeId", "responseElements/snapshotId"]);
        [r.cells(&["eventTime", WHO, "eventName"]), vec![made]].concat()
    });
    let options = "requestParameters/ModifyInstanceMetadataOptionsRequest";
    let (tokens, instance) = (format!("{options}/HttpTokens"), format!("{options}/InstanceId"));
    a.recent("imds-v1-allowed", &["eventTime", WHO, &instance], |r| !r.fails() && r.is(&tokens, "optional"));
    let columns = ["eventTime", WHO, "eventName", "requestParameters/dBInstanceIdentifier"];
    a.recent("public-databases", &columns, |r| !r.fails() && r.is("requestParameters/publiclyAccessible", "true"));
    a.recent_by("session-manager", done(&["StartSession", "SendCommand"]), |r| {
        let target = r.first(&["requestParameters/target", "requestParameters/instanceIds"]);
        [r.cells(&["eventTime", WHO, "eventName"]), vec![target]].concat()
    });
}

fn shared(a: &mut Answers<'_>) {
    let names = done(&["ModifySnapshotAttribute", "ModifyImageAttribute", "ModifyDBSnapshotAttribute"]);
    a.recent_by("shared-snapshots", names, |r| {
        let first = |names: [&str; 3]| {
            r.first(&names.map(|name| format!("requestParameters/{name}")).each_ref().map(|it| &**it))
        };
        let what = first(["snapshotId", "imageId", "dBSnapshotIdentifier"]);
        let with = first(["createVolumePermission", "launchPermission", "valuesToAdd"]);
        [r.cells(&["eventTime", WHO, "eventName"]), vec![what, with]].concat()
    });
}

fn resources(a: &mut Answers<'_>) {
    let kind = |r: Rec<'_>| some(if r.creates() { "created" } else { "deleted" });
    a.trend("creation-deletion-trend", |r| r.creates() || r.deletes(), |r| vec![kind(r)]);
    a.top("top-creators", &[WHO], |r| r.creates() && r.has_user());
    a.top("creation-apis", &["eventName", "eventSource"], Rec::creates);
    a.top("deletion-apis", &["eventName", "eventSource"], Rec::deletes);
    let by_stack = |r: Rec<'_>| r.is("userIdentity/invokedBy", "cloudformation.amazonaws.com");
    let columns = ["eventTime", WHO, "eventSource", "eventName", "awsRegion"];
    a.recent("outside-cloudformation", &columns, |r| r.creates() && !by_stack(r));
    let columns = ["eventTime", WHO, "eventName", "requestParameters/stackName", "errorCode"];
    a.recent("cloudformation-stacks", &columns, |r| r.from("cloudformation"));
    let mut history: Vec<Row> = Vec::new();
    for r in a.filtered(Rec::writes) {
        for resource in r.list("resources") {
            history.push(vec![r.get("eventTime"), resource.get("ARN"), r.get("eventName"), r.get(WHO)]);
        }
    }
    history.sort_by_key(|row| (Reverse(row[0].clone()), row[1].clone()));
    a.put("resource-history", history);
    let columns = ["eventTime", WHO, "eventName", "requestParameters/functionName"];
    a.recent("lambda-code-changes", &columns, |r| r.from("lambda") && r.writes() && r.named("Function"));
    a.top("tag-changes", &[WHO, "eventSource", "eventName"], done(&["CreateTags"]));
}

fn data(a: &mut Answers<'_>) {
    let is_data = |r: Rec<'_>| r.is("eventCategory", "Data");
    a.trend("data-trend", is_data, |r| vec![r.get("eventSource")]);
    a.top_by("data-services", is_data, |r| vec![r.service()]);
    a.top("data-apis", &["eventName", "eventSource"], is_data);
    a.top("data-regions", &["awsRegion"], is_data);
    a.top("data-throttled", &["eventSource", "eventName"], |r| is_data(r) && r.throttled());
    a.top("data-users", &[WHO], |r| is_data(r) && r.has_user());
    let is_lambda = |r: Rec<'_>| r.data("lambda");
    a.trend("lambda-activity", is_lambda, |r| vec![r.get("eventName")]);
    a.trend("lambda-outcome-trend", is_lambda, |r| vec![r.outcome()]);
    a.top("lambda-users", &[WHO], |r| is_lambda(r) && r.has_user());
    a.top("lambda-functions", &["requestParameters/functionName"], is_lambda);
    a.top("lambda-errors", &["errorCode"], |r| is_lambda(r) && r.fails());
    a.top("lambda-throttled", &[WHO], |r| is_lambda(r) && r.throttled() && r.has_user());
    let is_table = |r: Rec<'_>| r.data("dynamodb");
    a.trend("dynamodb-activity", is_table, |r| vec![r.access()]);
    a.trend("dynamodb-outcome-trend", is_table, |r| vec![r.outcome()]);
    a.top("dynamodb-apis", &["eventName"], is_table);
    a.top("dynamodb-users", &[WHO], |r| is_table(r) && r.has_user());
    a.top("dynamodb-errors", &["errorCode"], |r| is_table(r) && r.fails());
    a.top("dynamodb-throttled-users", &[WHO], |r| is_table(r) && r.throttled() && r.has_user());
    a.top("dynamodb-throttled-apis", &["eventName"], |r| is_table(r) && r.throttled());
    a.top("dynamodb-throttled-tables", &["requestParameters/tableName"], |r| is_table(r) && r.throttled());
}

fn s3(a: &mut Answers<'_>) {
    const BUCKET: &str = "requestParameters/bucketName";
    const KEY: &str = "requestParameters/key";
    let is_object = |r: Rec<'_>| r.data("s3");
    a.trend("s3-activity", is_object, |r| vec![r.access()]);
    a.top("s3-objects", &[BUCKET, KEY], |r| is_object(r) && r.get(KEY).is_some());
    a.top("s3-users", &[WHO], |r| is_object(r) && r.has_user());
    a.top("s3-actions", &["eventName"], is_object);
    a.recent("s3-deletions", &["eventTime", WHO, "eventName", BUCKET, KEY], done(&["DeleteObject"]));
    let reads = |r: Rec<'_>| r.is("eventName", "GetObject") && r.from("s3") && !r.fails();
    let bytes = |found: &[Rec<'_>]| -> Option<u64> {
        let sizes = found.iter().filter_map(|r| r.get("additionalEventData/bytesTransferredOut"));
        sizes.map(|size| size.parse::<u64>().unwrap()).reduce(|a, b| a + b)
    };
    let mut users = groups(a.filtered(reads), |r| r.cells(&[WHO, BUCKET]));
    // NULL last: network activity tells no bytes.
    users.sort_by_key(|(_, found)| (bytes(found).is_none(), Reverse(bytes(found))));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| {
        [key, vec![bytes(&found).map(|sum| sum.to_string()), some(found.len())]].concat()
    };
    let rows = users.into_iter().map(shown).collect();
    a.put("s3-bytes-out", rows);
    let is_anonymous = |r: Rec<'_>| r.from("s3") && r.is("userIdentity/accountId", "anonymous");
    a.top("s3-anonymous", &[BUCKET, "sourceIPAddress"], is_anonymous);
    let columns = ["eventTime", WHO, "eventName", BUCKET];
    a.recent("s3-access-changes", &columns, done(&["PutBucketPolicy", "DeleteBucketPublicAccessBlock"]));
    let columns = ["eventTime", WHO, "eventName", BUCKET, "awsRegion"];
    a.recent("s3-buckets-made", &columns, done(&["CreateBucket", "DeleteBucket"]));
}

fn enriched(a: &mut Answers<'_>) {
    a.trend("enriched-trend", |r| !r.list("eventContext/tagContext/resourceTags").is_empty(), |_| vec![]);
    let (mut by_tag, mut in_use, mut by_principal, mut denied) =
        (Counts::new(), Counts::new(), Counts::new(), Counts::new());
    let (mut principal, mut session, mut request) = (Counts::new(), Counts::new(), Counts::new());
    for r in a.filtered(|_| true) {
        for resource in r.list("eventContext/tagContext/resourceTags") {
            for (key, value) in resource.members("tags") {
                count(&mut by_tag, vec![some(&key), some(&value)]);
                count(&mut in_use, vec![some(&key), some(&value), resource.get("arn"), r.get(WHO)]);
            }
        }
        for (key, value) in r.members("eventContext/tagContext/principalTags") {
            count(&mut by_principal, vec![some(&key), some(&value)]);
            if r.denied() {
                count(&mut denied, vec![some(&key), some(&value), r.get("eventName")]);
            }
        }
        for (key, value) in r.members("eventContext/requestContext") {
            let of = match key.as_str() {
                "aws:PrincipalArn" => &mut principal,
                "aws:MultiFactorAuthPresent" => &mut session,
                _ => &mut request,
            };
            count(of, vec![some(&key), some(&value)]);
        }
    }
    for (id, counts) in [
        ("resource-tags", by_tag),
        ("resource-tags-in-use", in_use),
        ("principal-tags", by_principal),
        ("denied-by-principal-tag", denied),
        ("condition-keys-principal", principal),
        ("condition-keys-session", session),
        ("condition-keys-request", request),
    ] {
        a.put(id, ranked(counts));
    }
}

pub(crate) type Counts = BTreeMap<Row, usize>;

pub(crate) fn count(counts: &mut Counts, key: Vec<Cell>) {
    *counts.entry(key).or_default() += 1;
}

/// The greatest first, then by key, NULL last.
pub(crate) fn ranked(counts: Counts) -> Vec<Row> {
    let mut counts: Vec<(Row, usize)> = counts.into_iter().collect();
    counts.sort_by(|(a, _), (b, _)| super::naive::ascending(a, b));
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.into_iter().map(|(key, count)| [key, vec![some(count)]].concat()).collect()
}
