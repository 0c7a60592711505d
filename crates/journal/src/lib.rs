//! The append-only log: opaque records in, durable positions out
