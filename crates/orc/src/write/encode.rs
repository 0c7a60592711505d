//! The run-length encodings, each a function from a slice of values to bytes.
//!
//! None keeps state between calls: a call's runs end with it. Columns call at the end of each row group, so that a row
//! group starts at a byte and its position in a run is always 0.

pub(super) mod byte_rle;
mod pack;
mod patched;
pub(super) mod rle_v2;
pub(super) mod varint;
