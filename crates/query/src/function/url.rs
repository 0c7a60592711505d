//! Functions of URLs.

use percent_encoding::percent_decode_str;

use super::adapt::{binary, unary};
use super::native::Text;
use super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("url_extract_protocol(varchar) -> varchar", unary::<Text, _>(|url| Some(parts(url)?.scheme.to_owned())));
    to.add("url_extract_host(varchar) -> varchar", unary::<Text, _>(|url| Some(parts(url)?.host.to_owned())));
    to.add("url_extract_port(varchar) -> bigint", unary::<Text, _>(|url| parts(url)?.port.parse::<i64>().ok()));
    to.add("url_extract_path(varchar) -> varchar", unary::<Text, _>(|url| Some(decoded(parts(url)?.path))));
    to.add("url_extract_query(varchar) -> varchar", unary::<Text, _>(|url| Some(decoded(parts(url)?.query))));
    to.add("url_extract_fragment(varchar) -> varchar", unary::<Text, _>(|url| Some(decoded(parts(url)?.fragment))));
    to.add(
        "url_extract_parameter(varchar, varchar) -> varchar",
        binary::<Text, Text, _>(|url, name| {
            let mut pairs = parts(url)?.query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            pairs.find(|(key, _)| decoded(key) == name).map(|(_, value)| decoded(value))
        }),
    );
    to.add(
        "url_encode(varchar) -> varchar",
        unary::<Text, _>(|text| {
            let mut encoded = String::with_capacity(text.len());
            for byte in text.bytes() {
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                        encoded.push(char::from(byte))
                    }
                    b' ' => encoded.push('+'),
                    other => encoded.push_str(&format!("%{other:02X}")),
                }
            }
            encoded
        }),
    );
    to.add(
        "url_decode(varchar) -> varchar",
        unary::<Text, _>(|text| {
            let is_escape = |at: usize| {
                text.as_bytes().get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            };
            if !text.bytes().enumerate().all(|(at, byte)| byte != b'%' || is_escape(at)) {
                return Err(fault::argument(format!("Illegal hex characters in escape (%) pattern: {text}")));
            }
            let blanks = text.replace('+', " ");
            Ok(decoded(&blanks))
        }),
    );
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: &'a str,
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

/// The parts of a URL; `None` if the text cannot be one.
fn parts(url: &str) -> Option<Parts<'_>> {
    if url.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']) || url.contains(char::is_control) {
        return None;
    }
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, after))
            if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) =>
        {
            (scheme, after)
        }
        _ => ("", rest),
    };
    let Some(rest) = rest.strip_prefix("//") else {
        return Some(Parts { scheme, host: "", port: "", path: rest, query, fragment });
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    Some(Parts { scheme, host, port, path, query, fragment })
}
