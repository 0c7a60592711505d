//! A request body that counts its bytes and keeps its trailers.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use parking_lot::Mutex;

/// The error of any body.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// What was seen of a body.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    bytes: AtomicU64,
    /// Guards the trailers: written once by the body, read after its end.
    trailers: Mutex<HeaderMap>,
}

impl Seen {
    /// Bytes so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// A trailer's value.
    pub(crate) fn trailer(&self, name: &str) -> Option<String> {
        let trailers = self.trailers.lock();
        trailers.get(name).and_then(|value| value.to_str().ok()).map(|value| value.trim().to_owned())
    }
}

/// A body that is watched.
pub(crate) struct Watched {
    inner: UnsyncBoxBody<Bytes, BodyError>,
    seen: Arc<Seen>,
}

impl Watched {
    /// Watches `body`.
    pub(crate) fn new<B>(body: B, seen: Arc<Seen>) -> Self
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let inner = http_body_util::BodyExt::map_err(body, Into::into);
        Self { inner: UnsyncBoxBody::new(inner), seen }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = std::task::ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            if let Some(data) = frame.data_ref() {
                self.seen.bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
            } else if let Some(trailers) = frame.trailers_ref() {
                *self.seen.trailers.lock() = trailers.clone();
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
