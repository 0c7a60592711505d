//! The engine without HTTP: journal in, bucket out.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests unwrap, and say what they skip"
)]

mod audit;
mod broken;
mod crash;
mod engine;
mod real;
mod world;
