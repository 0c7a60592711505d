//! A test aid: every constraint of an operation's request, broken once.
//!
//! [`of`] walks the request's shape and yields, for each constraint that it meets, a request that is right in all else
//! and breaks just this one: a required member missing, a value of the wrong type, one character too few or too many,
//! one below or above the range, a pattern not matched, a value that is none of the set. A server's answer to each of
//! them must carry the expected code. [`minimal`] is the request they start from.

use serde_json::{Map, Value, json};

use crate::schema::{Kind, Limits, Member, Shape};
use crate::validate::all;
use crate::violation::{Constraint, Violation, Violations, Whose};
use crate::{Operation, event_elements, event_parameters, parse, violation_error};

/// A request that breaks one constraint.
#[derive(Debug, Clone)]
pub struct Case {
    /// What is wrong with it, for people.
    pub description: String,
    /// The request: for `PutAuditEvents` with the members of the query string in it.
    pub body: Value,
    /// The error code that it must be answered.
    pub code: &'static str,
}

/// The smallest request that keeps all constraints of the model.
pub fn minimal(operation: Operation) -> Value {
    valid(operation.input())
}

/// Requests that break one constraint each, for every constraint of the operation's request.
pub fn of(operation: Operation) -> Vec<Case> {
    let found = broken(operation.input());
    found.into_iter().map(|broken| broken.into_case(operation)).collect()
}

/// Reads arbitrary bytes as a request: the first byte chooses the operation. For fuzzers; it must never panic.
pub fn exercise(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    let operation = Operation::ALL[usize::from(*first) % Operation::ALL.len()];
    let Ok(body) = parse(body) else { return };
    let _ = event_parameters(operation, &body);
    let _ = event_elements(operation, &body);
    if let Ok(violations) = crate::check(operation, &body) {
        let _ = violation_error(operation, &violations).to_json();
    }
}

/// A broken value and the way to what breaks it.
struct Broken {
    value: Value,
    path: Vec<&'static str>,
    kind: Breach,
}

enum Breach {
    Type,
    Constraint(Constraint),
}

impl Broken {
    fn into_case(self, operation: Operation) -> Case {
        let (what, code) = match self.kind {
            Breach::Type => ("wrong type".to_owned(), "SerializationException"),
            Breach::Constraint(constraint) => {
                let what = constraint.to_string();
                (what, expected_code(operation, &self.path, constraint))
            }
        };
        Case { description: format!("{operation} {}: {what}", self.path.join(".")), body: self.value, code }
    }
}

fn expected_code(operation: Operation, path: &[&'static str], constraint: Constraint) -> &'static str {
    let mut violations = Violations::default();
    violations.add(|| Violation { path: String::new(), members: path.to_vec(), shape: "", value: None, constraint });
    violation_error(operation, &violations).code
}

/// A value that keeps all constraints of the shape and has no member that isn't required.
fn valid(shape: &'static Shape) -> Value {
    match &shape.kind {
        Kind::Structure(members) => {
            let required = members.iter().filter(|member| member.required);
            Value::Object(required.map(|member| (member.name.to_owned(), valid(member.shape))).collect())
        }
        Kind::List { member, length } => vec![valid(member); count(length.min.unwrap_or(1).max(1))].into(),
        Kind::Map { key, value, .. } => json!({ valid_text(key): valid(value) }),
        Kind::String { .. } => Value::String(valid_text(shape)),
        Kind::Enum(values) => json!(values[0]),
        Kind::Integer(limits) => json!(limits.min.unwrap_or(1)),
        Kind::Long | Kind::Float | Kind::Double => json!(1),
        Kind::Boolean => json!(true),
        Kind::Timestamp => json!(1_789_319_538.551),
        Kind::Blob => json!("AAAA"),
    }
}

/// Texts to begin with when one is wanted that matches a pattern; each is tried with each filling.
const STEMS: [(&str, &str); 6] =
    [("", ""), ("arn:", ""), ("s3://", ""), ("", ".amazonaws.com"), ("00:00", ""), ("arn:aws:", "/x")];
const FILLINGS: [char; 4] = ['a', '0', '!', '\u{1}'];

fn valid_text(shape: &'static Shape) -> String {
    match &shape.kind {
        Kind::Enum(values) => values[0].to_owned(),
        Kind::String { length, pattern } => {
            let shortest = count(length.min.unwrap_or(1).max(1));
            let matching = (shortest..shortest + 20)
                .find_map(|length| text_of(length, |it| pattern.is_none_or(|pattern| pattern.matches(it))));
            matching.unwrap_or_else(|| panic!("no sample matches the pattern of `{}`: add a stem", shape.name))
        }
        _ => panic!("`{}` is not text", shape.name),
    }
}

/// A text of this length that the test accepts.
fn text_of(length: usize, accept: impl Fn(&str) -> bool) -> Option<String> {
    let made = STEMS.iter().flat_map(|stem| FILLINGS.map(|filling| (stem, filling)));
    let texts = made.filter_map(|((head, tail), filling)| {
        let fill = length.checked_sub(head.len() + tail.len())?;
        Some(format!("{head}{}{tail}", filling.to_string().repeat(fill)))
    });
    texts.into_iter().find(|text| accept(text))
}

fn count(number: i64) -> usize {
    usize::try_from(number).expect("the models have no negative lengths")
}

/// Every way to break this shape or what it is made of.
fn broken(shape: &'static Shape) -> Vec<Broken> {
    let own = all(shape).into_iter().filter_map(|constraint| {
        let value = breaking(shape, &constraint)?;
        Some(Broken { value, path: Vec::new(), kind: Breach::Constraint(constraint) })
    });
    let mut found: Vec<Broken> = own.collect();
    found.push(Broken { value: mistyped(&shape.kind), path: Vec::new(), kind: Breach::Type });
    match &shape.kind {
        Kind::Structure(members) => found.extend(members.iter().flat_map(|member| broken_member(shape, member))),
        Kind::List { member, .. } => {
            let in_list = |inner: Broken| Broken {
                value: json!([inner.value]),
                kind: of_each(inner.kind, member, Whose::Items),
                ..inner
            };
            found.extend(broken(member).into_iter().map(in_list));
        }
        Kind::Map { key, value, .. } => found.extend(broken_entries(key, value)),
        _ => {}
    }
    found
}

/// The shape with one member missing or broken.
fn broken_member(shape: &'static Shape, member: &'static Member) -> Vec<Broken> {
    let Value::Object(whole) = valid(shape) else { return Vec::new() };
    let mut found = Vec::new();
    if member.required {
        let mut lacking = whole.clone();
        lacking.shift_remove(member.name);
        let kind = Breach::Constraint(Constraint::NotNull);
        found.push(Broken { value: Value::Object(lacking), path: vec![member.name], kind });
    }
    for mut inner in broken(member.shape) {
        let mut with: Map<String, Value> = whole.clone();
        with.insert(member.name.to_owned(), inner.value);
        inner.path.insert(0, member.name);
        found.push(Broken { value: Value::Object(with), ..inner });
    }
    found
}

fn broken_entries(key: &'static Shape, value: &'static Shape) -> Vec<Broken> {
    let keys = broken(key).into_iter().filter_map(|inner| {
        let bad = inner.value.as_str()?.to_owned();
        Some(Broken { value: json!({ bad: valid(value) }), kind: of_each(inner.kind, key, Whose::MapKeys), ..inner })
    });
    let values = broken(value).into_iter().map(|inner| Broken {
        value: json!({ valid_text(key): inner.value }),
        kind: of_each(inner.kind, value, Whose::MapValues),
        ..inner
    });
    keys.chain(values).collect()
}

/// The breach as a collection of such values sees it.
fn of_each(kind: Breach, inner: &'static Shape, whose: Whose) -> Breach {
    match kind {
        Breach::Constraint(_) if inner.members().is_empty() => Breach::Constraint(Constraint::Each(whose, all(inner))),
        other => other,
    }
}

/// A value that breaks this one constraint, if there is one.
fn breaking(shape: &'static Shape, constraint: &Constraint) -> Option<Value> {
    match constraint {
        Constraint::LengthMin(0) | Constraint::NotNull | Constraint::Each(..) => None,
        Constraint::LengthMin(min) => Some(of_length(shape, count(min - 1))),
        Constraint::LengthMax(max) => Some(of_length(shape, count(max + 1))),
        Constraint::ValueMin(min) => Some(json!(min - 1)),
        Constraint::ValueMax(max) => Some(json!(max + 1)),
        Constraint::Values(_) => Some(json!("NoneOfThese")),
        Constraint::Pattern(pattern) => {
            let Kind::String { length: Limits { min, max }, .. } = shape.kind else { return None };
            let bad = ["\n", "!", " ", "\u{0}"].map(|it| it.repeat(count(min.unwrap_or(1).max(1))));
            let fits = |text: &String| max.is_none_or(|max| text.chars().count() <= count(max));
            bad.into_iter().find(|text| fits(text) && !pattern.matches(text)).map(Value::String)
        }
    }
}

/// A value of this length which, if possible, breaks nothing else.
fn of_length(shape: &'static Shape, length: usize) -> Value {
    match &shape.kind {
        Kind::List { member, .. } => vec![valid(member); length].into(),
        Kind::Map { key, value, .. } => {
            let keys = (0..length).map(|index| distinct_key(key, index));
            Value::Object(keys.map(|key| (key, valid(value))).collect())
        }
        Kind::String { pattern, .. } => {
            let text = text_of(length, |it| pattern.is_none_or(|pattern| pattern.matches(it)));
            Value::String(text.unwrap_or_else(|| "a".repeat(length)))
        }
        _ => Value::Null,
    }
}

fn distinct_key(key: &'static Shape, index: usize) -> String {
    match &key.kind {
        Kind::Enum(values) => values[index % values.len()].to_owned(),
        _ => format!("{}{index}", valid_text(key)),
    }
}

fn mistyped(kind: &Kind) -> Value {
    match kind {
        Kind::String { .. } | Kind::Enum(_) | Kind::Blob => json!(7),
        Kind::Timestamp => json!(true),
        _ => json!("text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, check};

    fn code(operation: Operation, body: &Value) -> Result<(), Error> {
        let violations = check(operation, body)?;
        if violations.is_empty() { Ok(()) } else { Err(violation_error(operation, &violations)) }
    }

    #[test]
    fn the_minimal_request_is_valid() {
        for operation in Operation::ALL {
            assert_eq!(code(*operation, &minimal(*operation)), Ok(()), "{operation}");
        }
    }

    #[test]
    fn each_case_is_answered_its_code() {
        let mut count = 0;
        for case in
            Operation::ALL.iter().flat_map(|operation| of(*operation).into_iter().map(move |case| (operation, case)))
        {
            let (operation, case) = case;
            let error = code(*operation, &case.body).expect_err(&case.description);
            assert_eq!(error.code, case.code, "{}: {}", case.description, case.body);
            assert_eq!(error.status, 400);
            count += 1;
        }
        assert!(count > 900, "the models have many constraints, but only {count} were broken");
    }

    #[test]
    fn each_constraint_of_a_text_is_broken_alone_where_that_is_possible() {
        for case in of(Operation::AddTags) {
            if case.code != "SerializationException" {
                let violations = check(Operation::AddTags, &case.body).expect("the types are right");
                assert_eq!(violations.iter().count(), 1, "{}: {violations}", case.description);
            }
        }
    }
}
