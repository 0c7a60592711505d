//! How long nothing has moved between us and an upstream, either way.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::{Body, BodyError};

/// When a body last moved, and whether the request's is over.
#[derive(Debug, Clone)]
pub(crate) struct Movement(Arc<State>);

#[derive(Debug)]
struct State {
    last: Mutex<Instant>,
    is_over: AtomicBool,
}

impl Movement {
    pub(crate) fn new() -> Self {
        Self(Arc::new(State { last: Mutex::new(Instant::now()), is_over: AtomicBool::new(false) }))
    }

    /// Has all of the request's body been handed to the connection?
    pub(crate) fn is_over(&self) -> bool {
        self.0.is_over.load(Ordering::Acquire)
    }

    /// Something moves, or somebody begins to wait for it.
    pub(crate) fn note(&self) {
        *self.0.last.lock() = Instant::now();
    }

    /// Returns when nothing has moved for `patience`.
    pub(crate) async fn silence(&self, patience: Duration) {
        loop {
            let end = *self.0.last.lock() + patience;
            if end <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(end).await;
        }
    }
}

/// A request's body that tells when it moves.
pub(crate) struct Moving {
    body: Body,
    movement: Movement,
}

impl Moving {
    pub(crate) fn new(body: Body, movement: Movement) -> Self {
        if body.is_end_stream() {
            movement.0.is_over.store(true, Ordering::Release);
        }
        Self { body, movement }
    }
}

impl http_body::Body for Moving {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Poll::Ready(frame) = &polled {
            this.movement.note();
            if frame.is_none() || this.body.is_end_stream() {
                this.movement.0.is_over.store(true, Ordering::Release);
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
