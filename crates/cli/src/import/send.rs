//! Speaking with the server: which files it knows, and sending those that it doesn't.

use std::time::Duration;

use anyhow::Context;
use http::HeaderValue;
use opentrail_sigv4::{SignedBody, Signer};
use opentrail_stdx::{Backoff, Clock, SystemClock, SystemEntropy};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::content::Content;
use super::report::Rejection;
use crate::connection::{Connection, ServiceError};

const SERVICE: &str = "opentrail";
/// How often a file is sent before it is given up.
const TRIES: u32 = 6;
const BETWEEN_TRIES: Backoff = Backoff { first: Duration::from_millis(200), max: Duration::from_secs(5) };

/// The server, and how to reach it.
#[derive(Debug)]
pub(super) struct Server {
    connection: Connection,
    http: reqwest::Client,
}

/// Where a file came from, so that it is known without being fetched.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) address: String,
    pub(super) etag: String,
    pub(super) bytes: u64,
}

/// What became of a file at the server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Outcome {
    pub(super) records: u64,
    pub(super) imported: u64,
    pub(super) duplicates: u64,
    pub(super) rejected: u64,
    pub(super) rejections: Vec<Rejection>,
    pub(super) already_imported: bool,
}

/// The server can't be reached: nothing else can be sent either.
#[derive(Debug, thiserror::Error)]
#[error("cannot reach `{endpoint}`; is the server running? Run the same command again to go on")]
pub(super) struct Unreachable {
    endpoint: String,
    #[source]
    source: reqwest::Error,
}

impl Server {
    pub(super) fn new(connection: Connection) -> anyhow::Result<Self> {
        let http = connection.http()?;
        Ok(Self { connection, http })
    }

    /// For each file, by its hash or its origin, what became of it, if it was brought in before.
    pub(super) async fn known(&self, files: Vec<Result<String, Origin>>) -> anyhow::Result<Vec<Option<Outcome>>> {
        let count = files.len();
        let asked = files.into_iter().map(|file| match file {
            Ok(sha256) => json!({ "Sha256": sha256 }),
            Err(origin) => json!({ "Uri": origin.address, "ETag": origin.etag, "Bytes": origin.bytes }),
        });
        let request = json!({ "Files": asked.collect::<Vec<Value>>() });
        let Connection { region, .. } = &self.connection;
        let answer = self.connection.call(&self.http, SERVICE, region, "OpenTrail.KnownLogFiles", &request).await?;
        let known: Vec<Option<Outcome>> = serde_json::from_value(answer["Files"].clone())?;
        anyhow::ensure!(known.len() == count, "the server told of {} files when asked about {count}", known.len());
        Ok(known)
    }

    /// Sends a file, again where that may help.
    pub(super) async fn send(
        &self,
        name: &str,
        content: &Content,
        origin: Option<&Origin>,
        again: bool,
    ) -> anyhow::Result<Outcome> {
        let mut failures = 0;
        loop {
            let error = match self.send_once(name, content, origin, again).await {
                Ok(outcome) => return Ok(outcome),
                Err(error) => error,
            };
            failures += 1;
            if failures == TRIES || !is_passing(&error) {
                return Err(error);
            }
            tokio::time::sleep(BETWEEN_TRIES.delay(failures, &SystemEntropy)).await;
        }
    }

    async fn send_once(
        &self,
        name: &str,
        content: &Content,
        origin: Option<&Origin>,
        again: bool,
    ) -> anyhow::Result<Outcome> {
        let endpoint = &self.connection.endpoint;
        let request = self.request(name, content, origin, again)?;
        let (parts, ()) = request.into_parts();
        let request: reqwest::Request = http::Request::from_parts(parts, content.body().await?).try_into()?;
        let answer = self.http.execute(request).await.map_err(|source| self.unreachable(source))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|source| self.unreachable(source))?;
        let answer: Value = serde_json::from_slice(&body)
            .with_context(|| format!("`{endpoint}` answered {status} and no JSON; is it an OpenTrail server?"))?;
        if status.is_success() {
            return Ok(serde_json::from_value(answer)?);
        }
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        let code = text("__type").unwrap_or_else(|| status.to_string());
        Err(ServiceError { code, message: text("message").unwrap_or_default() }.into())
    }

    fn request(
        &self,
        name: &str,
        content: &Content,
        origin: Option<&Origin>,
        again: bool,
    ) -> anyhow::Result<http::Request<()>> {
        let mut request = http::Request::post(format!("{}/", self.connection.endpoint))
            .header("content-type", "application/octet-stream")
            .header("content-length", content.bytes)
            .header("x-amz-target", "OpenTrail.ImportLogFile")
            .header("x-amz-content-sha256", &content.sha256)
            .header("x-opentrail-file-name", encoded(name));
        if let Some(Origin { address, etag, .. }) = origin {
            request = request
                .header("x-opentrail-source-uri", encoded(address))
                .header("x-opentrail-source-etag", encoded(etag));
        }
        if again {
            request = request.header("x-opentrail-again", "true");
        }
        let (mut parts, ()) = request.body(())?.into_parts();
        let authority = parts.uri.authority().context("the server's address names no host")?.to_string();
        parts.headers.insert("host", HeaderValue::from_str(&authority)?);
        let mut sha256 = [0; 32];
        hex::decode_to_slice(&content.sha256, &mut sha256)?;
        let Connection { credentials, region, .. } = &self.connection;
        let signer = Signer { credentials, region, service: SERVICE, now: SystemClock.now() };
        signer.sign(&mut parts, SignedBody::Sha256(sha256))?;
        Ok(http::Request::from_parts(parts, ()))
    }

    fn unreachable(&self, source: reqwest::Error) -> Unreachable {
        Unreachable { endpoint: self.connection.endpoint.clone(), source }
    }
}

/// Whether the same may succeed a little later. What was sent twice is brought in once.
fn is_passing(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<ServiceError>() {
        Some(error) => matches!(error.code.as_str(), "ThrottlingException" | "ServiceUnavailable" | "InternalFailure"),
        None => error.is::<Unreachable>(),
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
