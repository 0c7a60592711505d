//! `OpenTrail.ImportLogFile` and `OpenTrail.KnownLogFiles`: bringing in log files that were written elsewhere.
//!
//! A file is the body of its call, as it is: gzip or plain, in any form that [`opentrail_intake::import`] reads. Its
//! SHA-256 is in `x-amz-content-sha256` and in the signature's place for it, so that the signature is checked before a
//! large body is received. Its name is in `x-opentrail-file-name`, percent-encoded; where it came from may be told by
//! `x-opentrail-source-uri` and `x-opentrail-source-etag`. `x-opentrail-again: true` reads a known file anew.
//!
//! Everyone of an account may bring files into that account's history, and only there.

use aws_lc_rs::digest::{self, digest};
use bytes::Bytes;
use http::request::Parts;
use http_body_util::Full;
use opentrail_catalog::{ImportSource, ImportedFile};
use opentrail_intake::IntakeError;
use opentrail_journal::AppendError;
use opentrail_model::AccountId;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::body::BodyError;
use crate::imports::{ImportError, Outcome, Upload};
use crate::record::CallFacts;
use crate::respond::{Stamp, json as json_answer, json_error};
use crate::service::call::{Answered, target};

const TARGET: &str = "OpenTrail.ImportLogFile";
const SHA256: &str = "x-amz-content-sha256";
/// Most files that are asked about at once.
const FILES_MAX: usize = 1_000;

/// The hash that the call announces for its body, when it is an import whose body is read as it comes.
pub(crate) fn announced(parts: &Parts) -> Option<[u8; 32]> {
    let mut sha256 = [0; 32];
    let text = header(parts, SHA256).filter(|_| target(parts) == Some(TARGET))?;
    hex::decode_to_slice(text, &mut sha256).ok()?;
    Some(sha256)
}

/// Brings in the body of a call.
pub(crate) async fn import<B>(
    app: &App,
    stamp: &Stamp,
    parts: &Parts,
    account: &AccountId,
    sha256: [u8; 32],
    body: B,
) -> Answered
where
    B: hyper::body::Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    let upload = Upload {
        account: account.clone(),
        name: decoded(parts, "x-opentrail-file-name").unwrap_or_else(|| "unnamed".to_owned()),
        sha256: hex::encode(sha256),
        source: source(parts),
        again: header(parts, "x-opentrail-again") == Some("true"),
    };
    let request = json!({ "fileName": upload.name, "sha256": upload.sha256 });
    let facts = |response_elements, error| CallFacts {
        event_source: "opentrail.amazonaws.com".to_owned(),
        event_name: "ImportLogFile".to_owned(),
        is_read_only: false,
        is_data_event: false,
        request_parameters: Some(request),
        response_elements,
        error,
    };
    match app.imports.bring_in(upload, body).await {
        Ok(outcome) => {
            let counts = json!({
                "records": outcome.file.records,
                "imported": outcome.file.imported,
                "duplicates": outcome.file.duplicates,
                "rejected": outcome.file.rejected,
                "alreadyImported": outcome.is_known,
            });
            Answered {
                response: json_answer(stamp, 200, describe(&outcome).to_string()),
                facts: Some(facts(Some(counts), None)),
            }
        }
        Err(error) => {
            let ((status, code), message) = (code(&error), error.to_string());
            if status >= 500 {
                tracing::warn!(error = &error as &dyn std::error::Error, "a log file could not be brought in whole");
            }
            let response = json_error(stamp, status, code, &message);
            Answered { response, facts: Some(facts(None, Some((code.to_owned(), message)))) }
        }
    }
}

/// Answers a call of this module whose body was collected; none when it is another's.
pub(crate) async fn answer(
    app: &App,
    stamp: &Stamp,
    parts: &Parts,
    body: &Bytes,
    account: &AccountId,
) -> Option<Answered> {
    match target(parts)? {
        TARGET => {
            let mut sha256 = [0; 32];
            sha256.copy_from_slice(digest(&digest::SHA256, body).as_ref());
            Some(import(app, stamp, parts, account, sha256, Full::new(body.clone())).await)
        }
        "OpenTrail.KnownLogFiles" => Some(answer_known(app, stamp, account, body).await),
        _ => None,
    }
}

async fn answer_known(app: &App, stamp: &Stamp, account: &AccountId, body: &Bytes) -> Answered {
    let facts = |error| CallFacts {
        event_source: "opentrail.amazonaws.com".to_owned(),
        event_name: "KnownLogFiles".to_owned(),
        is_read_only: true,
        is_data_event: false,
        request_parameters: None,
        response_elements: None,
        error,
    };
    match known(app, account, body).await {
        Ok(answer) => Answered { response: json_answer(stamp, 200, answer.to_string()), facts: Some(facts(None)) },
        Err(error) => {
            let (status, code) = match error {
                KnownError::Malformed(_) | KnownError::TooMany => (400, "ValidationException"),
                KnownError::Catalog(_) => (503, "ServiceUnavailable"),
            };
            let message = error.to_string();
            let response = json_error(stamp, status, code, &message);
            Answered { response, facts: Some(facts(Some((code.to_owned(), message)))) }
        }
    }
}

/// `KnownLogFiles`: for each file, by its content or its source, what became of it when it was brought in, or null.
async fn known(app: &App, account: &AccountId, body: &Bytes) -> Result<Value, KnownError> {
    let request: KnownLogFiles = serde_json::from_slice(body).map_err(KnownError::Malformed)?;
    if request.files.len() > FILES_MAX {
        return Err(KnownError::TooMany);
    }
    let mut known = Vec::with_capacity(request.files.len());
    for file in request.files {
        let source = match (file.uri, file.etag, file.bytes) {
            (Some(uri), Some(etag), Some(bytes)) => Some(ImportSource { uri, etag, bytes }),
            _ => None,
        };
        let found = app.imports.known(account, file.sha256.as_deref(), source.as_ref()).await?;
        known.push(found.map_or(Value::Null, |file| counts(&file)));
    }
    Ok(json!({ "Files": known }))
}

/// Why files can't be looked up.
#[derive(Debug, thiserror::Error)]
enum KnownError {
    #[error("the body is not as expected: {0}")]
    Malformed(serde_json::Error),
    #[error("ask about {FILES_MAX} files at most")]
    TooMany,
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KnownLogFiles {
    files: Vec<Asked>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    sha256: Option<String>,
    uri: Option<String>,
    #[serde(rename = "ETag")]
    etag: Option<String>,
    bytes: Option<u64>,
}

fn describe(outcome: &Outcome) -> Value {
    let mut answer = counts(&outcome.file);
    let rejections = outcome
        .rejections
        .iter()
        .map(|rejection| json!({ "Index": rejection.index, "Offset": rejection.offset, "Problem": rejection.problem }));
    answer["Rejections"] = rejections.collect();
    answer["AlreadyImported"] = outcome.is_known.into();
    answer
}

fn counts(file: &ImportedFile) -> Value {
    json!({
        "Name": file.name,
        "Sha256": file.sha256,
        "Bytes": file.bytes,
        "Records": file.records,
        "Imported": file.imported,
        "Duplicates": file.duplicates,
        "Rejected": file.rejected,
        "ImportedAt": file.imported_at.iso(),
    })
}

fn code(error: &ImportError) -> (u16, &'static str) {
    match error {
        ImportError::TooLarge => (413, "RequestEntityTooLargeException"),
        ImportError::Broken(_) => (400, "RequestAbortedException"),
        ImportError::NotAsSigned { .. } => (400, "InvalidSignatureException"),
        ImportError::Intake(IntakeError::Journal(AppendError::Busy { .. })) | ImportError::Behind => {
            (400, "ThrottlingException")
        }
        ImportError::Disk(_) | ImportError::Intake(_) | ImportError::Catalog(_) | ImportError::Lake(_) => {
            (503, "ServiceUnavailable")
        }
        ImportError::Worker(_) => (500, "InternalFailure"),
    }
}

fn source(parts: &Parts) -> Option<ImportSource> {
    let bytes = header(parts, "content-length")?.parse().ok()?;
    Some(ImportSource {
        uri: decoded(parts, "x-opentrail-source-uri")?,
        etag: decoded(parts, "x-opentrail-source-etag")?,
        bytes,
    })
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// A percent-encoded header, at most 1,024 letters of it.
fn decoded(parts: &Parts, name: &str) -> Option<String> {
    let text = percent_decode_str(header(parts, name)?).decode_utf8_lossy();
    Some(text.chars().take(1_024).collect()).filter(|text: &String| !text.is_empty())
}
