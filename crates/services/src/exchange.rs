//! What passed over the wire, as far as it was kept.

use http::{HeaderMap, StatusCode, request};
use opentrail_stdx::Timestamp;

use crate::Operation;

/// One request and, if it came, its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// Which operation the request is.
    pub operation: &'a Operation,
    /// The head of the request.
    pub request: &'a request::Parts,
    /// What was kept of its body.
    pub request_body: Body<'a>,
    /// The answer; `None` when the upstream gave none.
    pub response: Option<Response<'a>>,
    /// The caller's account, twelve digits.
    pub account: &'a str,
    /// The Region that the caller signed for.
    pub region: &'a str,
    /// `aws`, `aws-cn`, …
    pub partition: &'a str,
    /// How it passed.
    pub transfer: Transfer<'a>,
}

/// The beginning of a body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Body<'a> {
    /// The bytes that were kept.
    pub bytes: &'a [u8],
    /// Are they all that there were? What isn't whole isn't parsed.
    pub is_whole: bool,
}

/// An answer.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// What was kept of its body.
    pub body: Body<'a>,
}

/// How a call passed over the wire.
#[derive(Debug, Clone, Copy, Default)]
pub struct Transfer<'a> {
    /// Bytes of the request's body.
    pub bytes_in: u64,
    /// Bytes of the response's body.
    pub bytes_out: u64,
    /// When the request's head came.
    pub started: Timestamp,
    /// When the last byte of the response went.
    pub ended: Timestamp,
    /// How the request was signed; `None` for anonymous calls.
    pub signature: Option<SignatureVersion>,
    /// Where the signature was; `None` for anonymous calls.
    pub authentication: Option<AuthenticationMethod>,
    /// The connection's cipher suite, by its IANA name; `None` without TLS.
    pub cipher_suite: Option<&'a str>,
}

/// How a request was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureVersion {
    /// Signature Version 2.
    V2,
    /// Signature Version 4, also its asymmetric form.
    V4,
}

/// Where a signature was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthenticationMethod {
    /// In the `Authorization` header.
    Header,
    /// In the query string (presigned).
    Query,
    /// In the fields of a browser's form.
    Form,
}
