//! The client commands: env, key, verify
