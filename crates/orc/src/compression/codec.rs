//! The codecs behind one face. Contexts are kept between chunks: making one costs more than a small chunk.

use super::{CHUNK_HEADER_BYTES, ChunkHeader, Compression, spare};
use crate::Error;
use crate::proto::CompressionKind;
use std::fmt;
use std::io;

/// Compresses chunks, one after the other.
pub(crate) struct Compressor {
    codec: Encoder,
}

enum Encoder {
    None,
    Zlib(flate2::Compress),
    Snappy(Box<snap::raw::Encoder>),
    Lz4,
    Zstd(zstd::bulk::Compressor<'static>),
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compressor").finish_non_exhaustive()
    }
}

impl Compressor {
    pub(crate) fn new(compression: Compression) -> Result<Self, Error> {
        compression.check()?;
        let codec = match compression {
            Compression::None => Encoder::None,
            Compression::Zlib { level } => Encoder::Zlib(flate2::Compress::new(flate2::Compression::new(level), false)),
            Compression::Snappy => Encoder::Snappy(Box::new(snap::raw::Encoder::new())),
            Compression::Lz4 => Encoder::Lz4,
            Compression::Zstd { level } => {
                Encoder::Zstd(zstd::bulk::Compressor::new(level).map_err(|source| Error::io("set up zstd", source))?)
            }
        };
        Ok(Self { codec })
    }

    /// Whether streams are framed in chunks; without a codec they are not.
    pub(crate) fn is_framed(&self) -> bool {
        !matches!(self.codec, Encoder::None)
    }

    /// Appends one chunk, header and all; the bytes as they are when they don't shrink. `raw` is at most a block.
    pub(crate) fn append_chunk(&mut self, raw: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let header_at = out.len();
        let body_at = header_at + CHUNK_HEADER_BYTES;
        out.resize(body_at + self.bound(raw.len()), 0);
        let stored = self.compress(raw, &mut out[body_at..])?.filter(|bytes| *bytes < raw.len());
        let header = match stored {
            Some(bytes) => {
                out.truncate(body_at + bytes);
                ChunkHeader { stored_bytes: bytes as u32, is_original: false }
            }
            None => {
                out.truncate(body_at);
                out.extend_from_slice(raw);
                ChunkHeader { stored_bytes: raw.len() as u32, is_original: true }
            }
        };
        out[header_at..body_at].copy_from_slice(&header.encode());
        Ok(())
    }

    /// Room in which `raw_bytes` can be compressed. Zlib and Zstandard may fail for want of room, which means that the
    /// original is no longer.
    fn bound(&self, raw_bytes: usize) -> usize {
        match &self.codec {
            Encoder::None => 0,
            Encoder::Zlib(_) | Encoder::Zstd(_) => raw_bytes,
            Encoder::Snappy(_) => snap::raw::max_compress_len(raw_bytes),
            Encoder::Lz4 => lz4_flex::block::get_maximum_output_size(raw_bytes),
        }
    }

    /// The compressed length, or nothing when it would not be below the original's.
    fn compress(&mut self, raw: &[u8], out: &mut [u8]) -> Result<Option<usize>, Error> {
        let failed = |error: io::Error| Error::io(format!("compress a chunk of {} bytes", raw.len()), error);
        match &mut self.codec {
            Encoder::None => Ok(None),
            Encoder::Zlib(codec) => {
                codec.reset();
                let status = codec
                    .compress(raw, out, flate2::FlushCompress::Finish)
                    .map_err(|error| failed(io::Error::other(error)))?;
                Ok((status == flate2::Status::StreamEnd).then(|| codec.total_out() as usize))
            }
            Encoder::Snappy(codec) => {
                codec.compress(raw, out).map(Some).map_err(|error| failed(io::Error::other(error)))
            }
            Encoder::Lz4 => {
                lz4_flex::block::compress_into(raw, out).map(Some).map_err(|error| failed(io::Error::other(error)))
            }
            // An error here is want of room: levels and contexts were checked when the compressor was made.
            Encoder::Zstd(codec) => Ok(codec.compress_to_buffer(raw, out).ok()),
        }
    }
}

/// Decompresses the stored bytes of chunks.
pub(crate) struct Decompressor {
    codec: Decoder,
}

enum Decoder {
    None,
    Zlib(flate2::Decompress),
    Snappy(snap::raw::Decoder),
    Lz4,
    Zstd(zstd::bulk::Decompressor<'static>),
}

impl fmt::Debug for Decompressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decompressor").finish_non_exhaustive()
    }
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        if let Decoder::Zstd(context) = std::mem::replace(&mut self.codec, Decoder::None) {
            spare::keep_context(context);
        }
    }
}

impl Decompressor {
    /// A decompressor of the file's codec.
    pub(crate) fn new(kind: CompressionKind) -> Result<Self, Error> {
        let codec = match kind {
            CompressionKind::None => Decoder::None,
            CompressionKind::Zlib => Decoder::Zlib(flate2::Decompress::new(false)),
            CompressionKind::Snappy => Decoder::Snappy(snap::raw::Decoder::new()),
            CompressionKind::Lz4 => Decoder::Lz4,
            CompressionKind::Zstd => {
                Decoder::Zstd(spare::context().map_err(|source| Error::io("set up zstd", source))?)
            }
            other => return Err(Error::unsupported("the file", format!("compression `{other:?}`"))),
        };
        Ok(Self { codec })
    }

    /// Decompresses the stored bytes of a chunk that is not original into `out`, whose length is the bound: the file's
    /// block size. Gives the length, or what is wrong with the bytes.
    pub(crate) fn decompress(&mut self, stored: &[u8], out: &mut [u8]) -> Result<usize, String> {
        match &mut self.codec {
            Decoder::None => Err("a chunk in a file without compression".to_owned()),
            Decoder::Zlib(codec) => {
                codec.reset(false);
                let status = codec
                    .decompress(stored, out, flate2::FlushDecompress::Finish)
                    .map_err(|error| format!("zlib: {error}"))?;
                match status {
                    flate2::Status::StreamEnd => Ok(codec.total_out() as usize),
                    _ => Err(format!("zlib: cut off, or longer than the block of {} bytes", out.len())),
                }
            }
            Decoder::Snappy(codec) => {
                let bytes = snap::raw::decompress_len(stored).map_err(|error| format!("snappy: {error}"))?;
                if bytes > out.len() {
                    return Err(format!("snappy: {bytes} bytes in a block of {}", out.len()));
                }
                codec.decompress(stored, &mut out[..bytes]).map_err(|error| format!("snappy: {error}"))
            }
            Decoder::Lz4 => lz4_flex::block::decompress_into(stored, out).map_err(|error| format!("lz4: {error}")),
            Decoder::Zstd(codec) => codec.decompress_to_buffer(stored, out).map_err(|error| format!("zstd: {error}")),
        }
    }

    /// Decompresses a whole section (a footer, an index), which may hold `bytes_max` at most.
    pub(crate) fn section(&mut self, stored: &[u8], block_bytes: usize, bytes_max: usize) -> Result<Vec<u8>, String> {
        if matches!(self.codec, Decoder::None) {
            return if stored.len() <= bytes_max { Ok(stored.to_vec()) } else { Err(too_large(bytes_max)) };
        }
        let mut out = Vec::new();
        let mut rest = stored;
        while !rest.is_empty() {
            let (header, body) = rest.split_first_chunk().ok_or("a chunk's header is cut off")?;
            let header = ChunkHeader::decode(*header);
            let (chunk, after) = body.split_at_checked(header.stored_bytes as usize).ok_or("a chunk is cut off")?;
            if header.is_original {
                out.extend_from_slice(chunk);
            } else {
                let at = out.len();
                out.resize(at + block_bytes, 0);
                let bytes = self.decompress(chunk, &mut out[at..])?;
                out.truncate(at + bytes);
            }
            if out.len() > bytes_max {
                return Err(too_large(bytes_max));
            }
            rest = after;
        }
        Ok(out)
    }
}

fn too_large(bytes_max: usize) -> String {
    format!("decompresses to more than {bytes_max} bytes")
}
