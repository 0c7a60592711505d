//! The writer: batches in, stripes out, and at the end the tail that tells where all is.

use super::column::{self, Column};
use super::options::WriterOptions;
use super::statistics::Statistics;
use super::stream::Packer;
use super::stripe::{self, put};
use crate::proto::{CalendarKind, Footer, Metadata, PostScript, StripeInformation, StripeStatistics, UserMetadataItem};
use crate::{Error, schema};
use arrow_array::{RecordBatch, StructArray};
use arrow_schema::{Schema, SchemaRef};
use prost::Message;
use std::fmt;
use std::io::Write;

const MAGIC: &[u8] = b"ORC";
/// The format's version that all readers know.
const FILE_VERSION: [u32; 2] = [0, 12];
/// The Java writer's number. Readers refuse to name a number that they don't know.
const WRITER: u32 = 0;
/// As the Java writer counts its fixes: strings in UTF-8, bloom filters in UTF-8, timestamp statistics in UTC, long
/// string statistics cut.
const WRITER_VERSION: u32 = 8;
/// Rows between two looks at what is buffered.
const SLICE_ROWS: usize = 4096;

/// Writes Arrow batches as an ORC file.
///
/// Row groups and stripes are cut by the options, not by the batches: small batches don't make small stripes.
///
/// After an error the file is lost: every later call fails.
///
/// ```
/// use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
/// use opentrail_orc::{Writer, WriterOptions};
/// use std::sync::Arc;
///
/// let names: ArrayRef = Arc::new(StringArray::from(vec!["RunInstances", "AssumeRole"]));
/// let counts: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), None]));
/// let batch = RecordBatch::try_from_iter([("name", names), ("count", counts)])?;
///
/// let mut writer = Writer::new(Vec::new(), batch.schema(), WriterOptions::default())?;
/// writer.write(&batch)?;
/// let (file, summary) = writer.finish()?;
/// assert_eq!((summary.rows, summary.stripes), (2, 1));
/// assert_eq!(summary.bytes, file.len() as u64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Writer<W> {
    out: W,
    schema: SchemaRef,
    options: WriterOptions,
    footer: Footer,
    stripes: Vec<StripeStatistics>,
    /// Of the file, one for each column.
    statistics: Vec<Statistics>,
    root: Column,
    packer: Packer,
    /// Bytes written.
    offset: u64,
    stripe_rows: usize,
    /// Rows of the row group that is being written.
    group_rows: usize,
    is_lost: bool,
}

/// What a finished file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSummary {
    /// Rows of all stripes.
    pub rows: u64,
    /// The file's length.
    pub bytes: u64,
    /// How many stripes it has.
    pub stripes: usize,
}

impl<W> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Writer");
        out.field("options", &self.options).field("bytes", &self.offset).field("stripe_rows", &self.stripe_rows);
        out.finish_non_exhaustive()
    }
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a type without an ORC kind, `UnknownColumn` and `InvalidOption` for options that don't fit, `Io`
    /// when the file's first bytes can't be written.
    pub fn new(mut out: W, schema: SchemaRef, options: WriterOptions) -> Result<Self, Error> {
        options.check()?;
        let types = schema::to_orc(&schema)?;
        let root = column::build(&schema, &types, &options)?;
        let packer = Packer::new(options.compression, options.compression_block_bytes)?;
        let statistics = vec![Statistics::default(); types.len()];
        put(&mut out, MAGIC)?;
        Ok(Self {
            out,
            schema,
            footer: Footer { types, ..Footer::default() },
            options,
            stripes: Vec::new(),
            statistics,
            root,
            packer,
            offset: MAGIC.len() as u64,
            stripe_rows: 0,
            group_rows: 0,
            is_lost: false,
        })
    }

    /// Appends a batch. Stripes are written as they fill.
    ///
    /// # Errors
    ///
    /// `InvalidBatch` when the batch has other columns than the writer, `InvalidValue` for a value that its ORC type
    /// can't hold, `Io` from the file. The file is lost after any of them, `InvalidBatch` of a wrong schema excepted.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        self.check_not_lost()?;
        check_schema(&self.schema, batch.schema_ref())?;
        self.is_lost = true;
        let rows = StructArray::from(batch.clone());
        let mut at = 0;
        while at < batch.num_rows() {
            let count = SLICE_ROWS.min(self.group_room()).min(batch.num_rows() - at);
            self.write_slice(&rows, at, count)?;
            at += count;
        }
        self.is_lost = false;
        Ok(())
    }

    /// The memory that is held, bytes: about `stripe_bytes`, at most twice as much (buffers grow by doubling), and a block
    /// of each stream.
    pub fn memory_bytes(&self) -> usize {
        self.root.memory_bytes()
    }

    /// Writes what is buffered and the file's tail.
    ///
    /// # Errors
    ///
    /// `Io` from the file, and what an earlier error left. Without an answer of success the file is none.
    pub fn finish(mut self) -> Result<(W, FileSummary), Error> {
        self.check_not_lost()?;
        self.end_stripe()?;
        self.write_tail()?;
        self.out.flush().map_err(|source| Error::io("flush the file", source))?;
        let summary =
            FileSummary { rows: self.footer.number_of_rows(), bytes: self.offset, stripes: self.footer.stripes.len() };
        Ok((self.out, summary))
    }

    fn check_not_lost(&self) -> Result<(), Error> {
        if !self.is_lost {
            return Ok(());
        }
        Err(Error::InvalidBatch { problem: "an earlier batch failed; begin the file anew".to_owned() })
    }

    /// Rows until the row group is full.
    fn group_room(&self) -> usize {
        match self.options.row_index_stride {
            0 => usize::MAX,
            stride => stride - self.group_rows,
        }
    }

    fn write_slice(&mut self, rows: &StructArray, at: usize, count: usize) -> Result<(), Error> {
        if self.group_rows == 0 {
            self.root.begin_group();
        }
        self.root.append(rows, std::slice::from_ref(&(at..at + count)))?;
        self.group_rows += count;
        self.stripe_rows += count;
        self.root.settle(&mut self.packer)?;
        if self.group_room() == 0 {
            self.root.end_group();
            self.group_rows = 0;
        }
        if self.root.buffered_bytes() >= self.options.stripe_bytes {
            self.end_stripe()?;
        }
        Ok(())
    }

    fn end_stripe(&mut self) -> Result<(), Error> {
        if self.stripe_rows == 0 {
            return Ok(());
        }
        if self.group_rows > 0 {
            self.root.end_group();
            self.group_rows = 0;
        }
        let has_index = self.options.row_index_stride > 0;
        let written = stripe::write(&mut self.root, &mut self.packer, has_index, &mut self.out)?;
        self.footer.stripes.push(StripeInformation {
            offset: Some(self.offset),
            index_length: Some(written.index_bytes),
            data_length: Some(written.data_bytes),
            footer_length: Some(written.footer_bytes),
            number_of_rows: Some(self.stripe_rows as u64),
        });
        self.offset += written.index_bytes + written.data_bytes + written.footer_bytes;
        self.footer.number_of_rows = Some(self.footer.number_of_rows() + self.stripe_rows as u64);
        self.stripe_rows = 0;
        self.statistics.iter_mut().zip(&written.statistics).for_each(|(all, stripe)| all.merge(stripe));
        self.stripes
            .push(StripeStatistics { col_stats: written.statistics.iter().map(Statistics::to_proto).collect() });
        Ok(())
    }

    /// Stripe statistics, footer, postscript, and the postscript's length as the last byte.
    fn write_tail(&mut self) -> Result<(), Error> {
        let metadata = Metadata { stripe_stats: std::mem::take(&mut self.stripes) };
        let metadata_bytes = self.put_section(&metadata)?;
        let items = std::mem::take(&mut self.options.metadata).into_iter();
        self.footer.header_length = Some(MAGIC.len() as u64);
        self.footer.content_length = Some(self.offset - metadata_bytes);
        self.footer.number_of_rows = Some(self.footer.number_of_rows());
        self.footer.row_index_stride = Some(self.options.row_index_stride as u32);
        self.footer.writer = Some(WRITER);
        self.footer.calendar = Some(CalendarKind::ProlepticGregorian as i32);
        self.footer.software_version = Some(concat!("opentrail-orc ", env!("CARGO_PKG_VERSION")).to_owned());
        self.footer.statistics = self.statistics.iter().map(Statistics::to_proto).collect();
        self.footer.metadata =
            items.map(|(name, value)| UserMetadataItem { name: Some(name), value: Some(value) }).collect();
        let footer = std::mem::take(&mut self.footer);
        let footer_bytes = self.put_section(&footer)?;
        self.footer = footer;
        let postscript = PostScript {
            footer_length: Some(footer_bytes),
            compression: Some(self.options.compression.kind() as i32),
            compression_block_size: Some(self.options.compression_block_bytes as u64),
            version: FILE_VERSION.to_vec(),
            metadata_length: Some(metadata_bytes),
            writer_version: Some(WRITER_VERSION),
            stripe_statistics_length: None,
            magic: Some("ORC".to_owned()),
        };
        let mut tail = postscript.encode_to_vec();
        tail.push(u8::try_from(tail.len()).expect("a postscript of numbers is below 256 bytes"));
        put(&mut self.out, &tail)?;
        self.offset += tail.len() as u64;
        Ok(())
    }

    fn put_section(&mut self, message: &impl Message) -> Result<u64, Error> {
        let mut section = Vec::new();
        self.packer.section(&message.encode_to_vec(), &mut section)?;
        put(&mut self.out, &section)?;
        self.offset += section.len() as u64;
        Ok(section.len() as u64)
    }
}

/// Names, order and types must agree; nullability and metadata may differ.
fn check_schema(expected: &Schema, actual: &Schema) -> Result<(), Error> {
    if expected.fields().len() != actual.fields().len() {
        let problem = format!("{} columns instead of {}", actual.fields().len(), expected.fields().len());
        return Err(Error::InvalidBatch { problem });
    }
    for (expected, actual) in expected.fields().iter().zip(actual.fields()) {
        if expected.name() != actual.name() || !expected.data_type().equals_datatype(actual.data_type()) {
            let problem = format!(
                "column `{}` of `{}` instead of `{}` of `{}`",
                actual.name(),
                actual.data_type(),
                expected.name(),
                expected.data_type()
            );
            return Err(Error::InvalidBatch { problem });
        }
    }
    Ok(())
}
