//! Bodies in `aws-chunked` encoding (Amazon S3 API Reference, "Transferring Payload in Multiple Chunks").
//!
//! ```text
//! signed     10000;chunk-signature=<64 hex>\r\n <65536 bytes> \r\n … 0;chunk-signature=<64 hex>\r\n \r\n
//! trailed    10000\r\n <65536 bytes> \r\n … 0\r\n x-amz-checksum-crc32:<base64>\r\n \r\n
//! both       … 0;chunk-signature=<64 hex>\r\n x-amz-checksum-crc32:<base64>\r\n x-amz-trailer-signature:<64 hex>\r\n \r\n
//! ```
//!
//! [`Decoder`] is a state machine that is pushed: it never waits, copies no data, and keeps at most one line and the
//! trailers. What it gives out is provisional until [`Decoder::finish`] has agreed, because the signature of a chunk can
//! only be checked at its end.

use aws_lc_rs::digest;
use bytes::Bytes;

use crate::keys::{SigningKey, equal, sha256_hex};

/// The longest line that starts a chunk, extensions included.
const LINE_BYTES_MAX: usize = 512;
/// All trailers together.
const TRAILER_BYTES_MAX: usize = 16 * 1024;
/// Every chunk but the last holds as much.
const CHUNK_BYTES_MIN: u64 = 8192;

/// Why chunks were refused. Whatever was decoded before must be thrown away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A chunk or the trailers aren't signed with the key of the request.
    #[error("chunk signature does not match")]
    Signature,
    /// A chunk that isn't the last is smaller than 8192 bytes.
    #[error("only the last chunk may be smaller than 8192 bytes")]
    TooSmall,
    /// A chunk doesn't start with its size and, where chunks are signed, its signature, or doesn't end in CRLF.
    #[error("chunk is not framed as `<size>[;chunk-signature=<hex>]`, data, CRLF")]
    Header,
    /// The trailers aren't those that `x-amz-trailer` announced, or aren't `name:value`.
    #[error("trailers are malformed or not those of `x-amz-trailer`")]
    Trailer,
    /// Bytes after the end.
    #[error("bytes follow the last chunk")]
    AfterEnd,
    /// The body ended within a chunk or before the last one.
    #[error("body ended before its last chunk")]
    Truncated,
    /// More or fewer bytes than `x-amz-decoded-content-length`.
    #[error("decoded {decoded} bytes, `x-amz-decoded-content-length` says {expected}")]
    Length {
        /// What the header says.
        expected: u64,
        /// What the chunks hold, as far as it was read.
        decoded: u64,
    },
}

/// What the headers of the request say about its chunks.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) decoded_bytes: u64,
    /// Names in lower case.
    pub(crate) trailers: Vec<String>,
    /// Whether trailers follow the last chunk.
    pub(crate) trailed: bool,
    /// Where chunks are signed.
    pub(crate) seed: Option<Seed>,
}

/// The start of the chain of chunk signatures.
#[derive(Debug)]
pub(crate) struct Seed {
    pub(crate) key: SigningKey,
    pub(crate) signed_at: String,
    pub(crate) scope: String,
    /// The signature before the next one; at first, that of the request.
    pub(crate) signature: String,
}

/// Takes the chunks off a body and checks them.
#[derive(Debug)]
pub struct Decoder {
    plan: Plan,
    state: State,
    line: Vec<u8>,
    /// All data so far.
    decoded_bytes: u64,
    /// Size of the chunk before this one.
    previous_bytes: Option<u64>,
    chunk: Chunk,
    trailers: Vec<(String, String)>,
    trailer_bytes: usize,
    trailer_signature: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// In the line that starts a chunk.
    Header,
    /// In a chunk's data.
    Data {
        left_bytes: u64,
    },
    /// In the line end after a chunk's data.
    DataEnd,
    /// In the lines after the last chunk.
    Trailer,
    Done,
    Broken(Error),
}

/// The chunk that is being read.
struct Chunk {
    size_bytes: u64,
    signature: String,
    hash: digest::Context,
}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chunk").field("size_bytes", &self.size_bytes).finish_non_exhaustive()
    }
}

impl Chunk {
    fn new(size_bytes: u64, signature: String) -> Self {
        Self { size_bytes, signature, hash: digest::Context::new(&digest::SHA256) }
    }
}

impl Decoder {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            plan,
            state: State::Header,
            line: Vec::new(),
            decoded_bytes: 0,
            previous_bytes: None,
            chunk: Chunk::new(0, String::new()),
            trailers: Vec::new(),
            trailer_bytes: 0,
            trailer_signature: None,
        }
    }

    /// Takes the next piece of data out of `input`; `None` when `input` is used up. Call it until then.
    ///
    /// # Errors
    /// The chunks are wrong; every later call says so too.
    pub fn push(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, Error> {
        let result = self.advance(input);
        if let Err(error) = &result {
            self.state = State::Broken(error.clone());
        }
        result
    }

    /// Ends the body and answers its trailers, names in lower case.
    ///
    /// # Errors
    /// The body isn't whole, or was refused before.
    pub fn finish(self) -> Result<Vec<(String, String)>, Error> {
        match self.state {
            State::Done => Ok(self.trailers),
            State::Broken(error) => Err(error),
            _ => Err(Error::Truncated),
        }
    }

    fn advance(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, Error> {
        loop {
            match &self.state {
                State::Broken(error) => return Err(error.clone()),
                State::Done if !input.is_empty() => return Err(Error::AfterEnd),
                _ if input.is_empty() => return Ok(None),
                State::Data { left_bytes } => return Ok(Some(self.take_data(*left_bytes, input))),
                _ => {}
            }
            if !self.take_line(input)? {
                return Ok(None);
            }
            match self.state {
                State::Header => self.on_header()?,
                State::DataEnd => self.on_data_end()?,
                _ => self.on_trailer()?,
            }
        }
    }

    fn take_data(&mut self, left_bytes: u64, input: &mut Bytes) -> Bytes {
        let count = usize::try_from(left_bytes).unwrap_or(usize::MAX).min(input.len());
        let data = input.split_to(count);
        if self.plan.seed.is_some() {
            self.chunk.hash.update(&data);
        }
        self.decoded_bytes += count as u64;
        let left_bytes = left_bytes - count as u64;
        self.state = if left_bytes == 0 { State::DataEnd } else { State::Data { left_bytes } };
        data
    }

    /// Moves bytes into the line up to its end, which is left off; false while it hasn't come.
    fn take_line(&mut self, input: &mut Bytes) -> Result<bool, Error> {
        if self.line.last() == Some(&b'\n') {
            self.line.clear();
        }
        let end = input.iter().position(|b| *b == b'\n').map_or(input.len(), |at| at + 1);
        let max = if self.state == State::Trailer { TRAILER_BYTES_MAX } else { LINE_BYTES_MAX };
        if self.line.len() + end > max {
            return Err(if self.state == State::Trailer { Error::Trailer } else { Error::Header });
        }
        self.line.extend_from_slice(&input.split_to(end));
        Ok(self.line.last() == Some(&b'\n'))
    }

    /// The whole line without its CRLF.
    fn line(&self) -> Option<&str> {
        std::str::from_utf8(self.line.strip_suffix(b"\r\n")?).ok()
    }

    fn on_header(&mut self) -> Result<(), Error> {
        let (size_bytes, signature) = parse_header(self.line().ok_or(Error::Header)?).ok_or(Error::Header)?;
        let signature = match (&self.plan.seed, signature) {
            (Some(_), None) => return Err(Error::Header),
            (_, signature) => signature.unwrap_or_default().to_owned(),
        };
        let expected = self.plan.decoded_bytes;
        let decoded = self.decoded_bytes.saturating_add(size_bytes);
        if decoded > expected || (size_bytes == 0 && decoded < expected) {
            return Err(Error::Length { expected, decoded });
        }
        if size_bytes > 0 && self.previous_bytes.is_some_and(|previous| previous < CHUNK_BYTES_MIN) {
            return Err(Error::TooSmall);
        }
        self.previous_bytes = Some(size_bytes);
        self.chunk = Chunk::new(size_bytes, signature);
        self.state = match size_bytes {
            0 if self.plan.trailed => self.on_chunk_end(State::Trailer)?,
            0 => State::DataEnd,
            left_bytes => State::Data { left_bytes },
        };
        Ok(())
    }

    fn on_data_end(&mut self) -> Result<(), Error> {
        if self.line() != Some("") {
            return Err(Error::Header);
        }
        let next = if self.chunk.size_bytes == 0 { State::Done } else { State::Header };
        self.state = self.on_chunk_end(next)?;
        Ok(())
    }

    /// Checks the signature of the chunk that has ended.
    fn on_chunk_end(&mut self, next: State) -> Result<State, Error> {
        let chunk = std::mem::replace(&mut self.chunk, Chunk::new(0, String::new()));
        let Some(seed) = &mut self.plan.seed else { return Ok(next) };
        let hash = hex::encode(chunk.hash.finish());
        let subject = format!("{}\n{hash}", sha256_hex(b""));
        seed.check("AWS4-HMAC-SHA256-PAYLOAD", &subject, chunk.signature)?;
        Ok(next)
    }

    fn on_trailer(&mut self) -> Result<(), Error> {
        self.trailer_bytes += self.line.len();
        if self.trailer_bytes > TRAILER_BYTES_MAX {
            return Err(Error::Trailer);
        }
        let line =
            std::str::from_utf8(&self.line).map_err(|_| Error::Trailer)?.trim_end_matches(['\r', '\n']).to_owned();
        if line.is_empty() {
            return self.on_trailer_end();
        }
        let (name, value) = line.split_once(':').ok_or(Error::Trailer)?;
        let (name, value) = (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned());
        if name == "x-amz-trailer-signature" && self.plan.seed.is_some() {
            let again = self.trailer_signature.replace(value).is_some();
            return if again { Err(Error::Trailer) } else { Ok(()) };
        }
        self.trailers.push((name, value));
        Ok(())
    }

    /// Some clients write an empty line before the signature of the trailers; the end is the one after it.
    fn on_trailer_end(&mut self) -> Result<(), Error> {
        if self.plan.seed.is_some() && self.trailer_signature.is_none() {
            return Ok(());
        }
        self.trailers.sort_unstable();
        let mut announced = self.plan.trailers.clone();
        announced.sort_unstable();
        if !self.trailers.iter().map(|(name, _)| name).eq(&announced) {
            return Err(Error::Trailer);
        }
        if let (Some(seed), Some(signature)) = (&mut self.plan.seed, self.trailer_signature.take()) {
            let text: String = self.trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
            seed.check("AWS4-HMAC-SHA256-TRAILER", &sha256_hex(text.as_bytes()), signature)?;
        }
        self.state = State::Done;
        Ok(())
    }
}

impl Seed {
    /// Checks the next signature of the chain and moves on to it.
    fn check(&mut self, algorithm: &str, subject: &str, signature: String) -> Result<(), Error> {
        let text = format!("{algorithm}\n{}\n{}\n{}\n{subject}", self.signed_at, self.scope, self.signature);
        if !equal(&self.key.sign(&text), &signature) {
            return Err(Error::Signature);
        }
        self.signature = signature;
        Ok(())
    }
}

/// `<size in hex>[;name=value]…`.
fn parse_header(line: &str) -> Option<(u64, Option<&str>)> {
    let mut parts = line.split(';').map(str::trim);
    let size = parts.next().filter(|size| size.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let signature = parts.find_map(|part| part.strip_prefix("chunk-signature="));
    Some((u64::from_str_radix(size, 16).ok()?, signature))
}
