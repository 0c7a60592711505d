//! Where a file's bytes come from.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use arrow_buffer::Buffer;

use crate::Error;

/// Bytes that can be read at any place, by several readers at once.
pub trait ReadAt: Send + Sync {
    /// How many bytes there are.
    ///
    /// # Errors
    ///
    /// What the file system says.
    fn bytes(&self) -> io::Result<u64>;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// What the file system says; [`io::ErrorKind::UnexpectedEof`] when there are fewer bytes.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

#[cfg(unix)]
impl ReadAt for std::fs::File {
    fn bytes(&self) -> io::Result<u64> {
        self.metadata().map(|it| it.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buffer, offset)
    }
}

impl ReadAt for [u8] {
    fn bytes(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(offset).ok();
        let found = from.and_then(|from| self.get(from..from.checked_add(buffer.len())?));
        buffer.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn bytes(&self) -> io::Result<u64> {
        self.as_slice().bytes()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, buffer)
    }
}

#[cfg(feature = "object_store")]
impl ReadAt for bytes::Bytes {
    fn bytes(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self[..].read_at(offset, buffer)
    }
}

macro_rules! forward {
    ($($of:ty),*) => {$(
        impl<T: ReadAt + ?Sized> ReadAt for $of {
            fn bytes(&self) -> io::Result<u64> {
                (**self).bytes()
            }

            fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
                (**self).read_at(offset, buffer)
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// Ranges nearer than this are read at once: skipping costs more than reading.
const GAP_BYTES_MAX: u64 = 64 * 1024;
/// No single read is longer than this, unless one range is.
const READ_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Ranges that are read at once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Together {
    pub(crate) whole: Range<u64>,
    /// Which ranges are in it, by their number.
    pub(crate) parts: Vec<usize>,
}

/// Puts together ranges that are no farther apart than `gap_max` and together no longer than `bytes_max`.
pub(crate) fn coalesce(ranges: &[Range<u64>], gap_max: u64, bytes_max: u64) -> Vec<Together> {
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    order.sort_by_key(|&at| ranges[at].start);
    let mut out: Vec<Together> = Vec::new();
    for at in order {
        let range = ranges[at].clone();
        if let Some(Together { whole, parts }) = out.last_mut() {
            let end = whole.end.max(range.end);
            if range.start <= whole.end.saturating_add(gap_max) && end - whole.start <= bytes_max {
                whole.end = end;
                parts.push(at);
                continue;
            }
        }
        out.push(Together { whole: range, parts: vec![at] });
    }
    out
}

/// Cuts what was read together into its ranges, in the order of their numbers.
pub(crate) fn cut(ranges: &[Range<u64>], read: impl IntoIterator<Item = (Together, Buffer)>) -> Vec<Buffer> {
    let mut out = vec![Buffer::default(); ranges.len()];
    for (Together { whole, parts }, bytes) in read {
        for at in parts {
            let Range { start, end } = ranges[at];
            out[at] = bytes.slice_with_length((start - whole.start) as usize, (end - start) as usize);
        }
    }
    out
}

/// Reads ranges of a file, near ones at once, and gives them in the order asked for.
pub(crate) fn read_ranges<R: ReadAt + ?Sized>(file: &R, ranges: &[Range<u64>]) -> Result<Vec<Buffer>, Error> {
    let mut all = Vec::new();
    for together in coalesce(ranges, GAP_BYTES_MAX, READ_BYTES_MAX) {
        let bytes = read(file, together.whole.clone())?;
        all.push((together, bytes));
    }
    Ok(cut(ranges, all))
}

/// Reads one range. The caller knows that the file is that long.
pub(crate) fn read<R: ReadAt + ?Sized>(file: &R, range: Range<u64>) -> Result<Buffer, Error> {
    let mut bytes = vec![0; (range.end - range.start) as usize];
    if bytes.is_empty() {
        return Ok(Buffer::default());
    }
    let failed = |source| Error::io(format!("read {} bytes at {}", range.end - range.start, range.start), source);
    file.read_at(range.start, &mut bytes).map_err(failed)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct Counted(Vec<u8>, AtomicUsize);

    impl ReadAt for Counted {
        fn bytes(&self) -> io::Result<u64> {
            self.0.bytes()
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.read_at(offset, buffer)
        }
    }

    #[test]
    fn near_ranges_are_read_at_once() {
        let file = Counted((0..=255).cycle().take(300_000).collect(), AtomicUsize::new(0));
        let ranges = [200_000..200_010, 5..10, 20..30, 25..40, 7..7];
        let read = read_ranges(&file, &ranges).unwrap();
        for (range, bytes) in ranges.iter().zip(&read) {
            assert_eq!(bytes.as_slice(), &file.0[range.start as usize..range.end as usize]);
        }
        assert_eq!(file.1.load(Ordering::Relaxed), 2);
        assert!(matches!(super::read(&file, 299_999..300_001), Err(Error::Io { .. })));
    }
}
