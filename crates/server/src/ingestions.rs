//! How the latest events of channels went, on its way to the catalog.
//!
//! GetChannel tells it. A commit for each request would bound how many requests there can be, so it is kept here for about
//! a second, and written before GetChannel looks. A crash may lose that second; the events themselves are in the journal.

use std::collections::BTreeMap;

use opentrail_catalog::{Catalog, Error};
use opentrail_stdx::Timestamp;
use parking_lot::Mutex;

/// How an event went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The id that it was given, or that it came with.
    pub(crate) event_id: String,
    /// Why it was refused, if it was.
    pub(crate) error_code: Option<String>,
}

/// What the catalog doesn't know yet.
#[derive(Debug, Default)]
pub(crate) struct Ingestions {
    /// Guards, by channel, the latest success and what was refused after it.
    latest: Mutex<BTreeMap<i64, Vec<(Timestamp, Outcome)>>>,
    /// Held by who writes, so that the older is never written after the newer.
    writing: tokio::sync::Mutex<()>,
}

impl Ingestions {
    /// Notes how events of a channel went, the latest last.
    pub(crate) fn note(&self, channel: i64, at: Timestamp, outcomes: Vec<Outcome>) {
        let mut latest = self.latest.lock();
        let of_channel = latest.entry(channel).or_default();
        of_channel.extend(outcomes.into_iter().map(|outcome| (at, outcome)));
        keep_telling(of_channel);
    }

    /// Writes all of it. What can't be written now is written with what comes next.
    pub(crate) async fn write(&self, catalog: &Catalog) {
        let _writing = self.writing.lock().await;
        let unwritten = std::mem::take(&mut *self.latest.lock());
        if unwritten.is_empty() {
            return;
        }
        if let Err(error) = write(catalog, &unwritten).await {
            tracing::warn!(%error, "how the events of channels went could not be noted; it is tried again");
            let mut latest = self.latest.lock();
            for (channel, mut outcomes) in unwritten {
                let of_channel = latest.entry(channel).or_default();
                outcomes.append(of_channel);
                keep_telling(&mut outcomes);
                *of_channel = outcomes;
            }
        }
    }
}

/// Leaves of outcomes the latest success and the latest refusal after it: what came before tells nothing any more.
fn keep_telling(outcomes: &mut Vec<(Timestamp, Outcome)>) {
    if let Some(success) = outcomes.iter().rposition(|(_, outcome)| outcome.error_code.is_none()) {
        outcomes.drain(..success);
    }
    let is_success = outcomes.first().is_some_and(|(_, outcome)| outcome.error_code.is_none());
    let refusals_from = usize::from(is_success);
    if outcomes.len() > refusals_from + 1 {
        outcomes.drain(refusals_from..outcomes.len() - 1);
    }
}

async fn write(catalog: &Catalog, unwritten: &BTreeMap<i64, Vec<(Timestamp, Outcome)>>) -> Result<(), Error> {
    let mut transaction = catalog.begin().await?;
    for (channel, outcomes) in unwritten {
        for (at, Outcome { event_id, error_code }) in outcomes {
            transaction.note_channel_ingestion(*channel, *at, event_id, error_code.as_deref()).await?;
        }
    }
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(noted: &str) -> String {
        let ingestions = Ingestions::default();
        for event_id in noted.chars() {
            let error_code = event_id.is_ascii_lowercase().then(|| "InvalidData".to_owned());
            let outcome = Outcome { event_id: event_id.to_string(), error_code };
            ingestions.note(7, Timestamp::EPOCH, vec![outcome]);
        }
        let latest = ingestions.latest.lock();
        latest[&7].iter().map(|(_, outcome)| outcome.event_id.as_str()).collect()
    }

    #[test]
    fn the_latest_success_and_the_latest_refusal_after_it_are_kept() {
        let check = |noted: &str, expected: &str| assert_eq!(kept(noted), expected, "{noted}");
        // Capitals went well.
        check("A", "A");
        check("AB", "B");
        check("abc", "c");
        check("AbcDef", "Df");
        check("aB", "B");
    }

    #[tokio::test]
    async fn what_could_not_be_written_is_written_with_what_comes_next() {
        let catalog = Catalog::open_in_memory(opentrail_catalog::Options::default()).await.expect("a catalog");
        let ingestions = Ingestions::default();
        let outcome =
            |id: &str, error: Option<&str>| Outcome { event_id: id.to_owned(), error_code: error.map(str::to_owned) };
        ingestions.note(1, Timestamp::EPOCH, vec![outcome("A", None), outcome("b", Some("InvalidData"))]);
        catalog.close().await;
        ingestions.write(&catalog).await;
        ingestions.note(1, Timestamp::from_ms(1), vec![outcome("c", Some("InvalidChecksum"))]);
        let ids: Vec<_> = ingestions.latest.lock()[&1].iter().map(|(_, outcome)| outcome.event_id.clone()).collect();
        assert_eq!(ids, ["A", "c"]);
    }
}
