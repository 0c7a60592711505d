//! The way through a channel, from events to the stores that it leads to: PutAuditEvents and receivers share it.

use bytes::Bytes;
use opentrail_catalog::{StoreKind, StoredChannel};
use opentrail_intake::IntakeError;
use opentrail_intake::audit::{AuditEvent, Refusal, Way, audit_record};
use opentrail_journal::Category;
use opentrail_model::EventDataStoreCategory;

use crate::app::App;

/// Records of one append: well within what the journal takes at once.
const APPEND_BYTES_MAX: usize = 4 << 20;

/// The stores that take in what comes through a channel now.
pub(crate) async fn destinations(app: &App, stored: &StoredChannel) -> Result<Vec<u128>, opentrail_catalog::Error> {
    let mut stores = Vec::new();
    for arn in &stored.channel.destinations {
        let found = app.catalog.event_data_store(arn).await?;
        let is_open = found.is_some_and(|found| {
            found.store.takes_in() && found.store.category() == EventDataStoreCategory::ActivityAuditLog
        });
        if let Some(StoreKind::EventDataStore(number)) = StoreKind::event_data_store(arn.id()).filter(|_| is_open) {
            stores.push(number);
        }
    }
    Ok(stores)
}

/// Checks events and appends the record of each for each store. Answers, in order, the id that an event was given, or why it
/// was refused; by then the others are durable. After an error some may be kept: the same again makes up for the rest and
/// doubles none.
pub(crate) async fn take(
    app: &App,
    stored: &StoredChannel,
    stores: &[u128],
    events: &[AuditEvent<'_>],
) -> Result<Vec<Result<String, Refusal>>, IntakeError> {
    let arn = &stored.channel.arn;
    let way = Way { channel: arn, at: app.clock.now() };
    let (mut results, mut records) = (Vec::with_capacity(events.len()), Vec::new());
    for event in events {
        let record = if stores.is_empty() { Err(not_subscribed()) } else { audit_record(*event, way) };
        results.push(record.map(|record| {
            records.extend(stores.iter().map(|store| (*store, record.text.clone())));
            record.event_id
        }));
    }
    for batch in batches(records) {
        let _durable = app.recorder.put(&arn.account, &arn.region, Category::ActivityAuditLog, batch).await?;
    }
    note(app, stored, events, &results).await;
    Ok(results)
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

/// Notes how the last events went, for GetChannel.
async fn note(app: &App, stored: &StoredChannel, events: &[AuditEvent<'_>], results: &[Result<String, Refusal>]) {
    let successful = results.iter().rposition(Result::is_ok);
    let refused = results.iter().rposition(Result::is_err);
    let mut latest: Vec<usize> = successful.into_iter().chain(refused).collect();
    latest.sort_unstable();
    let noted = async {
        let mut transaction = app.catalog.begin().await?;
        for index in latest {
            let (event_id, error_code) = match &results[index] {
                Ok(event_id) => (event_id.as_str(), None),
                Err(refusal) => (events[index].id, Some(refusal.code)),
            };
            transaction.note_channel_ingestion(stored.id, app.clock.now(), event_id, error_code).await?;
        }
        transaction.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, channel = stored.channel.arn.id(), "how a channel's events went could not be noted");
    }
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
