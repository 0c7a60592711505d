//! Work that outlives its request, and is waited for at the end.

use std::sync::Arc;
use std::time::Duration;

use opentrail_proxy::Spawn;
use tokio::sync::Semaphore;

/// Most tasks at once; further ones wait for a place.
const TASKS_MAX: u32 = 1 << 16;

/// Starts tasks and knows when all are done.
#[derive(Debug, Clone)]
pub(crate) struct Tasks(Arc<Semaphore>);

impl Default for Tasks {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(TASKS_MAX as usize)))
    }
}

impl Tasks {
    /// A starter for those who may not start tasks themselves.
    pub(crate) fn spawn(&self) -> Spawn {
        let places = Arc::clone(&self.0);
        Spawn::new(move |task| {
            let places = Arc::clone(&places);
            tokio::spawn(async move {
                let _place = places.acquire().await;
                task.await;
            });
        })
    }

    /// Returns when all tasks are done, or after `grace`.
    pub(crate) async fn drain(&self, grace: Duration) {
        if tokio::time::timeout(grace, self.0.acquire_many(TASKS_MAX)).await.is_err() {
            tracing::warn!(?grace, "some calls whose callers had gone could not be recorded in time");
        }
    }
}
