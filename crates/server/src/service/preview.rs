//! `OpenTrail.PreviewSelectors`: how many of the last events selectors would take; described in `docs/extensions.md`.

use std::time::Duration;

use bytes::Bytes;
use opentrail_lake::{Lake, Lookup};
use opentrail_model::{AccountId, Filter, Routed, Selectors};
use opentrail_stdx::{Clock, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::AdminError;
use crate::app::App;
use crate::gate::Authenticated;

/// The most events that are looked at, newest first.
const EXAMINED_MAX: u64 = 20_000;
/// After so long the rest is not looked at.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Events that are looked at at a time.
const PAGE: usize = 500;
/// The most hours that may be asked for: what Event history keeps.
const HOURS_MAX: u32 = 90 * 24;

/// The request as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PreviewSelectors {
    event_selectors: Option<Value>,
    advanced_event_selectors: Option<Value>,
    hours: Option<u32>,
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Preview {
    matched: u64,
    examined: u64,
    is_cut: bool,
}

/// Counts the events of Event history that the selectors take.
pub(crate) async fn answer(app: &App, body: &Bytes, caller: &Authenticated) -> Result<Value, AdminError> {
    let request: PreviewSelectors = super::admin::parse(body)?;
    let hours = request.hours.unwrap_or(1);
    if !(1..=HOURS_MAX).contains(&hours) {
        return Err(AdminError::Invalid(format!("`Hours` must be from 1 to {HOURS_MAX}")));
    }
    let partition = caller.region().partition();
    let selectors =
        opentrail_api::previewed_selectors(request.event_selectors, request.advanced_event_selectors, partition)?;
    let _turn = app.counting.acquire().await;
    let now = app.clock.now();
    let from = now.minus(Duration::from_secs(60 * 60) * hours);
    let (lake, clock) = (app.history.0.clone(), std::sync::Arc::clone(&app.clock));
    let account = caller.key().principal.account.clone();
    let count = move || count(&lake, &*clock, &account, &selectors, (from, now.plus(TIME_MAX)));
    let preview = tokio::task::spawn_blocking(count).await.map_err(opentrail_lake::Error::from)??;
    Ok(json!({ "Matched": preview.matched, "Examined": preview.examined, "IsExact": !preview.is_cut }))
}

fn count(
    lake: &Lake,
    clock: &dyn Clock,
    account: &AccountId,
    selectors: &Selectors,
    (from, until): (Timestamp, Timestamp),
) -> Result<Preview, opentrail_lake::Error> {
    let mut preview = Preview::default();
    let mut lookup = Lookup { filter: Filter::All, from: Some(from), to: None, after: None, limit: PAGE };
    loop {
        let page = lake.lookup(account, &lookup)?;
        for found in &page.events {
            preview.examined += 1;
            preview.matched += u64::from(Routed::parse(&found.record).is_ok_and(|event| selectors.matches(&event)));
        }
        let Some(next) = page.next else { return Ok(preview) };
        if preview.examined >= EXAMINED_MAX || clock.now() > until {
            return Ok(Preview { is_cut: true, ..preview });
        }
        lookup.after = Some(next);
    }
}
