//! Items that can't be mapped: told, counted, and kept as events of their own.

use opentrail_stdx::Timestamp;

use crate::event::{Event, Failure, User};
use crate::members::Members;
use crate::uid;

/// The most that is kept of an item, in bytes as it prints in JSON: all that additional data has room for.
const ITEM_MAX: usize = 19 << 10;

/// An item that isn't kept as what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Where in the body: `items[3]`.
    pub place: String,
    /// What kind of mistake, in PutAuditEvents' words: `InvalidData` and its kin.
    pub code: &'static str,
    /// What its sender shall mend.
    pub message: String,
    /// The item.
    pub item: RejectedItem,
}

/// What is kept of a rejected item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedItem {
    text: String,
    bytes: usize,
    uid: String,
}

impl RejectedItem {
    /// The beginning of an item, and what tells it from others.
    pub fn of(item: &[u8]) -> Self {
        let begin = String::from_utf8_lossy(&item[..item.len().min(ITEM_MAX)]);
        let mut room = ITEM_MAX;
        let has_room = |character: &char| {
            let printed = match character {
                '"' | '\\' => 2,
                character if u32::from(*character) < 0x20 => 6,
                character => character.len_utf8(),
            };
            room.checked_sub(printed).map(|left| room = left).is_some()
        };
        let text = begin.chars().take_while(has_room).collect();
        Self { text, bytes: item.len(), uid: uid::of_content(item) }
    }
}

/// Something isn't what it should be, in PutAuditEvents' words.
const INVALID: &str = "InvalidData";
/// Something isn't there.
const MISSING: &str = "FieldNotFound";

/// What is wrong with an item, before it is known which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    code: &'static str,
    message: String,
}

impl Mistake {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { code: INVALID, message: message.into() }
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self { code: MISSING, message: format!("`{name}` is missing") }
    }

    pub(crate) fn nowhere(name: &str, places: &str) -> Self {
        Self { code: MISSING, message: format!("`{name}` is missing: nothing is at `{places}`") }
    }

    pub(crate) fn at(self, place: String, item: &[u8]) -> Rejected {
        Rejected { place, code: self.code, message: self.message, item: RejectedItem::of(item) }
    }
}

impl From<serde_json::Error> for Mistake {
    fn from(error: serde_json::Error) -> Self {
        Self::invalid(error.to_string())
    }
}

impl Rejected {
    /// The event that keeps it: the quarantine is a query for `eventName = 'RejectItem'`. It tells of the rejection by the
    /// receiver of that name, which took place `at` that time: an item that comes again and is rejected again is told again.
    pub fn event(&self, receiver: &str, at: Timestamp) -> Event {
        let additional = Members::default()
            .text("place", Some(&self.place))
            .text("item", Some(&self.item.text))
            .value("itemBytes", self.item.bytes);
        Event {
            uid: self.item.uid.clone(),
            event_name: "RejectItem".to_owned(),
            event_source: "receivers.opentrail".to_owned(),
            event_time: at,
            user: User { kind: "Receiver".to_owned(), principal_id: receiver.to_owned(), details: Members::default() },
            user_agent: None,
            source_ip_address: None,
            failure: Some(Failure { code: self.code.to_owned(), message: Some(self.message.clone()) }),
            request_parameters: Members::default(),
            response_elements: Members::default(),
            additional,
        }
    }
}
