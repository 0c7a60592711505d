//! The crate against published vectors, against botocore's signer, and against chance.

mod botocore;
mod chunks;
mod properties;
mod s3_examples;
mod suite;
mod support;
mod version_two;
mod words;
