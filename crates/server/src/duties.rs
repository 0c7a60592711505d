//! What runs beside the requests.

use std::time::Duration;

use opentrail_delivery::Delivery;
use tokio::sync::watch;

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
