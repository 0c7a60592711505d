//! Which operation a request is.

use http::request::Parts;

use crate::Operation;

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
pub struct Pending {
    service: String,
}

/// A request of no operation that we know.
#[derive(Debug, Clone)]
pub struct Unknown {
    service: Option<String>,
}

impl Services {
    /// The services that are built in.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Takes the subdomains of `domains` for buckets, besides those of the names that AWS has for S3.
    #[must_use]
    pub fn with_s3_domains<I: IntoIterator<Item: Into<String>>>(mut self, domains: I) -> Self {
        self.s3_domains.extend(domains.into_iter().map(Into::into));
        self
    }

    /// Which operation is it? `signing_name` is the service in the signature's credential scope.
    pub fn recognise(&self, request: &Parts, signing_name: Option<&str>) -> Recognition {
        let target = request.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        match (signing_name, target.and_then(|target| target.rsplit_once('.'))) {
            (Some(service), Some((_, name))) => Recognition::Operation(Operation::new(service, name)),
            (Some(service), None) => Recognition::NeedsBody(Pending { service: service.to_owned() }),
            (None, _) => Recognition::Unknown(Unknown { service: None }),
        }
    }
}

impl Pending {
    /// How many bytes of the body may be needed.
    pub fn bytes_max(&self) -> usize {
        1 << 20
    }

    /// Which operation is it, by the body's first bytes? Never [`Recognition::NeedsBody`].
    pub fn resolve(&self, body: &[u8]) -> Recognition {
        let action = body.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(b"Action="));
        match action.and_then(|action| std::str::from_utf8(action).ok()) {
            Some(name) => Recognition::Operation(Operation::new(&self.service, name)),
            None => Recognition::Unknown(Unknown { service: Some(self.service.clone()) }),
        }
    }
}

impl Unknown {
    /// The service, when at least that is known.
    pub fn service(&self) -> Option<&str> {
        self.service.as_deref()
    }
}
