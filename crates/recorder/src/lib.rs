//! Who calls an upstream, and the records of what passes.
//!
//! The proxy sees requests that are signed with keys whose secrets it doesn't have. Who holds such a key is told by a
//! file ([`Mapping`]) or was learnt when STS handed it out ([`Sessions`]); whether the signature holds, by the upstream's answer
//! ([`is_unproven`]). [`Caller`] is what comes of it. From a caller, a described call and what the connection tells,
//! [`Passage::records`] makes the records: one for each account that has a part in the call, and one for the owner of the VPC
//! [`Endpoint`] that it came through.
//!
//! Plain and synchronous: no IO, no clock, no sockets; secrets never come here.

mod action;
mod caller;
mod endpoint;
mod mapping;
mod passage;
mod pattern;
mod session;
mod subnet;

pub use caller::{Caller, is_unproven};
pub use endpoint::{Endpoint, Judged};
pub use mapping::{Mapping, MappingError};
pub use passage::Passage;
pub use session::{Session, Sessions, learn};
pub use subnet::{InvalidSubnet, Subnet, source};
