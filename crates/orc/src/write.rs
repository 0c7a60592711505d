//! From Arrow batches to a file.
//!
//! A batch goes down the tree of *columns* slice by slice; each column feeds its *streams*, which are compressed block by
//! block. At the end of a row group every encoder ends its runs, so that a row group starts at a byte and its positions
//! need no encoder's state. At the end of a stripe the streams go into the file.

mod bloom;
mod column;
mod dictionary;
mod encode;
mod options;
mod present;
mod statistics;
mod stream;
mod stripe;
mod writer;

pub use options::WriterOptions;
pub use writer::{FileSummary, Writer};
