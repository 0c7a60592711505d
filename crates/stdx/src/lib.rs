//! What the standard library would hold if time, chance and disk were arguments.
//!
//! Everything above receives a [`Clock`], an [`Entropy`] and a [`Disk`], so that one seed can replay a whole
//! system run, crashes included. The real ones are [`SystemClock`], [`SystemEntropy`] and [`SystemDisk`]; their
//! simulated twins are [`ManualClock`], [`SeededEntropy`] and [`SimDisk`].
//!
//! This crate knows no other crate of ours. Think twice before adding to it.

pub mod backoff;
pub mod clock;
pub mod disk;
pub mod entropy;
pub mod tally;

pub use backoff::Backoff;
pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use disk::sim::{Fault, SimDisk};
pub use disk::{Disk, DiskFile, DiskLock, SystemDisk};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use tally::Tally;
