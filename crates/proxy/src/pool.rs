//! Connections that are kept for the next request.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::Body;
use crate::silence::Movement;

/// Idle connections that are kept at most.
const IDLE_MAX: usize = 512;
/// How long one is kept: shorter than servers usually keep their end open.
const IDLE_TIME_MAX: Duration = Duration::from_secs(15);

/// The kept connections of one upstream.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// The one used last is at the back, and is used next.
    idle: Mutex<VecDeque<Idle>>,
    /// HTTP/2 carries all requests at once.
    shared: Mutex<Option<http2::SendRequest<Body>>>,
}

#[derive(Debug)]
struct Idle {
    sender: http1::SendRequest<Body>,
    since: Instant,
}

impl Pool {
    /// A kept connection that is still open.
    pub(crate) fn idle(&self) -> Option<http1::SendRequest<Body>> {
        let mut idle = self.idle.lock();
        while let Some(Idle { sender, since }) = idle.pop_back() {
            if !sender.is_closed() && since.elapsed() < IDLE_TIME_MAX {
                return Some(sender);
            }
        }
        None
    }

    /// The HTTP/2 connection, if there is one.
    pub(crate) fn shared(&self) -> Option<http2::SendRequest<Body>> {
        self.shared.lock().clone().filter(|sender| !sender.is_closed())
    }

    pub(crate) fn share(&self, sender: http2::SendRequest<Body>) {
        *self.shared.lock() = Some(sender);
    }

    fn keep(&self, sender: http1::SendRequest<Body>) {
        let mut idle = self.idle.lock();
        let is_stale = |idle: &Idle| idle.since.elapsed() >= IDLE_TIME_MAX || idle.sender.is_closed();
        while idle.front().is_some_and(is_stale) || idle.len() >= IDLE_MAX {
            idle.pop_front();
        }
        idle.push_back(Idle { sender, since: Instant::now() });
    }
}

/// A connection that is in use.
#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) pool: Arc<Pool>,
    pub(crate) sender: http1::SendRequest<Body>,
    pub(crate) movement: Movement,
}

impl Lease {
    /// Keeps the connection. One on which the request hasn't ended yet would make the next one wait for it, and is closed.
    pub(crate) fn give_back(self) {
        if self.movement.is_over() && !self.sender.is_closed() {
            self.pool.keep(self.sender);
        }
    }
}
