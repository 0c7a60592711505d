//! What is known of Insights, configuration items, and events from outside AWS.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::naive::{Answers, Cell, Rec, Row, groups, some};

/// As a double is shown.
fn double(number: f64) -> Cell {
    some(format!("{number:?}"))
}

fn number(record: Rec<'_>, path: &str) -> f64 {
    record.text(path).parse().unwrap()
}

fn highest(numbers: impl Iterator<Item = f64>) -> Cell {
    numbers.reduce(f64::max).and_then(double)
}

pub(crate) fn insights(a: &mut Answers<'_>) {
    let begins = |r: Rec<'_>| r.is("insightState", "Start");
    a.top("insight-types", &["insightType"], begins);
    a.trend("insights-by-date", begins, |r| vec![r.get("insightType")]);
    let of = move |kind: &'static str| move |r: Rec<'_>| begins(r) && r.is("insightType", kind);
    let mut calls =
        groups(a.filtered(of("ApiCallRateInsight")), |r| r.cells(&["insightEventSource", "insightEventName"]));
    calls.sort_by_key(|(_, found)| Reverse(found.len()));
    let top = |found: &[Rec<'_>]| highest(found.iter().map(|r| number(*r, "insightContext/insightAverage")));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), top(&found)]].concat();
    let rows = calls.into_iter().map(shown).collect();
    a.put("insights-call-rate", rows);
    let columns = ["insightEventSource", "insightEventName", "insightErrorCode"];
    a.top("insights-error-rate", &columns, of("ApiErrorRateInsight"));
    let mut users: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for r in a.filtered(|_| true) {
        for attribution in r.list("insightContext/attributions") {
            if attribution.is("attribute", "userIdentityArn") {
                for value in attribution.list("insight") {
                    users.entry(value.text("value")).or_default().push(number(value, "average"));
                }
            }
        }
    }
    let mut users: Vec<_> = users.into_iter().collect();
    users.sort_by_key(|(_, averages)| Reverse(averages.len()));
    let shown =
        |(user, averages): (String, Vec<f64>)| vec![Some(user), some(averages.len()), highest(averages.into_iter())];
    let rows = users.into_iter().map(shown).collect();
    a.put("insights-users", rows);
    a.recent_by(
        "insights-events",
        |_| true,
        |r| {
            let average = |name: &str| double(number(r, &format!("insightContext/{name}")));
            let head = r.cells(&["eventTime", "insightState", "insightType", "insightEventSource", "insightEventName"]);
            [head, vec![average("baselineAverage"), average("insightAverage")]].concat()
        },
    );
}

pub(crate) fn items(a: &mut Answers<'_>) {
    let status = "eventData/configurationItemStatus";
    a.top("configuration-changes", &["eventData/resourceType", status], |_| true);
    let columns = ["eventTime", "eventData/resourceType", "eventData/resourceId", "eventData/awsRegion"];
    a.recent("deleted-resources", &columns, |r| r.text(status).starts_with("ResourceDeleted"));
    let latest =
        groups(a.filtered(|_| true), |r| vec![r.get("eventData/arn")]).into_iter().filter_map(|(key, found)| {
            let last = found.into_iter().max_by_key(|r| r.get("eventTime"))?;
            let row = [key, last.cells(&["eventData/resourceType", "eventTime"])].concat();
            last.get("eventData/tags/owner").is_none().then_some(row)
        });
    let rows = latest.collect();
    a.put("resources-without-owner", rows);
    let mut related: BTreeSet<Row> = BTreeSet::new();
    for r in a.filtered(|_| true) {
        for other in r.list("eventData/relationships") {
            related.insert(
                [vec![r.get("eventData/resourceId")], other.cells(&["name", "resourceType", "resourceId"])].concat(),
            );
        }
    }
    a.put("resource-relationships", related.into_iter().collect());
}

pub(crate) fn audit_events(a: &mut Answers<'_>) {
    let columns = ["eventData/eventSource", "eventData/eventName", "eventData/userIdentity/principalId"];
    a.top("partner-actions", &columns, |_| true);
    let columns = [&["eventTime"], &columns[..], &["eventData/errorCode"]].concat();
    a.recent("partner-failures", &columns, |r| r.get("eventData/errorCode").is_some());
    let mut channels = groups(a.filtered(|_| true), |r| vec![r.get("metadata/channelARN")]);
    channels.sort_by_key(|(_, found)| Reverse(found.len()));
    let last = |found: &[Rec<'_>]| found.iter().filter_map(|r| r.get("eventTime")).max();
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), last(&found)]].concat();
    let rows = channels.into_iter().map(shown).collect();
    a.put("partner-channels", rows);
}
