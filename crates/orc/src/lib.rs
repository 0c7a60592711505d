//! Apache ORC for Arrow: a complete reader and writer in Rust.

#[allow(dead_code, unused_imports, reason = "the writer and the reader are built on it next")]
mod compression;
#[allow(dead_code, reason = "the writer and the reader are built on it next")]
mod error;
pub mod hash;
mod path;
pub mod proto;
pub mod schema;

pub use compression::Compression;
pub use error::Error;
pub use path::ColumnPath;
