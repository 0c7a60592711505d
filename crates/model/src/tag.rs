//! Tags of resources (CloudTrail API reference, `Tag`; AWS general reference, "Tag naming limits").

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// How many tags a resource may carry.
pub const TAGS_PER_RESOURCE_MAX: usize = 50;

/// A key, and a value unless the tag is only a mark.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tag {
    /// 1 to 128 characters.
    pub key: String,
    /// Up to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The tags can't be put on the resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// A tag, or the list as a whole, breaks a rule.
    #[error("{0}")]
    Invalid(String),
    /// The resource would carry too many.
    #[error("The number of tags per resource has exceeded the permissible limit. The limit is {max}.", max = TAGS_PER_RESOURCE_MAX)]
    LimitExceeded,
}

impl Tag {
    const KEY_CHARS_MAX: usize = 128;
    const VALUE_CHARS_MAX: usize = 256;

    fn check(&self) -> Result<(), TagError> {
        let invalid = |text: String| Err(TagError::Invalid(text));
        let key = &self.key;
        let value = self.value.as_deref().unwrap_or_default();
        if key.is_empty() || key.chars().count() > Self::KEY_CHARS_MAX {
            return invalid(format!("Tag key {key} must have 1 to 128 characters."));
        }
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return invalid(format!("Tag key {key} must not start with the reserved prefix aws:."));
        }
        if value.chars().count() > Self::VALUE_CHARS_MAX {
            return invalid(format!("The value of tag {key} must have at most 256 characters."));
        }
        if !key.chars().chain(value.chars()).all(is_allowed) {
            return invalid(format!(
                "Tag {key} can only contain letters, numbers, spaces and the characters _.:/=+-@."
            ));
        }
        Ok(())
    }
}

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c)
}

/// Checks tags that a caller wants to add, and lays them over the `present` ones: values of equal keys are replaced in
/// place, new keys go to the end.
pub fn add_tags(present: &[Tag], added: &[Tag]) -> Result<Vec<Tag>, TagError> {
    check_keys_unique(added)?;
    let mut tags = present.to_vec();
    for tag in added {
        tag.check()?;
        match tags.iter_mut().find(|old| old.key == tag.key) {
            Some(old) => old.value.clone_from(&tag.value),
            None => tags.push(tag.clone()),
        }
    }
    if tags.len() > TAGS_PER_RESOURCE_MAX { Err(TagError::LimitExceeded) } else { Ok(tags) }
}

/// The `present` tags without those whose keys are in `removed`. Absent keys don't matter, values neither.
pub fn remove_tags(present: &[Tag], removed: &[Tag]) -> Result<Vec<Tag>, TagError> {
    check_keys_unique(removed)?;
    let is_kept = |tag: &&Tag| !removed.iter().any(|gone| gone.key == tag.key);
    Ok(present.iter().filter(is_kept).cloned().collect())
}

fn check_keys_unique(tags: &[Tag]) -> Result<(), TagError> {
    let mut seen = HashSet::new();
    match tags.iter().find(|tag| !seen.insert(tag.key.as_str())) {
        Some(twice) => Err(TagError::Invalid(format!("Duplicate tag key {} in the request.", twice.key))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: key.to_owned(), value: Some(value.to_owned()) }
    }

    fn numbered(count: usize) -> Vec<Tag> {
        (0..count).map(|n| tag(&format!("k{n}"), "v")).collect()
    }

    #[test]
    fn adding_replaces_in_place_and_appends() {
        let present = [tag("a", "1"), tag("b", "2")];
        let added = [tag("c", "3"), Tag { key: "a".to_owned(), value: None }];
        let expected = vec![Tag { key: "a".to_owned(), value: None }, tag("b", "2"), tag("c", "3")];
        assert_eq!(add_tags(&present, &added), Ok(expected));
    }

    #[test]
    fn rules_of_keys_and_values() {
        let fine = [tag("Größe", "ü _.:/=+-@"), tag(&"k".repeat(128), &"v".repeat(256)), tag("awsome", "")];
        assert_eq!(add_tags(&[], &fine).expect("fine").len(), 3);
        for bad in [
            tag("", "v"),
            tag(&"k".repeat(129), "v"),
            tag("k", &"v".repeat(257)),
            tag("aws:x", "v"),
            tag("AWS:x", "v"),
            tag("k!", "v"),
            tag("k", "a\tb"),
        ] {
            assert!(matches!(add_tags(&[], std::slice::from_ref(&bad)), Err(TagError::Invalid(_))), "{bad:?}");
        }
        assert!(matches!(add_tags(&[], &[tag("a", "1"), tag("a", "1")]), Err(TagError::Invalid(_))));
    }

    #[test]
    fn fifty_and_no_more() {
        assert!(add_tags(&[], &numbered(50)).is_ok());
        assert_eq!(add_tags(&[], &numbered(51)), Err(TagError::LimitExceeded));
        assert!(add_tags(&numbered(50), &[tag("k7", "new")]).is_ok());
        assert_eq!(add_tags(&numbered(50), &[tag("new", "v")]), Err(TagError::LimitExceeded));
    }

    #[test]
    fn removing_looks_at_keys_only() {
        let present = [tag("a", "1"), tag("b", "2")];
        assert_eq!(remove_tags(&present, &[tag("a", "other"), tag("zzz", "")]), Ok(vec![tag("b", "2")]));
        assert!(matches!(remove_tags(&present, &[tag("a", ""), tag("a", "")]), Err(TagError::Invalid(_))));
    }
}
