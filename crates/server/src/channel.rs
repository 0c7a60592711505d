//! The way through a channel, from events to the stores that it leads to: PutAuditEvents and receivers share it.

mod known;

use bytes::Bytes;
use opentrail_catalog::StoredChannel;
use opentrail_intake::audit::{AuditEvent, Refusal, Way, audit_record};
use opentrail_intake::{IntakeError, Put};
use opentrail_journal::Category;
use opentrail_model::{ChannelArn, Record};

use crate::app::App;
use crate::ingestions::Outcome;

pub(crate) use self::known::{ChannelError, KnownChannel, KnownChannels};

/// Records of one append: well within what the journal takes at once.
const APPEND_BYTES_MAX: usize = 4 << 20;

/// Events that were checked. Nothing of them is kept yet.
pub(crate) struct Checked {
    /// Of each event, in order, the id that it was given, or why it is refused.
    results: Vec<Result<String, Refusal>>,
    /// The record of each for each store.
    records: Vec<(u128, Bytes)>,
    /// How the last of them went, for GetChannel.
    latest: Vec<Outcome>,
}

/// Checks events, and makes the records of those that can be taken in.
pub(crate) fn check(app: &App, channel: &KnownChannel, events: &[AuditEvent<'_>]) -> Checked {
    let KnownChannel { stored, stores, .. } = channel;
    let way = Way::new(&stored.channel.arn, app.clock.now());
    let (mut results, mut records) = (Vec::with_capacity(events.len()), Vec::new());
    for event in events {
        let record = audit_record(*event, &way);
        let record = record.and_then(|record| if stores.is_empty() { Err(not_subscribed()) } else { Ok(record) });
        results.push(record.map(|record| {
            records.extend(stores.iter().map(|store| (*store, record.text.clone())));
            record.event_id
        }));
    }
    let latest = latest(events, &results);
    Checked { results, records, latest }
}

/// Appends the records of checked events and, where it is known by then, that of the call that brought them, as one batch if
/// the journal takes so much at once. Answers how each event went; by then all that was taken is durable. After an error some
/// may be kept: the same again makes up for the rest and doubles none.
pub(crate) async fn keep(
    app: &App,
    stored: &StoredChannel,
    checked: Checked,
    mut call: Option<Record>,
) -> Result<Vec<Result<String, Refusal>>, IntakeError> {
    let ChannelArn { account, region, .. } = &stored.channel.arn;
    let mut batches = batches(checked.records);
    if batches.is_empty() && call.is_some() {
        batches.push(Vec::new());
    }
    while !batches.is_empty() {
        let records = batches.remove(0);
        let call = if batches.is_empty() { call.take() } else { None };
        let (account, region, category) = (account.clone(), region.clone(), Category::ActivityAuditLog);
        let _durable = app.recorder.put(Put { account, region, category, records }, call).await?;
    }
    app.ingestions.note(stored.id, app.clock.now(), checked.latest);
    Ok(checked.results)
}

fn not_subscribed() -> Refusal {
    let message = "The channel leads to no event data store that takes in events.".to_owned();
    Refusal { code: "AccountNotSubscribed", message }
}

/// Cuts records into appends.
fn batches(records: Vec<(u128, Bytes)>) -> Vec<Vec<(u128, Bytes)>> {
    let (mut batches, mut bytes) = (Vec::new(), usize::MAX);
    for record in records {
        bytes = bytes.saturating_add(record.1.len());
        if bytes > APPEND_BYTES_MAX {
            batches.push(Vec::new());
            bytes = record.1.len();
        }
        if let Some(batch) = batches.last_mut() {
            batch.push(record);
        }
    }
    batches
}

/// How the last events went, the latest last.
fn latest(events: &[AuditEvent<'_>], results: &[Result<String, Refusal>]) -> Vec<Outcome> {
    let successful = results.iter().rposition(Result::is_ok);
    let refused = results.iter().rposition(Result::is_err);
    let mut latest: Vec<usize> = successful.into_iter().chain(refused).collect();
    latest.sort_unstable();
    let outcome = |index: usize| match &results[index] {
        Ok(event_id) => Outcome { event_id: event_id.clone(), error_code: None },
        Err(refusal) => Outcome { event_id: events[index].id.to_owned(), error_code: Some(refusal.code.to_owned()) },
    };
    latest.into_iter().map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_are_bounded() {
        let record = |bytes: usize| (7, Bytes::from(vec![b'x'; bytes]));
        assert!(batches(Vec::new()).is_empty());
        let sizes = |records: Vec<(u128, Bytes)>| batches(records).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(vec![record(1), record(1)]), [2]);
        assert_eq!(sizes(vec![record(APPEND_BYTES_MAX), record(1), record(1)]), [1, 2]);
        assert_eq!(sizes(vec![record(3 << 20); 3]), [1, 1, 1]);
    }
}
