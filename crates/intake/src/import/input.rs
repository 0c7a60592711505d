//! A file's bytes as text: unpacked when they begin like gzip, without a byte order mark.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// How many bytes of the file are read at once.
const READ_BYTES: usize = 64 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A stream of text.
#[derive(Debug)]
pub(super) enum Input<R> {
    /// The first bytes tell what it is.
    New(Option<R>),
    Plain(BufReader<Prefixed<R>>),
    Gzip(Box<MultiGzDecoder<BufReader<Prefixed<R>>>>),
}

/// A stream whose first bytes were read already.
type Prefixed<R> = io::Chain<io::Cursor<Vec<u8>>, R>;

impl<R: Read> Input<R> {
    pub(super) fn new(file: R) -> Self {
        Self::New(Some(file))
    }

    /// Reads some bytes; none is the end. An error says what is wrong with the file's packing.
    pub(super) fn read(&mut self, into: &mut [u8]) -> Result<usize, String> {
        if let Self::New(file) = self {
            let Some(file) = file.take() else { return Ok(0) };
            *self = open(file).map_err(|error| unreadable(&error))?;
        }
        loop {
            let read = match self {
                Self::New(_) => Ok(0),
                Self::Plain(plain) => plain.read(into),
                Self::Gzip(gzip) => gzip.read(into),
            };
            match read {
                Ok(bytes) => return Ok(bytes),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(&error)),
            }
        }
    }
}

fn open<R: Read>(mut file: R) -> io::Result<Input<R>> {
    let mut first = Vec::with_capacity(BYTE_ORDER_MARK.len());
    (&mut file).take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut first)?;
    let is_gzip = first.starts_with(&GZIP);
    let whole = BufReader::with_capacity(READ_BYTES, io::Cursor::new(first).chain(file));
    Ok(if is_gzip { Input::Gzip(Box::new(MultiGzDecoder::new(whole))) } else { Input::Plain(whole) })
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the compressed file ends too early".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => format!("the compressed file is damaged: {error}"),
        _ => format!("the file can't be read on: {error}"),
    }
}

/// How many bytes of a byte order mark `text` begins with: three or none.
pub(super) fn mark_bytes(text: &[u8]) -> usize {
    if text.starts_with(&BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}
