//! `JSON_VALUE`, `JSON_QUERY`, `JSON_EXISTS`, `JSON_OBJECT`, `JSON_ARRAY`.

use crate::ast::{Expr, ExprKind, JsonArgument, JsonBehavior, JsonFunction, JsonPath, JsonWrapper};

use super::cursor::{Parsed, Parser};

impl Parser<'_> {
    /// From the function's name.
    pub(super) fn json_path(&mut self, function: JsonFunction) -> Parsed<ExprKind> {
        self.open()?;
        let (input, _) = self.json_input()?;
        self.want_symbol(",")?;
        let path = self.string()?;
        let passing = if self.eat("PASSING") { self.list(Self::json_argument)? } else { Vec::new() };
        let returning = if self.eat("RETURNING") { Some(self.data_type()?) } else { None };
        let wrapper = self.json_wrapper()?;
        let is_without_quotes = self.json_quotes()?;
        let (mut on_empty, mut on_error) = (None, None);
        while !self.is_symbol(0, ")") {
            let behavior = self.json_behavior()?;
            self.want("ON")?;
            if on_empty.is_none() && on_error.is_none() && self.eat("EMPTY") {
                on_empty = Some(behavior);
            } else {
                self.want("ERROR")?;
                on_error = Some(behavior);
                break;
            }
        }
        self.want_symbol(")")?;
        let call =
            JsonPath { function, input, path, passing, returning, wrapper, is_without_quotes, on_empty, on_error };
        Ok(ExprKind::JsonPath(Box::new(call)))
    }

    /// A value, and whether `FORMAT JSON` follows.
    fn json_input(&mut self) -> Parsed<(Expr, bool)> {
        let input = self.expression()?;
        let is_json = self.eat("FORMAT");
        if is_json {
            self.want("JSON")?;
        }
        Ok((input, is_json))
    }

    fn json_argument(&mut self) -> Parsed<JsonArgument> {
        let (value, is_json) = self.json_input()?;
        self.want("AS")?;
        Ok(JsonArgument { value, is_json, name: self.name()? })
    }

    fn json_wrapper(&mut self) -> Parsed<JsonWrapper> {
        let is_with = self.is_word(0, "WITH");
        if !is_with && !self.is_word(0, "WITHOUT") {
            return Ok(JsonWrapper::Without);
        }
        self.advance();
        let wrapper = if !is_with {
            JsonWrapper::Without
        } else if self.eat("CONDITIONAL") {
            JsonWrapper::Conditional
        } else {
            self.eat("UNCONDITIONAL");
            JsonWrapper::Unconditional
        };
        self.eat("ARRAY");
        self.want("WRAPPER").map(|()| wrapper)
    }

    fn json_quotes(&mut self) -> Parsed<bool> {
        let is_omitted = self.eat("OMIT");
        if is_omitted || self.eat("KEEP") {
            self.want("QUOTES")?;
            if self.is_word(0, "ON") && self.is_word(1, "SCALAR") {
                self.want_all(&["ON", "SCALAR", "STRING"])?;
            }
        }
        Ok(is_omitted)
    }

    fn json_behavior(&mut self) -> Parsed<JsonBehavior> {
        const WORDS: [(&str, JsonBehavior); 5] = [
            ("ERROR", JsonBehavior::Error),
            ("NULL", JsonBehavior::Null),
            ("TRUE", JsonBehavior::True),
            ("FALSE", JsonBehavior::False),
            ("UNKNOWN", JsonBehavior::Unknown),
        ];
        for (word, behavior) in WORDS {
            if self.eat(word) {
                return Ok(behavior);
            }
        }
        if self.eat("DEFAULT") {
            return self.expression().map(JsonBehavior::Default);
        }
        self.want("EMPTY")?;
        if self.eat("ARRAY") {
            return Ok(JsonBehavior::EmptyArray);
        }
        self.want("OBJECT").map(|()| JsonBehavior::EmptyObject)
    }

    /// `JSON_OBJECT([KEY] name VALUE value, … [NULL | ABSENT ON NULL])`
    pub(super) fn json_object(&mut self) -> Parsed<ExprKind> {
        self.open()?;
        let is_empty = self.is_symbol(0, ")") || self.is_json_null_clause();
        let members = if is_empty { Vec::new() } else { self.list(Self::json_member)? };
        let is_absent_on_null = self.json_null_clause()?.unwrap_or(false);
        if self.is_word(0, "WITH") {
            return Err(self.not_supported("WITH UNIQUE KEYS"));
        }
        if self.eat("WITHOUT") {
            self.want("UNIQUE")?;
            self.eat("KEYS");
        }
        self.want_symbol(")")?;
        Ok(ExprKind::JsonObject { members, is_absent_on_null })
    }

    fn json_member(&mut self) -> Parsed<(Expr, Expr)> {
        // A column may be named so, and one may be named `value`.
        let is_end = |parser: &Self, ahead| parser.is_word(ahead, "VALUE") || parser.is_symbol(ahead, ":");
        if self.is_word(0, "KEY") && (!is_end(self, 1) || is_end(self, 2)) {
            self.advance();
        }
        let name = self.expression()?;
        if !self.eat_symbol(":") {
            self.want("VALUE")?;
        }
        let value = self.expression()?;
        if self.is_word(0, "FORMAT") {
            return Err(self.not_supported("FORMAT JSON of a member"));
        }
        Ok((name, value))
    }

    /// `JSON_ARRAY(value, … [NULL | ABSENT ON NULL])`
    pub(super) fn json_array(&mut self) -> Parsed<ExprKind> {
        self.open()?;
        let is_empty = self.is_symbol(0, ")") || self.is_json_null_clause();
        let items = if is_empty { Vec::new() } else { self.list(Self::expression)? };
        let is_absent_on_null = self.json_null_clause()?.unwrap_or(true);
        self.want_symbol(")")?;
        Ok(ExprKind::JsonArray { items, is_absent_on_null })
    }

    fn is_json_null_clause(&self) -> bool {
        self.is_any_word(0, &["NULL", "ABSENT"]) && self.is_word(1, "ON")
    }

    /// `NULL ON NULL`, `ABSENT ON NULL`, or nothing.
    fn json_null_clause(&mut self) -> Parsed<Option<bool>> {
        if !self.is_json_null_clause() {
            return Ok(None);
        }
        let is_absent = self.eat("ABSENT");
        if !is_absent {
            self.want("NULL")?;
        }
        self.want_all(&["ON", "NULL"]).map(|()| Some(is_absent))
    }
}
