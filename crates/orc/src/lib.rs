//! Apache ORC for Arrow: a complete reader and writer in Rust.

#[allow(dead_code, unused_imports, reason = "the reader is built on it next")]
mod compression;
#[allow(dead_code, reason = "the reader is built on it next")]
mod error;
pub mod hash;
mod path;
pub mod proto;
pub mod schema;
mod write;

pub use compression::Compression;
pub use error::Error;
pub use path::ColumnPath;
pub use write::{FileSummary, Writer, WriterOptions};
