//! Proving that nothing was altered, with public keys only.
//!
//! [`check_digest`] and [`check_log_file`] judge one object each, so that a caller may judge many at a time; [`link`]
//! then follows the chain from one digest to the one before and tells what is missing; [`Coverage`] tells which times
//! are proven, so that a log file there which no digest lists was added by somebody else.

mod chain;
mod coverage;
mod object;
mod problem;
mod public_keys;

pub use chain::{Finding, Member, Range, link};
pub use coverage::Coverage;
pub use object::{Checked, DigestObject, check_digest, check_log_file};
pub use problem::Problem;
pub use public_keys::{PublicKeys, PublicKeysError};

#[cfg(test)]
mod tests;
