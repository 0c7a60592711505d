//! Stores of records: a hot tail in memory, ORC segments with lookup indexes below.

#[allow(dead_code, unused_imports, reason = "the engine that uses it is being built")]
mod format;

pub use format::Place;
