//! Apache ORC for Arrow: a complete reader and writer in Rust.
//!
//! [`Writer`] turns record batches into a file: nested types, dictionaries where they pay, statistics, row indexes and
//! bloom filters, compressed stripes. [`Reader`] turns a file (of any writer) into record batches: some columns or parts of
//! them, some stripes, and of those only the row groups and rows that a [`Predicate`] can want. [`Metadata`] is what is
//! known of a file without reading its rows; it can be kept and used for many readers.
//!
//! An [`Error`] tells who acts: `Corrupt` names the place in the file, which must be made anew; `Unsupported` and the
//! `Invalid…` ones are the caller's to mend; `Io` comes from below. No file makes this crate panic, recurse without
//! end or allocate by a number that it names.
//!
//! ```
//! use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
//! use opentrail_orc::{CompareOp, Metadata, Predicate, ReadOptions, Reader, RowFilter, Scalar, TextPattern, Writer, WriterOptions};
//! use std::sync::Arc;
//!
//! let names: ArrayRef = Arc::new(StringArray::from(vec![Some("RunInstances"), None, Some("AssumeRole")]));
//! let sizes: ArrayRef = Arc::new(Int64Array::from(vec![3, 4, 5]));
//! let batch = RecordBatch::try_from_iter_with_nullable([("name", names, true), ("size", sizes, true)])?;
//!
//! let options = WriterOptions { bloom_columns: vec!["name".into()], ..WriterOptions::default() };
//! let mut writer = Writer::new(Vec::new(), batch.schema(), options)?;
//! writer.write(&batch)?;
//! let (file, _summary) = writer.finish()?;
//!
//! let metadata = Metadata::read(&file)?;
//! assert_eq!(metadata.rows(), 3);
//! let options = ReadOptions {
//!     predicate: Some(Predicate::compare("name", CompareOp::Eq, Scalar::Text("AssumeRole".to_owned()))),
//!     exact: true,
//!     ..ReadOptions::default()
//! };
//! let found: Vec<RecordBatch> = Reader::new(file, metadata, options)?.collect::<Result<_, _>>()?;
//! assert_eq!(found[0].num_rows(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Synchronous and without threads: whoever calls decides where the work is done. What is out: column encryption, the
//! geometry kind's meaning (its bytes are read), and writing anything but version 0.12 of the format.

mod compression;
mod error;
pub mod hash;
#[cfg(feature = "object_store")]
pub mod object_store;
mod path;
pub mod proto;
mod read;
pub mod schema;
mod write;

pub use compression::Compression;
pub use error::Error;
pub use path::ColumnPath;
pub use read::{
    Chunk, ColumnStatistics, CompareOp, Metadata, Predicate, ReadAt, ReadOptions, Reader, RowFilter, Scalar,
    StripeInfo, TextPattern, ValueMap, ValuePlace, read_chunk, text_dictionary,
};
pub use write::{FileSummary, Writer, WriterOptions};

// The README's examples are tests too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
