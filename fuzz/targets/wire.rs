//! Any bytes as the body of any operation: decoded, or refused in AWS's words. The first byte chooses the operation.
#![no_main]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use libfuzzer_sys::fuzz_target;
use opentrail_wire::{CloudTrail, Operation, audit, dispatch, violations};

/// A service that has built nothing.
#[derive(Debug)]
struct Nothing;

impl CloudTrail for Nothing {
    type Context = ();
}

fuzz_target!(|data: &[u8]| {
    violations::exercise(data);
    let Some((first, body)) = data.split_first() else { return };
    let operation = Operation::ALL[usize::from(*first) % Operation::ALL.len()];
    let answer = pin!(dispatch(&Nothing, &(), operation, body));
    let Poll::Ready(reply) = answer.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing to wait for")
    };
    if let Err(error) = &reply.result {
        assert!((400..=501).contains(&error.status) && !error.code.is_empty());
        let body: serde_json::Value = serde_json::from_str(&error.to_json()).expect("our own JSON");
        assert_eq!(body["__type"], *error.code);
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let _ = Operation::from_target(text);
        let (query, body) = text.split_once('\n').unwrap_or((text, ""));
        let _ = audit::decode(query, body.as_bytes());
    }
});
