//! The functions of SQL/JSON, made of functions of the registry.

use datafusion::logical_expr::{Expr, lit};
use opentrail_trino::ast::{self, Identifier, JsonArgument, JsonBehavior, JsonFunction, JsonPath, JsonWrapper};
use opentrail_trino::{ErrorClass, Place, SqlError, Type, can_coerce};

use super::when;
use crate::analyze::Analyzer;
use crate::analyze::coerce::coerce;
use crate::analyze::context::{Context, Typed};
use crate::function::{JSON_MEMBER, OnError, cast, path_variables};

impl Analyzer<'_> {
    pub(super) fn json_path<'a>(
        &self,
        call: &'a JsonPath,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let input = json_text(self.expression(&call.input, cx)?, place)?;
        let arguments = vec![input, text(&call.path), self.variables(call, place, cx)?];
        match call.function {
            JsonFunction::Exists => {
                let on_error = word(call.on_error.as_ref(), "false", place)?;
                self.json_call("$json_exists", arguments, &[on_error], place, cx)
            }
            JsonFunction::Query => {
                let wrapper = match call.wrapper {
                    JsonWrapper::Without => "without",
                    JsonWrapper::Conditional => "conditional",
                    JsonWrapper::Unconditional => "unconditional",
                };
                let quotes = if call.is_without_quotes { "omit" } else { "keep" };
                let on_empty = word(call.on_empty.as_ref(), "null", place)?;
                let on_error = word(call.on_error.as_ref(), "null", place)?;
                let found =
                    self.json_call("$json_query", arguments, &[wrapper, quotes, on_empty, on_error], place, cx)?;
                returned(found, call.returning.as_ref(), OnError::Fail, place)
            }
            JsonFunction::Value => self.json_value(call, arguments, place, cx),
        }
    }

    /// `PASSING`, as an object.
    fn variables<'a>(&self, call: &'a JsonPath, place: Place, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let wanted = path_variables(&call.path).map_err(|error| error.or_at(place))?;
        let names: Vec<String> = call.passing.iter().map(variable).collect();
        if let Some(missing) = wanted.iter().find(|name| !names.contains(name)) {
            let is_miscased = names.iter().any(|name| name.eq_ignore_ascii_case(missing));
            let hint = format!(". Try quoting \"{missing}\" in the PASSING clause to match case");
            let hint = if is_miscased { hint.as_str() } else { "" };
            let message = format!("Invalid JSON path: no value passed for parameter {missing}{hint}");
            return Err(SqlError::at(place, ErrorClass::InvalidFunctionArgument, message));
        }
        let mut members = vec![Typed::new(lit(false), Type::Boolean)];
        for (index, (argument, name)) in call.passing.iter().zip(&names).enumerate() {
            if names[..index].contains(name) {
                let message = format!("JSON path parameter {name} is specified more than once");
                return Err(SqlError::at(argument.name.place, ErrorClass::InvalidArguments, message));
            }
            members.extend([text(name), self.passed(argument, cx)?]);
        }
        if members.len() == 1 {
            return Ok(text("{}"));
        }
        self.operator("$json_object", members, place, cx)
    }

    /// The value of a variable as JSON; a JSON text, which may be none, within an object.
    fn passed<'a>(&self, argument: &'a JsonArgument, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let place = argument.value.place;
        let value = self.expression(&argument.value, cx)?;
        let is_json = argument.is_json || value.ty == Type::Json;
        let value = if is_json { json_text(value, place)? } else { value };
        let is_plain =
            value.ty.is_numeric() || matches!(value.ty, Type::Boolean | Type::Varchar { .. } | Type::Char { .. });
        let value = match value.ty {
            Type::Unknown => coerce(value, &Type::Json)?.expr,
            _ if is_plain => {
                cast(value.expr, &value.ty, &Type::Json, OnError::Fail).map_err(|error| error.or_at(place))?
            }
            other => {
                let message = format!("Cannot pass a value of type {other} to a JSON path; cast it to varchar");
                return Err(SqlError::at(place, ErrorClass::NotSupported, message));
            }
        };
        let value = Typed::new(value, Type::Json);
        if !is_json {
            return Ok(value);
        }
        self.operator("$json_object", vec![Typed::new(lit(true), Type::Boolean), text(JSON_MEMBER), value], place, cx)
    }

    fn json_value<'a>(
        &self,
        call: &'a JsonPath,
        arguments: Vec<Typed>,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let own = |behavior: Option<&'a JsonBehavior>| match behavior {
            Some(JsonBehavior::Default(value)) => (Some(value), Ok("null")),
            other => (None, word(other, "null", place)),
        };
        let (default_empty, on_empty) = own(call.on_empty.as_ref());
        let (default_error, on_error) = own(call.on_error.as_ref());
        let (on_empty, on_error) = (on_empty?, on_error?);
        let found = self.json_call("$json_value", arguments.clone(), &[on_empty, on_error], place, cx)?;
        let fails = if on_error == "error" { OnError::Fail } else { OnError::Null };
        let found_text = found.expr.clone();
        let value = returned(found, call.returning.as_ref(), fails, place)?;
        if default_empty.is_none() && default_error.is_none() {
            return Ok(value);
        }
        let state = self.json_call("$json_state", arguments, &[], place, cx)?.expr;
        let mut branches = Vec::new();
        if let Some(default) = default_empty {
            let default = coerce(self.expression(default, cx)?, &value.ty).map_err(|error| error.or_at(place))?;
            branches.push((state.clone().eq(lit(1_i64)), default.expr));
        }
        if let Some(default) = default_error {
            let default = coerce(self.expression(default, cx)?, &value.ty).map_err(|error| error.or_at(place))?;
            // Also where the text is there, but is none of the wanted type.
            let is_unfit = found_text.is_not_null().and(value.expr.clone().is_null());
            branches.push((state.eq(lit(2_i64)).or(is_unfit), default.expr));
        }
        Ok(Typed::new(when(branches, value.expr), value.ty))
    }

    /// A function of the registry whose last arguments are words.
    fn json_call(
        &self,
        name: &str,
        mut arguments: Vec<Typed>,
        words: &[&str],
        place: Place,
        cx: &mut Context<'_, '_>,
    ) -> Result<Typed, SqlError> {
        arguments.extend(words.iter().map(|word| text(word)));
        self.operator(name, arguments, place, cx)
    }

    /// JSON_OBJECT of names and values in turn, or JSON_ARRAY of values.
    pub(super) fn json_made<'a>(
        &self,
        name: &str,
        parts: &[&'a ast::Expr],
        is_absent_on_null: bool,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let mut arguments = vec![Typed::new(lit(is_absent_on_null), Type::Boolean)];
        for (index, part) in parts.iter().enumerate() {
            let value = self.expression(part, cx)?;
            let is_name = name == "$json_object" && index % 2 == 0;
            let to = if is_name { Type::VARCHAR } else { Type::Json };
            if is_name && !can_coerce(&value.ty, &to) {
                let message = format!("A name in JSON_OBJECT must be a varchar (actual: {})", value.ty);
                return Err(SqlError::at(part.place, ErrorClass::TypeMismatch, message));
            }
            let cast = if value.ty == Type::Unknown || is_name {
                coerce(value, &to)?.expr
            } else {
                cast(value.expr, &value.ty, &to, OnError::Fail).map_err(|error| error.or_at(part.place))?
            };
            arguments.push(Typed::new(cast, to));
        }
        self.operator(name, arguments, place, cx)
    }
}

/// A value that is a JSON text.
fn json_text(value: Typed, place: Place) -> Result<Typed, SqlError> {
    match value.ty {
        Type::Json => Ok(Typed::new(value.expr, Type::VARCHAR)),
        _ if can_coerce(&value.ty, &Type::VARCHAR) => coerce(value, &Type::VARCHAR),
        other => {
            let message = format!("Cannot read input of type {other} as JSON using formatting JSON");
            Err(SqlError::at(place, ErrorClass::TypeMismatch, message))
        }
    }
}

/// What a path calls the argument: names without quotes are in capitals.
fn variable(argument: &JsonArgument) -> String {
    let Identifier { text, is_quoted, .. } = &argument.name;
    if *is_quoted { text.clone() } else { text.to_uppercase() }
}

fn text(of: &str) -> Typed {
    Typed::new(lit(of), Type::VARCHAR)
}

/// The behavior as the registry's functions take it.
fn word(behavior: Option<&JsonBehavior>, default: &'static str, place: Place) -> Result<&'static str, SqlError> {
    Ok(match behavior {
        None => default,
        Some(JsonBehavior::Error) => "error",
        Some(JsonBehavior::Null | JsonBehavior::Unknown) => "null",
        Some(JsonBehavior::True) => "true",
        Some(JsonBehavior::False) => "false",
        Some(JsonBehavior::EmptyArray) => "[]",
        Some(JsonBehavior::EmptyObject) => "{}",
        Some(JsonBehavior::Default(_)) => {
            let message = "DEFAULT is for JSON_VALUE only";
            return Err(SqlError::at(place, ErrorClass::SyntaxError, message));
        }
    })
}

/// `RETURNING`
fn returned(found: Typed, to: Option<&Type>, on_error: OnError, place: Place) -> Result<Typed, SqlError> {
    let Some(to) = to else { return Ok(found) };
    let expr: Expr = cast(found.expr, &found.ty, to, on_error).map_err(|error| error.or_at(place))?;
    Ok(Typed::new(expr, to.clone()))
}
