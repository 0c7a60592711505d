//! What can go wrong between us and an upstream.

use std::path::PathBuf;
use std::time::Duration;

use crate::BodyError;

/// Why there is no answer to pass on.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// No connection came about: the upstream got nothing of the request.
    #[error("the upstream can't be reached")]
    Unreachable(#[source] BodyError),
    /// It said nothing for too long.
    #[error("the upstream was silent for {0:?}")]
    Silent(Duration),
    /// It broke the connection off, or the protocol, before it answered.
    #[error("the upstream broke off before it answered")]
    Cut(#[source] BodyError),
    /// The request's own body ended with an error, so that it never was whole.
    #[error("the request's body could not be read to its end")]
    Body(#[source] BodyError),
}

impl SendError {
    /// Whether the upstream certainly got nothing of the request.
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }

    pub(crate) fn from_hyper(error: hyper::Error) -> Self {
        // An error of the body that we were sending is the caller's, not the upstream's.
        if error.is_user() { Self::Body(Box::new(error)) } else { Self::Cut(Box::new(error)) }
    }
}

/// Why an upstream can't be used as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// The URL isn't one that we can speak to.
    #[error("the URL `{0}` must be `http://host[:port]` or `https://host[:port]`, without a path")]
    Url(String),
    /// The file of certificates can't be read.
    #[error("cannot read certificates from `{}`: {problem}", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// TLS can't be set up.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}
