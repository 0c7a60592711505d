//! The values of a path's variables.

use std::borrow::Cow;

use super::super::scan::{Cursor, Kind, kind, members, unquote};
use super::evaluate::Failure;

/// The member of an object that has a JSON text in it, which may be none. Other values are not objects.
pub(crate) const JSON_MEMBER: &str = "json";

/// The values of variables, by name; no value is an empty sequence.
#[derive(Debug)]
pub(in super::super) struct Variables<'a>(Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>);

impl<'a> Variables<'a> {
    /// From an object with a member for each.
    pub(in super::super) fn read(object: &'a str) -> Result<Self, Failure> {
        let all = members(object).ok_or(Failure::Input)?.into_iter();
        let all = all.map(|(name, value)| match kind(value) {
            Some(Kind::Object) => Ok((name, json(value)?)),
            _ => Ok((name, Some(Cow::Borrowed(value)))),
        });
        all.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<&Cow<'a, str>>, Failure> {
        let found = self.0.iter().find(|(own, _)| own == name).ok_or(Failure::Path)?;
        Ok(found.1.as_ref())
    }
}

/// The JSON text within an object, which must be one value; none if it is not there.
fn json<'a>(object: &str) -> Result<Option<Cow<'a, str>>, Failure> {
    let members = members(object).unwrap_or_default();
    let Some((_, quoted)) = members.iter().find(|(name, _)| name == JSON_MEMBER) else { return Ok(None) };
    let text = unquote(quoted).ok_or(Failure::Input)?;
    let mut cursor = Cursor::new(&text);
    let value = cursor.value().filter(|_| cursor.is_at_end()).ok_or(Failure::Input)?;
    Ok(Some(Cow::Owned(value.to_owned())))
}
