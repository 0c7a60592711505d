//! What CloudTrail does that no model says: hand-written, from its documentation and from records of the real service.

mod kinds;
mod names;

pub(crate) use kinds::{is_data_event, is_read_only, shows_answer};
pub(crate) use names::{api_version, event_name, event_source, is_global};
