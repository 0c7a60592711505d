//! Reading: from a file's last byte to Arrow batches.

mod column;
mod decode;
mod filter;
pub(crate) mod metadata;
mod options;
mod passage;
mod place;
mod predicate;
mod projection;
mod reader;
mod row_filter;
mod rows;
mod scalar;
pub(crate) mod scan;
pub(crate) mod source;
mod statistics;
mod stream;
mod stripe;
mod values;
mod zone;

pub use metadata::{Metadata, StripeInfo};
pub use options::{ReadOptions, text_dictionary};
pub use predicate::{CompareOp, Predicate, TextPattern};
pub use reader::Reader;
pub use row_filter::RowFilter;
pub use scalar::Scalar;
pub use source::ReadAt;
pub use statistics::ColumnStatistics;
pub use values::{Chunk, ValueMap, ValuePlace, read_chunk};
