//! Statements from their text to their rows.

mod memory;
mod oracle;
mod small;
mod stores;
