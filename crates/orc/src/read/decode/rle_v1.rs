//! The first run-length encoding of integers, of files by Hive 0.11 and of writers that keep to it.

use crate::Error;
use crate::read::decode::varint;
use crate::read::stream::Stream;

/// Decodes the next run into the begin of `out` (at least 130 long, the longest run) and says how many integers it had.
pub(crate) fn read_run(stream: &mut Stream, is_signed: bool, out: &mut [i64]) -> Result<usize, Error> {
    let control = stream.byte()?;
    if control < 0x80 {
        let length = usize::from(control) + 3;
        let delta = i64::from(stream.byte()? as i8);
        let mut value = integer(stream, is_signed)?;
        for slot in &mut out[..length] {
            *slot = value;
            value = value.wrapping_add(delta);
        }
        return Ok(length);
    }
    let length = 0x100 - usize::from(control);
    for slot in &mut out[..length] {
        *slot = integer(stream, is_signed)?;
    }
    Ok(length)
}

fn integer(stream: &mut Stream, is_signed: bool) -> Result<i64, Error> {
    if is_signed { varint::signed(stream) } else { varint::unsigned(stream).map(|value| value as i64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], is_signed: bool) -> Vec<i64> {
        let mut out = [0; 130];
        let length = read_run(&mut Stream::plain(bytes), is_signed, &mut out).unwrap();
        out[..length].to_vec()
    }

    #[test]
    fn the_examples_of_the_specification_read() {
        assert_eq!(read(&[0x61, 0x00, 0x07], false), [7; 100]);
        assert_eq!(read(&[0x61, 0xff, 0x64], false), (1..=100).rev().collect::<Vec<_>>());
        assert_eq!(read(&[0xfb, 0x02, 0x03, 0x06, 0x07, 0x0b], false), [2, 3, 6, 7, 11]);
        assert_eq!(read(&[0xfe, 0x01, 0x04], true), [-1, 2]);
    }
}
