//! Any bytes as a log file: read to their end, never a panic; what is found is an object that stands in the file at its
//! place, and the size of what was read at once changes nothing.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use opentrail_intake::import::{Item, LogFile, prepare};

/// Hands out a few bytes at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(self.0.len()).min(7);
        into[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fuzz_target!(|data: &[u8]| {
    let items: Vec<Item> = LogFile::new(data).collect();
    let is_packed = data.starts_with(&[0x1f, 0x8b]);
    for (index, item) in items.iter().enumerate() {
        match item {
            Item::Record(found) => {
                assert_eq!(found.index, index as u64);
                assert!(found.text.starts_with(b"{") && found.text.ends_with(b"}"), "only objects are records");
                let start = usize::try_from(found.offset).expect("small");
                assert!(is_packed || data[start..].starts_with(&found.text), "its own bytes");
                if let Ok(prepared) = prepare(found.text.clone()) {
                    assert_eq!(prepared.text, found.text);
                }
            }
            Item::Rejected(rejection) => assert_eq!(rejection.index, index as u64),
        }
    }
    if !is_packed {
        assert_eq!(LogFile::new(Slow(data)).collect::<Vec<_>>(), items);
    }
});
