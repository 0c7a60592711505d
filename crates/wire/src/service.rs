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
