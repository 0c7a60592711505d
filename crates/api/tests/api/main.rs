//! CloudTrail's operations from body to body, on a catalog in memory.

mod channels;
mod common;
mod dashboards;
mod imports;
mod lake;
mod lake_walk;
mod lookup;
mod queries;
mod questions;
mod refreshes;
mod refusals;
mod samples;
mod selectors;
mod service;
mod store_settings;
mod store_walk;
mod stores;
mod tags_and_keys;
mod trails;
