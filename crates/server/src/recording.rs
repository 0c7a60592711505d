//! The recorder: calls that go to an upstream, and the records of them.
//!
//! A `Door` is a port with what stands behind it. `routing::route` tells whether a request goes to an upstream;
//! `pass::answer` is its way there and back. The answer is whole for its caller only when the record is durable.

mod checked;
mod door;
mod observe;
mod pass;
mod peek;
mod refuse;
mod routing;
mod sessions;
mod settings;
mod tasks;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use opentrail_proxy::Spawn;
use opentrail_recorder::Mapping;
use opentrail_services::Services;

pub(crate) use door::Door;
pub(crate) use pass::answer;
pub(crate) use routing::route;
pub(crate) use sessions::LearntSessions;
pub(crate) use settings::validate;
pub use settings::{ListenerSettings, RecorderFail, RecorderSettings, UpstreamSettings};
pub(crate) use tasks::Tasks;

/// What all calls that go to upstreams share.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) services: Services,
    pub(crate) mapping: Mapping,
    pub(crate) sessions: LearntSessions,
    pub(crate) fail: RecorderFail,
    /// Records that are made after their caller went away.
    pub(crate) tasks: Tasks,
    /// Calls that passed although they could not be recorded.
    pub(crate) unrecorded: AtomicU64,
}

/// Starts what drives connections to upstreams; it ends with them.
pub(crate) fn connections() -> Spawn {
    Spawn::new(|task| drop(tokio::spawn(task)))
}

impl Recording {
    /// Notes a call that passed without a record.
    pub(crate) fn note_unrecorded(&self) {
        self.unrecorded.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    /// Reads the mapping file, and goes on with the sessions that are known.
    pub(crate) async fn open(
        settings: &RecorderSettings,
        s3_domains: &[String],
        catalog: &opentrail_catalog::Catalog,
        clock: &Arc<dyn opentrail_stdx::Clock>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            services: Services::embedded().with_s3_domains(s3_domains.iter().cloned()),
            mapping: settings.mapping(clock.now())?,
            sessions: LearntSessions::load(catalog.clone(), Arc::clone(clock)).await?,
            fail: settings.fail,
            tasks: Tasks::default(),
            unrecorded: AtomicU64::new(0),
        })
    }
}
