//! A browser's upload to S3: a form (RFC 7578) whose fields say what a PutObject's path and headers do (Amazon S3 API Reference,
//! "Browser-based uploads using POST").

use http::Method;
use http::header::CONTENT_TYPE;
use http::request::Parts;

/// S3 takes 20 KB of fields before the file; what stands further behind is not looked at.
pub(super) const FIELDS_BYTES_MAX: usize = 32 << 10;

/// The longest boundary that there may be.
const BOUNDARY_BYTES_MAX: usize = 70;

/// What a form says before its file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Upload {
    fields: Vec<(String, String)>,
    file_name: Option<String>,
}

/// The boundary between the parts of a request that is such a form.
pub(super) fn boundary(request: &Parts) -> Option<&str> {
    let kind = request.headers.get(CONTENT_TYPE).filter(|_| request.method == Method::POST)?.to_str().ok()?;
    let (name, _) = kind.split_once(';').filter(|(name, _)| name.trim().eq_ignore_ascii_case("multipart/form-data"))?;
    parameter(&kind[name.len()..], "boundary").filter(|it| (1..=BOUNDARY_BYTES_MAX).contains(&it.len()))
}

impl Upload {
    /// Reads a form's fields up to its file, or to where it breaks off.
    pub(super) fn parse(body: &[u8], boundary: &str) -> Self {
        let mut upload = Self::default();
        let delimiter = format!("\r\n--{boundary}");
        let first = split(body, &delimiter.as_bytes()[2..]).map(|(_, rest)| rest);
        let mut rest = first.unwrap_or_default();
        while let Some(part) = Part::parse(rest) {
            if part.name.eq_ignore_ascii_case("file") {
                upload.file_name = part.file_name.map(str::to_owned);
                break;
            }
            let Some((value, after)) = split(part.content, delimiter.as_bytes()) else { break };
            upload.fields.push((part.name.to_owned(), String::from_utf8_lossy(value).into_owned()));
            rest = after;
        }
        upload
    }

    /// The field of a name, in any case.
    pub fn field(&self, wanted: &str) -> Option<&str> {
        self.fields().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }

    /// All fields, as they are written.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The object's key, which may have the file's name in it.
    pub(crate) fn key(&self) -> Option<String> {
        self.field("key").map(|key| key.replace("${filename}", self.file_name.as_deref().unwrap_or_default()))
    }
}

/// A part of a form: the name of its field, and everything from its content on.
struct Part<'b> {
    name: &'b str,
    file_name: Option<&'b str>,
    content: &'b [u8],
}

impl<'b> Part<'b> {
    /// What follows a delimiter; none after the last one.
    fn parse(rest: &'b [u8]) -> Option<Self> {
        let (head, content) = split(rest.strip_prefix(b"\r\n")?, b"\r\n\r\n")?;
        let disposition = |line: &&str| line.to_ascii_lowercase().starts_with("content-disposition:");
        let line = std::str::from_utf8(head).ok()?.split("\r\n").find(disposition)?;
        Some(Self { name: parameter(line, "name")?, file_name: parameter(line, "filename"), content })
    }
}

/// What stands before and behind the first `at`.
fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let start = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..start], &bytes[start + at.len()..]))
}

/// The value of `; name="value"` or `; name=value` in a header.
fn parameter<'h>(header: &'h str, wanted: &str) -> Option<&'h str> {
    let mut rest = header;
    loop {
        let (_, after) = rest.split_once(';')?;
        let (name, value) = after.split_once('=')?;
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_at(value.find(';').unwrap_or(value.len())),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.trim());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn boundary_of(method: &str, kind: &str) -> Option<String> {
        let request = Request::builder().method(method).uri("/b").header("content-type", kind).body(()).expect("valid");
        boundary(&request.into_parts().0).map(str::to_owned)
    }

    #[test]
    fn forms_are_told_by_their_type() {
        assert_eq!(boundary_of("POST", "multipart/form-data; boundary=x").as_deref(), Some("x"));
        assert_eq!(boundary_of("POST", "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"").as_deref(), Some("a b"));
        for kind in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x", "text/xml"]
        {
            assert_eq!(boundary_of("POST", kind), None, "{kind}");
        }
        assert_eq!(boundary_of("POST", &format!("multipart/form-data; boundary={}", "x".repeat(71))), None);
        assert_eq!(boundary_of("PUT", "multipart/form-data; boundary=x"), None);
    }

    const FORM: &str = "preamble\r\n--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nuploads/${filename}\r\n\
        --x\r\ncontent-type: text/plain\r\ncontent-disposition: form-data; name=acl\r\n\r\nprivate\r\n\
        --x\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n\
        --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.txt\"\r\n\r\nthe file\r\n\
        --x\r\nContent-Disposition: form-data; name=\"after\"\r\n\r\nignored\r\n--x--\r\n";

    #[test]
    fn fields_stand_before_the_file() {
        let upload = Upload::parse(FORM.as_bytes(), "x");
        let fields: Vec<_> = upload.fields().collect();
        assert_eq!(fields, [("key", "uploads/${filename}"), ("acl", "private"), ("empty", "")]);
        assert_eq!(upload.key().as_deref(), Some("uploads/a;b.txt"));
        assert_eq!(upload.field("ACL"), Some("private"));
    }

    #[test]
    fn what_breaks_off_tells_what_it_has() {
        for (bytes, fields) in
            [(FORM.find("private").expect("there"), 1), (FORM.find("empty").expect("there"), 2), (4, 0)]
        {
            assert_eq!(Upload::parse(&FORM.as_bytes()[..bytes], "x").fields().count(), fields, "{bytes}");
        }
        assert_eq!(Upload::parse(b"--x\r\n\r\n\r\n--x--", "x"), Upload::default());
        assert_eq!(Upload::parse(FORM.as_bytes(), "y"), Upload::default());
    }
}
