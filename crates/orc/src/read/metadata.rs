//! What a file says of itself: schema, stripes, statistics.

use std::fmt;
use std::sync::Arc;

use arrow_schema::{SchemaRef, TimeUnit};
use prost::Message;

use crate::compression::{BLOCK_BYTES, Decompressor};
use crate::proto::{self, CompressionKind, PostScript, Type};
use crate::read::source::{ReadAt, read};
use crate::read::statistics::{ColumnStatistics, Trust};
use crate::read::stream::Framing;
use crate::schema::{column_id, column_paths, to_arrow};
use crate::{ColumnPath, Error};

/// How much of a file's end is read at first: nearly always all that describes it.
pub(crate) const TAIL_BYTES: u64 = 64 * 1024;
/// The longest section that is decompressed, and how much longer than its stored bytes it may be.
const SECTION_BYTES_MAX: usize = 256 * 1024 * 1024;
const SECTION_GROWTH_MAX: usize = 100;

/// What a file says of itself. Cheap to clone.
#[derive(Clone)]
pub struct Metadata(Arc<Facts>);

struct Facts {
    bytes: u64,
    framing: Framing,
    schema: SchemaRef,
    footer: proto::Footer,
    stripes: Vec<StripeInfo>,
    stripe_statistics: Vec<proto::StripeStatistics>,
    paths: Vec<Arc<str>>,
    version: Vec<u32>,
    writer_version: u32,
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts { bytes, framing, stripes, .. } = &*self.0;
        f.debug_struct("Metadata")
            .field("bytes", bytes)
            .field("rows", &self.rows())
            .field("framing", framing)
            .field("stripes", stripes)
            .finish()
    }
}

/// Where a stripe is, and what is in it. Lengths in bytes as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeInfo {
    /// From the begin of the file.
    pub offset: u64,
    /// Of row indexes and bloom filters.
    pub index_bytes: u64,
    /// Of the values.
    pub data_bytes: u64,
    /// Of the stripe's footer.
    pub footer_bytes: u64,
    /// Rows, not bytes.
    pub rows: u64,
}

impl Metadata {
    /// Reads the end of a file, once or twice.
    ///
    /// # Errors
    ///
    /// `Corrupt` when the file is none, is cut off, or contradicts itself; `Unsupported` when it is encrypted or of a
    /// later format.
    pub fn read(file: &dyn ReadAt) -> Result<Metadata, Error> {
        let bytes = file.bytes().map_err(|source| Error::io("read the file's length", source))?;
        let tail = read(file, bytes.saturating_sub(TAIL_BYTES)..bytes)?;
        match Metadata::of_tail(bytes, &tail)? {
            Tail::Whole(metadata) => Ok(metadata),
            Tail::Needs(more) => match Metadata::of_tail(bytes, &read(file, bytes - more..bytes)?)? {
                Tail::Whole(metadata) => Ok(metadata),
                Tail::Needs(_) => Err(Error::corrupt("postscript", "it asks for ever more bytes")),
            },
        }
    }

    /// Reads the metadata from the last bytes of a file, if they are enough.
    pub(crate) fn of_tail(bytes: u64, tail: &[u8]) -> Result<Tail, Error> {
        let (postscript, postscript_bytes) = postscript(tail)?;
        let framing = framing(&postscript)?;
        let (footer, statistics) = (postscript.footer_length(), postscript.metadata_length());
        let sections = footer.checked_add(statistics).and_then(|sum| sum.checked_add(postscript_bytes));
        let Some(sections) = sections.filter(|sections| *sections <= bytes) else {
            let problem = format!("a footer of {footer} and statistics of {statistics} bytes in a file of {bytes}");
            return Err(Error::corrupt("postscript", problem));
        };
        if sections > tail.len() as u64 {
            return Ok(Tail::Needs(sections));
        }
        let sections = &tail[tail.len() - sections as usize..tail.len() - postscript_bytes as usize];
        let (statistics, footer) = sections.split_at(statistics as usize);
        let footer: proto::Footer = message("footer", footer, framing)?;
        let statistics: proto::Metadata = message("stripe statistics", statistics, framing)?;
        Facts::new(bytes, framing, postscript, footer, statistics).map(|facts| Tail::Whole(Metadata(Arc::new(facts))))
    }

    /// How many rows the file has.
    pub fn rows(&self) -> u64 {
        self.0.footer.number_of_rows()
    }

    /// The file's length.
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// The Arrow schema of the whole file, with timestamps in nanoseconds.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.0.schema)
    }

    /// The type tree in preorder; the root is 0.
    pub fn types(&self) -> &[Type] {
        &self.0.footer.types
    }

    /// The codec of the file.
    pub fn compression(&self) -> CompressionKind {
        self.0.framing.codec
    }

    /// The most bytes that a compressed chunk holds; 0 without compression.
    pub fn compression_block_bytes(&self) -> usize {
        self.0.framing.block_bytes
    }

    /// The stripes, in the order of the file.
    pub fn stripes(&self) -> &[StripeInfo] {
        &self.0.stripes
    }

    /// How many rows a row group has; nothing when the file has no row indexes.
    pub fn row_index_stride(&self) -> Option<u32> {
        self.0.footer.row_index_stride.filter(|stride| *stride > 0)
    }

    /// The version of the format, as `[0, 12]`.
    pub fn format_version(&self) -> &[u32] {
        &self.0.version
    }

    /// Which fixes the writer had. Each implementation counts for itself, see [`Metadata::writer`].
    pub fn writer_version(&self) -> u32 {
        self.0.writer_version
    }

    /// Who wrote the file: 0 Java, 1 C++, 2 Presto, 3 Go, 4 Trino, 5 CUDF.
    pub fn writer(&self) -> u32 {
        self.0.footer.writer()
    }

    /// The user's own entries, in the order of the file.
    pub fn user_metadata(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.footer.metadata.iter().map(|item| (item.name(), item.value()))
    }

    /// What is known of a column's values in the whole file.
    pub fn file_statistics(&self, column: &ColumnPath) -> Option<ColumnStatistics> {
        let id = column_id(self.types(), column)?;
        self.statistics_of_file(id)
    }

    /// What is known of a column's values in a stripe.
    pub fn stripe_statistics(&self, stripe: usize, column: &ColumnPath) -> Option<ColumnStatistics> {
        let id = column_id(self.types(), column)?;
        self.statistics_of_stripe(stripe, id)
    }

    pub(crate) fn statistics_of_file(&self, id: u32) -> Option<ColumnStatistics> {
        let statistics = self.0.footer.statistics.get(id as usize)?;
        Some(ColumnStatistics::of(statistics, self.trust()))
    }

    pub(crate) fn statistics_of_stripe(&self, stripe: usize, id: u32) -> Option<ColumnStatistics> {
        let statistics = self.0.stripe_statistics.get(stripe)?.col_stats.get(id as usize)?;
        Some(ColumnStatistics::of(statistics, self.trust()))
    }

    /// How many row groups a stripe has; one without row indexes.
    pub(crate) fn row_groups(&self, stripe: usize) -> u64 {
        self.row_index_stride().map_or(1, |stride| self.0.stripes[stripe].rows.div_ceil(u64::from(stride)))
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::of(self.writer(), self.0.writer_version)
    }

    pub(crate) fn framing(&self) -> Framing {
        self.0.framing
    }

    /// The path of a column, for messages.
    pub(crate) fn path(&self, id: u32) -> Arc<str> {
        self.0.paths.get(id as usize).map_or_else(|| Arc::from("?"), Arc::clone)
    }

    /// The Arrow schema of the whole file with timestamps of a unit.
    pub(crate) fn schema_with(&self, timestamps: TimeUnit) -> Result<SchemaRef, Error> {
        if timestamps == TimeUnit::Nanosecond {
            return Ok(self.schema());
        }
        to_arrow(self.types(), timestamps).map(Arc::new)
    }
}

/// What the last bytes of a file were good for.
#[derive(Debug)]
pub(crate) enum Tail {
    Whole(Metadata),
    /// The last so many bytes are needed.
    Needs(u64),
}

impl Facts {
    fn new(
        bytes: u64,
        framing: Framing,
        postscript: PostScript,
        footer: proto::Footer,
        statistics: proto::Metadata,
    ) -> Result<Facts, Error> {
        if footer.encryption.is_some() {
            return Err(Error::unsupported("footer", "encryption"));
        }
        let schema = Arc::new(to_arrow(&footer.types, TimeUnit::Nanosecond)?);
        let stripes = stripes(&footer, bytes)?;
        let paths = column_paths(&footer.types).iter().map(|path| path.to_string().into()).collect();
        let writer_version = postscript.writer_version();
        let stripe_statistics = statistics.stripe_stats;
        Ok(Facts {
            bytes,
            framing,
            schema,
            footer,
            stripes,
            stripe_statistics,
            paths,
            version: postscript.version,
            writer_version,
        })
    }
}

/// The postscript and how many bytes it takes with its length.
fn postscript(tail: &[u8]) -> Result<(PostScript, u64), Error> {
    let corrupt = |problem: String| Error::corrupt("postscript", problem);
    let Some((&length, before)) = tail.split_last() else { return Err(corrupt("an empty file".to_owned())) };
    let Some(from) = before.len().checked_sub(usize::from(length)) else {
        return Err(corrupt(format!("{length} bytes in a file of {}", tail.len())));
    };
    let postscript =
        PostScript::decode(&before[from..]).map_err(|error| corrupt(format!("not an ORC file: {error}")))?;
    // Writers before Hive 0.12 have the magic only at the file's begin.
    if postscript.magic.as_deref().is_some_and(|magic| magic != "ORC") || postscript.footer_length.is_none() {
        return Err(corrupt("not an ORC file".to_owned()));
    }
    if !matches!(postscript.version[..], [] | [0, ..]) {
        let version: Vec<String> = postscript.version.iter().map(u32::to_string).collect();
        return Err(Error::unsupported("postscript", format!("format version {}", version.join("."))));
    }
    Ok((postscript, u64::from(length) + 1))
}

fn framing(postscript: &PostScript) -> Result<Framing, Error> {
    let stored = postscript.compression.unwrap_or_default();
    let Ok(codec) = CompressionKind::try_from(stored) else {
        return Err(Error::unsupported("postscript", format!("compression {stored}")));
    };
    if codec == CompressionKind::None {
        return Ok(Framing { codec, block_bytes: 0 });
    }
    // Finds the codecs that this crate doesn't have before any data is read.
    Decompressor::new(codec)?;
    let block = postscript.compression_block_size.unwrap_or(256 * 1024);
    match usize::try_from(block) {
        Ok(block_bytes) if block_bytes <= BLOCK_BYTES.end() + 1 => Ok(Framing { codec, block_bytes }),
        _ => Err(Error::corrupt("postscript", format!("compression blocks of {block} bytes"))),
    }
}

/// Decompresses and decodes a section.
pub(crate) fn message<M: Message + Default>(place: &str, stored: &[u8], framing: Framing) -> Result<M, Error> {
    let bytes_max = SECTION_BYTES_MAX.min(stored.len().saturating_mul(SECTION_GROWTH_MAX).saturating_add(1 << 20));
    let bytes = Decompressor::new(framing.codec)?.section(stored, framing.block_bytes, bytes_max);
    let bytes = bytes.map_err(|problem| Error::corrupt(place, problem))?;
    M::decode(bytes.as_slice()).map_err(|error| Error::corrupt(place, error.to_string()))
}

fn stripes(footer: &proto::Footer, bytes: u64) -> Result<Vec<StripeInfo>, Error> {
    let mut stripes = Vec::with_capacity(footer.stripes.len());
    let mut rows = 0u64;
    for (at, stored) in footer.stripes.iter().enumerate() {
        let stripe = StripeInfo {
            offset: stored.offset(),
            index_bytes: stored.index_length(),
            data_bytes: stored.data_length(),
            footer_bytes: stored.footer_length(),
            rows: stored.number_of_rows(),
        };
        let lengths = [stripe.index_bytes, stripe.data_bytes, stripe.footer_bytes];
        let end = lengths.iter().try_fold(stripe.offset, |end, length| end.checked_add(*length));
        if end.is_none_or(|end| end > bytes) {
            return Err(Error::corrupt("footer", format!("stripe {at} goes beyond the file's {bytes} bytes")));
        }
        rows = rows.saturating_add(stripe.rows);
        stripes.push(stripe);
    }
    if rows != footer.number_of_rows() {
        return Err(Error::corrupt(
            "footer",
            format!("{rows} rows in stripes, {} in the file", footer.number_of_rows()),
        ));
    }
    Ok(stripes)
}
