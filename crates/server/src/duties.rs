//! What runs beside the requests.

use std::sync::Arc;
use std::time::Duration;

use opentrail_api::Api;
use opentrail_delivery::Delivery;
use opentrail_journal::Position;
use opentrail_lake::Engine;
use tokio::sync::watch;

use crate::app::App;
use crate::copies::CopyDesk;
use crate::queries::QueryDesk;

/// Looks `every` so often whether something is due, until `stop` turns true, then delivers what was accepted and gives up its state.
///
/// One owner, one loop: a step never overlaps another. A step that fails is tried again at the next tick; what it had
/// staged stays staged.
pub(crate) async fn deliver(mut delivery: Delivery, every: Duration, mut stop: watch::Receiver<bool>) {
    let mut ticker = tokio::time::interval(every);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticker.tick() => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
        if let Err(error) = delivery.tick().await {
            tracing::error!(%error, "a delivery step failed; it is tried again");
        }
    }
    if let Err(error) = delivery.drain().await {
        tracing::warn!(%error, "not everything could be delivered before the stop; the rest follows at the next start");
    }
}

/// How often the lake looks at the clock: for what is old enough to be flushed, merged or dropped.
const LAKE_TICK: Duration = Duration::from_secs(1);

/// Takes what the journal got into the lake as soon as it is durable, until `stop` turns true; then brings all of it to
/// segments.
///
/// A step that fails is tried again at the next tick of the clock, not with the next record.
pub(crate) async fn keep(mut lake: Engine, mut changed: watch::Receiver<Position>, mut stop: watch::Receiver<bool>) {
    let mut ticker = tokio::time::interval(LAKE_TICK);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut has_failed, mut is_behind) = (false, false);
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            () = std::future::ready(()), if is_behind && !has_failed => {}
            Ok(()) = changed.changed(), if !has_failed => {}
            () = lake.built() => {}
            _ = ticker.tick() => has_failed = false,
        }
        match lake.tick().await {
            Ok(report) => is_behind = report.is_behind,
            Err(error) => {
                has_failed = true;
                tracing::error!(%error, source = std::error::Error::source(&error), "a step of the lake failed; it is tried again");
            }
        }
    }
    if let Err(error) = lake.drain().await {
        tracing::warn!(%error, "not everything could be brought to segments before the stop; it is in the journal");
    }
}

/// How often queries and imports are looked through for those that are old.
const FORGET_TICK: Duration = Duration::from_secs(60 * 60);

/// Forgets queries and imports whose time is over, until `stop` turns true.
pub(crate) async fn forget(queries: QueryDesk, copies: CopyDesk, mut stop: watch::Receiver<bool>) {
    let mut ticker = tokio::time::interval(FORGET_TICK);
    loop {
        tokio::select! {
            _ = ticker.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = queries.forget().await {
            tracing::error!(%error, "old queries could not be forgotten; it is tried again");
        }
        if let Err(error) = copies.forget().await {
            tracing::error!(%error, "old imports could not be forgotten; it is tried again");
        }
    }
}

/// How often the catalog learns how the events of channels went.
const NOTE_TICK: Duration = Duration::from_secs(1);

/// Writes how the events of channels went, until `stop` turns true.
pub(crate) async fn note_ingestions(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut ticker = tokio::time::interval(NOTE_TICK);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticker.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        app.ingestions.write(&app.catalog).await;
    }
}

/// How often schedules of dashboards are looked at; they are kept to the minute.
const REFRESH_TICK: Duration = Duration::from_secs(10);

/// Refreshes dashboards by their schedules, until `stop` turns true. What was due while nobody was here is made up for, once.
pub(crate) async fn refresh(api: Api, mut stop: watch::Receiver<bool>) {
    let mut ticker = tokio::time::interval(REFRESH_TICK);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticker.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = api.refresh_due().await {
            tracing::error!(%error, "the schedules of dashboards could not be kept; it is tried again");
        }
    }
}
