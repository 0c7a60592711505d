//! The services on the port.

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod call;
pub(crate) mod cloudtrail;
pub(crate) mod console;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod ops;
pub(crate) mod preview;
pub(crate) mod question;
pub(crate) mod s3;
pub(crate) mod search;
pub(crate) mod sign_in;
pub(crate) mod sts;
pub(crate) mod summary;
pub(crate) mod verification;
