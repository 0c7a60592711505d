//! The process: one port, gate, duties, shutdown, metrics
