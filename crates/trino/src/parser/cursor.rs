//! The tokens, how far they are read, and what would have been welcome.

use crate::ast::{Expr, ExprKind, Identifier};
use crate::error::{ErrorClass, Place, SqlError};
use crate::lexer::{Kind, Token, lex, lex_plain};

use super::groups::partners;
use super::keyword::is_reserved;
use super::{HEIGHT_MAX, NESTING_MAX, TableNames};

/// What most functions of the parser give.
pub(super) type Parsed<T> = Result<T, SqlError>;

/// The state of parsing.
pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// For each opening parenthesis the index of its closing one.
    partners: Vec<Option<usize>>,
    at: usize,
    depth: u32,
    /// The height of the highest tree that was made at this depth.
    height: u32,
    /// What was looked for at `at`, in vain.
    expected: Vec<String>,
    /// What was read so far of names that stand for tables.
    pub(super) named: TableNames,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let tokens = lex(text);
        let partners = partners(&tokens);
        Self { text, tokens, partners, at: 0, depth: 0, height: 0, expected: Vec::new(), named: TableNames::default() }
    }

    /// The kind of the token that comes so many after the next.
    pub(super) fn kind(&self, ahead: usize) -> &Kind {
        self.tokens.get(self.at + ahead).map_or(&Kind::End, |token| &token.kind)
    }

    /// Where the next token stands.
    pub(super) fn place(&self) -> Place {
        self.token().place
    }

    /// The next token; the last one is [`Kind::End`] and never passed.
    fn token(&self) -> &Token {
        let last = self.tokens.len() - 1;
        self.tokens.get(self.at).unwrap_or(&self.tokens[last])
    }

    /// The text of the token that comes so many after the next.
    pub(super) fn text(&self, ahead: usize) -> &'a str {
        let token = self.tokens.get(self.at + ahead);
        token.and_then(|token| self.text.get(token.start..token.end)).unwrap_or_default()
    }

    /// Steps over the next token and gives its text.
    pub(super) fn advance(&mut self) -> &'a str {
        let text = self.text(0);
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        self.expected.clear();
        text
    }

    /// Is it this keyword? `ahead` counts from the next token.
    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        *self.kind(ahead) == Kind::Word && self.text(ahead).eq_ignore_ascii_case(word)
    }

    /// Is it one of these keywords?
    pub(super) fn is_any_word(&self, ahead: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(ahead, word))
    }

    /// Is it this symbol?
    pub(super) fn is_symbol(&self, ahead: usize, symbol: &str) -> bool {
        matches!(self.kind(ahead), Kind::Symbol(found) if *found == symbol)
    }

    /// Can it be a name: a quoted one, or a word that is not reserved?
    pub(super) fn is_name(&self, ahead: usize) -> bool {
        match self.kind(ahead) {
            Kind::Quoted(_) => true,
            Kind::Word => !is_reserved(self.text(ahead)),
            _ => false,
        }
    }

    /// Steps over a keyword if it comes next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let is_next = self.is_word(0, word);
        if is_next {
            self.advance();
        } else {
            self.expected.push(format!("'{word}'"));
        }
        is_next
    }

    /// Steps over a symbol if it comes next.
    pub(super) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let is_next = self.is_symbol(0, symbol);
        if is_next {
            self.advance();
        } else {
            self.expected.push(format!("'{symbol}'"));
        }
        is_next
    }

    /// Steps over a keyword that must come next.
    pub(super) fn want(&mut self, word: &str) -> Parsed<()> {
        if self.eat(word) { Ok(()) } else { Err(self.mismatch()) }
    }

    /// Steps over keywords that must come next.
    pub(super) fn want_all(&mut self, words: &[&str]) -> Parsed<()> {
        words.iter().try_for_each(|word| self.want(word))
    }

    /// Steps over a symbol that must come next.
    pub(super) fn want_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat_symbol(symbol) { Ok(()) } else { Err(self.mismatch()) }
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Parsed<()> {
        if *self.kind(0) == Kind::End { Ok(()) } else { Err(self.unexpected("<EOF>")) }
    }

    /// A name that must come next.
    pub(super) fn name(&mut self) -> Parsed<Identifier> {
        let place = self.place();
        let text = match self.kind(0) {
            Kind::Quoted(text) if text.is_empty() => {
                return Err(self.syntax("Zero-length delimited identifier not allowed"));
            }
            Kind::Quoted(text) => Some(text.clone()),
            Kind::BackQuoted => {
                let message = "backquoted identifiers are not supported; use double quotes to quote identifiers";
                return Err(self.syntax(message));
            }
            Kind::DigitWord => {
                let message = "identifiers must not start with a digit; surround the identifier with double quotes";
                return Err(self.syntax(message));
            }
            _ => None,
        };
        if let Some(text) = text {
            self.advance();
            return Ok(Identifier { text, is_quoted: true, place });
        }
        if !self.is_name(0) {
            return Err(self.unexpected("<identifier>"));
        }
        Ok(Identifier { text: self.advance().to_owned(), is_quoted: false, place })
    }

    /// A name of a store: any name, or a UUID.
    pub(super) fn store_name(&mut self) -> Parsed<Identifier> {
        let place = self.place();
        if *self.kind(0) != Kind::Uuid {
            return self.name();
        }
        Ok(Identifier { text: self.advance().to_owned(), is_quoted: false, place })
    }

    /// Names with commas between them, in parentheses.
    pub(super) fn names(&mut self) -> Parsed<Vec<Identifier>> {
        self.want_symbol("(")?;
        let names = self.list(Self::name)?;
        self.want_symbol(")").map(|()| names)
    }

    /// One or more with commas between them.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat_symbol(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// The text that must come next, in single quotes.
    pub(super) fn string(&mut self) -> Parsed<String> {
        if !matches!(self.kind(0), Kind::String(_) | Kind::UnicodeString(_)) {
            return Err(self.unexpected("<string>"));
        }
        self.string_literal()
    }

    /// The whole number that must come next.
    pub(super) fn count(&mut self) -> Parsed<u64> {
        if *self.kind(0) != Kind::Integer {
            return Err(self.unexpected("<integer>"));
        }
        let place = self.place();
        let value = self.whole_number(false)?;
        u64::try_from(value).map_err(|_| SqlError::at(place, ErrorClass::SyntaxError, "A count must not be negative"))
    }

    /// The index of the token behind the partner of the parenthesis that is so many ahead.
    pub(super) fn behind(&self, ahead: usize) -> Option<usize> {
        let close = (*self.partners.get(self.at + ahead)?)?;
        Some(close + 1 - self.at)
    }

    /// Cuts the UUID that comes next into the tokens that it is where no store is meant.
    pub(super) fn cut_uuid(&mut self) {
        let plain = lex_plain(self.text, self.token());
        self.tokens.splice(self.at..=self.at, plain);
        self.partners = partners(&self.tokens);
    }

    /// Runs what may run itself again, one level deeper.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= NESTING_MAX {
            return Err(self.too_deep());
        }
        let outer = std::mem::take(&mut self.height);
        self.depth += 1;
        let result = inner(self)?;
        self.depth -= 1;
        self.grow()?;
        self.height = self.height.max(outer);
        Ok(result)
    }

    /// Runs what stands beside other parts of a tree: the highest of them counts.
    pub(super) fn beside<T>(&mut self, part: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let others = std::mem::take(&mut self.height);
        let result = part(self)?;
        self.height = self.height.max(others);
        Ok(result)
    }

    /// A tree was put under a new root.
    pub(super) fn grow(&mut self) -> Parsed<()> {
        self.height += 1;
        if self.height > HEIGHT_MAX { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&self) -> SqlError {
        self.syntax("The statement is nested too deeply; split it with WITH, or use IN, concat_ws or an array instead of a chain")
    }

    /// A syntax error at the next token.
    pub(super) fn syntax(&self, message: impl Into<String>) -> SqlError {
        SqlError::at(self.place(), ErrorClass::SyntaxError, message)
    }

    /// Grammar of Trino's that has no meaning here, at the next token.
    pub(super) fn not_supported(&self, what: &str) -> SqlError {
        SqlError::at(self.place(), ErrorClass::NotSupported, format!("{what} is not supported"))
    }

    /// The next token is wrong, and this would have been right.
    pub(super) fn unexpected(&mut self, wanted: &str) -> SqlError {
        self.expected.push(wanted.to_owned());
        self.mismatch()
    }

    /// The next token is wrong; whatever was looked for would have been right.
    pub(super) fn mismatch(&mut self) -> SqlError {
        let mut expected = std::mem::take(&mut self.expected);
        expected.sort();
        expected.dedup();
        let found = match self.kind(0) {
            Kind::End => "<EOF>",
            _ => self.text(0),
        };
        self.syntax(format!("mismatched input '{found}'. Expecting: {}", expected.join(", ")))
    }
}

/// An expression at a place.
pub(super) fn at(place: Place, kind: ExprKind) -> Expr {
    Expr { kind, place }
}
