//! Size limits of the members of a record (CloudTrail user guide, "CloudTrail record contents": maximum sizes).

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Record;
use crate::record::EventCategory;

const TEXT_BYTES_MAX: usize = 1024;
const ELEMENTS_BYTES_MAX: usize = 100 * 1024;
const ADDITIONAL_BYTES_MAX: usize = 28 * 1024;
/// The size of a whole record.
pub(super) const RECORD_BYTES_MAX: usize = 256 * 1024;

/// Prints a record after applying the limits: first those of single members, then, while the whole is too large, the
/// large members are left out one after the other. AWS doesn't publish its order; ours starts with what a reader can
/// most easily do without.
pub(super) fn print(record: &Record) -> Vec<u8> {
    let mut record = Cow::Borrowed(record);
    cap_members(&mut record);
    let mut text = to_vec(&record);
    for reduce in [drop_additional, omit_details, omit_response, omit_request, drop_resources] {
        if text.len() <= RECORD_BYTES_MAX {
            break;
        }
        reduce(record.to_mut());
        text = to_vec(&record);
    }
    text
}

fn to_vec(record: &Record) -> Vec<u8> {
    const NEVER_FAILS: &str = "a record has no map with keys other than text, and no failing serializer";
    if record.event_category != EventCategory::NetworkActivity {
        return serde_json::to_vec(record).expect(NEVER_FAILS);
    }
    // Network activity events tell nothing of what was said, not even that it was nothing.
    let mut value = serde_json::to_value(record).expect(NEVER_FAILS);
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    serde_json::to_vec(&value).expect(NEVER_FAILS)
}

fn cap_members(record: &mut Cow<'_, Record>) {
    if [&record.user_agent, &record.error_code, &record.error_message, &record.request_id]
        .into_iter()
        .flatten()
        .any(|text| text.len() > TEXT_BYTES_MAX)
    {
        let record = record.to_mut();
        for text in [&mut record.user_agent, &mut record.error_code, &mut record.error_message, &mut record.request_id]
        {
            truncate(text);
        }
    }
    if size(&record.request_parameters) > ELEMENTS_BYTES_MAX {
        omit_request(record.to_mut());
    }
    if size(&record.response_elements) > ELEMENTS_BYTES_MAX {
        omit_response(record.to_mut());
    }
    if size(&record.service_event_details) > ELEMENTS_BYTES_MAX {
        omit_details(record.to_mut());
    }
    if size(&record.additional_event_data) > ADDITIONAL_BYTES_MAX {
        drop_additional(record.to_mut());
    }
}

/// Cuts text to its limit, between two characters.
fn truncate(text: &mut Option<String>) {
    if let Some(text) = text {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    }
}

fn omit_request(record: &mut Record) {
    omit(&mut record.request_parameters, "requestParameters");
}

fn omit_response(record: &mut Record) {
    omit(&mut record.response_elements, "responseElements");
}

fn omit_details(record: &mut Record) {
    omit(&mut record.service_event_details, "serviceEventDetails");
}

fn drop_additional(record: &mut Record) {
    record.additional_event_data = None;
}

fn drop_resources(record: &mut Record) {
    record.resources.clear();
}

/// Puts a mark in the place of content that is too large.
fn omit(value: &mut Option<Value>, name: &str) {
    let is_omitted = value.as_ref().is_none_or(|value| value.get("omitted").is_some());
    if !is_omitted {
        let original_size = size(value);
        *value = Some(json!({"omitted": true, "originalSize": original_size, "reason": format!("{name} too large")}));
    }
}

/// The bytes of a value when printed.
fn size(value: &Option<Value>) -> usize {
    let mut counter = Counter(0);
    if let Some(value) = value {
        serde_json::to_writer(&mut counter, value).expect("counting can't fail");
    }
    counter.0
}

struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
