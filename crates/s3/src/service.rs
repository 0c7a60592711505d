//! The door: from an HTTP request to an HTTP response, and to what the record of the call must contain.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};
use opentrail_catalog::Catalog;
use opentrail_stdx::{Clock, Disk, Entropy};
use parking_lot::Mutex;
use percent_encoding::percent_decode_str;
use s3s::Body;

use crate::authorize::{bucket_arn, conditions, object_arn};
use crate::bodies::Bodies;
use crate::call::S3Call;
use crate::digest::Claims;
use crate::operation::{Level, Operation, Query, resolve};
use crate::store::{Context, Facts, Store};
use crate::target::{Domains, Target, host, parse};
use crate::watch::{BodyError, Seen, Watched};
use crate::{Authentication, Caller, Refusal, kept, xml};

mod report;

pub(crate) use report::{host_id, request_id};

/// Largest body of a request that isn't an upload: S3's own documents end far below.
const DOCUMENT_BYTES_MAX: usize = 4 << 20;
/// Query keys of a presigned URL, which s3s mustn't see.
const SIGNATURE_KEYS: [&str; 10] = [
    "awsaccesskeyid",
    "expires",
    "signature",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-signedheaders",
    "x-amz-signature",
    "x-amz-security-token",
];
/// Headers of a signature and of `aws-chunked`, which s3s mustn't see: the gate has dealt with them.
const SIGNATURE_HEADERS: [&str; 5] =
    ["authorization", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-security-token", "x-amz-date"];

/// How the service is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder with body files.
    pub dir: PathBuf,
    /// Host names under which buckets are found in virtual-host style, besides `localhost`, `s3.localhost` and
    /// `s3.<region>.amazonaws.com`.
    pub domains: Vec<String>,
}

/// The embedded S3. Clones share one store.
#[derive(Clone)]
pub struct S3Service {
    store: Store,
    domains: Domains,
    s3s: s3s::service::S3Service,
}

impl std::fmt::Debug for S3Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Service").field("store", &self.store).finish_non_exhaustive()
    }
}

impl S3Service {
    /// Opens the store over a catalog and a folder.
    pub fn new(
        catalog: Catalog,
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        options: Options,
    ) -> Self {
        let bodies = Bodies::new(disk, options.dir, Arc::clone(&entropy));
        let store = Store { catalog, bodies, clock, entropy };
        let s3s = s3s::service::S3ServiceBuilder::new(store.clone()).build();
        Self { store, domains: Domains::new(&options.domains), s3s }
    }

    /// Removes the body files that nothing refers to, leftovers of crashes, and answers how many there were. To be
    /// called once, before the first request.
    pub async fn collect_orphans(&self) -> Result<u64, Refusal> {
        self.store.bodies.collect_orphans(&self.store.catalog).await
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Answers a request whose signature has been verified and whose body is decoded.
    ///
    /// The response carries its request id already. Journal the call first, then send the response: what it says of
    /// writes is durable.
    pub async fn call<B>(&self, request: Request<B>, caller: Caller) -> (Response<Body>, S3Call)
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let (parts, body) = request.into_parts();
        let seen = Arc::new(Seen::default());
        let body = Watched::new(body, Arc::clone(&seen));
        let mut asked = report::Asked::new(&parts, &caller, self.store.now(), &self.store.entropy);
        let context = match self.context(&parts, caller, Arc::clone(&seen), &mut asked).await {
            Ok(context) => Arc::new(context),
            Err(refusal) => {
                let response = report::refused(&refusal);
                return asked.finish(response, None, &seen, self.store.now()).await;
            }
        };
        let answer = self.answer(parts, body, Arc::clone(&context), &mut asked).await;
        let response = answer.unwrap_or_else(|refusal| report::refused(&refusal));
        asked.finish(response, Some(&context), &seen, self.store.now()).await
    }

    /// Finds out what is asked for, and whether the caller may.
    async fn context(
        &self,
        parts: &Parts,
        caller: Caller,
        seen: Arc<Seen>,
        asked: &mut report::Asked,
    ) -> Result<Context, Refusal> {
        let query = query(&parts.uri)?;
        asked.query = query.clone();
        let target = parse(parts, &self.domains)?;
        asked.target = target.clone();
        let is_copy = parts.headers.contains_key("x-amz-copy-source");
        let operation = resolve(&parts.method, &target, &query, is_copy).ok_or_else(|| {
            Refusal::new("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
        })?;
        asked.operation = Some(operation);
        let bucket = match &target.bucket {
            Some(name) => self.store.catalog.bucket(name).await?,
            None => None,
        };
        asked.bucket = bucket.clone();
        let conditions = request_conditions(parts, &caller, &query, self.store.now());
        let context =
            Context { caller, operation, target, query, bucket, conditions, seen, facts: Mutex::new(Facts::default()) };
        if let Some(refusal) = &context.caller.refusal {
            return Err(refusal.clone());
        }
        authorize(&context, &parts.headers)?;
        Ok(context)
    }

    async fn answer(
        &self,
        mut parts: Parts,
        body: Watched,
        context: Arc<Context>,
        asked: &mut report::Asked,
    ) -> Result<Response<Body>, Refusal> {
        let body = if context.operation.is_upload {
            Body::http_body_unsync(body)
        } else {
            let bytes = document(body, &parts.headers, &context.seen).await?;
            asked.document = bytes.clone();
            if let Some(answer) = kept::answer(&self.store, &context, &parts.method, &bytes).await {
                return answer;
            }
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            Body::from(bytes)
        };
        parts.uri = path_style(&parts.uri, &context.target)?;
        cleanse(&mut parts.headers);
        parts.extensions.insert(context);
        let answer = self.s3s.call(Request::from_parts(parts, body)).await;
        answer.map_err(|error| {
            let error: BodyError = error.into();
            tracing::error!(error = error.as_ref() as &dyn std::error::Error, "s3s failed");
            Refusal::internal()
        })
    }
}

/// The whole body of a request that isn't an upload, checked against its digests.
async fn document(body: Watched, headers: &HeaderMap, seen: &Seen) -> Result<Bytes, Refusal> {
    let bytes = match Limited::new(body, DOCUMENT_BYTES_MAX).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) => {
            return Err(match error.downcast::<Refusal>() {
                Ok(refusal) => *refusal,
                Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                    Refusal::new("MaxMessageLengthExceeded", "Your request was too big.", 400)
                }
                Err(_) => Refusal::incomplete_body(),
            });
        }
    };
    let claims = Claims::read(headers, None)?;
    let mut hashers = claims.hashers();
    hashers.update(&bytes);
    claims.verify(&hashers.finish(), seen)?;
    Ok(bytes)
}

/// The query, decoded.
fn query(uri: &Uri) -> Result<Query, Refusal> {
    let decode = |text: &str| {
        let plain = text.replace('+', " ");
        let text = percent_decode_str(&plain).decode_utf8().map(|text| text.into_owned());
        text.map_err(|_| Refusal::new("InvalidURI", "Couldn't parse the specified URI.", 400))
    };
    let mut pairs = Vec::new();
    for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decode(key)?, decode(value)?));
    }
    Ok(Query(pairs))
}

/// The same request in path style, without its signature.
fn path_style(uri: &Uri, target: &Target) -> Result<Uri, Refusal> {
    let is_kept = |pair: &&str| {
        let key = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        !SIGNATURE_KEYS.contains(&key.as_str())
    };
    let query: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(is_kept).collect();
    let text = if query.is_empty() { target.path.clone() } else { format!("{}?{}", target.path, query.join("&")) };
    text.parse().map_err(|_| Refusal::new("InvalidURI", "Couldn't parse the specified URI.", 400))
}

/// Takes away what the gate has dealt with.
fn cleanse(headers: &mut HeaderMap) {
    if let Some(length) = headers.remove("x-amz-decoded-content-length") {
        headers.insert(header::CONTENT_LENGTH, length);
    }
    for name in SIGNATURE_HEADERS {
        headers.remove(name);
    }
    // Like S3, answer with the whole object where the range is none, or several.
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    if range.is_some_and(|range| s3s::dto::Range::parse(range).is_err()) {
        headers.remove(header::RANGE);
    }
    let encodings: Vec<String> = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty() && !value.eq_ignore_ascii_case("aws-chunked"))
        .collect();
    headers.remove(header::CONTENT_ENCODING);
    if let Ok(value) = HeaderValue::from_str(&encodings.join(","))
        && !value.is_empty()
    {
        headers.insert(header::CONTENT_ENCODING, value);
    }
    headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1"));
}

/// Refuses unless the caller may ask for this.
fn authorize(context: &Context, headers: &HeaderMap) -> Result<(), Refusal> {
    let Operation { name, action, level, .. } = context.operation;
    let Some(name_of_bucket) = &context.target.bucket else {
        return context.caller.principal.as_ref().map(|_| ()).ok_or_else(Refusal::access_denied);
    };
    if name == "CreateBucket" {
        return context.caller.principal.as_ref().map(|_| ()).ok_or_else(Refusal::access_denied);
    }
    let bucket = context.bucket()?;
    let expected = headers.get("x-amz-expected-bucket-owner").and_then(|value| value.to_str().ok());
    if expected.is_some_and(|account| account != bucket.account) {
        return Err(Refusal::access_denied());
    }
    // Each key of DeleteObjects is decided for itself.
    if name == "DeleteObjects" {
        return Ok(());
    }
    match (&context.target.key, level) {
        (Some(key), Level::Object) => context.check(bucket, action, &object_arn(name_of_bucket, key)),
        _ => context.check(bucket, action, &bucket_arn(name_of_bucket)),
    }
}

/// What conditions of a policy can look at.
fn request_conditions(
    parts: &Parts,
    caller: &Caller,
    query: &Query,
    now: opentrail_stdx::Timestamp,
) -> crate::authorize::Conditions {
    let mut all = conditions(caller.principal.as_ref(), now);
    let mut set = |key: &str, value: String| {
        all.insert(key.to_owned(), vec![value]);
    };
    set("aws:SecureTransport", caller.cipher_suite.is_some().to_string());
    set("aws:PrincipalIsAWSService", "false".to_owned());
    set("aws:ViaAWSService", "false".to_owned());
    if let Some(address) = caller.source_ip {
        set("aws:SourceIp", address.to_string());
    }
    let kind = match caller.authentication {
        Authentication::Header => Some(("REST-HEADER", "AWS4-HMAC-SHA256")),
        Authentication::Query => Some(("REST-QUERY-STRING", "AWS4-HMAC-SHA256")),
        Authentication::QueryVersionTwo => Some(("REST-QUERY-STRING", "AWS")),
        Authentication::Anonymous => None,
    };
    if let Some((kind, version)) = kind {
        set("s3:authType", kind.to_owned());
        set("s3:signatureversion", version.to_owned());
    }
    for key in ["prefix", "delimiter", "max-keys"] {
        if let Some(value) = query.get(key) {
            set(&format!("s3:{key}"), value.to_owned());
        }
    }
    for (name, value) in &parts.headers {
        let Ok(value) = value.to_str() else { continue };
        match name.as_str() {
            "user-agent" => set("aws:UserAgent", value.to_owned()),
            "referer" => set("aws:Referer", value.to_owned()),
            name if name.starts_with("x-amz-") => set(&format!("s3:{name}"), value.to_owned()),
            _ => {}
        }
    }
    all
}
