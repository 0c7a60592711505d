//! The catalog through its public doors, and after crashes.

mod control;
mod event_data_stores;
mod torn_wal;
