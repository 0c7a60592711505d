//! The engine without HTTP: journal in, answers out.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests unwrap, and say with what they failed")]

mod crash;
mod damage;
mod engine;
mod life;
mod stores;
mod world;
