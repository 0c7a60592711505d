//! One regular expression. An automaton runs it in linear time; expressions that look around or refer back are refused.

use std::ops::Range;

use opentrail_trino::SqlError;

use super::super::fault;

/// The most bytes that a compiled expression may take.
const SIZE_MAX: usize = 10 << 20;

/// A prepared expression.
#[derive(Debug)]
pub(in super::super) struct Pattern(regex::Regex);

/// Where the whole match and each group lie.
pub(super) type Groups = Vec<Option<Range<usize>>>;

impl Pattern {
    /// Prepares an expression.
    pub(in super::super) fn new(text: &str) -> Result<Self, SqlError> {
        let java = from_java(text);
        let regex = regex::RegexBuilder::new(&java).size_limit(SIZE_MAX).build();
        regex.map(Self).map_err(|error| fault::argument(format!("Invalid regular expression '{text}': {error}")))
    }

    /// Does any part of the text match?
    pub(in super::super) fn is_match(&self, text: &str) -> Result<bool, SqlError> {
        Ok(self.0.is_match(text))
    }

    /// A group's number, if there is such a group.
    pub(super) fn group(&self, group: i64) -> Result<usize, SqlError> {
        let count = self.0.captures_len();
        let found = usize::try_from(group).map_err(|_| fault::argument("Group cannot be negative"))?;
        if found >= count {
            return Err(fault::argument(format!("Pattern has {} groups. Cannot access group {group}", count - 1)));
        }
        Ok(found)
    }

    /// The first match at or behind a place.
    pub(super) fn first(&self, text: &str, from: usize) -> Result<Option<Groups>, SqlError> {
        let found = self.0.captures_at(text, from);
        Ok(found.map(|found| found.iter().map(|group| group.map(|group| group.range())).collect()))
    }

    /// All matches, one after the other.
    pub(super) fn all(&self, text: &str) -> Result<Vec<Groups>, SqlError> {
        self.all_from(text, 0)
    }

    /// All matches at or behind a place.
    pub(super) fn all_from(&self, text: &str, from: usize) -> Result<Vec<Groups>, SqlError> {
        let mut all = Vec::new();
        let mut from = from;
        while from <= text.len() {
            let Some(groups) = self.first(text, from)? else { break };
            let whole = groups.first().cloned().flatten().unwrap_or(from..from);
            from = if whole.is_empty() {
                whole.end + text[whole.end..].chars().next().map_or(1, char::len_utf8)
            } else {
                whole.end
            };
            all.push(groups);
        }
        Ok(all)
    }

    /// Every match replaced; `$1` and `${name}` stand for groups, `\$` for a dollar.
    pub(super) fn replace(&self, text: &str, with: &str) -> Result<String, SqlError> {
        let all = self.all(text)?;
        if all.is_empty() {
            return Ok(text.to_owned());
        }
        let pieces = self.pieces(with)?;
        let (mut out, mut begin) = (String::with_capacity(text.len()), 0);
        for groups in all {
            let whole = groups.first().cloned().flatten().unwrap_or(begin..begin);
            out.push_str(&text[begin..whole.start]);
            for piece in &pieces {
                match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Group(group) => {
                        if let Some(Some(range)) = groups.get(*group) {
                            out.push_str(&text[range.clone()]);
                        }
                    }
                }
            }
            begin = whole.end;
        }
        out.push_str(&text[begin..]);
        Ok(out)
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.0.capture_names().position(|known| known == Some(name))
    }

    fn pieces(&self, with: &str) -> Result<Vec<Piece>, SqlError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = with;
        while let Some(letter) = rest.chars().next() {
            rest = &rest[letter.len_utf8()..];
            if letter == '\\' {
                let Some(next) = rest.chars().next() else {
                    return Err(fault::argument("character to be escaped is missing"));
                };
                plain.push(next);
                rest = &rest[next.len_utf8()..];
                continue;
            }
            if letter != '$' {
                plain.push(letter);
                continue;
            }
            let (group, after) = self.reference(rest)?;
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Group(group));
            rest = after;
        }
        pieces.push(Piece::Text(plain));
        Ok(pieces)
    }

    /// What follows a dollar: as many digits as still name a group, or a name in braces.
    fn reference<'a>(&self, rest: &'a str) -> Result<(usize, &'a str), SqlError> {
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
            let group = self.named(name);
            let group = group.ok_or_else(|| fault::argument(format!("No group with name {{{name}}}")))?;
            return Ok((group, after));
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(fault::argument("Illegal replacement sequence: unknown group"));
        }
        let mut length = digits.min(4);
        while length > 1 && rest[..length].parse::<i64>().ok().is_none_or(|group| self.group(group).is_err()) {
            length -= 1;
        }
        let group = rest[..length].parse::<i64>().unwrap_or(i64::MAX);
        Ok((self.group(group)?, &rest[length..]))
    }
}

enum Piece {
    Text(String),
    Group(usize),
}

/// Java's spelling as the crates take it: `\Z`, `\h`, `\Q…\E`, and `[` within a class.
fn from_java(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut depth = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('Z') => out.push_str(r"\n?\z"),
                Some('h') if depth == 0 => out.push_str(r"[ \t\x{a0}]"),
                Some('R') => out.push_str(r"(?:\r\n|[\n\x0b\f\r\x{85}\x{2028}\x{2029}])"),
                Some('Q') => quoted(&mut letters, &mut out),
                Some('/') => out.push('/'),
                Some(next) if next.is_ascii_punctuation() || next.is_ascii_alphanumeric() => {
                    out.push('\\');
                    out.push(next);
                }
                Some(next) => out.push(next),
                None => out.push('\\'),
            },
            '[' if depth > 0 && letters.peek() != Some(&':') => {
                depth += 1;
                out.push('[');
            }
            '[' => {
                depth += 1;
                out.push('[');
                if letters.peek() == Some(&'^') {
                    out.push('^');
                    letters.next();
                }
                if letters.peek() == Some(&']') {
                    out.push_str(r"\]");
                    letters.next();
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(']');
            }
            other => out.push(other),
        }
    }
    out
}

fn quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let mut literal = String::new();
    while let Some(letter) = letters.next() {
        if letter == '\\' && letters.peek() == Some(&'E') {
            letters.next();
            break;
        }
        literal.push(letter);
    }
    out.push_str(&regex::escape(&literal));
}
