//! A bounded beginning of a body, copied aside while it flows.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use parking_lot::Mutex;

/// What a [`Tap`] has seen; shared with whoever looks on.
#[derive(Debug, Clone, Default)]
pub struct Capture(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    kept: BytesMut,
    bytes: u64,
    has_ended: bool,
    /// Bytes that may be kept.
    room: usize,
}

/// What has been seen so far.
#[derive(Debug, Clone, Default)]
pub struct Captured {
    /// The beginning.
    pub kept: Bytes,
    /// Bytes that passed, kept or not.
    pub bytes: u64,
    /// Whether the body came to its end.
    pub has_ended: bool,
}

impl Captured {
    /// Whether all of the body was kept.
    pub fn is_whole(&self) -> bool {
        self.has_ended && self.kept.len() as u64 == self.bytes
    }
}

impl Capture {
    /// Keeps up to `room` bytes.
    pub fn new(room: usize) -> Self {
        Self(Arc::new(Mutex::new(Seen { room, ..Seen::default() })))
    }

    /// What has been seen; takes what was kept out.
    pub fn take(&self) -> Captured {
        let mut seen = self.0.lock();
        Captured { kept: std::mem::take(&mut seen.kept).freeze(), bytes: seen.bytes, has_ended: seen.has_ended }
    }

    /// Bytes that have passed so far.
    pub fn bytes(&self) -> u64 {
        self.0.lock().bytes
    }

    fn note(&self, data: &Bytes) {
        let mut seen = self.0.lock();
        let take = data.len().min(seen.room);
        seen.room -= take;
        seen.kept.extend_from_slice(&data[..take]);
        seen.bytes += data.remaining() as u64;
    }

    fn end(&self) {
        self.0.lock().has_ended = true;
    }
}

/// A body that tells a [`Capture`] what passes.
#[derive(Debug)]
pub struct Tap<B> {
    inner: B,
    capture: Capture,
}

impl<B: Body<Data = Bytes>> Tap<B> {
    /// Looks on at `inner`.
    pub fn new(inner: B, capture: Capture) -> Self {
        if inner.is_end_stream() {
            capture.end();
        }
        Self { inner, capture }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Tap<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let polled = ready!(Pin::new(&mut this.inner).poll_frame(cx));
        match &polled {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    this.capture.note(data);
                }
                if this.inner.is_end_stream() {
                    this.capture.end();
                }
            }
            Some(Err(_)) => {}
            None => this.capture.end(),
        }
        Poll::Ready(polled)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};

    use super::*;

    async fn seen(body: &'static [u8], room: usize) -> Captured {
        let capture = Capture::new(room);
        let passed = Tap::new(Full::new(Bytes::from_static(body)), capture.clone()).collect().await.expect("no error");
        assert_eq!(passed.to_bytes(), body, "nothing is changed");
        capture.take()
    }

    #[tokio::test]
    async fn only_the_beginning_is_kept() {
        let seen = seen(b"0123456789", 4).await;
        assert_eq!((&seen.kept[..], seen.bytes, seen.is_whole()), (&b"0123"[..], 10, false));
    }

    #[tokio::test]
    async fn a_short_body_is_whole() {
        let short = seen(b"0123", 4).await;
        assert!(short.is_whole());
        assert!(seen(b"", 0).await.is_whole(), "an empty one, too");
    }
}
