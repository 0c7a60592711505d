//! Forms, for the requests of query and EC2: `Filter.1.Value.2=x` is a tree.

use serde_json::{Map, Value};

use super::{DEPTH_MAX, PARTS_MAX, scalar};
use crate::recognise::Pairs;
use crate::table::{Kind, Member, Model, Protocol, Shape};

/// A part of a form: a text, or parts that keys name, or both.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    text: Option<String>,
    /// In the order of their first keys; looked up by name.
    children: Vec<(String, Node)>,
    index: std::collections::HashMap<String, usize>,
}

/// The tree of a form; keys that nest too deep are left out. A form of too many parts is none.
pub(crate) fn parse(pairs: Pairs<'_>) -> Node {
    let mut root = Node::default();
    let mut parts = 0;
    for (key, value) in pairs {
        let depth = key.split('.').count();
        if depth > DEPTH_MAX {
            continue;
        }
        parts += depth;
        if parts > PARTS_MAX {
            return Node::default();
        }
        let node = key.split('.').fold(&mut root, |node, part| node.entry(part));
        node.text = Some(value.into_owned());
    }
    root
}

impl Node {
    fn entry(&mut self, name: &str) -> &mut Self {
        let place = match self.index.get(name) {
            Some(place) => *place,
            None => {
                self.index.insert(name.to_owned(), self.children.len());
                self.children.push((name.to_owned(), Self::default()));
                self.children.len() - 1
            }
        };
        &mut self.children[place].1
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.index.get(name).map(|place| &self.children[*place].1)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    pub(crate) fn children(&self) -> &[(String, Self)] {
        &self.children
    }

    /// The children that numbers name, by number.
    pub(crate) fn numbered(&self) -> Vec<(u32, &Self)> {
        let mut items: Vec<(u32, &Self)> =
            self.children.iter().filter_map(|(name, node)| Some((name.parse().ok()?, node))).collect();
        items.sort_by_key(|(number, _)| *number);
        items
    }
}

/// The members of a structure that a form has.
pub(crate) fn structure(model: &Model, protocol: Protocol, members: &[Member], node: &Node) -> Map<String, Value> {
    let value = |member: &Member| Some((member.name.to_owned(), value(model, protocol, member, node)?));
    members.iter().filter_map(value).collect()
}

fn value(model: &Model, protocol: Protocol, member: &Member, node: &Node) -> Option<Value> {
    let name = name(member, protocol);
    let found = node.child(&name);
    let Kind::Shape(number) = member.kind else {
        return found.and_then(|found| decode(model, protocol, member.kind, found));
    };
    match (found, model.shape(number)) {
        (Some(found), _) => decode(model, protocol, member.kind, found),
        // A flattened list may go by the name of its items.
        (None, Shape::List { item, is_flattened }) if *is_flattened || member.is_flattened => {
            decode(model, protocol, member.kind, node.child(item.own_wire_name()?)?)
        }
        (None, _) => None,
    }
}

/// A member's name in forms.
pub(crate) fn name(member: &Member, protocol: Protocol) -> String {
    if protocol != Protocol::Ec2 {
        return member.wire_name().to_owned();
    }
    if let Some(name) = member.query_name() {
        return name.to_owned();
    }
    let mut name = member.wire_name().to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

fn decode(model: &Model, protocol: Protocol, kind: Kind, node: &Node) -> Option<Value> {
    let Kind::Shape(number) = kind else {
        return match kind {
            Kind::Blob => Some(Value::Null),
            kind => node.text().map(|text| scalar::parsed(kind, text)),
        };
    };
    Some(match model.shape(number) {
        Shape::Structure { members, .. } => Value::Object(structure(model, protocol, members, node)),
        Shape::List { item, .. } => {
            let items = node.child(item.own_wire_name().unwrap_or("member")).filter(|_| node.numbered().is_empty());
            let items = items.or_else(|| node.child("member")).unwrap_or(node).numbered();
            items.into_iter().filter_map(|(_, node)| decode(model, protocol, item.kind, node)).collect()
        }
        Shape::Map { key, value, .. } => {
            let entries = node.child("entry").unwrap_or(node).numbered();
            let pair = |(_, entry): (u32, &Node)| {
                let text = entry.child(key.own_wire_name().unwrap_or("key"))?.text()?.to_owned();
                let found = entry.child(value.own_wire_name().unwrap_or("value"))?;
                Some((text, decode(model, protocol, value.kind, found)?))
            };
            Value::Object(entries.into_iter().filter_map(pair).collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_make_a_tree() {
        let root = parse(Pairs::new(b"A=1&F.10.V=x&F.2.V=y&F.x=z"));
        assert_eq!(root.child("A").and_then(Node::text), Some("1"));
        let items = root.child("F").expect("a list").numbered();
        let told: Vec<_> = items.iter().map(|(number, node)| (*number, node.child("V").and_then(Node::text))).collect();
        assert_eq!(told, [(2, Some("y")), (10, Some("x"))]);
    }

    #[test]
    fn deep_keys_are_left_out() {
        let form = format!("{}=1&B=2", "A.".repeat(100_000));
        let root = parse(Pairs::new(form.as_bytes()));
        assert!(root.child("A").is_none() && root.child("B").is_some());
    }

    #[test]
    fn forms_of_too_many_parts_are_none() {
        let form = |pairs: usize| (0..pairs).map(|number| format!("A.{number}=&")).collect::<String>();
        assert!(parse(Pairs::new(form(PARTS_MAX / 2).as_bytes())).child("A").is_some());
        assert_eq!(parse(Pairs::new(form(PARTS_MAX / 2 + 1).as_bytes())), Node::default());
    }
}
