//! From a body to a method and back.

use serde_json::Value;

use crate::codec::Structure;
use crate::decode::decode_value;
use crate::generated::service::dispatch_value;
use crate::{CloudTrail, Error, Operation, encode, parse};

pub(crate) use crate::error::not_built_yet;

/// The outcome of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The JSON body of the success, or the error.
    pub result: Result<String, Error>,
}

/// Parses the body, decodes it, calls the operation's method and encodes its answer.
pub async fn dispatch<S: CloudTrail + ?Sized>(
    service: &S,
    context: &S::Context,
    operation: Operation,
    body: &[u8],
) -> Reply {
    match parse(body) {
        Ok(body) => dispatch_value(service, context, operation, body).await,
        Err(error) => Reply { result: Err(error) },
    }
}

/// Decodes, calls, encodes.
pub(crate) async fn answer<I, O, F>(operation: Operation, body: Value, call: impl FnOnce(I) -> F) -> Reply
where
    I: Structure,
    O: Structure,
    F: Future<Output = Result<O, Error>>,
{
    let input = match decode_value(operation, body) {
        Ok(input) => input,
        Err(error) => return Reply { result: Err(error) },
    };
    Reply { result: call(input).await.map(|output| encode(&output)) }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::shapes::{GetTrailRequest, GetTrailResponse, Trail};

    /// A service that knows one operation.
    struct Small;

    #[async_trait::async_trait]
    impl CloudTrail for Small {
        type Context = ();

        async fn get_trail(&self, (): &(), input: GetTrailRequest) -> Result<GetTrailResponse, Error> {
            let trail = Trail { name: Some(input.name), is_multi_region_trail: Some(true), ..Trail::default() };
            Ok(GetTrailResponse { trail: Some(trail) })
        }
    }

    fn call(operation: Operation, body: &[u8]) -> Result<String, String> {
        let reply = pin!(dispatch(&Small, &(), operation, body)).poll(&mut Context::from_waker(Waker::noop()));
        match reply {
            Poll::Ready(reply) => reply.result.map_err(|error| error.to_json()),
            Poll::Pending => unreachable!("this service waits for nothing"),
        }
    }

    #[test]
    fn a_call_finds_its_method() {
        let answer = call(Operation::GetTrail, br#"{"Name":"audit"}"#);
        assert_eq!(answer.as_deref(), Ok(r#"{"Trail":{"Name":"audit","IsMultiRegionTrail":true}}"#));
    }

    #[test]
    fn a_bad_body_never_reaches_the_method() {
        let answer = call(Operation::GetTrail, b"{}").expect_err("the name is required");
        assert!(answer.starts_with(r#"{"__type":"ValidationException""#), "{answer}");
        let answer = call(Operation::GetTrail, b"{").expect_err("not JSON");
        assert!(answer.starts_with(r#"{"__type":"SerializationException""#), "{answer}");
    }

    #[test]
    fn what_is_not_built_says_so() {
        for operation in Operation::ALL.iter().filter(|operation| **operation != Operation::GetTrail) {
            let body = crate::violations::minimal(*operation).to_string();
            assert_eq!(
                call(*operation, body.as_bytes()),
                Err(format!(
                    "{{\"__type\":\"UnsupportedOperationException\",\"message\":\"The operation {operation} is not built in OpenTrail yet.\"}}"
                ))
            );
        }
    }
}
