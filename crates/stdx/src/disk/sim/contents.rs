//! What a file holds in the cache and on the platter.

use std::mem;

use rand::Rng;
use rand::rngs::StdRng;

const SECTOR_BYTES: usize = 512;

/// What is seen of a file, what survives, and the way from one to the other.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) seen: Vec<u8>,
    pub(super) kept: Vec<u8>,
    pub(super) unsynced: Vec<Write>,
}

#[derive(Debug, Clone)]
pub(super) enum Write {
    Bytes { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

impl File {
    pub(super) fn write(&mut self, write: Write) {
        write.apply(&mut self.seen);
        self.unsynced.push(write);
    }

    pub(super) fn sync(&mut self) {
        for write in mem::take(&mut self.unsynced) {
            write.apply(&mut self.kept);
        }
    }

    /// Keeps nothing, all, a torn head or scattered sectors of what was not synced, and forgets the rest.
    pub(super) fn keep_some(&mut self, random: &mut StdRng) {
        let writes = mem::take(&mut self.unsynced);
        match random.random_range(0..4) {
            0 => {}
            1 => writes.iter().for_each(|write| write.apply(&mut self.kept)),
            2 => {
                let head = random.random_range(0..=writes.len());
                writes[..head].iter().for_each(|write| write.apply(&mut self.kept));
                if let Some(torn) = writes.get(head) {
                    torn.head(random).apply(&mut self.kept);
                }
            }
            _ => writes.iter().for_each(|write| write.scatter(&mut self.kept, random)),
        }
    }
}

impl Write {
    pub(super) fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Bytes { offset, bytes } => {
                let end = offset + bytes.len();
                if to.len() < end {
                    to.resize(end, 0);
                }
                to[*offset..end].copy_from_slice(bytes);
            }
            Self::Length(length) => to.resize(*length, 0),
        }
    }

    pub(super) fn head(&self, random: &mut StdRng) -> Self {
        match self {
            Self::Bytes { offset, bytes } => {
                let kept = random.random_range(0..=bytes.len());
                Self::Bytes { offset: *offset, bytes: bytes[..kept].to_vec() }
            }
            Self::Length(length) => Self::Length(*length),
        }
    }

    pub(super) fn scatter(&self, to: &mut Vec<u8>, random: &mut StdRng) {
        match self {
            Self::Bytes { offset, bytes } => {
                for (index, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                    if random.random() {
                        let offset = offset + index * SECTOR_BYTES;
                        Self::Bytes { offset, bytes: sector.to_vec() }.apply(to);
                    }
                }
            }
            Self::Length(_) => {
                if random.random() {
                    self.apply(to);
                }
            }
        }
    }
}
