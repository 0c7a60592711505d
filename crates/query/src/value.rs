//! Results as people and programs read them: text for answers and CSV files, JSON for tools.

mod json;
mod scalar;
mod text;

pub use json::write_json;
pub use text::text;
