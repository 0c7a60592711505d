//! A log file's items, in whatever form it keeps them.

use std::io::Read;

use bytes::Bytes;
use opentrail_model::record::routed::RECORD_BYTES_MAX;

use super::walk::{Step, Walk};
use super::window::Window;
use super::{Found, Item, Rejection};

/// How many bytes may be walked over a second time after broken items. Beyond that, the search for the next record
/// begins where a broken one was seen to be broken, so that no file costs more than a few times its length.
const SECOND_WALKS_BYTES: usize = 64 * 1024 * 1024;

/// Records begin with this member in every version; it is where reading is taken up again after a broken one.
const FIRST_MEMBER: &[u8] = b"\"eventVersion\"";

/// How much is kept of bytes in which no record was found, in case one begins at their end.
const KEPT_BYTES: usize = 1024;

/// Reads the items of a log file.
#[derive(Debug)]
pub struct LogFile<R> {
    window: Window<R>,
    around: Around,
    /// The next item's index.
    index: u64,
    second_walks: usize,
}

/// What surrounds the next item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    /// Nothing: an object a line, or objects one after the other.
    Nothing,
    /// A bare array.
    Array,
    /// The array `Records` of an object.
    Records,
    /// What follows that array in its object.
    Tail,
    /// The file has ended.
    End,
}

impl<R: Read> LogFile<R> {
    /// Reads `file`, gzip or plain.
    pub fn new(file: R) -> Self {
        Self { window: Window::new(file), around: Around::Nothing, index: 0, second_walks: 0 }
    }

    /// The first byte of the rest that isn't white space or a comma.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let rest = self.window.rest();
            let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
            let byte = rest.get(blank).copied();
            self.window.consume(blank);
            if byte.is_some() {
                return byte;
            }
            if !self.window.fill() {
                return None;
            }
        }
    }

    /// The file has ended between items.
    fn end(&mut self) -> Option<Item> {
        let problem = self.window.take_problem().or_else(|| match self.around {
            Around::Nothing | Around::End => None,
            Around::Array | Around::Records => Some("the file ends inside of an array of records".to_owned()),
            Around::Tail => Some("the file ends inside of the object around `Records`".to_owned()),
        });
        self.around = Around::End;
        problem.map(|problem| self.reject(problem))
    }

    fn reject(&mut self, problem: impl Into<String>) -> Item {
        self.index += 1;
        Item::Rejected(Rejection { index: self.index - 1, offset: self.window.offset(), problem: problem.into() })
    }

    /// An object, or an array among records: found whole, or rejected.
    fn value(&mut self) -> Option<Item> {
        let mut walk = Walk::new(self.around == Around::Nothing);
        loop {
            match walk.go_on(self.window.rest()) {
                Step::More if self.window.rest().len() > RECORD_BYTES_MAX => {
                    return Some(self.broken(walk.at(), format!("it is longer than {RECORD_BYTES_MAX} bytes")));
                }
                Step::More if !self.window.fill() => {
                    let problem = self.window.take_problem();
                    return Some(
                        self.broken(walk.at(), problem.unwrap_or_else(|| "the file ends inside of it".to_owned())),
                    );
                }
                Step::More => {}
                Step::Ended(bytes) => return Some(self.ended(bytes)),
                Step::Envelope(bytes) => {
                    self.window.consume(bytes);
                    self.around = Around::Records;
                    return None;
                }
                Step::Broken(problem) => {
                    let place = self.window.offset() + walk.at() as u64;
                    return Some(self.broken(walk.at(), format!("{problem}, at byte {place}")));
                }
            }
        }
    }

    fn ended(&mut self, bytes: usize) -> Item {
        let item = if self.window.rest()[0] == b'{' {
            self.index += 1;
            let text = Bytes::copy_from_slice(&self.window.rest()[..bytes]);
            Item::Record(Found { index: self.index - 1, offset: self.window.offset(), text })
        } else {
            self.reject("it is an array, not an object")
        };
        self.window.consume(bytes);
        item
    }

    /// Rejects the value that begins here and was seen to be broken after `walked` bytes, and goes on to the next
    /// place where a record begins.
    fn broken(&mut self, walked: usize, problem: String) -> Item {
        let item = self.reject(problem);
        self.second_walks += walked;
        let mut from = if self.second_walks <= SECOND_WALKS_BYTES { 1 } else { walked.max(1) };
        loop {
            if let Some(begin) = record_begin(self.window.rest(), from, self.around == Around::Nothing) {
                self.window.consume(begin);
                return item;
            }
            let done = self.window.rest().len().saturating_sub(KEPT_BYTES);
            self.window.consume(done);
            // Already looked at, but for what lies across the end.
            from = usize::from(done == 0);
            if !self.window.fill() {
                self.window.consume(self.window.rest().len());
                self.around = Around::End;
                return item;
            }
        }
    }

    /// Rejects text that is no value at all: to the end of the line, or to where the next item may begin.
    fn garbage(&mut self) -> Item {
        let is_among_lines = self.around == Around::Nothing;
        let item = self.reject("it is no JSON object");
        loop {
            let rest = self.window.rest();
            let is_end = |byte: &u8| if is_among_lines { *byte == b'\n' } else { matches!(byte, b',' | b']' | b'{') };
            match rest.iter().position(is_end) {
                Some(end) => {
                    self.window.consume(end);
                    return item;
                }
                None => self.window.consume(rest.len()),
            }
            if !self.window.fill() {
                return item;
            }
        }
    }

    /// Walks over what follows `Records`; usually a closing bracket.
    fn tail(&mut self) -> Option<Item> {
        let mut walk = Walk::after_records();
        loop {
            let (around, bytes) = match walk.go_on(self.window.rest()) {
                Step::More if self.window.rest().len() <= RECORD_BYTES_MAX && self.window.fill() => continue,
                Step::More => return self.end(),
                Step::Ended(bytes) => (Around::Nothing, bytes),
                Step::Envelope(bytes) => (Around::Records, bytes),
                Step::Broken(problem) => {
                    self.around = Around::Nothing;
                    return Some(self.broken(walk.at(), problem.to_owned()));
                }
            };
            self.window.consume(bytes);
            self.around = around;
            return None;
        }
    }
}

impl<R: Read> Iterator for LogFile<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            let item = match self.around {
                Around::End => return self.end(),
                Around::Tail => self.tail(),
                around => match (self.next_byte(), around) {
                    (None, _) => return self.end(),
                    (Some(b'{'), _) => self.value(),
                    (Some(b'['), Around::Nothing) => {
                        self.window.consume(1);
                        self.around = Around::Array;
                        None
                    }
                    (Some(b'['), _) => self.value(),
                    (Some(b']'), Around::Array | Around::Records) => {
                        self.window.consume(1);
                        self.around = if around == Around::Array { Around::Nothing } else { Around::Tail };
                        None
                    }
                    (Some(_), _) => Some(self.garbage()),
                },
            };
            if item.is_some() {
                return item;
            }
        }
    }
}

/// Where, from `from` on, a record begins: at a bracket before `"eventVersion"`, or among lines at one that begins a line.
fn record_begin(bytes: &[u8], from: usize, is_among_lines: bool) -> Option<usize> {
    let mut at = from;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| *byte == b'{') {
        at += found;
        let inside = bytes[at + 1..].trim_ascii_start();
        if inside.starts_with(FIRST_MEMBER) || is_among_lines && at > 0 && bytes[at - 1] == b'\n' {
            return Some(at);
        }
        at += 1;
    }
    None
}
