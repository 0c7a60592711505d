//! Reading: from a file's last byte to Arrow batches.

mod column;
mod decode;
mod metadata;
mod options;
mod place;
mod projection;
mod reader;
mod rows;
mod scalar;
mod scan;
mod source;
#[allow(dead_code, reason = "predicates are built on it next")]
mod statistics;
mod stream;
#[allow(dead_code, reason = "predicates are built on it next")]
mod stripe;
mod values;
mod zone;

pub use metadata::{Metadata, StripeInfo};
pub use options::ReadOptions;
pub use reader::Reader;
pub use scalar::Scalar;
pub use source::ReadAt;
pub use statistics::ColumnStatistics;
pub use values::{Chunk, ValueMap, ValuePlace, read_chunk};
