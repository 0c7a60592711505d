//! Proving what a trail delivered, with public keys only: `opentrail verify` and the server's VerifyTrail are this.
//!
//! A [`Place`] holds the objects; [`examine`] lists them, judges each chain of digests and what it lists, many objects at
//! a time; a [`Report`] tells, and [`hours`] tells it hour by hour. What must be asked of somebody is asked through
//! [`KeySource`] and [`Deliveries`]; whoever wants to watch is a [`Progress`].
//!
//! What is held in memory: the objects under examination ([`Scope::jobs`] of them), some 50 bytes for each log file
//! found, and what the digests of one chain say, about half a kilobyte for each log file they list.
//!
//! An [`Error`] means that nothing was proven, for or against. What is wrong with an object is no error: the report has it.

mod calendar;
mod error;
mod examine;
mod inventory;
mod keys;
mod place;
mod progress;
mod report;
mod scope;
mod survey;

pub use calendar::{Hour, HourStatus, hours};
pub use error::Error;
pub use examine::examine;
pub use keys::{KeySource, RegionKeys};
pub use place::{Objects, Place};
pub use progress::Progress;
pub use report::{Finding, Kind, Report, Tally, UNCOVERED, Verdict};
pub use scope::{Deliveries, Scope, TrailScope};
