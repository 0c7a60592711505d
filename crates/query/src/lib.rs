//! SQL in Trino's dialect over stores of records: analysis, functions, execution within bounds. Only this crate knows DataFusion.

#[allow(dead_code, unused_imports, reason = "the analyzer is to use it")]
mod function;
mod table;

pub use table::{StoreTables, Table, Tables};
