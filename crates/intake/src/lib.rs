//! Turns calls into records and records into durable positions
