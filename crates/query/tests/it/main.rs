//! Statements from their text to their rows.

mod logs;
mod memory;
mod oracle;
mod robust;
mod runs;
mod samples;
mod slt;
mod small;
mod stores;
