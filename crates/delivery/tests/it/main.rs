//! The engine without HTTP: journal in, bucket out.
#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping")]

mod audit;
mod broken;
mod crash;
mod engine;
mod real;
mod world;
