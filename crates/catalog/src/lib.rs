//! The control plane's state: what is configured, and how far each product has come.
//!
//! [`Catalog`] is one SQLite database (write-ahead log, every commit synced). Reads are methods of [`Catalog`]; writes
//! are methods of [`Transaction`], which is all or nothing; each stored key has a file of its own. A commit that
//! returned an error may have been kept: [`Error`] says who can mend it, and whoever must know reads again.
//!
//! What stays out: the wire's shapes, the journal's records, and any decision about what a caller may do.

mod access_key;
pub mod bucket;
mod catalog;
mod channel;
mod cursor;
mod dashboard;
mod dashboard_refresh;
pub mod digest;
mod error;
mod event_data_store;
pub mod faulty;
mod import;
mod imported_file;
pub mod log_file;
pub mod object;
mod query;
mod recorded_session;
mod region_seen;
mod resource;
mod resource_policy;
mod revision;
mod rules;
pub mod segment;
pub mod signing_key;
pub mod store;
mod trail;
pub mod trail_status;
mod transaction;
pub mod upload;
pub mod vault;

pub use access_key::AccessKey;
pub use bucket::Bucket;
pub use catalog::{Catalog, Options};
pub use channel::{ChannelIngestion, StoredChannel};
pub use dashboard::StoredDashboard;
pub use dashboard_refresh::DashboardRefresh;
pub use error::Error;
pub use event_data_store::{EventDataStoreRevision, StoredEventDataStore};
pub use import::{
    FailedEntry, FailureStatus, Import, ImportFailure, ImportProgress, ImportRun, ImportStatistics, ImportStatus,
};
pub use imported_file::{ImportSource, ImportedFile};
pub use log_file::LogFile;
pub use query::{Query, QueryCost, QueryDelivery, QueryEnd, QueryList, QueryStatus};
pub use recorded_session::RecordedSession;
pub use segment::{Segment, SegmentOrigin, SegmentState};
pub use signing_key::SigningKey;
pub use store::{Store, StoreKind};
pub use trail::{StoredTrail, TrailRevision};
pub use trail_status::TrailStatus;
pub use transaction::{CommitFaults, Transaction};
pub use vault::{Secret, Vault, VaultError};
