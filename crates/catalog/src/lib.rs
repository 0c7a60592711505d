//! The control plane's state: what is configured, and how far each product has come.
//!
//! [`Catalog`] is one SQLite database (write-ahead log, every commit synced). Reads are methods of [`Catalog`]; writes
//! are methods of [`Transaction`], which is all or nothing; each stored key has a file of its own. A commit that
//! returned an error may have been kept: [`Error`] says who can mend it, and whoever must know reads again.
//!
//! What stays out: the wire's shapes, the journal's records, and any decision about what a caller may do.

mod catalog;
mod error;
mod transaction;
pub mod vault;

pub use catalog::{Catalog, Options};
pub use error::Error;
pub use transaction::{CommitFaults, Transaction};
pub use vault::{Secret, Vault, VaultError};
