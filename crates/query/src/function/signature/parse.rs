//! The text of a signature.

use opentrail_trino::Type;

use super::{Pattern, Signature};

impl Signature {
    /// Parses a signature of ours.
    pub(in super::super) fn parse(text: &'static str) -> Self {
        let mut reader = Reader { rest: text };
        let name = reader.word().to_owned();
        let mut parameters = Vec::new();
        let mut is_variadic = false;
        reader.eat("(");
        while !reader.has(")") {
            parameters.push(reader.pattern());
            is_variadic = reader.has("...");
            reader.has(",");
        }
        reader.eat("->");
        let returns = reader.pattern();
        assert!(reader.rest.trim().is_empty(), "signature `{text}` ends with `{}`", reader.rest);
        Self { text, name, parameters, is_variadic, returns }
    }
}

struct Reader {
    rest: &'static str,
}

impl Reader {
    fn has(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        rest.strip_prefix(token).is_some_and(|after| {
            self.rest = after;
            true
        })
    }

    fn eat(&mut self, token: &str) {
        assert!(self.has(token), "signature wants `{token}` before `{}`", self.rest);
    }

    fn word(&mut self) -> &'static str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        self.rest = after;
        word
    }

    /// Types in parentheses, separated by commas.
    fn list(&mut self) -> Vec<Pattern> {
        let mut list = Vec::new();
        self.eat("(");
        while !self.has(")") {
            list.push(self.pattern());
            self.has(",");
        }
        list
    }

    fn pattern(&mut self) -> Pattern {
        let word = self.word();
        let exact = match word {
            "unknown" => Type::Unknown,
            "boolean" => Type::Boolean,
            "tinyint" => Type::Tinyint,
            "smallint" => Type::Smallint,
            "integer" => Type::Integer,
            "bigint" => Type::Bigint,
            "real" => Type::Real,
            "double" => Type::Double,
            "varchar" => Type::VARCHAR,
            "varbinary" => Type::Varbinary,
            "json" => Type::Json,
            "date" => Type::Date,
            "interval_day_second" => Type::IntervalDaySecond,
            "interval_year_month" => Type::IntervalYearMonth,
            "ipaddress" => Type::IpAddress,
            "uuid" => Type::Uuid,
            "timestamp3" => Type::TIMESTAMP,
            "timestamptz3" => Type::TIMESTAMP_TZ,
            "timestamptz9" => Type::TimestampTz { precision: 9 },
            _ => return self.compound(word),
        };
        Pattern::Exact(exact)
    }

    fn compound(&mut self, word: &'static str) -> Pattern {
        match word {
            "any" => Pattern::Any,
            "decimal" => Pattern::Decimal,
            "timestamp" => Pattern::Timestamp,
            "timestamptz" => Pattern::TimestampTz,
            "time" => Pattern::Time,
            "array" => Pattern::Array(Box::new(self.list().remove(0))),
            "map" => {
                let mut both = self.list();
                let value = both.remove(1);
                Pattern::Map(Box::new(both.remove(0)), Box::new(value))
            }
            "row" if self.rest.starts_with('(') => Pattern::Fields(self.list()),
            "row" => Pattern::Row,
            "function" => {
                let mut all = self.list();
                let returns = all.pop().expect("a function type of ours names its result");
                Pattern::Function(all, Box::new(returns))
            }
            _ => {
                let mut letters = word.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) if letter.is_ascii_uppercase() => Pattern::Variable(letter),
                    _ => panic!("signature names an unknown type `{word}`"),
                }
            }
        }
    }
}
