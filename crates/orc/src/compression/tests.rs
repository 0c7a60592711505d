use super::*;
use proptest::prelude::*;

const ALL: [Compression; 5] = [
    Compression::None,
    Compression::Zlib { level: 6 },
    Compression::Snappy,
    Compression::Lz4,
    Compression::Zstd { level: 3 },
];

fn round_trip(compression: Compression, raw: &[u8], block_bytes: usize) {
    let mut compressor = Compressor::new(compression).unwrap();
    let mut stored = Vec::new();
    if compressor.is_framed() {
        raw.chunks(block_bytes).for_each(|block| compressor.append_chunk(block, &mut stored).unwrap());
    } else {
        stored.extend_from_slice(raw);
    }
    let mut decompressor = Decompressor::new(compression.kind()).unwrap();
    assert_eq!(decompressor.section(&stored, block_bytes, raw.len()).unwrap(), raw, "{compression:?}");
    if !raw.is_empty() {
        let problem = decompressor.section(&stored, block_bytes, raw.len() - 1).unwrap_err();
        assert!(problem.contains("more than"), "{problem}");
    }
}

#[test]
fn headers_of_the_specification() {
    let header = ChunkHeader { stored_bytes: 100_000, is_original: false };
    assert_eq!(header.encode(), [0x40, 0x0d, 0x03]);
    let header = ChunkHeader { stored_bytes: 5, is_original: true };
    assert_eq!(header.encode(), [0x0b, 0x00, 0x00]);
    assert_eq!(ChunkHeader::decode([0x0b, 0, 0]), header);
}

#[test]
fn what_does_not_shrink_is_kept_as_it_is() {
    for compression in ALL.into_iter().skip(1) {
        let mut out = Vec::new();
        Compressor::new(compression).unwrap().append_chunk(b"abcde", &mut out).unwrap();
        assert_eq!(out, b"\x0b\0\0abcde", "{compression:?}");
    }
}

#[test]
fn levels_out_of_range_are_refused() {
    let problem = Compressor::new(Compression::Zlib { level: 10 }).unwrap_err().to_string();
    assert_eq!(problem, "option `compression`: zlib has levels 1 to 9, not 10");
    assert!(Compressor::new(Compression::Zstd { level: 23 }).is_err());
}

#[test]
fn a_bomb_stops_at_the_block() {
    for compression in ALL.into_iter().skip(1) {
        let mut stored = Vec::new();
        Compressor::new(compression).unwrap().append_chunk(&[0; 100_000], &mut stored).unwrap();
        let problem = Decompressor::new(compression.kind()).unwrap().section(&stored, 50_000, 1 << 20).unwrap_err();
        assert!(!problem.is_empty());
    }
}

proptest! {
    #[test]
    fn sections_read_back(raw in prop::collection::vec(0u8..4, 0..5000), block_bytes in 1024usize..3000) {
        ALL.into_iter().for_each(|compression| round_trip(compression, &raw, block_bytes));
    }

    #[test]
    fn hostile_bytes_are_errors(stored in prop::collection::vec(any::<u8>(), 0..200)) {
        for compression in ALL {
            let _ = Decompressor::new(compression.kind()).unwrap().section(&stored, 1024, 1 << 16);
        }
    }
}
