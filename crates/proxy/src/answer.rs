//! The body of an upstream's answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};

use crate::BodyError;
use crate::error::SendError;
use crate::pool::Lease;

/// The body of an answer, as it comes in. It fails when the upstream is silent for too long, and gives its connection back
/// for the next request when it is over.
#[derive(Debug)]
pub struct Answer {
    body: Incoming,
    lease: Option<Lease>,
    patience: Duration,
    silence: Option<Pin<Box<Sleep>>>,
    is_over: bool,
}

impl Answer {
    pub(crate) fn new(body: Incoming, lease: Option<Lease>, patience: Duration) -> Self {
        Self { body, lease, patience, silence: None, is_over: false }
    }

    /// Fails when nothing has come for too long since the reader began to wait.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<SendError> {
        let patience = self.patience;
        let silence = self.silence.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + patience)));
        silence.as_mut().poll(cx).map(|()| SendError::Silent(patience))
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                this.silence = None;
                this.is_over = frame.is_none();
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => this.poll_silence(cx).map(|error| Some(Err(error.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // A connection with an unread answer on it is of no use to anybody.
        if let Some(lease) = self.lease.take()
            && (self.is_over || self.body.is_end_stream())
        {
            lease.give_back();
        }
    }
}
