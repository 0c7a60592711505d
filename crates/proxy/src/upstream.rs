//! One place that requests are passed on to.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_util::rt::{TokioIo, TokioTimer};

use crate::Body;
use crate::answer::Answer;
use crate::consent::await_consent;
use crate::dial::Dial;
use crate::error::{SendError, UpstreamError};
use crate::headers::{is_upgrade, pass_request};
use crate::health::Health;
use crate::pool::{Lease, Pool};
use crate::silence::{Movement, Moving};
use crate::tasks::Spawn;

/// How an upstream is spoken to.
#[derive(Debug, Clone)]
pub struct Options {
    /// `http://host[:port]` or `https://host[:port]`.
    pub url: String,
    /// PEM file of the certificates to trust; none trusts those of the system.
    pub ca: Option<PathBuf>,
    /// Speak HTTP/2 over cleartext. Over TLS both ends agree on it by themselves.
    pub http2_prior_knowledge: bool,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long the upstream may say nothing: before its answer begins, and between parts of it.
    pub silence_timeout: Duration,
}

/// One place that requests are passed on to.
#[derive(Debug)]
pub struct Upstream {
    dial: Dial,
    pool: Arc<Pool>,
    health: Health,
    connect_timeout: Duration,
    silence_timeout: Duration,
    spawn: Spawn,
}

/// A connection that a request can be sent on.
enum Sender {
    /// Whether it has carried requests before, and so may have been closed meanwhile.
    Http1 {
        sender: http1::SendRequest<Body>,
        is_kept: bool,
    },
    Http2 {
        sender: http2::SendRequest<Body>,
        is_kept: bool,
    },
}

/// An attempt that failed; the request comes back where none of it was written.
struct Failed {
    error: SendError,
    unsent: Option<Request<Body>>,
}

impl Upstream {
    /// An upstream that nothing is asked of yet.
    ///
    /// # Errors
    /// The URL or the certificates can't be used.
    pub fn new(options: &Options, spawn: Spawn) -> Result<Self, UpstreamError> {
        Ok(Self {
            dial: Dial::new(&options.url, options.ca.as_deref(), options.http2_prior_knowledge)?,
            pool: Arc::default(),
            health: Health::default(),
            connect_timeout: options.connect_timeout,
            silence_timeout: options.silence_timeout,
            spawn,
        })
    }

    /// Whether it was there when it was last asked for.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Passes a request on and returns the head of the answer; both bodies flow on by themselves.
    ///
    /// # Errors
    /// There is no answer to pass on.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Answer>, SendError> {
        let result = self.try_send(request).await;
        if matches!(result, Err(SendError::Unreachable(_) | SendError::Silent(_) | SendError::Cut(_))) {
            self.health.failed();
        }
        result
    }

    async fn try_send(&self, request: Request<Body>) -> Result<Response<Answer>, SendError> {
        let (parts, body) = request.into_parts();
        // HTTP/2 can't be left for another protocol.
        let wants_http1 = is_upgrade(&parts);
        let mut request = Request::from_parts(parts, body);
        loop {
            let sender = self.sender(wants_http1).await?;
            let is_kept = sender.is_kept();
            match self.send_on(sender, request).await {
                Ok(answer) => return Ok(answer),
                // It was closed while it was kept: nothing was sent, so that it can be sent again.
                Err(Failed { unsent: Some(unsent), .. }) if is_kept => request = unsent,
                Err(Failed { error, .. }) => return Err(error),
            }
        }
    }

    async fn sender(&self, wants_http1: bool) -> Result<Sender, SendError> {
        if let Some(sender) = self.pool.shared().filter(|_| !wants_http1) {
            return Ok(Sender::Http2 { sender, is_kept: true });
        }
        if let Some(sender) = self.pool.idle() {
            return Ok(Sender::Http1 { sender, is_kept: true });
        }
        self.dialled(wants_http1).await
    }

    async fn dialled(&self, wants_http1: bool) -> Result<Sender, SendError> {
        let connected = tokio::time::timeout(self.connect_timeout, self.connect(wants_http1)).await;
        let result = connected.unwrap_or_else(|_| {
            let slow = format!("no connection within {:?}", self.connect_timeout);
            Err(std::io::Error::new(std::io::ErrorKind::TimedOut, slow).into())
        });
        match &result {
            Ok(_) if self.health.connected() => tracing::info!(upstream = ?self.dial, "the upstream is back"),
            Err(error) if self.health.unreachable() => {
                tracing::warn!(upstream = ?self.dial, %error, "the upstream can't be reached");
            }
            _ => {}
        }
        result.map_err(SendError::Unreachable)
    }

    async fn connect(&self, wants_http1: bool) -> Result<Sender, crate::BodyError> {
        let dialled = self.dial.connect(wants_http1).await?;
        let stream = TokioIo::new(dialled.stream);
        if dialled.is_http2 {
            let mut builder = http2::Builder::new(self.spawn.clone());
            builder.timer(TokioTimer::new()).adaptive_window(true);
            let (sender, connection) = builder.handshake(stream).await?;
            self.pool.share(sender.clone());
            self.spawn.start(async move { drop(connection.await) });
            return Ok(Sender::Http2 { sender, is_kept: false });
        }
        let (sender, connection) = http1::handshake(stream).await?;
        self.spawn.start(async move { drop(connection.with_upgrades().await) });
        Ok(Sender::Http1 { sender, is_kept: false })
    }

    async fn send_on(&self, sender: Sender, request: Request<Body>) -> Result<Response<Answer>, Failed> {
        match sender {
            Sender::Http1 { mut sender, .. } => {
                if let Err(error) = sender.ready().await {
                    return Err(Failed { error: SendError::from_hyper(error), unsent: Some(request) });
                }
                let (request, movement) = self.prepare(request, Version::HTTP_11);
                let answer = self.answered(sender.try_send_request(await_consent(request)), &movement).await?;
                let lease = Lease { pool: Arc::clone(&self.pool), sender, movement: movement.clone() };
                Ok(answer.map(|body| Answer::new(body, Some(lease), movement, self.silence_timeout)))
            }
            Sender::Http2 { mut sender, .. } => {
                if let Err(error) = sender.ready().await {
                    return Err(Failed { error: SendError::from_hyper(error), unsent: Some(request) });
                }
                let (request, movement) = self.prepare(request, Version::HTTP_2);
                let answer = self.answered(sender.try_send_request(request), &movement).await?;
                Ok(answer.map(|body| Answer::new(body, None, movement, self.silence_timeout)))
            }
        }
    }

    fn prepare(&self, request: Request<Body>, version: Version) -> (Request<Body>, Movement) {
        let movement = Movement::new();
        let (mut parts, body) = request.into_parts();
        pass_request(&mut parts, &self.dial.scheme, &self.dial.authority, version);
        let body = Moving::new(body, movement.clone()).boxed_unsync();
        (Request::from_parts(parts, body), movement)
    }

    /// Waits for the answer's head for as long as the request moves, and a while after that.
    async fn answered(
        &self,
        answer: impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Body>>>>,
        movement: &Movement,
    ) -> Result<Response<Incoming>, Failed> {
        tokio::select! {
            answer = answer => answer.map_err(|mut failed| {
                let unsent = failed.take_message();
                Failed { error: SendError::from_hyper(failed.into_error()), unsent }
            }),
            () = movement.silence(self.silence_timeout) => {
                Err(Failed { error: SendError::Silent(self.silence_timeout), unsent: None })
            }
        }
    }
}

impl Sender {
    fn is_kept(&self) -> bool {
        match self {
            Self::Http1 { is_kept, .. } | Self::Http2 { is_kept, .. } => *is_kept,
        }
    }
}
