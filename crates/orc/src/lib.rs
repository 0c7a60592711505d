//! Apache ORC for Arrow: a complete reader and writer in Rust.
