//! How a server is put together: the state that requests share.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use opentrail_api::{Api, JournalEnd};
use opentrail_blob::{Buckets, Sources};
use opentrail_catalog::{Catalog, Vault};
use opentrail_delivery::{Delivery, DeliveryParts, FreshKeys};
use opentrail_intake::Recorder;
use opentrail_journal::{Journal, Position};
use opentrail_lake::{Engine, LakeParts};
use opentrail_s3::{EmbeddedBuckets, S3Service};
use opentrail_stdx::{Clock, Disk, Entropy, SystemClock, SystemDisk, SystemEntropy, Timestamp};
use tokio::sync::{Semaphore, watch};

use crate::appender::Appender;
use crate::channel::KnownChannels;
use crate::config::Config;
use crate::copies::{CopyDesk, CopyParts};
use crate::history::LakeHistory;
use crate::imports::{ImportParts, Imports};
use crate::ingestions::Ingestions;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::queries::{QueryBounds, QueryDesk, QueryParts};
use crate::receivers::Receivers;
use crate::recording::{Door, Recording};
use crate::sink::ServiceCalls;
use crate::targets::{self, Chain, ImportSources};

/// What requests share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) catalog: Catalog,
    pub(crate) journal: Journal,
    pub(crate) keys: Keys,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) api: Api,
    pub(crate) s3: S3Service,
    pub(crate) history: LakeHistory,
    /// Turns true when the server has been told to stop; answers that would go on without end then end.
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) imports: Arc<Imports>,
    pub(crate) sources: Arc<dyn Sources>,
    /// The channels that events come through.
    pub(crate) channels: KnownChannels,
    pub(crate) ingestions: Ingestions,
    pub(crate) queries: QueryDesk,
    pub(crate) copies: CopyDesk,
    pub(crate) receivers: Receivers,
    pub(crate) recording: Recording,
    /// The ports, the main one first.
    pub(crate) doors: Vec<Arc<Door>>,
    /// Where the journal ended when this process began: Event history is whole from when the lake has come so far.
    pub(crate) began_at: Position,
    pub(crate) metrics: Metrics,
    /// When this process began.
    pub(crate) started_at: Timestamp,
    /// Who counts many events at the moment: each uses all cores, so that two are enough.
    pub(crate) counting: Semaphore,
    /// Who verifies a trail at the moment: one.
    pub(crate) verifying: Semaphore,
}

/// The state that must be open before anything can be served.
pub(crate) struct Ground {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) catalog: Catalog,
    pub(crate) vault: Vault,
    pub(crate) journal: Journal,
}

impl Ground {
    /// Opens journal, catalog and vault in `dir`. The journal's lock comes first: it keeps a second server out of all.
    pub(crate) async fn open(dir: &Path) -> anyhow::Result<Self> {
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        let disk: Arc<dyn Disk> = Arc::new(SystemDisk);
        disk.create_dir_all(dir).with_context(|| format!("cannot make the data folder `{}`", dir.display()))?;
        let options = opentrail_journal::Options::default();
        let journal = Journal::open(Arc::clone(&disk), dir.join("journal"), options, Arc::clone(&clock))?;
        let vault = Vault::open(disk.as_ref(), &dir.join("master.key"), Arc::clone(&entropy))?;
        let catalog = Catalog::open(&dir.join("catalog.sqlite"), opentrail_catalog::Options::default()).await?;
        Ok(Self { clock, entropy, disk, catalog, vault, journal })
    }
}

#[derive(Debug)]
struct End(Journal);

impl JournalEnd for End {
    fn end(&self) -> u64 {
        self.0.end().0
    }
}

/// The engines, each of which wants one owner.
pub(crate) struct Engines {
    pub(crate) delivery: Delivery,
    pub(crate) lake: Engine,
}

/// Puts the services and the engines on the ground.
pub(crate) async fn assemble(config: Config, ground: Ground) -> anyhow::Result<(Arc<App>, Engines)> {
    let Ground { clock, entropy, disk, catalog, vault, journal } = ground;
    let dir = config.data_dir.value.clone();
    let recorder = Arc::new(Recorder::new(journal.clone(), catalog.clone(), Arc::clone(&clock), Arc::clone(&entropy)));
    let s3 = S3Service::new(
        catalog.clone(),
        Arc::clone(&disk),
        Arc::clone(&clock),
        Arc::clone(&entropy),
        opentrail_s3::Options { dir: dir.join("objects"), domains: config.s3_domains.value.clone() },
    );
    let orphans = s3.collect_orphans().await.context("cannot look through the objects folder")?;
    if orphans > 0 {
        tracing::info!(orphans, "removed bodies of uploads that were cut off by a crash");
    }
    let sink = ServiceCalls { recorder: Arc::clone(&recorder), clock: Arc::clone(&clock) };
    let embedded = EmbeddedBuckets::new(s3.clone(), Arc::new(sink));
    let configured = targets::open(&config.targets.value, &disk)?;
    let chain = Arc::new(Chain { configured, embedded, owner: config.account_id.value.clone() });
    let buckets: Arc<dyn Buckets> = Arc::clone(&chain) as _;
    let sources: Arc<dyn Sources> = Arc::clone(&chain) as _;
    let lake = Engine::open(LakeParts {
        journal: Arc::new(journal.clone()),
        catalog: catalog.clone(),
        disk: Arc::clone(&disk),
        dir: dir.join("lake"),
        clock: Arc::clone(&clock),
        options: lake_options(&config),
    });
    let lake = lake.await.context("cannot open the lake")?;
    let appender = Appender { recorder: Arc::clone(&recorder), lake: lake.lake() };
    let copies = CopyDesk::open(CopyParts {
        catalog: catalog.clone(),
        sources: Arc::new(ImportSources(Arc::clone(&chain))),
        appender: appender.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
    });
    let copies = copies.await.context("cannot go on with imports")?;
    let imports = Imports::open(ImportParts {
        catalog: catalog.clone(),
        appender,
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        disk: Arc::clone(&disk),
        dir: dir.join("incoming"),
    });
    let imports = imports.context("cannot make or clean the folder of incoming files")?;
    let queries = QueryDesk::open(QueryParts {
        catalog: catalog.clone(),
        journal: journal.clone(),
        lake: lake.lake(),
        chain,
        vault: vault.clone(),
        clock: Arc::clone(&clock),
        disk: Arc::clone(&disk),
        dir: dir.join("queries"),
        bounds: query_bounds(&config),
    });
    let queries = queries.await.context("cannot open the folder of query results")?;
    let delivery = Delivery::new(DeliveryParts {
        journal: Arc::new(journal.clone()),
        catalog: catalog.clone(),
        buckets: Arc::clone(&buckets),
        disk,
        staging_dir: dir.join("staging"),
        vault: vault.clone(),
        keys: Arc::new(FreshKeys),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        options: opentrail_delivery::Options {
            delivery_interval: config.delivery_interval.value,
            digest_interval: config.digest_interval.value,
            ..opentrail_delivery::Options::default()
        },
    });
    let history = LakeHistory(lake.lake());
    let api = Api {
        catalog: catalog.clone(),
        buckets,
        journal: Arc::new(End(journal.clone())),
        history: Arc::new(history.clone()),
        queries: Arc::new(queries.clone()),
        copies: Arc::new(copies.clone()),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
    };
    let receivers = Receivers::open(&config.receivers.value, &config.account_id.value, &config.region.value)?;
    let recording = Recording::open(&config.recorder, &config.s3_domains.value, &catalog, &clock).await?;
    let doors = Door::open_all(&config)?;
    let (began_at, started_at) = (journal.end(), clock.now());
    let keys = Keys::load(catalog.clone(), vault).await?;
    let app = App {
        config,
        clock,
        entropy,
        catalog,
        journal,
        keys,
        recorder,
        api,
        s3,
        history,
        stopping: watch::channel(false).0,
        imports,
        sources,
        channels: KnownChannels::default(),
        ingestions: Ingestions::default(),
        queries,
        copies,
        receivers,
        recording,
        doors,
        began_at,
        metrics: Metrics::new(delivery.metrics(), lake.metrics()),
        started_at,
        counting: Semaphore::new(2),
        verifying: Semaphore::new(1),
    };
    Ok((Arc::new(app), Engines { delivery, lake }))
}

fn query_bounds(config: &Config) -> QueryBounds {
    QueryBounds {
        concurrency: config.query_concurrency.value,
        memory_bytes: config.query_memory_bytes.value,
        spill_bytes: config.query_spill_bytes.value,
        timeout: config.query_timeout.value,
    }
}

fn lake_options(config: &Config) -> opentrail_lake::Options {
    let days = |days: u32| Duration::from_secs(24 * 60 * 60) * days;
    opentrail_lake::Options {
        history: days(config.history_days.value),
        imported: days(config.imported_days.value),
        flush_records: config.lake_flush_records.value,
        flush_bytes: config.lake_flush_bytes.value,
        flush_age: config.lake_flush_age.value,
        ..opentrail_lake::Options::default()
    }
}
