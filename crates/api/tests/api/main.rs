//! CloudTrail's operations from body to body, on a catalog in memory.

mod common;
mod lake;
mod lookup;
mod questions;
mod selectors;
mod service;
mod tags_and_keys;
mod trails;
