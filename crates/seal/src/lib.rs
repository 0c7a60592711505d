//! Sealing log files so that a stranger can prove them unaltered: hash, digest chain, key ring, sign and verify.
//!
//! [`digest::seal`] writes and signs a [`digest::Digest`], which lists log files and quotes the digest before it.
//! [`key_ring::choose_key`] says which [`SigningKey`] signs it, and when a new one is due. [`verify`] proves a chain
//! with public keys only. [`name`] knows the keys of all delivered objects.
//!
//! All of it is synchronous and pure: time is an argument, bytes come and go as slices. Only
//! [`SigningKey::generate`] uses randomness, the operating system's. This crate knows no bucket, no catalog and no
//! clock.

pub mod digest;
mod gzip;
pub mod hash;
mod key;
pub mod key_ring;
pub mod name;
pub mod query_result;
pub mod verify;

pub use gzip::compress;
pub use key::{KeyError, PublicKey, SigningKey};
