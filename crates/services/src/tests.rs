//! The crate as a whole: what it says of a call beside what CloudTrail says of it, and beside what was written.

mod encode;
mod forms;
mod real_records;
mod round_trips;
