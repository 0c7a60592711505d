//! Undoes the packing of a body, within its bound.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use crate::{BYTES_MAX, Malformed};

pub(crate) fn unpack<'a>(encoding: &[u8], body: &'a [u8]) -> Result<Cow<'a, [u8]>, Malformed> {
    if body.len() > BYTES_MAX {
        return Err(too_long());
    }
    match encoding.to_ascii_lowercase().as_slice() {
        b"" | b"identity" => Ok(Cow::Borrowed(body)),
        b"gzip" | b"x-gzip" => gunzip(body).map(Cow::Owned),
        other => Err(Malformed::Encoding(String::from_utf8_lossy(other).into_owned())),
    }
}

fn gunzip(body: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(body).take(BYTES_MAX as u64 + 1).read_to_end(&mut unpacked);
    read.map_err(|error| Malformed::Broken(format!("it is no gzip: {error}")))?;
    if unpacked.len() > BYTES_MAX { Err(too_long()) } else { Ok(unpacked) }
}

fn too_long() -> Malformed {
    Malformed::TooLarge { what: "bytes", max: BYTES_MAX }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn gzip_is_undone() {
        assert_eq!(&*unpack(b"GZIP", &packed(b"[]")).expect("gzip"), b"[]");
        assert_eq!(&*unpack(b"", b"[]").expect("as it is"), b"[]");
        assert!(matches!(unpack(b"gzip", b"[]"), Err(Malformed::Broken(_))));
        assert_eq!(unpack(b"br", b"[]"), Err(Malformed::Encoding("br".to_owned())));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        assert_eq!(unpack(b"gzip", &packed(&vec![0; BYTES_MAX + 1])), Err(too_long()));
        assert_eq!(unpack(b"", &vec![0; BYTES_MAX + 1]), Err(too_long()));
    }
}
