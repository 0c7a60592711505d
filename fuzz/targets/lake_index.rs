//! The index of a segment whose bytes somebody changed, with checksums that are never compared: whatever it tells, it
//! never panics, never goes on for ever and reserves no more than the file has.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [how, changes @ ..] = data else { return };
    if how & 1 == 0 {
        opentrail_lake::fuzzing::ask_index(changes);
        return;
    }
    let mut bytes = opentrail_lake::fuzzing::index();
    // Each three bytes change one byte of the file; what is left over cuts it.
    let chunks = changes.chunks_exact(3);
    let cut = chunks.remainder().iter().map(|byte| usize::from(*byte)).sum::<usize>();
    for chunk in chunks {
        let place = usize::from(u16::from_le_bytes([chunk[0], chunk[1]])) % bytes.len();
        bytes[place] ^= chunk[2];
    }
    bytes.truncate(bytes.len().saturating_sub(cut));
    opentrail_lake::fuzzing::ask_index(&bytes);
});
