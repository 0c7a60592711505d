//! The engine without HTTP: journal in, bucket out.

mod audit;
mod broken;
mod crash;
mod engine;
mod real;
mod world;
