//! What a store files a record by.

use std::borrow::Cow;

use opentrail_stdx::Timestamp;
use serde::de::MapAccess;

use super::instant_of;
use super::member::{self, Document, Members};
use super::parts::window_start;
use crate::record::RecordError;
use crate::record::routed::object_text;

/// What a store files a record by: when it took place, and which it is. The other members are passed over, so that this
/// costs about half of a whole [`View`](super::View), with which it agrees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordKey<'a> {
    /// `eventTime`, as text.
    pub event_time: Option<Cow<'a, str>>,
    /// `timeWindow.windowStart` of an aggregated event, as text.
    pub window_start: Option<Cow<'a, str>>,
    /// `eventID`, or `eventId` as aggregated events spell it.
    pub event_id: Option<Cow<'a, str>>,
}

impl<'a> RecordKey<'a> {
    /// Looks at a record.
    pub fn parse(record: &'a [u8]) -> Result<Self, RecordError> {
        let document = serde_json::from_str::<Document<Self>>(object_text(record)?);
        Ok(document.map_err(RecordError::NotJson)?.members)
    }

    /// When the record's event took place: `eventTime`, or the begin of an aggregated event's window.
    pub fn instant(&self) -> Option<Timestamp> {
        instant_of(self.event_time.as_deref(), self.window_start.as_deref())
    }
}

impl<'a> Members<'a> for RecordKey<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "eventTime" => self.event_time = member::text(map, odd)?,
            "eventID" | "eventId" => self.event_id = member::text(map, odd)?,
            "timeWindow" => self.window_start = window_start(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::View;
    use super::*;

    proptest! {
        #[test]
        fn agrees_with_the_view(text in r#"\{("(eventTime|eventID|eventId|timeWindow|eventName)":("x"|"2026-09-13T17:19:17Z"|"\\u0041"|null|5|\[\{\}\]|\{"windowStart":"2026-09-13T17:15:00Z"\}),){0,5}"a":1\}"#) {
            let (view, key) = (View::parse(text.as_bytes()).expect("a record"), RecordKey::parse(text.as_bytes()).expect("a record"));
            prop_assert_eq!(view.instant(), key.instant());
            prop_assert_eq!(view.event_id, key.event_id);
        }
    }

    #[test]
    fn refuses_what_is_no_object() {
        for text in [&b"[]"[..], b"{} {}", b"{\"a\":\"\xff\"}", b"{\"a\":tru}"] {
            assert!(RecordKey::parse(text).is_err());
        }
    }
}
