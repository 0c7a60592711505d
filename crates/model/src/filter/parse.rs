//! Reading filters that people write.
//!
//! ```text
//! or         = and { OR and }
//! and        = not { AND not }
//! not        = [ NOT ] ( "(" or ")" | "all" | comparison )
//! comparison = attribute ( "=" | "!=" | "^=" | "*=" ) ( "*" | word | "quoted" | 'quoted' )
//! ```
//! `^=` asks how a value begins, `*=` what it has inside, `= *` whether there is one. Inside of quotes a backslash takes
//! the next character as it is. AND, OR and NOT may be written in small letters.

use std::str::FromStr;

use super::{Attribute, FILTER_DEPTH_MAX, Filter, FilterTooLarge};

/// Why a text is no filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at character {character})", character = characters + 1)]
pub struct FilterSyntaxError {
    /// How many characters come before the place.
    pub characters: usize,
    /// What is wrong there.
    pub problem: FilterProblem,
}

/// What is wrong with the text of a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterProblem {
    /// Something else should come here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What may come.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// Not the name of an attribute; perhaps another one was meant.
    #[error("there is no attribute `{name}`; did you mean `{nearest}`?")]
    UnknownAttribute {
        /// The name.
        name: String,
        /// The one that is written most like it.
        nearest: Attribute,
    },
    /// A quote that isn't closed.
    #[error("the quote is not closed")]
    OpenQuote,
    /// `read-only` is either true or false.
    #[error("`read-only` is `true` or `false`, not `{0}`")]
    NotABoolean(String),
    /// Too many levels or parts, or a value that is too long.
    #[error(transparent)]
    TooLarge(#[from] FilterTooLarge),
}

impl FromStr for Filter {
    type Err = FilterSyntaxError;

    fn from_str(text: &str) -> Result<Self, FilterSyntaxError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let filter = parser.or()?;
        parser.space();
        if parser.at < text.len() {
            return Err(parser.unexpected("AND, OR or the end"));
        }
        filter.check().map_err(|error| parser.fail_at(0, error.into()))?;
        Ok(filter)
    }
}

struct Parser<'t> {
    text: &'t str,
    /// The byte that comes next.
    at: usize,
    /// How many parentheses and NOTs are open.
    depth: usize,
}

impl<'t> Parser<'t> {
    fn or(&mut self) -> Result<Filter, FilterSyntaxError> {
        self.series("OR", Self::and, Filter::Or)
    }

    fn and(&mut self) -> Result<Filter, FilterSyntaxError> {
        self.series("AND", Self::not, Filter::And)
    }

    fn series(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Filter, FilterSyntaxError>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> Result<Filter, FilterSyntaxError> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.keyword(word) {
            parts.push(part(self)?);
        }
        let is_single = parts.len() == 1;
        Ok(if is_single { parts.swap_remove(0) } else { join(parts) })
    }

    fn not(&mut self) -> Result<Filter, FilterSyntaxError> {
        let start = self.at;
        self.depth += 1;
        if self.depth > FILTER_DEPTH_MAX {
            return Err(self.fail_at(start, FilterTooLarge::TooDeep.into()));
        }
        let filter = if self.keyword("NOT") {
            Filter::Not(Box::new(self.not()?))
        } else if self.symbol("(") {
            let inner = self.or()?;
            if !self.symbol(")") {
                return Err(self.unexpected("AND, OR or `)`"));
            }
            inner
        } else if self.keyword("all") {
            Filter::All
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn comparison(&mut self) -> Result<Filter, FilterSyntaxError> {
        let attribute = self.attribute()?;
        let operator = ["=", "!=", "^=", "*="].into_iter().find(|operator| self.symbol(operator));
        let Some(operator) = operator else { return Err(self.unexpected("`=`, `!=`, `^=` or `*=`")) };
        self.space();
        let start = self.at;
        let (value, is_quoted) = self.value()?;
        let is_equality = ["=", "!="].contains(&operator);
        let is_any = is_equality && value == "*" && !is_quoted;
        if attribute == Attribute::ReadOnly && is_equality && !is_any && !["true", "false"].contains(&value.as_str()) {
            return Err(self.fail_at(start, FilterProblem::NotABoolean(value)));
        }
        let equal = |value| if is_any { Filter::Has(attribute) } else { Filter::Is { attribute, value } };
        Ok(match operator {
            "=" => equal(value),
            "!=" => Filter::Not(Box::new(equal(value))),
            "^=" => Filter::Prefix { attribute, value },
            _ => Filter::Contains { attribute, value },
        })
    }

    fn attribute(&mut self) -> Result<Attribute, FilterSyntaxError> {
        self.space();
        let start = self.at;
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = self.take_while(is_name);
        if name.is_empty() {
            return Err(self.unexpected("an attribute, NOT or `(`"));
        }
        find(name).ok_or_else(|| {
            let problem = FilterProblem::UnknownAttribute { name: name.to_owned(), nearest: nearest(name) };
            self.fail_at(start, problem)
        })
    }

    /// A value, and whether it stood in quotes.
    fn value(&mut self) -> Result<(String, bool), FilterSyntaxError> {
        let start = self.at;
        if let Some(quote) = self.rest().chars().next().filter(|c| matches!(c, '"' | '\'')) {
            self.at += 1;
            return self.quoted(start, quote).map(|value| (value, true));
        }
        let word = self.take_while(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '\''));
        if word.is_empty() {
            return Err(self.unexpected("a value"));
        }
        Ok((word.to_owned(), false))
    }

    fn quoted(&mut self, start: usize, quote: char) -> Result<String, FilterSyntaxError> {
        let mut value = String::new();
        let rest = self.rest();
        let mut letters = rest.char_indices();
        while let Some((place, letter)) = letters.next() {
            match letter {
                _ if letter == quote => {
                    self.at += place + letter.len_utf8();
                    return Ok(value);
                }
                '\\' => value.extend(letters.next().map(|(_, next)| next)),
                _ => value.push(letter),
            }
        }
        Err(self.fail_at(start, FilterProblem::OpenQuote))
    }

    /// Takes a word that is followed by something that is no part of a name.
    fn keyword(&mut self, word: &str) -> bool {
        self.space();
        let rest = self.rest();
        let is_it = rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        let ends =
            !rest.get(word.len()..).unwrap_or_default().starts_with(|c: char| !c.is_whitespace() && !"()".contains(c));
        if is_it && ends {
            self.at += word.len();
        }
        is_it && ends
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        self.space();
        let is_it = self.rest().starts_with(symbol);
        if is_it {
            self.at += symbol.len();
        }
        is_it
    }

    fn space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn unexpected(&mut self, expected: &'static str) -> FilterSyntaxError {
        self.space();
        let found = match self.rest().split_whitespace().next() {
            Some(word) => format!("`{}`", word.chars().take(40).collect::<String>()),
            None => "the end".to_owned(),
        };
        self.fail_at(self.at, FilterProblem::Unexpected { expected, found })
    }

    fn fail_at(&self, at: usize, problem: FilterProblem) -> FilterSyntaxError {
        FilterSyntaxError { characters: self.text[..at].chars().count(), problem }
    }
}

/// Names that mean an attribute besides its own: flags of `opentrail lookup`, and members of records.
const ALIASES: [(&str, Attribute); 12] = [
    ("id", Attribute::EventId),
    ("name", Attribute::EventName),
    ("user", Attribute::Username),
    ("source", Attribute::EventSource),
    ("accesskey", Attribute::AccessKeyId),
    ("ip", Attribute::SourceIp),
    ("sourceipaddress", Attribute::SourceIp),
    ("error", Attribute::ErrorCode),
    ("arn", Attribute::UserArn),
    ("awsregion", Attribute::Region),
    ("recipientaccountid", Attribute::Account),
    ("eventcategory", Attribute::Category),
];

/// The attribute of a name, whichever way its words are joined: `event-name`, `event_name`, `EventName`.
fn find(name: &str) -> Option<Attribute> {
    let name = joined(name);
    let own = Attribute::ALL.into_iter().find(|attribute| joined(attribute.name()) == name);
    own.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, attribute)| *attribute))
}

fn joined(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The attribute whose name takes the fewest changes to be written as `name`.
fn nearest(name: &str) -> Attribute {
    // Longer names are far from all; their beginning is enough to tell.
    let name: Vec<char> = joined(name).chars().take(32).collect();
    let own = Attribute::ALL.into_iter().map(|attribute| (joined(attribute.name()), attribute));
    let aliases = ALIASES.iter().map(|(alias, attribute)| ((*alias).to_owned(), *attribute));
    let distance = |(candidate, _): &(String, Attribute)| distance(&name, &candidate.chars().collect::<Vec<_>>());
    own.chain(aliases).min_by_key(distance).map_or(Attribute::EventName, |(_, attribute)| attribute)
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests;
