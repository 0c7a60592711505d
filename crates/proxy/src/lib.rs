//! A streaming reverse proxy: requests go to an upstream and answers come back as they are, and somebody may look on.
//!
//! An [`Upstream`] is one place that speaks HTTP. [`Upstream::send`] passes a request on with everything that a signature
//! covers untouched (method, path and query as they were written, `Host`, all end-to-end headers, the body's bytes), and
//! returns the answer's head as soon as it is there. Bodies are never held as a whole: they flow as fast as the slower
//! side takes them. [`Tap`] copies a bounded beginning of a body aside while it flows; [`Held`] keeps back a body's
//! end until something else has happened, such as a record becoming durable.
//!
//! A [`SendError`] tells what the upstream did; only [`SendError::Unreachable`] means that it got nothing. A request is tried
//! again by itself in one case: a kept connection turned out to be closed before a byte of the request was written.
//!
//! What stays out: AWS, signatures, records; who accepts connections; and starting tasks: connections are driven by the
//! [`Spawn`] that the owner hands in.

mod answer;
mod capture;
mod consent;
mod dial;
mod error;
mod headers;
mod health;
mod held;
mod pool;
mod silence;
mod tasks;
mod upgrade;
mod upstream;

pub use answer::Answer;
pub use capture::{Capture, Captured, Tap};
pub use error::{SendError, UpstreamError};
pub use headers::{is_upgrade, pass_answer};
pub use health::Health;
pub use held::{Ending, Held};
pub use tasks::{Spawn, Task};
pub use upgrade::join;
pub use upstream::{Options, Upstream};

/// A request's body on its way to an upstream.
pub type Body = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, BodyError>;
/// Why a body ended early.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;
