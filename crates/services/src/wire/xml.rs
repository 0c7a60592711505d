//! XML, for rest-xml and the answers of query and EC2.

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value};

use super::{DEPTH_MAX, PARTS_MAX, scalar};
use crate::table::{Kind, Member, Model, Place, Shape};

/// An element, without namespaces.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// The root of a document. None when it is no XML, nests too deep, has too many parts, or has a document type: no service's documents have one, and
/// entities of a stranger's making are not looked at.
pub(crate) fn parse(document: &[u8]) -> Option<Element> {
    let mut reader = Reader::from_reader(document);
    let mut open = vec![Element::default()];
    for _ in 0..PARTS_MAX {
        match reader.read_event().ok()? {
            Event::Start(start) if open.len() <= DEPTH_MAX => open.push(Element::open(&start)?),
            Event::Start(_) | Event::DocType(_) => return None,
            Event::Empty(start) => open.last_mut()?.children.push(Element::open(&start)?),
            Event::End(_) => {
                let element = open.pop()?;
                open.last_mut()?.children.push(element);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", reference.decode().ok()?);
                open.last_mut()?.text.push_str(&unescape(&reference).ok()?);
            }
            Event::Eof => {
                let mut roots = open.pop().filter(|_| open.is_empty())?.children;
                return if roots.len() == 1 { roots.pop() } else { None };
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    None
}

impl Element {
    fn open(start: &BytesStart<'_>) -> Option<Self> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let value = unescape(std::str::from_utf8(&attribute.value).ok()?).ok()?.into_owned();
            attributes.push((text(attribute.key.as_ref())?, value));
        }
        Some(Self { name: text(start.local_name().as_ref())?, attributes, ..Self::default() })
    }

    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child that has one.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    /// The element as records show a document whose shape isn't looked at: elements and attributes become members, repeated ones a
    /// list, and texts what they look like.
    pub(crate) fn to_json(&self) -> Value {
        if self.children.is_empty() && self.attributes.is_empty() {
            return scalar::guessed(self.text.trim());
        }
        let mut members: Map<String, Value> = Map::new();
        members.extend(self.attributes.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))));
        for child in &self.children {
            let value = child.to_json();
            match members.get_mut(&child.name) {
                Some(Value::Array(list)) => list.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
                None => _ = members.insert(child.name.clone(), value),
            }
        }
        let text = self.text.trim();
        if self.children.is_empty() && !text.is_empty() {
            members.insert("content".to_owned(), scalar::guessed(text));
        }
        Value::Object(members)
    }
}

/// The members of a shape that an element has.
pub(crate) fn decode(model: &Model, kind: Kind, element: &Element) -> Value {
    match kind {
        Kind::Shape(number) => match model.shape(number) {
            Shape::Structure { members, .. } => Value::Object(structure(model, members, element)),
            Shape::List { item, .. } => element.children.iter().map(|child| decode(model, item.kind, child)).collect(),
            Shape::Map { key, value, .. } => {
                let entries = element.children.iter().filter(|child| child.name == "entry");
                entries.filter_map(|entry| pair(model, key, value, entry)).collect::<Map<_, _>>().into()
            }
        },
        Kind::Blob => Value::Null,
        kind => scalar::parsed(kind, &element.text),
    }
}

pub(crate) fn structure(model: &Model, members: &[Member], element: &Element) -> Map<String, Value> {
    let body = members.iter().filter(|member| matches!(member.place, Place::Body));
    body.filter_map(|member| Some((member.name.to_owned(), value(model, member, element)?))).collect()
}

fn value(model: &Model, member: &Member, element: &Element) -> Option<Value> {
    if member.is_attribute {
        let local = |name: &str| name.rsplit(':').next().map(str::to_owned);
        let (_, text) = element.attributes.iter().find(|(name, _)| local(name) == local(member.wire_name()))?;
        return Some(scalar::parsed(member.kind, text));
    }
    if let Kind::Shape(number) = member.kind {
        let mut repeated = element.children.iter();
        match model.shape(number) {
            Shape::List { item, is_flattened } if *is_flattened || member.is_flattened => {
                let name = member.own_wire_name().or_else(|| item.own_wire_name()).unwrap_or(member.name);
                let items: Vec<_> =
                    repeated.filter(|child| child.name == name).map(|child| decode(model, item.kind, child)).collect();
                return (!items.is_empty()).then(|| items.into());
            }
            Shape::Map { key, value, is_flattened } if *is_flattened || member.is_flattened => {
                let entries = repeated.by_ref().filter(|child| child.name == member.wire_name());
                let entries: Map<_, _> = entries.filter_map(|entry| pair(model, key, value, entry)).collect();
                return (!entries.is_empty()).then(|| entries.into());
            }
            _ => {}
        }
    }
    element.child(member.wire_name()).map(|child| decode(model, member.kind, child))
}

fn pair(model: &Model, key: &Member, value: &Member, entry: &Element) -> Option<(String, Value)> {
    let key = entry.child(key.own_wire_name().unwrap_or("key"))?.text.clone();
    let found = entry.child(value.own_wire_name().unwrap_or("value"))?;
    Some((key, decode(model, value.kind, found)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_become_trees() {
        let root =
            parse(b"<?xml version=\"1.0\"?><a:A x:y='1 &lt; 2'><B>t &amp; <![CDATA[<u>]]></B><C/></a:A>").expect("XML");
        assert_eq!((root.name.as_str(), root.children.len()), ("A", 2));
        assert_eq!(root.attributes, [("x:y".to_owned(), "1 < 2".to_owned())]);
        assert_eq!(root.text_of("B"), Some("t & <u>"));
    }

    #[test]
    fn hostile_documents_give_nothing() {
        let bomb = b"<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        let outside = b"<!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><a>&f;</a>";
        let deep = ["<a>".repeat(100_000), "</a>".repeat(100_000)].concat();
        for document in
            [&bomb[..], outside, deep.as_bytes(), b"<a>&unknown;</a>", b"<a><b></a>", b"<a/><b/>", b"", b"{}"]
        {
            assert_eq!(parse(document), None);
        }
    }

    #[test]
    fn documents_become_the_json_of_records() {
        let tagging = b"<Tagging xmlns=\"u\"><TagSet><Tag><Key>a</Key><Value>true</Value></Tag>\
            <Tag><Key>b</Key><Value>007</Value></Tag></TagSet></Tagging>";
        let expected =
            json!({"xmlns": "u", "TagSet": {"Tag": [{"Key": "a", "Value": true}, {"Key": "b", "Value": "007"}]}});
        assert_eq!(parse(tagging).expect("XML").to_json(), expected);
        let content = parse(b"<A x=\"1\"><B y=\"2\">3</B><C/></A>").expect("XML").to_json();
        assert_eq!(content, json!({"x": "1", "B": {"y": "2", "content": 3}, "C": ""}));
    }
}
