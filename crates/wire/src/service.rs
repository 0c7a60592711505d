//! From a body to a method and back.

use crate::codec::Structure;
use crate::{Error, Operation, decode, encode};

pub(crate) use crate::error::not_built_yet;

/// The outcome of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The JSON body of the success, or the error.
    pub result: Result<String, Error>,
}

/// Decodes, calls, encodes.
pub(crate) async fn answer<I, O, F>(operation: Operation, body: &[u8], call: impl FnOnce(I) -> F) -> Reply
where
    I: Structure,
    O: Structure,
    F: Future<Output = Result<O, Error>>,
{
    let input = match decode(operation, body) {
        Ok(input) => input,
        Err(error) => return Reply { result: Err(error) },
    };
    Reply { result: call(input).await.map(|output| encode(&output)) }
}
