//! Walking over one JSON value by its brackets and strings, across any boundaries of what is in memory.
//!
//! A walk doesn't parse: it finds the value's end, and it stops at the first byte that no value can have there, so that
//! a broken record doesn't swallow the ones after it.

use opentrail_model::record::routed::RECORD_NESTING_MAX;

/// A walk under way. Places are counted from the value's first byte.
#[derive(Debug)]
pub(super) struct Walk {
    /// How far it has come.
    at: usize,
    /// Open brackets, innermost in the lowest bit: 1 is an object.
    open: u128,
    depth: usize,
    state: State,
    /// The last byte that wasn't white space, outside of strings; a string counts as its closing quote.
    previous: u8,
    /// Where the last string of the outermost object began, and whether it is `Records`.
    key_start: usize,
    is_records: bool,
    /// Whether an array `Records` makes the value an envelope.
    may_be_envelope: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Outside,
    String,
    Escaped,
}

/// Where a walk has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// All bytes were walked over and the value goes on.
    More,
    /// The value has ended after this many bytes.
    Ended(usize),
    /// The value is an object around `"Records":[`, and that array begins after this many bytes.
    Envelope(usize),
    /// No value goes on like this.
    Broken(&'static str),
}

/// Letters, signs and digits of which numbers, `true`, `false` and `null` are made.
const fn is_scalar(byte: u8) -> bool {
    matches!(
        byte,
        b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E' | b't' | b'r' | b'u' | b'f' | b'a' | b'l' | b's' | b'n'
    )
}

/// Bytes inside of strings that need no look: all but quotes, backslashes and control characters.
const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        plain[byte] = false;
        byte += 1;
    }
    plain[b'"' as usize] = false;
    plain[b'\\' as usize] = false;
    plain
};

impl Walk {
    /// A walk over a value that begins with a bracket.
    pub(super) fn new(may_be_envelope: bool) -> Self {
        Self {
            at: 0,
            open: 0,
            depth: 0,
            state: State::Outside,
            previous: 0,
            key_start: 0,
            is_records: false,
            may_be_envelope,
        }
    }

    /// A walk over what follows the `Records` of an envelope.
    pub(super) fn after_records() -> Self {
        Self { open: 1, depth: 1, previous: b']', ..Self::new(true) }
    }

    /// How far it has come, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on. `bytes` begin where the value begins and reach farther than the last time.
    pub(super) fn go_on(&mut self, bytes: &[u8]) -> Step {
        while let Some(&byte) = bytes.get(self.at) {
            let step = match self.state {
                State::Outside => self.outside(byte, bytes),
                State::String if PLAIN[usize::from(byte)] => {
                    let plain = bytes[self.at..].iter().take_while(|byte| PLAIN[usize::from(**byte)]).count();
                    self.at += plain;
                    continue;
                }
                State::String => self.string(byte),
                State::Escaped => {
                    self.state = State::String;
                    None
                }
            };
            match step {
                // It stays at the byte that breaks it.
                Some(broken @ Step::Broken(_)) => return broken,
                Some(last) => {
                    self.at += 1;
                    return last;
                }
                None => self.at += 1,
            }
        }
        Step::More
    }

    fn string(&mut self, byte: u8) -> Option<Step> {
        match byte {
            b'"' => (self.state, self.previous) = (State::Outside, b'"'),
            b'\\' => self.state = State::Escaped,
            _ => return Some(Step::Broken("a string isn't closed")),
        }
        None
    }

    fn outside(&mut self, byte: u8, bytes: &[u8]) -> Option<Step> {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return None,
            b'"' => {
                let is_name_due = self.is_in_object() && matches!(self.previous, b'{' | b',');
                if !self.is_value_due() && !is_name_due {
                    return Some(Step::Broken("a string where none can be"));
                }
                self.state = State::String;
                if self.depth == 1 {
                    self.key_start = self.at;
                }
                return None;
            }
            b'{' | b'[' => return self.opened(byte),
            b'}' | b']' => return self.closed(byte),
            b':' => {
                if self.previous != b'"' || !self.is_in_object() {
                    return Some(Step::Broken("a colon where none can be"));
                }
                self.is_records = self.depth == 1 && bytes[self.key_start..self.at].trim_ascii() == b"\"Records\"";
            }
            b',' => {
                if matches!(self.previous, b',' | b':' | b'{' | b'[') {
                    return Some(Step::Broken("a comma where none can be"));
                }
            }
            _ if is_scalar(byte) && (self.is_value_due() || is_scalar(self.previous)) => {}
            _ => return Some(Step::Broken("text where none can be")),
        }
        self.previous = byte;
        None
    }

    fn opened(&mut self, byte: u8) -> Option<Step> {
        if self.depth > 0 && !self.is_value_due() {
            return Some(Step::Broken("the value before isn't closed"));
        }
        if self.depth == RECORD_NESTING_MAX {
            return Some(Step::Broken("it nests too deep"));
        }
        if byte == b'[' && self.may_be_envelope && self.depth == 1 && self.is_in_object() && self.is_records {
            return Some(Step::Envelope(self.at + 1));
        }
        self.open = self.open << 1 | u128::from(byte == b'{');
        self.depth += 1;
        self.previous = byte;
        None
    }

    fn closed(&mut self, byte: u8) -> Option<Step> {
        if self.is_in_object() != (byte == b'}') || matches!(self.previous, b',' | b':') {
            return Some(Step::Broken("a bracket where none can be"));
        }
        self.open >>= 1;
        self.depth -= 1;
        self.previous = byte;
        (self.depth == 0).then_some(Step::Ended(self.at + 1))
    }

    fn is_in_object(&self) -> bool {
        self.open & 1 == 1
    }

    /// A value can begin here.
    fn is_value_due(&self) -> bool {
        if self.is_in_object() { self.previous == b':' } else { matches!(self.previous, b'[' | b',') }
    }
}
