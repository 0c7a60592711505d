//! Compressing on all cores to one gzip member (RFC 1952), block by block.
//!
//! A block is compressed by itself and ends at a byte boundary (a *sync flush* of RFC 1951), so that blocks can be made
//! side by side and simply follow each other. Where blocks end depends on the data alone, never on the number of cores:
//! the same records always give the same file.

use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::{Compress, Compression, FlushCompress};
use parking_lot::Mutex;

/// How much is compressed at a time, in bytes. Each block begins without knowledge of the one before, which costs about
/// a hundredth in size.
pub(super) const BLOCK_BYTES: usize = 1 << 20;
/// No name, no time, unknown system.
pub(super) const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// An empty last block.
pub(super) const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

/// Compresses blocks, on as many cores as are given; the results stand in the order of the blocks.
pub(super) fn compress(blocks: &[&[u8]], cores: usize) -> Vec<Vec<u8>> {
    let next = AtomicUsize::new(0);
    // Guards the results; each is put in by whoever made it.
    let done = Mutex::new(vec![Vec::new(); blocks.len()]);
    let work = || {
        let mut deflate = Compress::new(Compression::default(), false);
        while let Some((index, block)) = take(&next, blocks) {
            let body = deflate_block(&mut deflate, block);
            done.lock()[index] = body;
        }
    };
    let helpers = cores.min(blocks.len()).saturating_sub(1);
    std::thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(work);
        }
        work();
    });
    done.into_inner()
}

fn take<'a>(next: &AtomicUsize, blocks: &[&'a [u8]]) -> Option<(usize, &'a [u8])> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    blocks.get(index).map(|block| (index, *block))
}

fn deflate_block(deflate: &mut Compress, block: &[u8]) -> Vec<u8> {
    deflate.reset();
    let mut body = Vec::with_capacity(block.len() / 4 + 1024);
    loop {
        let taken = usize::try_from(deflate.total_in()).unwrap_or(usize::MAX);
        let had = body.len();
        deflate.compress_vec(&block[taken..], &mut body, FlushCompress::Sync).expect("deflate refuses nothing");
        // It is done when it has taken all and left room, having nothing more to say.
        let has_taken_all = deflate.total_in() == block.len() as u64;
        if has_taken_all && (body.len() < body.capacity() || body.len() == had) {
            return body;
        }
        body.reserve(block.len() / 4 + 1024);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::Crc;
    use flate2::bufread::GzDecoder;

    use super::*;

    fn member(plain: &[u8], block_bytes: usize, cores: usize) -> Vec<u8> {
        let blocks: Vec<&[u8]> = plain.chunks(block_bytes).collect();
        let mut crc = Crc::new();
        crc.update(plain);
        let mut body = HEADER.to_vec();
        compress(&blocks, cores).iter().for_each(|block| body.extend_from_slice(block));
        body.extend_from_slice(&LAST_BLOCK);
        body.extend_from_slice(&crc.sum().to_le_bytes());
        body.extend_from_slice(&crc.amount().to_le_bytes());
        body
    }

    #[test]
    fn blocks_make_one_member_whatever_the_cores() {
        let noise = |n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8;
        let text = |n: u32| b"{\"eventVersion\":\"1.11\"}"[n as usize % 23];
        for (bytes, block_bytes) in [(0, 10), (1, 10), (10, 10), (300_000, 4096), (70_000, 65_536)] {
            for make in [&noise as &dyn Fn(u32) -> u8, &text] {
                let plain: Vec<u8> = (0..bytes).map(make).collect();
                let one = member(&plain, block_bytes, 1);
                assert_eq!(member(&plain, block_bytes, 4), one);
                let mut decoder = GzDecoder::new(&one[..]);
                let mut read = Vec::new();
                decoder.read_to_end(&mut read).unwrap();
                assert!(decoder.into_inner().is_empty());
                assert_eq!(read, plain);
            }
        }
    }
}
