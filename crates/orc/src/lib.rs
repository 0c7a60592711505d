//! Apache ORC for Arrow: a complete reader and writer in Rust.

mod compression;
mod error;
pub mod hash;
mod path;
pub mod proto;
mod read;
pub mod schema;
mod write;

pub use compression::Compression;
pub use error::Error;
pub use path::ColumnPath;
pub use read::{
    Chunk, ColumnStatistics, CompareOp, Metadata, Predicate, ReadAt, ReadOptions, Reader, Scalar, StripeInfo, ValueMap,
    ValuePlace, read_chunk,
};
pub use write::{FileSummary, Writer, WriterOptions};
