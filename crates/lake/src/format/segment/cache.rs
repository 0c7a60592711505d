//! Unpacked chunks of records, kept for a while: neighbours of a record are often asked for next.

use std::collections::BTreeMap;

use bytes::Bytes;
use parking_lot::Mutex;

/// Chunks that were unpacked last, of any segment, up to so many bytes.
#[derive(Debug)]
pub(crate) struct ChunkCache {
    bytes_max: usize,
    /// Guards the chunks that are kept.
    state: Mutex<State>,
}

/// Which chunk: the segment's number among those that were opened, and the chunk's.
pub(super) type Key = (u64, u32);

#[derive(Debug, Default)]
struct State {
    questions: u64,
    bytes: usize,
    chunks: BTreeMap<Key, (u64, Bytes)>,
}

impl ChunkCache {
    /// Keeps up to so many bytes, and at least the last chunk.
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, state: Mutex::default() }
    }

    pub(super) fn get(&self, key: Key) -> Option<Bytes> {
        let state = &mut *self.state.lock();
        let (asked, chunk) = state.chunks.get_mut(&key)?;
        state.questions += 1;
        *asked = state.questions;
        Some(chunk.clone())
    }

    pub(super) fn put(&self, key: Key, chunk: Bytes) {
        let state = &mut *self.state.lock();
        state.questions += 1;
        state.bytes += chunk.len();
        if let Some((_, before)) = state.chunks.insert(key, (state.questions, chunk)) {
            state.bytes -= before.len();
        }
        while state.bytes > self.bytes_max && state.chunks.len() > 1 {
            let oldest = state.chunks.iter().min_by_key(|(_, (asked, _))| *asked).map(|(key, _)| *key);
            let Some((_, dropped)) = oldest.and_then(|oldest| state.chunks.remove(&oldest)) else { return };
            state.bytes -= dropped.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chunk_that_was_not_asked_for_longest_goes() {
        let cache = ChunkCache::new(25);
        let chunk = || Bytes::from_static(b"0123456789");
        cache.put((1, 1), chunk());
        cache.put((1, 2), chunk());
        assert!(cache.get((1, 1)).is_some());
        cache.put((2, 1), chunk());
        assert!(cache.get((1, 2)).is_none());
        assert!(cache.get((1, 1)).is_some() && cache.get((2, 1)).is_some());
        cache.put((3, 1), Bytes::from(vec![0; 100]));
        assert!(cache.get((3, 1)).is_some() && cache.get((1, 1)).is_none());
        cache.put((3, 1), chunk());
        assert_eq!(cache.state.lock().bytes, 10);
    }
}
