//! Which operation a request is.

pub(crate) mod host;
mod query;
mod rest;
mod s3;
mod upload;

use http::Method;
use http::request::Parts;

use crate::Operation;
use crate::table::{Head, Protocol, Table};
pub(crate) use query::Pairs;
pub(crate) use rest::labels;
pub use upload::Upload;

/// A form longer than this is not looked into.
const FORM_BYTES_MAX: usize = 1 << 20;

/// The services that we know; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Services {
    s3_domains: Vec<String>,
}

/// What a request's head tells of its operation.
#[derive(Debug, Clone)]
pub enum Recognition {
    /// It is this.
    Operation(Operation),
    /// The name stands in the form that is the body.
    NeedsBody(Pending),
    /// None that we know.
    Unknown(Unknown),
}

/// A request whose operation is named in its body.
#[derive(Debug, Clone)]
pub struct Pending(Awaited);

/// What the body is to tell.
#[derive(Debug, Clone)]
enum Awaited {
    /// The action, of one of these services.
    Action(Vec<&'static Head>),
    /// What a browser uploads to S3.
    Upload { head: &'static Head, bucket: Option<String>, boundary: String },
}

/// A request of no operation that we know.
#[derive(Debug, Clone, Default)]
pub struct Unknown {
    service: Option<&'static Head>,
    name: Option<String>,
}

impl Services {
    /// The services that are built in.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Takes the subdomains of `domains` for buckets, besides those of the names that AWS has for S3 and of `localhost`.
    #[must_use]
    pub fn with_s3_domains<I: IntoIterator<Item: Into<String>>>(mut self, domains: I) -> Self {
        self.s3_domains.extend(domains.into_iter().map(|domain| domain.into().to_ascii_lowercase()));
        self
    }

    /// Which operation is it? `signing_name` is the service in the signature's credential scope, `None` without a signature.
    ///
    /// An unsigned request is known by its target, the beginning of its host or its form; what is none of these is taken for an
    /// anonymous call of S3.
    pub fn recognise(&self, request: &Parts, signing_name: Option<&str>) -> Recognition {
        if let Some(recognition) = by_cbor_path(request).or_else(|| by_target(request)) {
            return recognition;
        }
        let candidates = candidates(request, signing_name);
        if let Some(recognition) = by_form(request, &candidates) {
            return recognition;
        }
        let found = candidates.iter().find_map(|head| self.by_path(request, head));
        found.unwrap_or_else(|| Recognition::Unknown(Unknown { service: candidates.first().copied(), name: None }))
    }

    /// The operation of a service of rest-json or rest-xml.
    fn by_path(&self, request: &Parts, head: &'static Head) -> Option<Recognition> {
        let protocol = head.speaks(Protocol::is_rest)?;
        // The calls about an account sign for S3, too; their paths could be objects'.
        let is_of_account = request.headers.contains_key("x-amz-account-id");
        let (operation, bucket) = if head.name == "s3" {
            if is_of_account {
                return None;
            }
            let bucket = host::bucket(host::of(request), &self.s3_domains);
            if let Some(boundary) = upload::boundary(request).filter(|_| s3::is_of_bucket(request, bucket)) {
                let (bucket, boundary) = (bucket.map(str::to_owned), boundary.to_owned());
                return Some(Recognition::NeedsBody(Pending(Awaited::Upload { head, bucket, boundary })));
            }
            (s3::find(head.model(), request, bucket)?, bucket.map(str::to_owned))
        } else {
            (rest::find(head.model(), request)?, None)
        };
        Some(Recognition::Operation(Operation::new(head, operation, protocol, bucket)))
    }
}

/// The services that a request may be of, the likeliest first.
fn candidates(request: &Parts, signing_name: Option<&str>) -> Vec<&'static Head> {
    let table = Table::embedded();
    let host = host::of(request);
    let mut heads: Vec<&Head> = match signing_name {
        Some(name) => table.signing(name).collect(),
        None => table.heads.iter().filter(|head| host::is_of(host, head.endpoint)).collect(),
    };
    if heads.is_empty() && signing_name.is_none() {
        let is_form = query::names_action(request);
        heads.extend(table.heads.iter().filter(|head| is_form && head.speaks(Protocol::is_form).is_some()));
    }
    if heads.is_empty() && signing_name.is_none_or(|name| name == "s3express") {
        heads.extend(table.heads.iter().find(|head| head.name == "s3"));
    }
    // Whom the host names; then whom the signature names; the others as they come.
    heads.sort_by_key(|head| {
        let host_length = if host::is_of(host, head.endpoint) { head.endpoint.len() } else { 0 };
        (std::cmp::Reverse(host_length), Some(head.name) != signing_name)
    });
    heads
}

/// `POST /service/<Service>/operation/<Operation>` with `Smithy-Protocol: rpc-v2-cbor`.
fn by_cbor_path(request: &Parts) -> Option<Recognition> {
    if request.headers.get("smithy-protocol")? != "rpc-v2-cbor" {
        return None;
    }
    let mut segments = request.uri.path().rsplit('/');
    let (name, operation, service) = (segments.next()?, segments.next()?, segments.next()?);
    let is_path = operation == "operation" && segments.next()? == "service";
    if is_path { named(service, name, Protocol::Cbor) } else { None }
}

/// `X-Amz-Target: <Prefix>.<Operation>`.
fn by_target(request: &Parts) -> Option<Recognition> {
    let target = request.headers.get("x-amz-target")?.to_str().ok()?;
    let (prefix, name) = target.rsplit_once('.')?;
    named(prefix, name, Protocol::Json)
}

fn named(prefix: &str, name: &str, protocol: Protocol) -> Option<Recognition> {
    let mut service = None;
    for head in Table::embedded().target(prefix).filter(|head| head.protocols.contains(&protocol)) {
        service = Some(head);
        if let Some(operation) = head.model().operation(name) {
            return Some(Recognition::Operation(Operation::new(head, operation, protocol, None)));
        }
    }
    service.map(|head| Recognition::Unknown(Unknown::new(head, name)))
}

/// The form's `Action`, in the URI or, not to be seen yet, in the body.
fn by_form(request: &Parts, candidates: &[&'static Head]) -> Option<Recognition> {
    let speaks_rest = candidates.iter().any(|head| head.speaks(Protocol::is_rest).is_some());
    let candidates: Vec<&Head> =
        candidates.iter().copied().filter(|head| head.speaks(Protocol::is_form).is_some()).collect();
    if candidates.is_empty() {
        return None;
    }
    if let Some(found) = request.uri.query().and_then(|form| by_action(&candidates, form.as_bytes())) {
        return Some(found);
    }
    // A service of both kinds, or several of one signing name: forms go to the root, while a queue has a path of its own.
    let may_have_form = request.uri.path() == "/" || !speaks_rest;
    let has_form = request.method == Method::POST && may_have_form && query::is_form(request);
    has_form.then_some(Recognition::NeedsBody(Pending(Awaited::Action(candidates))))
}

/// The operation of one of the services that a form names.
fn by_action(candidates: &[&'static Head], form: &[u8]) -> Option<Recognition> {
    let (mut action, mut version) = (None, None);
    for (key, value) in Pairs::new(form) {
        match &*key {
            "Action" => action = Some(value),
            "Version" => version = Some(value),
            _ => {}
        }
    }
    let (action, version) = (action?, version.unwrap_or_default());
    let has_action = |head: &&&'static Head| head.model().operation(&action).is_some();
    let of_version = candidates.iter().filter(|head| head.version == version).find(has_action);
    let head = *of_version.or_else(|| candidates.iter().find(has_action)).or_else(|| candidates.first())?;
    let Some(operation) = head.model().operation(&action) else {
        return Some(Recognition::Unknown(Unknown::new(head, &action)));
    };
    let protocol = head.speaks(Protocol::is_form)?;
    Some(Recognition::Operation(Operation::new(head, operation, protocol, None)))
}

impl Pending {
    /// How many bytes of the body may be needed.
    pub fn bytes_max(&self) -> usize {
        match &self.0 {
            Awaited::Action(_) => FORM_BYTES_MAX,
            Awaited::Upload { .. } => upload::FIELDS_BYTES_MAX,
        }
    }

    /// Is it a browser's upload to S3?
    pub fn is_upload(&self) -> bool {
        matches!(self.0, Awaited::Upload { .. })
    }

    /// Which operation is it, by the body's first bytes? Never [`Recognition::NeedsBody`].
    pub fn resolve(&self, body: &[u8]) -> Recognition {
        let body = &body[..body.len().min(self.bytes_max())];
        match &self.0 {
            Awaited::Action(candidates) => by_action(candidates, body)
                .unwrap_or_else(|| Recognition::Unknown(Unknown { service: candidates.first().copied(), name: None })),
            Awaited::Upload { head, bucket, boundary } => {
                let put = head.model().operation("PutObject").zip(head.speaks(Protocol::is_rest));
                let unknown = || Recognition::Unknown(Unknown { service: Some(head), name: None });
                put.map_or_else(unknown, |(put, protocol)| {
                    let put = Operation::new(head, put, protocol, bucket.clone());
                    Recognition::Operation(put.of_upload(Upload::parse(body, boundary)))
                })
            }
        }
    }
}

impl Unknown {
    fn new(service: &'static Head, name: &str) -> Self {
        // A name from a stranger: what no operation could be called isn't told.
        let is_name = name.len() <= 128 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        Self { service: Some(service), name: is_name.then(|| name.to_owned()) }
    }

    /// The service, when at least that is known.
    pub fn service(&self) -> Option<&'static str> {
        self.service.map(|head| head.name)
    }

    /// What records call the service, when it is known.
    pub fn event_source(&self) -> Option<String> {
        self.service.map(crate::knowledge::event_source)
    }

    /// The operation's name, when the request has it; the service may be newer than our table.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

#[cfg(test)]
mod tests;
