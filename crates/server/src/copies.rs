//! Imports into event data stores: their turns, and what is left of them at a start.
//!
//! An import goes through its bucket in the order of keys, some files at a time: read, append, note. The catalog learns how far it
//! is after the records are durable, so that after a crash some files are read again; of their records the store keeps
//! one. A retry, a start after a crash and the try after a fault are one and the same: go on from what the catalog has.

mod files;
mod keys;
mod run;
mod stop;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use opentrail_api::Copies;
use opentrail_blob::{Reader, Sources, split_s3_uri};
use opentrail_catalog::{Catalog, Import};
use opentrail_intake::IntakeError;
use opentrail_stdx::{Backoff, Clock, Entropy};
use tokio::sync::Semaphore;

use self::run::Run;
use self::stop::{Stop, Stops};
use crate::appender::Appender;

/// Imports that copy at once, of all accounts; others wait.
const COPIES_AT_ONCE: u32 = 2;
/// How long an import waits after a fault of ours before it goes on.
const PAUSE: Backoff = Backoff { first: Duration::from_secs(1), max: Duration::from_secs(60) };
/// How long an import is kept after its end.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What imports need.
#[derive(Debug)]
pub(crate) struct CopyParts {
    pub(crate) catalog: Catalog,
    pub(crate) sources: Arc<dyn Sources>,
    pub(crate) appender: Appender,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// Runs imports.
#[derive(Debug, Clone)]
pub(crate) struct CopyDesk(Arc<Desk>);

#[derive(Debug)]
struct Desk {
    parts: CopyParts,
    turns: Semaphore,
    stops: Stops,
}

/// Something of ours failed; it is tried again.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error("the store is too far behind to take more")]
    Behind,
    #[error("a worker thread of the import stopped")]
    Worker(#[from] tokio::task::JoinError),
}

impl CopyDesk {
    /// Goes on with the imports that a crash or a stop cut off, and forgets old ones.
    pub(crate) async fn open(parts: CopyParts) -> anyhow::Result<Self> {
        let (turns, stops) = (Semaphore::new(COPIES_AT_ONCE as usize), Stops::default());
        let desk = Self(Arc::new(Desk { parts, turns, stops }));
        desk.forget().await?;
        for import in desk.0.parts.catalog.active_imports().await? {
            desk.begin(&import);
        }
        Ok(desk)
    }

    /// Forgets imports that ended long ago.
    pub(crate) async fn forget(&self) -> anyhow::Result<()> {
        let mut transaction = self.0.parts.catalog.begin().await?;
        transaction.forget_imports(self.0.parts.clock.now().minus(KEPT)).await?;
        // Commit point: nobody finds them any more.
        Ok(transaction.commit().await?)
    }

    /// Lets no import go on in this process, and waits until none does. The next start takes them up.
    pub(crate) async fn drain(&self) {
        self.0.stops.stop_all();
        let _all = self.0.turns.acquire_many(COPIES_AT_ONCE).await.expect("it is never closed");
    }
}

#[async_trait]
impl Copies for CopyDesk {
    async fn check(&self, import: &Import) -> Result<(), opentrail_blob::Error> {
        let (bucket, prefix) = split_s3_uri(&import.location_uri).unwrap_or_default();
        self.0.parts.sources.list(bucket, prefix, None, &reader(import)).await.map(drop)
    }

    fn begin(&self, import: &Import) {
        let stop = self.0.stops.insert(&import.id, import.run);
        let (desk, id, run) = (Arc::clone(&self.0), import.id.clone(), import.run);
        tokio::spawn(async move { desk.live(&id, run, stop).await });
    }

    fn stop(&self, id: &str) {
        self.0.stops.stop(id);
    }
}

impl Desk {
    /// A run, from its turn to its end or stop.
    async fn live(&self, id: &str, run: i64, mut stop: Stop) {
        let turn = tokio::select! {
            biased;
            () = stop.told() => None,
            turn = self.turns.acquire() => turn.ok(),
        };
        let mut failures = 0;
        while turn.is_some() && !stop.is_told() {
            let Err(error) = self.go_on(id, run, &stop).await else { break };
            failures += 1;
            let pause = PAUSE.delay(failures, self.parts.entropy.as_ref());
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                import = id,
                "an import is held up; it goes on soon"
            );
            tokio::select! {
                biased;
                () = stop.told() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.stops.remove(id, run);
    }

    /// Goes on from what the catalog has.
    async fn go_on(&self, id: &str, run: i64, stop: &Stop) -> Result<(), CopyError> {
        let Some(import) = self.parts.catalog.import(id).await? else { return Ok(()) };
        if import.run != run || !import.status.is_active() {
            return Ok(());
        }
        // It can't be deleted while the import is active.
        let Some(stored) = self.parts.catalog.event_data_store(&import.store).await? else { return Ok(()) };
        Run::new(&self.parts, import, stored.store, stop).go().await
    }
}

/// In whose name the source is read.
fn reader(import: &Import) -> Reader {
    Reader {
        account: import.account.to_string(),
        role_arn: import.role_arn.clone(),
        resource_arn: import.store.to_string(),
        region: import.region.to_string(),
    }
}
