//! Samples of each format, written by hand after the formats' documentation, and what becomes of them.

mod cloudevents;
mod hostile;
mod json;
mod kubernetes;
mod minio;
mod otlp;
mod support;
