//! One gzip member and nothing after it.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

/// Compresses `bytes` to one member. The same bytes always give the same result.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writing to memory can't fail");
    encoder.finish().expect("writing to memory can't fail")
}

/// Why bytes aren't one whole gzip member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// They can't be decompressed.
    Format,
    /// There are bytes after the member.
    TrailingData,
    /// They decompress to more than was allowed.
    TooLarge,
}

/// Decompresses piece by piece, so that memory doesn't grow with the contents.
pub(crate) fn decompress_each(body: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), Damage> {
    let mut decoder = GzDecoder::new(body);
    let mut piece = [0; 32 * 1024];
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => each(&piece[..count]),
            Err(_) => return Err(Damage::Format),
        }
    }
    if decoder.into_inner().is_empty() { Ok(()) } else { Err(Damage::TrailingData) }
}

/// Decompresses at most `bytes_max`.
pub(crate) fn decompress(body: &[u8], bytes_max: usize) -> Result<Vec<u8>, Damage> {
    let mut decoder = GzDecoder::new(body);
    let mut plain = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    (&mut decoder).take(limit).read_to_end(&mut plain).map_err(|_| Damage::Format)?;
    if plain.len() > bytes_max {
        return Err(Damage::TooLarge);
    }
    if decoder.into_inner().is_empty() { Ok(plain) } else { Err(Damage::TrailingData) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_whole_member_is_taken() {
        let body = compress(b"plain");
        assert_eq!(decompress(&body, 5).unwrap(), b"plain");
        assert_eq!(decompress(&body, 4), Err(Damage::TooLarge));
        assert_eq!(decompress(&[&body[..], b"x"].concat(), 5), Err(Damage::TrailingData));
        assert_eq!(decompress(&[&body[..], &body[..]].concat(), 10), Err(Damage::TrailingData));
        for cut in 0..body.len() {
            assert_eq!(decompress(&body[..cut], 5), Err(Damage::Format), "cut at {cut}");
        }
    }
}
