//! `OpenTrail.GetHealth`: how old what each product owes is, what the stores hold, and what is put aside; described in
//! `docs/extensions.md`.

use std::time::Duration;

use opentrail_catalog::StoreKind;
use opentrail_delivery::Snapshot as Delivered;
use opentrail_journal::Health;
use opentrail_lake::{Holding, Snapshot as Kept};
use opentrail_model::AccountId;
use opentrail_stdx::{Tally, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::admin::AdminError;
use crate::app::App;
use crate::gate::Authenticated;

/// What takes longer than it should by so much is behind.
const SLACK: Duration = Duration::from_secs(60);
/// Records are found within a second; under an import it takes a little longer.
const SEARCHABLE_WITHIN: Duration = Duration::from_secs(10);

/// How it stands with a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Behind,
    Failing,
}

/// Something that is made of the records.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Product {
    name: &'static str,
    state: State,
    oldest_age_seconds: u64,
    lag_records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Product {
    /// Failing when there is something to say, behind when the oldest thing it owes is too old.
    fn new(name: &'static str, age: Duration, lag_records: u64, due_within: Duration, message: Option<String>) -> Self {
        let state = match &message {
            Some(_) => State::Failing,
            None if age > due_within => State::Behind,
            None => State::Ok,
        };
        Self { name, state, oldest_age_seconds: age.as_secs(), lag_records, message }
    }
}

/// Answers for the whole server, but tells of the stores and trails of the caller's account only.
pub(crate) async fn answer(app: &App, caller: &Authenticated) -> Result<Value, AdminError> {
    let account = &caller.key().principal.account;
    let (delivered, kept) = app.metrics.snapshots();
    let errors = delivery_errors(app, account).await?;
    let products = [
        journal(app),
        delivery(app, &delivered, errors.log_files),
        digests(app, &delivered, errors.digests),
        lake(app, &kept),
    ];
    Ok(json!({
        "Products": products,
        "Stores": stores(app, account).await?,
        "Quarantine": quarantine(&delivered, &kept),
        "Version": env!("CARGO_PKG_VERSION"),
        "StartedAt": app.started_at.iso_ms(),
    }))
}

fn age(app: &App, since: Option<Timestamp>) -> Duration {
    since.map_or(Duration::ZERO, |since| app.clock.now().since(since))
}

fn journal(app: &App) -> Product {
    let message = match app.journal.health() {
        Health::Ok => None,
        Health::Failing { since, message } => Some(format!("no records were taken since {since}: {message}")),
    };
    let age = age(app, app.journal.stats().oldest_waiting_since);
    Product::new("journal", age, 0, Duration::from_secs(1), message)
}

fn delivery(app: &App, delivered: &Delivered, error: Option<String>) -> Product {
    let lag = app.journal.end().0.saturating_sub(delivered.cursor);
    let due_within = app.config.delivery_interval.value + SLACK;
    Product::new("delivery", age(app, delivered.oldest_undelivered_at()), lag, due_within, error)
}

fn digests(app: &App, delivered: &Delivered, error: Option<String>) -> Product {
    let due_within = app.config.digest_interval.value + app.config.delivery_interval.value + SLACK;
    Product::new("digests", age(app, delivered.owed.oldest_unsealed_at), 0, due_within, error)
}

fn lake(app: &App, kept: &Kept) -> Product {
    let message = match kept.damaged.as_slice() {
        [] => None,
        [one] => Some(format!("the segment {one} can't be read")),
        [one, more @ ..] => Some(format!("the segment {one} and {} more can't be read", more.len())),
    };
    let lag = app.journal.end().0.saturating_sub(kept.consumed);
    Product::new("lake", age(app, kept.oldest_unconsumed_at), lag, SEARCHABLE_WITHIN, message)
}

/// What keeps the trails of an account from their buckets.
#[derive(Debug, Default)]
struct DeliveryErrors {
    log_files: Option<String>,
    digests: Option<String>,
}

async fn delivery_errors(app: &App, account: &AccountId) -> Result<DeliveryErrors, AdminError> {
    let mut errors = DeliveryErrors::default();
    let trails = app.catalog.trails_of_account(account).await?;
    for stored in trails.iter().filter(|stored| stored.trail.is_logging) {
        for (region, status) in app.catalog.trail_statuses(stored.id).await? {
            let tell = |error: String| format!("trail {} in {region}: {error}", stored.trail.arn.name);
            errors.log_files = errors.log_files.or_else(|| status.latest_delivery_error.map(tell));
            errors.digests = errors.digests.or_else(|| status.latest_digest_delivery_error.map(tell));
        }
    }
    Ok(errors)
}

async fn stores(app: &App, account: &AccountId) -> Result<Vec<Value>, AdminError> {
    let named = app.catalog.event_data_stores().await?;
    let name_of = |id: &str| named.iter().find(|it| it.store.arn.id() == id).map(|it| it.store.name.to_string());
    let show = |holding: Holding| {
        let (id, name, kind) = match holding.kind {
            StoreKind::History => ("history".to_owned(), "Event history".to_owned(), "history"),
            StoreKind::EventDataStore(number) => {
                let id = opentrail_model::uuid_text(number);
                let name = name_of(&id).unwrap_or_else(|| id.clone());
                (id, name, "event-data-store")
            }
        };
        let mut shown = json!({
            "Id": id, "Name": name, "Kind": kind, "Events": holding.events, "Bytes": holding.bytes,
            "Segments": holding.segments, "Damaged": holding.damaged,
        });
        if let Some((oldest, newest)) = holding.times {
            shown["OldestTime"] = oldest.iso_ms().into();
            shown["NewestTime"] = newest.iso_ms().into();
        }
        shown
    };
    Ok(app.history.0.holdings(account).into_iter().map(show).collect())
}

/// What was put aside instead of being lost silently, since the start; damaged segments, as long as they are.
fn quarantine(delivered: &Delivered, kept: &Kept) -> Vec<Value> {
    let damaged = Tally { count: kept.damaged.len() as u64, newest: None };
    let rows = [
        ("records that no log file can hold", delivered.records_unreadable),
        ("objects that delivery gave up", delivered.given_up),
        ("records that no store can hold", kept.unstorable),
        ("segments that can't be read", damaged),
        ("imported events whose id another one has", kept.colliding),
        ("events without a time that can be read", kept.undated),
    ];
    rows.into_iter().map(|(name, tally)| quarantined(name, tally)).collect()
}

fn quarantined(name: &str, Tally { count, newest }: Tally) -> Value {
    let mut shown = json!({ "Name": name, "Count": count });
    if let Some(newest) = newest {
        shown["Newest"] = newest.iso_ms().into();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_aside_tells_its_newest() {
        let mut tally = Tally::default();
        assert_eq!(quarantined("x", tally), json!({ "Name": "x", "Count": 0 }));
        tally.add(2, Timestamp::from_secs(1));
        let newest = "1970-01-01T00:00:01.000Z";
        assert_eq!(quarantined("x", tally), json!({ "Name": "x", "Count": 2, "Newest": newest }));
    }

    #[test]
    fn what_fails_is_told_before_what_is_late() {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        let product = |age, message: Option<&str>| Product::new("x", age, 0, minutes(5), message.map(str::to_owned));
        assert_eq!(product(minutes(5), None).state, State::Ok);
        assert_eq!(product(minutes(6), None).state, State::Behind);
        assert_eq!(product(minutes(6), Some("AccessDenied")).state, State::Failing);
    }
}
