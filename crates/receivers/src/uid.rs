//! UIDs: what a system calls its event, or what the event says.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};

use crate::event::Event;

/// The longest UID in characters (CloudTrail user guide, "CloudTrail Lake integrations event schema").
const UID_MAX: usize = 1024;

/// What a content has for a UID. Persisted: keep stable.
pub(crate) fn of_content(content: &[u8]) -> String {
    format!("sha256:{}", hex::encode(digest(&SHA256, content)))
}

/// Shortens UIDs that are too long, and numbers those that come more than once in a delivery, since two events of the same
/// content are two. The same delivery again gets the same numbers.
pub(crate) fn complete(events: &mut [Event]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for event in events {
        if event.uid.chars().count() > UID_MAX {
            event.uid = of_content(event.uid.as_bytes());
        }
        if !event.uid.starts_with("sha256:") {
            continue;
        }
        let times = seen.entry(event.uid.clone()).and_modify(|times| *times += 1).or_insert(1);
        if *times > 1 {
            event.uid = format!("{}#{times}", event.uid);
        }
    }
}
