//! Finding one's way in a JSON text: every value stays a slice of it.

use std::borrow::Cow;

/// How deep arrays and objects may nest.
pub(super) const DEPTH_MAX: usize = 1_000;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Null,
    Boolean(bool),
    Number,
    Text,
    Array,
    Object,
}

/// What kind of value a text begins with.
pub(in super::super) fn kind(text: &str) -> Option<Kind> {
    Some(match text.trim_ascii_start().as_bytes().first()? {
        b'n' => Kind::Null,
        b't' => Kind::Boolean(true),
        b'f' => Kind::Boolean(false),
        b'"' => Kind::Text,
        b'[' => Kind::Array,
        b'{' => Kind::Object,
        b'-' | b'0'..=b'9' => Kind::Number,
        _ => return None,
    })
}

/// A place in a JSON text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes past a byte, after blanks.
    pub(super) fn eat(&mut self, wanted: u8) -> bool {
        self.blanks();
        let is_there = self.byte() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    /// Is there nothing left but blanks?
    pub(super) fn is_at_end(&mut self) -> bool {
        self.blanks();
        self.at == self.text.len()
    }

    /// Goes past a text and answers it with its quotes.
    pub(super) fn string(&mut self) -> Option<&'a str> {
        self.blanks();
        let begin = self.at;
        if self.byte()? != b'"' {
            return None;
        }
        let bytes = self.text.as_bytes();
        self.at += 1;
        loop {
            match *bytes.get(self.at)? {
                b'"' => break,
                b'\\' => {
                    let length = match bytes.get(self.at + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                        b'u' => {
                            let digits = bytes.get(self.at + 2..self.at + 6)?;
                            digits.iter().all(u8::is_ascii_hexdigit).then_some(6)?
                        }
                        _ => return None,
                    };
                    self.at += length;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(begin..self.at)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn digits(&mut self) -> Option<()> {
        let begin = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > begin).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte()? == b'0' {
            self.at += 1
        } else {
            self.digits()?
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    /// Goes past a value that is neither array nor object.
    fn leaf(&mut self) -> Option<()> {
        match self.byte()? {
            b'"' => self.string().map(|_| ()),
            b'n' => self.word("null"),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            _ => self.number(),
        }
    }

    /// Goes past a value and answers its text. `None`: it is no JSON.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        self.blanks();
        let begin = self.at;
        // What is open: true for objects.
        let mut open: Vec<bool> = Vec::new();
        loop {
            self.blanks();
            let is_container = matches!(self.byte()?, b'{' | b'[');
            if is_container {
                let is_object = self.byte() == Some(b'{');
                self.at += 1;
                if !self.eat(if is_object { b'}' } else { b']' }) {
                    if open.len() >= DEPTH_MAX {
                        return None;
                    }
                    open.push(is_object);
                    if is_object {
                        self.name()?;
                    }
                    continue;
                }
            } else {
                self.leaf()?;
            }
            self.close(&mut open)?;
            if open.is_empty() {
                return self.text.get(begin..self.at);
            }
        }
    }

    /// After a value: closes what ends here, or goes to the next value.
    fn close(&mut self, open: &mut Vec<bool>) -> Option<()> {
        while let Some(is_object) = open.last().copied() {
            if self.eat(b',') {
                return if is_object { self.name() } else { Some(()) };
            }
            if !self.eat(if is_object { b'}' } else { b']' }) {
                return None;
            }
            open.pop();
        }
        Some(())
    }

    fn name(&mut self) -> Option<()> {
        self.string()?;
        self.eat(b':').then_some(())
    }
}

/// The items of an array; `None` if the text is no array.
pub(in super::super) fn elements(text: &str) -> Option<Vec<&str>> {
    let mut cursor = Cursor::new(text);
    let mut items = Vec::new();
    if !cursor.eat(b'[') {
        return None;
    }
    if cursor.eat(b']') {
        return Some(items);
    }
    loop {
        items.push(cursor.value()?);
        if cursor.eat(b']') {
            return Some(items);
        }
        if !cursor.eat(b',') {
            return None;
        }
    }
}

/// The members of an object, names decoded; `None` if the text is no object.
pub(in super::super) fn members(text: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    let mut cursor = Cursor::new(text);
    let mut items = Vec::new();
    if !cursor.eat(b'{') {
        return None;
    }
    if cursor.eat(b'}') {
        return Some(items);
    }
    loop {
        let name = unquote(cursor.string()?)?;
        if !cursor.eat(b':') {
            return None;
        }
        items.push((name, cursor.value()?));
        if cursor.eat(b'}') {
            return Some(items);
        }
        if !cursor.eat(b',') {
            return None;
        }
    }
}

/// The value of a member or at an index; neither what follows it nor its own inside has to be JSON.
pub(super) fn child<'a>(text: &'a str, step: &super::path::Step) -> Option<&'a str> {
    let mut cursor = Cursor::new(text);
    if cursor.eat(b'[') {
        let mut index = step.index?;
        if cursor.eat(b']') {
            return None;
        }
        loop {
            let value = cursor.value()?;
            if index == 0 {
                return Some(value);
            }
            index -= 1;
            if !cursor.eat(b',') {
                return None;
            }
        }
    }
    if !cursor.eat(b'{') || cursor.eat(b'}') {
        return None;
    }
    loop {
        let name = cursor.string()?;
        if !cursor.eat(b':') {
            return None;
        }
        let value = cursor.value()?;
        if is_name(name, &step.name) {
            return Some(value);
        }
        if !cursor.eat(b',') {
            return None;
        }
    }
}

/// Is a quoted name this one?
fn is_name(quoted: &str, name: &str) -> bool {
    let inner = &quoted[1..quoted.len() - 1];
    if inner.contains('\\') { unquote(quoted).is_some_and(|decoded| decoded == name) } else { inner == name }
}

/// The text within quotes, escapes resolved. A lone surrogate becomes U+FFFD.
pub(in super::super) fn unquote(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = quoted.trim_ascii().strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1)?;
        rest = rest.get(at + 2..)?;
        match escape {
            b'b' => text.push('\u{8}'),
            b'f' => text.push('\u{c}'),
            b'n' => text.push('\n'),
            b'r' => text.push('\r'),
            b't' => text.push('\t'),
            b'u' => {
                let (letter, after) = unicode(rest)?;
                text.push(letter);
                rest = after;
            }
            other => text.push(char::from(*other)),
        }
    }
    text.push_str(rest);
    Some(Cow::Owned(text))
}

/// The letter of `XXXX`, or of `XXXX\uXXXX` if these are surrogates.
fn unicode(rest: &str) -> Option<(char, &str)> {
    let (first, after) = (u32::from_str_radix(rest.get(..4)?, 16).ok()?, rest.get(4..)?);
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first).unwrap_or('\u{fffd}'), after));
    }
    let second = after.strip_prefix("\\u").and_then(|low| u32::from_str_radix(low.get(..4)?, 16).ok());
    match second {
        Some(low) if (0xdc00..0xe000).contains(&low) => {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            Some((char::from_u32(code).unwrap_or('\u{fffd}'), after.get(6..)?))
        }
        _ => Some(('\u{fffd}', after)),
    }
}
