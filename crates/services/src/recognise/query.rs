//! Pairs of a query string or a form.

use std::borrow::Cow;

use http::header;
use http::request::Parts;

/// The pairs of `a=1&b=2`, decoded.
#[derive(Debug, Clone)]
pub(crate) struct Pairs<'a> {
    rest: Option<&'a [u8]>,
    /// Does `+` stand for a space, as it does in forms?
    has_pluses: bool,
}

impl<'a> Pairs<'a> {
    /// The pairs of a form.
    pub(crate) fn new(form: &'a [u8]) -> Self {
        Self { rest: Some(form), has_pluses: true }
    }

    /// The pairs of a request's query string.
    pub(crate) fn of(request: &'a Parts) -> Self {
        Self { rest: request.uri.query().map(str::as_bytes), has_pluses: false }
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest?;
            let end = rest.iter().position(|byte| *byte == b'&');
            let pair = &rest[..end.unwrap_or(rest.len())];
            self.rest = end.map(|end| &rest[end + 1..]);
            if pair.is_empty() {
                continue;
            }
            let equals = pair.iter().position(|byte| *byte == b'=');
            let (key, value) = equals.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
            return Some((decoded(key, self.has_pluses), decoded(value, self.has_pluses)));
        }
    }
}

/// Undoes percent-encoding; what is no UTF-8 becomes U+FFFD, and a `%` that begins no escape stays.
pub(crate) fn decoded(text: &[u8], has_pluses: bool) -> Cow<'_, str> {
    let is_coded = |byte: &u8| *byte == b'%' || (has_pluses && *byte == b'+');
    if !text.iter().any(is_coded) {
        return String::from_utf8_lossy(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let escaped = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(hex);
        match escaped {
            Some(escaped) => bytes.push(escaped),
            None if has_pluses && *byte == b'+' => bytes.push(b' '),
            None => bytes.push(*byte),
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let [high, low] = digits else { return None };
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}

/// Is a request's body a form?
pub(super) fn is_form(request: &Parts) -> bool {
    let kind = request.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // Some clients of EC2 name no type at all.
    kind.is_none_or(|kind| kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"))
}

/// May a request name an `Action`?
pub(super) fn names_action(request: &Parts) -> bool {
    let in_uri = Pairs::of(request).any(|(key, _)| key == "Action");
    in_uri
        || (request.method == http::Method::POST
            && request.headers.contains_key(header::CONTENT_TYPE)
            && is_form(request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded() {
        let pairs: Vec<_> = Pairs::new(b"a=1&b=x%20y+z&&c&d=%zz&e=%C3%A9&f=%FF").collect();
        let text: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}:{value}")).collect();
        assert_eq!(text, ["a:1", "b:x y z", "c:", "d:%zz", "e:é", "f:\u{fffd}"]);
    }
}
