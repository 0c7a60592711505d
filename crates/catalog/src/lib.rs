//! Control-plane state in SQLite: what is configured, how far each product has come
