//! Base-128 integers, least significant group first, and zigzag signs.

use crate::Error;
use crate::read::stream::Stream;

/// Reads an unsigned integer of at most 64 bits.
#[inline]
pub(crate) fn unsigned(stream: &mut Stream) -> Result<u64, Error> {
    let mut value = 0u64;
    let mut shift = 0;
    loop {
        let byte = stream.byte()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
        shift += 7;
        if shift > 63 {
            return Err(stream.corrupt("an integer is longer than 64 bits"));
        }
    }
}

/// Reads a zigzag integer of at most 64 bits.
#[inline]
pub(crate) fn signed(stream: &mut Stream) -> Result<i64, Error> {
    unsigned(stream).map(unzigzag)
}

/// Reads a zigzag integer of at most 128 bits, as decimals are stored.
#[inline]
pub(crate) fn signed_128(stream: &mut Stream) -> Result<i128, Error> {
    let mut value = 0u128;
    let mut shift = 0;
    loop {
        let byte = stream.byte()?;
        value |= u128::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(((value >> 1) as i128) ^ -((value & 1) as i128));
        }
        shift += 7;
        if shift > 127 {
            return Err(stream.corrupt("a decimal is longer than 128 bits"));
        }
    }
}

/// 0, 1, 2, 3 … stand for 0, -1, 1, -2 …
#[inline]
pub(crate) fn unzigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification_read() {
        let mut stream = Stream::plain(&[0x00, 0x01, 0x7f, 0x80, 0x01, 0x81, 0x01, 0xff, 0x7f, 0x80, 0x80, 0x01]);
        let read: Vec<u64> = (0..7).map(|_| unsigned(&mut stream).unwrap()).collect();
        assert_eq!(read, [0, 1, 127, 128, 129, 16383, 16384]);
        assert_eq!([0, 1, 2, 3, 4].map(unzigzag), [0, -1, 1, -2, 2]);
        assert_eq!(unzigzag(u64::MAX), i64::MIN);
    }

    #[test]
    fn what_is_too_long_or_cut_off_is_an_error() {
        assert!(unsigned(&mut Stream::plain(&[0xff; 11])).is_err());
        assert!(signed_128(&mut Stream::plain(&[0xff; 20])).is_err());
        assert!(unsigned(&mut Stream::plain(&[0x80])).is_err());
    }
}
