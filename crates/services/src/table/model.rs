//! A service's operations and shapes, read from its text.
//!
//! The text has three parts with an empty line after each of the first two. An operation's line is name, method, path, input, output,
//! and flags (`r` only reads, `c` is among EC2's oldest). A shape's line begins with `{` (structure), `*` (union that is an event
//! stream), `[` (list) or `<` (map); the members of a structure follow as name and type. A type is a letter for what is simple
//! (`s`tring, `i`nteger, `d`ouble, `b`oolean, `t`imestamp, `B`lob, `j`: any JSON) or the number of a shape's line, and what marks it:
//! `!` sensitive, `%` streaming, `~` flattened, `^` XML attribute, `@x` its place, `=name` its name on the wire, `&name` that in a query.
//! Last come errors whose code on the wire isn't their name: code and name.

use std::collections::HashMap;

/// What a service can do.
#[derive(Debug)]
pub(crate) struct Model {
    /// By name, sorted.
    pub(crate) operations: Vec<Operation>,
    shapes: Vec<Shape>,
    errors: HashMap<&'static str, &'static str>,
}

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    /// Path and query with labels: `/{Bucket}/{Key+}?acl`.
    pub(crate) uri: &'static str,
    /// The structure that it takes.
    pub(crate) input: Option<usize>,
    /// The structure that it gives.
    pub(crate) output: Option<usize>,
    /// Does the model say that it only reads?
    pub(crate) is_readonly: bool,
    /// Has EC2 had it since before its records took their general form?
    pub(crate) is_classic: bool,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Structure { members: Vec<Member>, is_event_stream: bool },
    List { item: Member, is_flattened: bool },
    Map { key: Member, value: Member, is_flattened: bool },
}

/// A member of a structure, an item of a list, a key or value of a map.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Empty outside of structures.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) is_sensitive: bool,
    pub(crate) is_streaming: bool,
    pub(crate) is_flattened: bool,
    pub(crate) is_attribute: bool,
    wire_name: Option<&'static str>,
    query_name: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Integer,
    Double,
    Boolean,
    Timestamp,
    Blob,
    /// Any JSON.
    Document,
    /// The shape of this number.
    Shape(usize),
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Body,
    Header,
    /// In the headers that begin with its name.
    Headers,
    Query,
    Uri,
    Status,
    /// It is the body.
    Payload,
}

impl Model {
    pub(super) fn parse(text: &'static str) -> Self {
        let mut parts = text.split("\n\n");
        let mut part = || parts.next().unwrap_or_default().lines().filter(|line| !line.is_empty());
        Self {
            operations: part().map(operation).collect(),
            shapes: part().map(shape).collect(),
            errors: part().filter_map(|line| line.split_once(' ')).collect(),
        }
    }

    pub(crate) fn operation(&self, name: &str) -> Option<&Operation> {
        let index = self.operations.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
        Some(&self.operations[index])
    }

    pub(crate) fn shape(&self, number: usize) -> &Shape {
        &self.shapes[number]
    }

    /// The members of a structure; none of anything else.
    pub(crate) fn members(&self, number: Option<usize>) -> &[Member] {
        match number.map(|number| self.shape(number)) {
            Some(Shape::Structure { members, .. }) => members,
            _ => &[],
        }
    }

    /// The other way round of [`Self::error_name`].
    #[cfg(test)]
    pub(crate) fn error_code(&self, name: &str) -> Option<&'static str> {
        self.errors.iter().find(|(_, its)| **its == name).map(|(code, _)| *code)
    }

    /// The name of the error that has this code on the wire, where it differs.
    pub(crate) fn error_name(&self, code: &str) -> Option<&'static str> {
        self.errors.get(code).copied()
    }
}

impl Member {
    /// Its name on the wire.
    pub(crate) fn wire_name(&self) -> &'static str {
        self.wire_name.unwrap_or(self.name)
    }

    /// Its name on the wire, if it has one of its own.
    pub(crate) fn own_wire_name(&self) -> Option<&'static str> {
        self.wire_name
    }

    /// Its own name in EC2's queries.
    pub(crate) fn query_name(&self) -> Option<&'static str> {
        self.query_name
    }
}

fn operation(line: &'static str) -> Operation {
    let fields: Vec<&str> = line.split(' ').collect();
    let [name, method, uri, input, output, flags] = fields[..] else {
        panic!("an operation has six fields: `{line}`");
    };
    let shape = |text: &str| text.parse().ok();
    Operation {
        name,
        method,
        uri,
        input: shape(input),
        output: shape(output),
        is_readonly: flags.contains('r'),
        is_classic: flags.contains('c'),
    }
}

fn shape(line: &'static str) -> Shape {
    let (kind, rest) = line.split_at(1);
    let (is_flattened, items) = match rest.strip_prefix('~') {
        Some(items) => (true, items),
        None => (false, rest),
    };
    let mut words = items.split(' ').filter(|word| !word.is_empty());
    let mut item = || member("", words.next().expect("a type"));
    match kind {
        "[" => Shape::List { item: item(), is_flattened },
        "<" => Shape::Map { key: item(), value: item(), is_flattened },
        _ => {
            let mut members = Vec::new();
            while let Some(name) = words.next() {
                members.push(member(name, words.next().expect("a member has a type")));
            }
            Shape::Structure { members, is_event_stream: kind == "*" }
        }
    }
}

fn member(name: &'static str, text: &'static str) -> Member {
    let (kind, mut rest) = kind(text);
    let mut member = Member {
        name,
        kind,
        place: Place::Body,
        is_sensitive: false,
        is_streaming: false,
        is_flattened: false,
        is_attribute: false,
        wire_name: None,
        query_name: None,
    };
    while let Some(mark) = rest.chars().next() {
        rest = &rest[1..];
        match mark {
            '!' => member.is_sensitive = true,
            '%' => member.is_streaming = true,
            '~' => member.is_flattened = true,
            '^' => member.is_attribute = true,
            '@' => {
                member.place = place(&rest[..1]);
                rest = &rest[1..];
            }
            '=' => {
                let (name, query) = rest.split_once('&').map_or((rest, ""), |(name, query)| (name, query));
                member.wire_name = Some(name);
                member.query_name = (!query.is_empty()).then_some(query);
                break;
            }
            '&' => {
                member.query_name = Some(rest);
                break;
            }
            other => panic!("the mark `{other}` in `{text}`"),
        }
    }
    member
}

fn kind(text: &'static str) -> (Kind, &'static str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, rest) = text.split_at(digits);
        return (Kind::Shape(number.parse().expect("a shape's number")), rest);
    }
    let (letter, rest) = text.split_at(1);
    let kind = match letter {
        "s" => Kind::String,
        "i" => Kind::Integer,
        "d" => Kind::Double,
        "b" => Kind::Boolean,
        "t" => Kind::Timestamp,
        "B" => Kind::Blob,
        "j" => Kind::Document,
        other => panic!("the type `{other}` in `{text}`"),
    };
    (kind, rest)
}

fn place(letter: &str) -> Place {
    match letter {
        "h" => Place::Header,
        "H" => Place::Headers,
        "q" => Place::Query,
        "u" => Place::Uri,
        "c" => Place::Status,
        "p" => Place::Payload,
        other => panic!("the place `{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read() {
        let text = "Get GET /a/{Name} 0 1 rc\nStop POST /stop - - \n\n\
                    {Name s@u=Name Secret s! Tags 2=tag&Tag\n{Body B%@p\n[~s=item\n\nNotThere Gone\n";
        let model = Model::parse(text);
        let get = model.operation("Get").expect("it is there");
        assert!(get.is_readonly && get.is_classic && get.output == Some(1));
        let [name, secret, tags] = model.members(get.input) else { panic!("three members") };
        assert_eq!((name.place, name.wire_name()), (Place::Uri, "Name"));
        assert!(secret.is_sensitive);
        assert_eq!((tags.kind, tags.wire_name(), tags.query_name()), (Kind::Shape(2), "tag", Some("Tag")));
        let [body] = model.members(get.output) else { panic!("one member") };
        assert!(body.is_streaming && body.place == Place::Payload);
        let Shape::List { item, is_flattened: true } = model.shape(2) else { panic!("a list") };
        assert_eq!(item.wire_name(), "item");
        assert_eq!(model.error_name("NotThere"), Some("Gone"));
        assert!(model.operation("Stop").is_some_and(|it| it.input.is_none()));
        assert!(model.operation("Go").is_none());
    }
}
