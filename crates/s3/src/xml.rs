//! XML: answers of our own, and the JSON form that request documents take in records.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value};

/// Deepest nesting of a document; S3's own go to about six.
const DEPTH_MAX: usize = 32;
/// The namespace of S3's documents.
pub(crate) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Text with XML's own characters escaped; characters that XML 1.0 can't carry become `?`.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => out.push('?'),
            other => out.push(other),
        }
    }
    out
}

/// A document with S3's namespace.
pub(crate) fn document(root: &str, content: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{NAMESPACE}\">{content}</{root}>")
}

/// The text of an error answer's element.
pub(crate) fn element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

/// Undoes [`escaped`].
pub(crate) fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

/// A document as records show it: elements and attributes become members, repeated ones a list, and text that looks
/// like a number or a boolean becomes one. None when it is no XML.
pub(crate) fn to_json(document: &[u8]) -> Option<Value> {
    let mut reader = Reader::from_reader(document);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if open.len() < DEPTH_MAX => open.push(Element::open(&start)?),
            Event::Start(_) => return None,
            Event::Empty(start) => {
                let element = Element::open(&start)?;
                open.last_mut()?.add(element);
            }
            Event::End(_) => {
                let element = open.pop()?;
                open.last_mut()?.add(element);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::GeneralRef(reference) => {
                let name = format!("&{};", reference.decode().ok()?);
                open.last_mut()?.text.push_str(&quick_xml::escape::unescape(&name).ok()?);
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty())?;
    (!root.members.is_empty()).then_some(Value::Object(root.members))
}

#[derive(Default)]
struct Element {
    name: String,
    members: Map<String, Value>,
    text: String,
}

impl Element {
    fn open(start: &BytesStart<'_>) -> Option<Self> {
        let name = String::from_utf8(start.name().as_ref().to_vec()).ok()?;
        let mut members = Map::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let key = String::from_utf8(attribute.key.as_ref().to_vec()).ok()?;
            let value = std::str::from_utf8(&attribute.value).ok()?;
            members.insert(key, Value::String(unescaped(value)));
        }
        Some(Self { name, members, text: String::new() })
    }

    fn add(&mut self, child: Self) {
        let value = if child.members.is_empty() { typed(child.text.trim()) } else { Value::Object(child.members) };
        match self.members.get_mut(&child.name) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                self.members.insert(child.name, value);
            }
        }
    }
}

fn typed(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => number.into(),
            _ => text.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_become_the_json_of_records() {
        let tagging = b"<?xml version=\"1.0\"?><Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>\
            <Tag><Key>a</Key><Value>true</Value></Tag><Tag><Key>b &amp; c</Key><Value>007</Value></Tag></TagSet></Tagging>";
        assert_eq!(
            to_json(tagging),
            Some(json!({"Tagging": {"xmlns": NAMESPACE, "TagSet": {"Tag": [
                {"Key": "a", "Value": true}, {"Key": "b & c", "Value": "007"}
            ]}}}))
        );
        assert_eq!(to_json(b"<A><B>1</B><C/></A>"), Some(json!({"A": {"B": 1, "C": ""}})));
        assert_eq!(to_json(b"no xml"), None);
        assert_eq!(to_json(b"<A><B></A>"), None);
        assert_eq!(to_json("<A>".repeat(40).as_bytes()), None);
    }

    #[test]
    fn text_survives_escaping() {
        let text = "a<b>&\"c\"";
        assert_eq!(unescaped(&escaped(text)), text);
        assert_eq!(escaped("\u{1}x"), "?x");
        assert_eq!(element("<Error><Code>X</Code></Error>", "Code"), Some("X"));
    }
}
