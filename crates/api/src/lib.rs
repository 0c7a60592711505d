//! CloudTrail's operations: what is asked, checked, changed and answered.
//!
//! [`Api`] implements [`opentrail_wire::CloudTrail`]; each operation is one file in [`op`], which opens with what AWS
//! does and how we know it. [`Error`] is the one table from facts to AWS's errors. A [`Caller`] arrives authenticated.
//!
//! What stays out: HTTP and signatures (the server), bytes of requests (wire), rows (catalog), and the record of the
//! call, which the server writes whatever the answer is. An operation that is not listed in [`op`] answers
//! `UnsupportedOperationException` and says so.

mod aggregation;
mod api;
mod caller;
mod channels;
mod dashboards;
mod destinations;
mod error;
mod find;
mod history;
mod imports;
mod insights;
pub mod op;
mod page_token;
mod paging;
mod policies;
mod preflight;
mod preview;
mod queries;
mod selectors;
mod stores;
mod tagging;
mod view;

pub use api::{Api, JournalEnd};
pub use caller::Caller;
pub use error::{Error, ImportError, LakeError, QueryError};
pub use history::History;
pub use imports::Copies;
pub use page_token::Binding;
pub use preview::previewed_selectors;
pub use queries::{Queries, ResultPage, StatementRefused};
