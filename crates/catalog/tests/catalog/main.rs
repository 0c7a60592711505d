//! The catalog through its public doors, and after crashes.

mod control;
mod torn_wal;
