//! Contexts and blocks that one stream leaves behind for the next.
//!
//! A query reads thousands of short streams. To set up a context, and to have the system clear fresh memory, takes longer than
//! to decompress most of them. What is left over is kept by each thread, a little of it.

use std::cell::RefCell;
use std::io;

type Zstd = zstd::bulk::Decompressor<'static>;

/// How many contexts, and how many blocks, a thread keeps.
const KEPT_MAX: usize = 16;
/// Larger blocks are not kept.
const BLOCK_BYTES_MAX: usize = 1 << 20;

#[derive(Default)]
struct Spare {
    contexts: Vec<Zstd>,
    blocks: Vec<Vec<u8>>,
}

thread_local! {
    static SPARE: RefCell<Spare> = RefCell::default();
}

/// Does something with the thread's own, unless the thread is about to end.
fn with<T>(work: impl FnOnce(&mut Spare) -> T) -> Option<T> {
    SPARE.try_with(|spare| work(&mut spare.borrow_mut())).ok()
}

/// A context, whatever it was used for before: each frame begins anew.
pub(super) fn context() -> io::Result<Zstd> {
    match with(|spare| spare.contexts.pop()).flatten() {
        Some(context) => Ok(context),
        None => Zstd::new(),
    }
}

/// Keeps a context.
pub(super) fn keep_context(context: Zstd) {
    with(|spare| {
        if spare.contexts.len() < KEPT_MAX {
            spare.contexts.push(context);
        }
    });
}

/// A block of so many bytes, which may be any.
pub(crate) fn block(bytes: usize) -> Vec<u8> {
    let mut block = with(|spare| spare.blocks.pop()).flatten().unwrap_or_default();
    if block.capacity() < bytes {
        return vec![0; bytes];
    }
    block.resize(bytes, 0);
    block
}

/// Keeps a block.
pub(crate) fn keep_block(block: Vec<u8>) {
    if (1..=BLOCK_BYTES_MAX).contains(&block.len()) {
        with(|spare| {
            if spare.blocks.len() < KEPT_MAX {
                spare.blocks.push(block);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_at_the_length_that_is_asked_for() {
        keep_block(vec![7; 100]);
        assert_eq!(block(60), [7; 60]);
        keep_block(vec![7; 60]);
        assert_eq!(block(100), [0; 100]);
        (0..2 * KEPT_MAX).for_each(|_| keep_block(vec![1; 8]));
        keep_block(Vec::new());
        keep_block(vec![1; BLOCK_BYTES_MAX + 1]);
        assert_eq!(with(|spare| spare.blocks.len()), Some(KEPT_MAX));
    }
}
