//! Who asks, as far as the server's gate found out.

use std::net::IpAddr;

use opentrail_model::Principal;

use crate::Refusal;

/// Where the signature of a request was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// In the `Authorization` header.
    Header,
    /// In the query, as in a presigned URL.
    Query,
    /// In the query, by Signature Version 2.
    QueryVersionTwo,
    /// Nowhere: the caller is anonymous.
    Anonymous,
}

/// Who asks. The gate has verified all of it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The principal; none for an anonymous caller.
    pub principal: Option<Principal>,
    /// The access key that signed.
    pub access_key_id: Option<String>,
    /// Where the signature was.
    pub authentication: Authentication,
    /// The Region of the credential scope, or the server's own.
    pub region: String,
    /// Where the request came from.
    pub source_ip: Option<IpAddr>,
    /// The cipher suite, when the connection is encrypted.
    pub cipher_suite: Option<String>,
    /// Why the gate doesn't believe the signature: the call is refused with it, and told of like any other.
    pub refusal: Option<Refusal>,
}

impl Caller {
    /// The account of the caller, if there is one.
    pub fn account(&self) -> Option<&str> {
        self.principal.as_ref().map(|principal| principal.account.as_str())
    }
}
