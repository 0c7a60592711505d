//! `Expect: 100-continue`: the caller's body is asked for when the upstream asks for it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::EXPECT;
use http::{Request, StatusCode, request};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::Notify;

use crate::{Body, BodyError};

/// How long to wait for an upstream that ignores the expectation (RFC 9110, section 10.1.1, asks not to wait for ever).
const PATIENCE: Duration = Duration::from_secs(1);

/// The request's body waits already.
#[derive(Clone)]
struct Waits;

fn expects(parts: &request::Parts) -> bool {
    parts.headers.get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

/// Keeps the body of a request that expects a 100 back until the upstream has sent one. Reading the body is what makes the
/// server in front send its own 100, so a caller whom the upstream refuses never sends its body at all.
pub(crate) fn await_consent(request: Request<Body>) -> Request<Body> {
    let (parts, body) = request.into_parts();
    if !expects(&parts) || body.is_end_stream() || parts.extensions.get::<Waits>().is_some() {
        return Request::from_parts(parts, body);
    }
    let consent = Arc::new(Notify::new());
    let given = Arc::clone(&consent);
    let wait = Box::pin(async move {
        // Ended by time: the upstream doesn't know the expectation, and wants the body all the same.
        let _ = tokio::time::timeout(PATIENCE, consent.notified()).await;
    });
    let mut request = Request::from_parts(parts, Gated { body, wait: Some(wait) }.boxed_unsync());
    request.extensions_mut().insert(Waits);
    hyper::ext::on_informational(&mut request, move |answer| {
        if answer.status() == StatusCode::CONTINUE {
            given.notify_one();
        }
    });
    request
}

struct Gated {
    body: Body,
    wait: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl http_body::Body for Gated {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if let Some(wait) = &mut this.wait {
            ready!(wait.as_mut().poll(cx));
            this.wait = None;
        }
        Pin::new(&mut this.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
