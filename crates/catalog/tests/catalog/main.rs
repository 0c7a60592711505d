//! The catalog through its public doors, and after crashes.

mod channels;
mod control;
mod event_data_stores;
mod torn_wal;
