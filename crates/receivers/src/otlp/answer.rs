//! Answers, in the encoding of their request.

use prost::Message as _;
use serde_json::json;

use super::Encoding;
use super::proto::{PartialSuccess, Response, Status};
use crate::rejected::Rejected;

/// The answer to records that are kept, but for those that are rejected.
pub fn success(encoding: Encoding, rejected: &[Rejected]) -> Vec<u8> {
    let partial = rejected.first().map(|first| PartialSuccess {
        rejected_log_records: i64::try_from(rejected.len()).unwrap_or(i64::MAX),
        error_message: format!("{}: {}: {}", first.place, first.code, first.message),
    });
    match (encoding, partial) {
        (Encoding::Protobuf, partial_success) => Response { partial_success }.encode_to_vec(),
        (Encoding::Json, None) => b"{}".to_vec(),
        (Encoding::Json, Some(partial)) => json!({ "partialSuccess": {
            "rejectedLogRecords": partial.rejected_log_records.to_string(),
            "errorMessage": partial.error_message,
        }})
        .to_string()
        .into_bytes(),
    }
}

/// The answer to a request that failed as a whole: a `Status`, whose code is gRPC's for that HTTP status.
pub fn failure(encoding: Encoding, http_status: u16, message: &str) -> Vec<u8> {
    let code = match http_status {
        401 => 16,
        413 | 429 => 8,
        503 => 14,
        500 => 13,
        _ => 3,
    };
    match encoding {
        Encoding::Protobuf => Status { code, message: message.to_owned() }.encode_to_vec(),
        Encoding::Json => json!({ "code": code, "message": message }).to_string().into_bytes(),
    }
}
