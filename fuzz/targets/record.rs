//! Any bytes as a record: refused or routed, never a panic; what is routed is wanted or not by a new trail.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentrail_model::{Routed, Selectors};

fuzz_target!(|data: &[u8]| {
    let Ok(routed) = Routed::parse(data) else { return };
    let text = std::str::from_utf8(data).expect("only UTF-8 is routed");
    assert!(text.trim_start().starts_with('{'), "only objects are routed");
    let _ = (routed.account(), routed.event_instant(), routed.is_read());
    let _ = Selectors::default().matches(&routed);
});
