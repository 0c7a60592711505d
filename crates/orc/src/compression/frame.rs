//! The three bytes in front of each chunk.

/// The bytes of a chunk's header.
pub(crate) const CHUNK_HEADER_BYTES: usize = 3;

/// What is said of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChunkHeader {
    /// The bytes behind the header.
    pub(crate) stored_bytes: u32,
    /// Whether they are stored as they are, because compression gained nothing.
    pub(crate) is_original: bool,
}

impl ChunkHeader {
    /// Reads a header. Any three bytes are one.
    pub(crate) fn decode(bytes: [u8; CHUNK_HEADER_BYTES]) -> Self {
        let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
        Self { stored_bytes: word >> 1, is_original: word & 1 == 1 }
    }

    /// Writes a header. Lengths must be below 2²³, which the bound of blocks ensures.
    pub(crate) fn encode(self) -> [u8; CHUNK_HEADER_BYTES] {
        debug_assert!(self.stored_bytes < 1 << 23, "a chunk is at most a block");
        let [a, b, c, _] = ((self.stored_bytes << 1) | u32::from(self.is_original)).to_le_bytes();
        [a, b, c]
    }
}
