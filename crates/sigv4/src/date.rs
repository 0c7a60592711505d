//! When a request was signed.

use http::HeaderMap;
use opentrail_stdx::Timestamp;

use crate::error::AuthError;

/// From `X-Amz-Date`, or else from `Date` (which S3 and older clients sign instead).
pub(crate) fn of_headers(headers: &HeaderMap) -> Result<Timestamp, AuthError> {
    let (name, parse): (_, fn(&str) -> Option<Timestamp>) =
        if headers.contains_key("x-amz-date") { ("x-amz-date", parse_basic) } else { ("date", parse_date) };
    let value = headers.get(name).ok_or(AuthError::DateMissing)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    parse(text.trim()).ok_or_else(|| AuthError::DateMalformed { found: text.trim().to_owned(), presigned: false })
}

/// Reads `20150830T123600Z`, the only form that AWS takes in `X-Amz-Date`.
pub(crate) fn parse_basic(text: &str) -> Option<Timestamp> {
    let digits =
        |range: std::ops::Range<usize>| text.as_bytes().get(range).is_some_and(|d| d.iter().all(u8::is_ascii_digit));
    if text.len() != 16 || !digits(0..8) || !digits(9..15) {
        return None;
    }
    Timestamp::parse_basic(text)
}

/// `Date` is an HTTP date (RFC 9110 §5.6.7); AWS also takes the basic form there.
fn parse_date(text: &str) -> Option<Timestamp> {
    parse_basic(text).or_else(|| parse_http(text))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, with the zone spellings that mail libraries write.
fn parse_http(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_weekday, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split(' ').collect();
    let &[day, month, year, time, zone] = parts.as_slice() else { return None };
    let day = day.parse::<u8>().ok()?;
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    matches!(zone, "GMT" | "UTC" | "+0000" | "-0000")
        .then(|| Timestamp::parse_iso(&format!("{year}-{month:02}-{day:02}T{time}Z")))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let expected = Timestamp::parse_iso("1994-11-06T08:49:37Z");
        assert!(expected.is_some());
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 -0000", "19941106T084937Z"] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
    }

    #[test]
    fn other_forms_are_not() {
        for text in [
            "",
            "Sun",
            "Sun, 06 Nov 1994",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        for text in ["19941106T084937", "19941106T084937Zx", "1994110éT08493Z", "+9941106T084937Z", "19941306T084937Z"]
        {
            assert_eq!(parse_basic(text), None, "{text}");
        }
    }
}
