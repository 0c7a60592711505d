//! AWS services on the wire: which operation a request is, and what CloudTrail's record of it says.
//!
//! [`Services::recognise`] looks at a request's head and names its [`Operation`], or asks for the body of the form that
//! carries the name. [`Operation::capture`] tells how much of both bodies to keep while they pass by, and [`describe()`]
//! turns what was kept, an [`Exchange`], into the [`Call`] that CloudTrail would have recorded.
//!
//! Plain and synchronous: no IO, no clock, no sockets. Nothing here fails: a body that can't be read describes nothing,
//! and the call is still told.

mod call;
mod describe;
mod exchange;
mod knowledge;
mod operation;
mod recognise;
mod table;
#[cfg(test)]
mod tests;
mod wire;

pub use call::{Call, CallError};
pub use describe::describe;
pub use exchange::{AuthenticationMethod, Body, Exchange, Response, SignatureVersion, Transfer};
pub use operation::{Capture, Operation};
pub use recognise::{Pending, Recognition, Services, Unknown};
