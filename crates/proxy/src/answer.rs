//! The body of an upstream's answer.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::BodyError;
use crate::error::SendError;
use crate::pool::Lease;
use crate::silence::Movement;

/// The body of an answer, as it comes in. It fails when the upstream is silent for too long, though nothing more is said to it,
/// and gives its connection back for the next request when it is over.
pub struct Answer {
    body: Incoming,
    lease: Option<Lease>,
    movement: Movement,
    patience: Duration,
    silence: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    is_over: bool,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("body", &self.body).field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl Answer {
    pub(crate) fn new(body: Incoming, lease: Option<Lease>, movement: Movement, patience: Duration) -> Self {
        Self { body, lease, movement, patience, silence: None, is_over: false }
    }

    /// Fails when nothing has come for too long since the reader began to wait, and nothing of the request has gone out.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<SendError> {
        let (patience, movement) = (self.patience, &self.movement);
        let silence = self.silence.get_or_insert_with(|| {
            movement.note();
            let movement = movement.clone();
            Box::pin(async move { movement.silence(patience).await })
        });
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
