//! The commands that are clients of a server, or of its files alone.
//!
//! A [`Connection`] says where the server is and who we are: from the data folder of a server on this machine, or from
//! the `AWS_…` variables that `opentrail env` prints. Data goes to stdout, talk to stderr.
//!
//! This crate knows the public API and the formats of delivered files; it never opens a server's journal or catalog.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what commands are for")]

pub mod connection;
pub mod env;
pub mod import;
pub mod key;
pub mod lookup;
pub mod query;
pub mod samples;
mod time;
pub mod verify;

pub use connection::{Connection, ConnectionArgs};
