//! Forms that begin with a keyword of their own.

use crate::ast::{Call, CurrentValue, Expr, ExprKind, ExtractField, Identifier, JsonFunction, ListaggOverflow};
use crate::error::{ErrorClass, Place, SqlError};
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser, at};

impl Parser<'_> {
    /// The form that the next word begins, if it does.
    pub(super) fn keyword(&mut self) -> Parsed<Option<ExprKind>> {
        let word = self.text(0).to_ascii_uppercase();
        let is_group = self.is_symbol(1, "(");
        let kind = match word.as_str() {
            "NULL" => self.constant(ExprKind::Null),
            "TRUE" => self.constant(ExprKind::Boolean(true)),
            "FALSE" => self.constant(ExprKind::Boolean(false)),
            "CASE" => self.case()?,
            "CAST" => self.cast(false)?,
            "TRY_CAST" if is_group => self.cast(true)?,
            "EXISTS" if is_group => self.exists()?,
            "EXTRACT" if is_group => self.extract()?,
            "TRIM" if is_group => self.trim()?,
            "NORMALIZE" if is_group => self.normalize()?,
            "GROUPING" if is_group => self.grouping()?,
            "LISTAGG" if is_group => self.listagg()?,
            "POSITION" if is_group => self.position()?,
            "SUBSTRING" if is_group && self.is_substring_from() => self.substring()?,
            "ROW" if is_group => self.row()?,
            "ARRAY" if self.is_symbol(1, "[") => self.array()?,
            "JSON_VALUE" if is_group => self.json_path(JsonFunction::Value)?,
            "JSON_QUERY" if is_group => self.json_path(JsonFunction::Query)?,
            "JSON_EXISTS" if is_group => self.json_path(JsonFunction::Exists)?,
            "JSON_OBJECT" if is_group => self.json_object()?,
            "JSON_ARRAY" if is_group => self.json_array()?,
            _ => return self.current(),
        };
        Ok(Some(kind))
    }

    fn constant(&mut self, kind: ExprKind) -> ExprKind {
        self.advance();
        kind
    }

    fn current(&mut self) -> Parsed<Option<ExprKind>> {
        const VALUES: [(&str, CurrentValue, bool); 9] = [
            ("CURRENT_DATE", CurrentValue::Date, false),
            ("CURRENT_TIME", CurrentValue::Time, true),
            ("CURRENT_TIMESTAMP", CurrentValue::Timestamp, true),
            ("LOCALTIME", CurrentValue::LocalTime, true),
            ("LOCALTIMESTAMP", CurrentValue::LocalTimestamp, true),
            ("CURRENT_USER", CurrentValue::User, false),
            ("CURRENT_CATALOG", CurrentValue::Catalog, false),
            ("CURRENT_SCHEMA", CurrentValue::Schema, false),
            ("CURRENT_PATH", CurrentValue::Path, false),
        ];
        let Some((_, value, has_precision)) = VALUES.iter().find(|(word, ..)| self.is_word(0, word)) else {
            return Ok(None);
        };
        self.advance();
        let precision = if *has_precision { self.precision()? } else { None };
        Ok(Some(ExprKind::Current { value: *value, precision }))
    }

    fn case(&mut self) -> Parsed<ExprKind> {
        self.advance();
        let operand = if self.is_word(0, "WHEN") { None } else { Some(Box::new(self.expression()?)) };
        let mut branches = Vec::new();
        while branches.is_empty() || self.is_word(0, "WHEN") {
            self.want("WHEN")?;
            let condition = self.expression()?;
            self.want("THEN")?;
            branches.push((condition, self.expression()?));
        }
        let otherwise = if self.eat("ELSE") { Some(Box::new(self.expression()?)) } else { None };
        self.want("END")?;
        Ok(ExprKind::Case { operand, branches, otherwise })
    }

    fn cast(&mut self, is_try: bool) -> Parsed<ExprKind> {
        self.open()?;
        let value = Box::new(self.expression()?);
        self.want("AS")?;
        let to = self.data_type()?;
        self.want_symbol(")")?;
        Ok(ExprKind::Cast { value, to, is_try })
    }

    fn exists(&mut self) -> Parsed<ExprKind> {
        self.advance();
        Ok(ExprKind::Exists(Box::new(self.query_group()?)))
    }

    fn extract(&mut self) -> Parsed<ExprKind> {
        self.open()?;
        let place = self.place();
        let name = self.name()?;
        let field = extract_field(&name.text).ok_or_else(|| {
            let message = format!("Invalid EXTRACT field: {}", name.text);
            SqlError::at(place, ErrorClass::SyntaxError, message)
        })?;
        self.want("FROM")?;
        let value = Box::new(self.expression()?);
        self.want_symbol(")")?;
        Ok(ExprKind::Extract { field, value })
    }

    /// `TRIM([LEADING | TRAILING | BOTH] [characters] FROM text)`, `TRIM(text[, characters])`
    fn trim(&mut self) -> Parsed<ExprKind> {
        let place = self.place();
        self.open()?;
        let is_specified = self.is_any_word(0, &["LEADING", "TRAILING", "BOTH"])
            && !matches!(self.kind(1), Kind::Symbol(")" | "," | "."));
        let function = match is_specified.then(|| self.advance().to_ascii_uppercase()).as_deref() {
            Some("LEADING") => "ltrim",
            Some("TRAILING") => "rtrim",
            _ => "trim",
        };
        if self.eat("FROM") {
            let text = self.expression()?;
            self.want_symbol(")")?;
            return Ok(call(place, function, vec![text]));
        }
        let first = self.expression()?;
        let arguments = if self.eat("FROM") {
            vec![self.expression()?, first]
        } else if is_specified {
            return Err(self.mismatch());
        } else if self.eat_symbol(",") {
            vec![first, self.expression()?]
        } else {
            vec![first]
        };
        self.want_symbol(")")?;
        Ok(call(place, function, arguments))
    }

    fn normalize(&mut self) -> Parsed<ExprKind> {
        let place = self.place();
        self.open()?;
        let text = self.expression()?;
        let mut form = "NFC".to_owned();
        let form_place = self.place();
        if self.eat_symbol(",") {
            if !self.is_any_word(0, &["NFC", "NFD", "NFKC", "NFKD"]) {
                return Err(self.unexpected("'NFC', 'NFD', 'NFKC', 'NFKD'"));
            }
            form = self.advance().to_ascii_uppercase();
        }
        self.want_symbol(")")?;
        Ok(call(place, "normalize", vec![text, at(form_place, ExprKind::String(form))]))
    }

    fn grouping(&mut self) -> Parsed<ExprKind> {
        self.open()?;
        let columns = if self.is_symbol(0, ")") { Vec::new() } else { self.list(Self::expression)? };
        self.want_symbol(")")?;
        Ok(ExprKind::Grouping(columns))
    }

    fn listagg(&mut self) -> Parsed<ExprKind> {
        self.open()?;
        let is_distinct = self.set_quantifier();
        let value = Box::new(self.expression()?);
        let separator = if self.eat_symbol(",") { self.string()? } else { String::new() };
        let overflow = self.listagg_overflow()?;
        self.want_symbol(")")?;
        self.want_all(&["WITHIN", "GROUP"])?;
        self.want_symbol("(")?;
        self.want_all(&["ORDER", "BY"])?;
        let order_by = self.list(Self::sort_item)?;
        self.want_symbol(")")?;
        let filter = self.filter()?.map(Box::new);
        Ok(ExprKind::Listagg { is_distinct, value, separator, overflow, order_by, filter })
    }

    fn listagg_overflow(&mut self) -> Parsed<ListaggOverflow> {
        if !self.eat("ON") {
            return Ok(ListaggOverflow::Error);
        }
        self.want("OVERFLOW")?;
        if self.eat("ERROR") {
            return Ok(ListaggOverflow::Error);
        }
        self.want("TRUNCATE")?;
        let has_filler = matches!(self.kind(0), Kind::String(_) | Kind::UnicodeString(_));
        let filler = if has_filler { self.string()? } else { "...".to_owned() };
        let is_with_count = self.eat("WITH");
        if !is_with_count {
            self.want("WITHOUT")?;
        }
        self.want("COUNT")?;
        Ok(ListaggOverflow::Truncate { filler, is_with_count })
    }

    /// `POSITION(part IN text)` is `strpos(text, part)`.
    fn position(&mut self) -> Parsed<ExprKind> {
        let place = self.place();
        self.open()?;
        let part = self.value()?;
        self.want("IN")?;
        let text = self.value()?;
        self.want_symbol(")")?;
        Ok(call(place, "strpos", vec![text, part]))
    }

    /// Has `SUBSTRING(` a FROM of its own before its end? Else it is an ordinary call.
    fn is_substring_from(&self) -> bool {
        let Some(end) = self.behind(1) else { return false };
        let mut ahead = 2;
        while ahead < end {
            if self.is_word(ahead, "FROM") && !self.is_word(ahead.saturating_sub(1), "DISTINCT") {
                return true;
            }
            ahead = self.behind(ahead).unwrap_or(ahead + 1);
        }
        false
    }

    /// `SUBSTRING(text FROM start [FOR length])`
    fn substring(&mut self) -> Parsed<ExprKind> {
        let place = self.place();
        self.open()?;
        let text = self.value()?;
        self.want("FROM")?;
        let mut arguments = vec![text, self.value()?];
        if self.eat("FOR") {
            arguments.push(self.value()?);
        }
        self.want_symbol(")")?;
        Ok(call(place, "substring", arguments))
    }

    fn row(&mut self) -> Parsed<ExprKind> {
        self.open()?;
        let fields = self.list(Self::expression)?;
        self.want_symbol(")")?;
        Ok(ExprKind::Row(fields))
    }

    fn array(&mut self) -> Parsed<ExprKind> {
        self.advance();
        self.want_symbol("[")?;
        let items = if self.is_symbol(0, "]") { Vec::new() } else { self.list(Self::expression)? };
        self.want_symbol("]")?;
        Ok(ExprKind::Array(items))
    }

    /// Steps over the word and the parenthesis behind it.
    pub(super) fn open(&mut self) -> Parsed<()> {
        self.advance();
        self.want_symbol("(")
    }
}

/// A call of a function that the grammar names otherwise.
fn call(place: Place, name: &str, arguments: Vec<Expr>) -> ExprKind {
    ExprKind::Call(Box::new(Call {
        name: vec![Identifier { text: name.to_owned(), is_quoted: false, place }],
        arguments,
        is_star: false,
        is_distinct: false,
        order_by: Vec::new(),
        filter: None,
        null_treatment: None,
        over: None,
    }))
}

fn extract_field(name: &str) -> Option<ExtractField> {
    let field = match name.to_ascii_uppercase().as_str() {
        "YEAR" => ExtractField::Year,
        "QUARTER" => ExtractField::Quarter,
        "MONTH" => ExtractField::Month,
        "WEEK" => ExtractField::Week,
        "DAY" | "DAY_OF_MONTH" => ExtractField::Day,
        "DAY_OF_WEEK" | "DOW" => ExtractField::DayOfWeek,
        "DAY_OF_YEAR" | "DOY" => ExtractField::DayOfYear,
        "YEAR_OF_WEEK" | "YOW" => ExtractField::YearOfWeek,
        "HOUR" => ExtractField::Hour,
        "MINUTE" => ExtractField::Minute,
        "SECOND" => ExtractField::Second,
        "TIMEZONE_HOUR" => ExtractField::TimezoneHour,
        "TIMEZONE_MINUTE" => ExtractField::TimezoneMinute,
        _ => return None,
    };
    Some(field)
}
