//! The proxy over real sockets: upstreams that are scripted byte by byte, and callers that look at what comes back.

mod failures;
mod passing;
mod support;
