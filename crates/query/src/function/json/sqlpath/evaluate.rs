//! Following paths.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::super::print::java_double;
use super::super::scan::{Cursor, Kind, elements, kind, members, unquote};
use super::{Comparison, Index, Method, Operand, Predicate, SqlPath, Start, Step, Variables};

/// Why a path leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Failure {
    /// The input is no JSON.
    Input,
    /// A strict path meets something else than it says, or a method something that it has no answer for.
    Path,
}

type Items<'a> = Vec<Cow<'a, str>>;
type Found<'a> = Result<Items<'a>, Failure>;

/// The most items that one path may lead to.
const ITEMS_MAX: usize = 1_000_000;

impl SqlPath {
    /// What the path leads to, in order.
    pub(in super::super) fn find<'a>(&self, json: &'a str, variables: &Variables<'a>) -> Found<'a> {
        let mut cursor = Cursor::new(json);
        let root = cursor.value().filter(|_| cursor.is_at_end()).ok_or(Failure::Input)?;
        let walk = Walk { is_strict: self.is_strict, root, variables };
        walk.along(walk.start(&self.start)?, &self.steps)
    }
}

struct Walk<'a, 'v> {
    is_strict: bool,
    root: &'a str,
    variables: &'v Variables<'a>,
}

/// Parts of a borrowed text are borrowed too.
fn parts<'a>(of: &Cow<'a, str>, split: impl for<'t> Fn(&'t str) -> Option<Vec<&'t str>>) -> Option<Items<'a>> {
    match of {
        Cow::Borrowed(text) => split(text).map(|all| all.into_iter().map(Cow::Borrowed).collect()),
        Cow::Owned(text) => split(text).map(|all| all.into_iter().map(|part| Cow::Owned(part.to_owned())).collect()),
    }
}

fn values(text: &str) -> Option<Vec<&str>> {
    members(text).map(|all| all.into_iter().map(|(_, value)| value).collect())
}

#[allow(clippy::ptr_arg, reason = "a text that is borrowed from the whole value must stay so when it is cloned")]
impl<'a> Walk<'a, '_> {
    fn start(&self, start: &Start) -> Found<'a> {
        match start {
            Start::Input => Ok(vec![Cow::Borrowed(self.root)]),
            Start::Variable(name) => Ok(self.variables.get(name)?.cloned().into_iter().collect()),
        }
    }

    fn along(&self, mut items: Items<'a>, steps: &[Step]) -> Found<'a> {
        for step in steps {
            let mut next = Vec::new();
            for item in items {
                next.extend(self.step(item, step)?);
                if next.len() > ITEMS_MAX {
                    return Err(Failure::Path);
                }
            }
            items = next;
        }
        Ok(items)
    }

    fn step(&self, item: Cow<'a, str>, step: &Step) -> Found<'a> {
        match step {
            Step::Member(name) => self.unwrapped(item, Kind::Object, |object| {
                let found = parts(&object, |text| {
                    let all = members(text)?.into_iter();
                    Some(all.filter(|(own, _)| own == name).map(|(_, value)| value).take(1).collect())
                });
                let found = found.unwrap_or_default();
                if found.is_empty() && self.is_strict { Err(Failure::Path) } else { Ok(found) }
            }),
            Step::Members => {
                self.unwrapped(item, Kind::Object, |object| Ok(parts(&object, values).unwrap_or_default()))
            }
            Step::Descendants(name) => {
                let mut found = Vec::new();
                self.descend(&item, name, &mut found);
                Ok(found)
            }
            Step::AllElements => self.elements(item),
            Step::Elements(ranges) => {
                let all = self.elements(item)?;
                let mut found = Vec::new();
                for (from, to) in ranges {
                    match (self.place(from, all.len())?, self.place(to, all.len())?) {
                        (Some(from), Some(to)) if to < all.len() && from <= to => {
                            found.extend_from_slice(&all[from..=to])
                        }
                        _ if self.is_strict => return Err(Failure::Path),
                        (from, Some(to)) if !all.is_empty() => {
                            let (from, to) = (from.unwrap_or(0), to.min(all.len() - 1));
                            found.extend_from_slice(all.get(from..=to).unwrap_or_default());
                        }
                        _ => {}
                    }
                }
                Ok(found)
            }
            Step::Method(method) => self.method(item, *method),
            Step::Filter(predicate) => {
                let items =
                    if self.is_strict { vec![item] } else { parts(&item, elements).unwrap_or_else(|| vec![item]) };
                Ok(items.into_iter().filter(|item| self.is_true(predicate, item) == Some(true)).collect())
            }
        }
    }

    /// `then` for an item of a kind; a lax path looks for such items in an array, and passes over others.
    fn unwrapped(&self, item: Cow<'a, str>, wanted: Kind, then: impl Fn(Cow<'a, str>) -> Found<'a>) -> Found<'a> {
        if kind(&item) == Some(wanted) {
            return then(item);
        }
        if self.is_strict {
            return Err(Failure::Path);
        }
        let mut found = Vec::new();
        for item in parts(&item, elements).unwrap_or_default() {
            if kind(&item) == Some(wanted) {
                found.extend(then(item)?);
            }
        }
        Ok(found)
    }

    /// The items of an array; to a lax path anything else is an array of itself.
    fn elements(&self, item: Cow<'a, str>) -> Found<'a> {
        match parts(&item, elements) {
            Some(all) => Ok(all),
            None if self.is_strict => Err(Failure::Path),
            None => Ok(vec![item]),
        }
    }

    /// The place in an array of so many items; none if it is before the first.
    fn place(&self, index: &Index, count: usize) -> Result<Option<usize>, Failure> {
        match index {
            Index::First(place) => Ok(Some(*place)),
            Index::Last(distance) => Ok(distance.checked_add(1).and_then(|distance| count.checked_sub(distance))),
            Index::Variable(name) => {
                let value = self.variables.get(name)?.filter(|value| kind(value) == Some(Kind::Number));
                let number: f64 = value.and_then(|value| value.trim().parse().ok()).ok_or(Failure::Path)?;
                // Far beyond the end is as good as any place there.
                Ok((number.trunc() >= 0.0).then_some(number.min(f64::from(u32::MAX)) as usize))
            }
        }
    }

    fn descend(&self, item: &Cow<'a, str>, name: &str, found: &mut Items<'a>) {
        let names = members(item).unwrap_or_default();
        let names: Vec<bool> = names.iter().map(|(own, _)| own == name).collect();
        let inner = parts(item, values).or_else(|| parts(item, elements)).unwrap_or_default();
        for (index, value) in inner.iter().enumerate() {
            if names.get(index) == Some(&true) {
                found.push(value.clone());
            }
        }
        for value in inner {
            self.descend(&value, name, found);
        }
    }

    fn method(&self, item: Cow<'a, str>, method: Method) -> Found<'a> {
        let own = kind(&item).ok_or(Failure::Input)?;
        let answer = match method {
            Method::Type => {
                let name = match own {
                    Kind::Null => "null",
                    Kind::Boolean(_) => "boolean",
                    Kind::Number => "number",
                    Kind::Text => "string",
                    Kind::Array => "array",
                    Kind::Object => "object",
                };
                format!("\"{name}\"")
            }
            Method::Size => match elements(&item) {
                Some(all) => all.len().to_string(),
                None if self.is_strict => return Err(Failure::Path),
                None => "1".to_owned(),
            },
            _ if own == Kind::Array && !self.is_strict => {
                let mut found = Vec::new();
                for item in parts(&item, elements).unwrap_or_default() {
                    let is_nested = kind(&item) == Some(Kind::Array);
                    found.extend(if is_nested { Err(Failure::Path) } else { self.method(item, method) }?);
                }
                return Ok(found);
            }
            _ => number(&item, method).ok_or(Failure::Path)?,
        };
        Ok(vec![Cow::Owned(answer)])
    }

    /// `None`: not known.
    fn is_true(&self, predicate: &Predicate, item: &Cow<'a, str>) -> Option<bool> {
        match predicate {
            Predicate::And(a, b) => match (self.is_true(a, item), self.is_true(b, item)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Predicate::Or(a, b) => match (self.is_true(a, item), self.is_true(b, item)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Predicate::Not(inner) => self.is_true(inner, item).map(|is| !is),
            Predicate::Exists(operand) => self.operand(operand, item).ok().map(|found| !found.is_empty()),
            Predicate::Compare(a, comparison, b) => {
                let (a, b) = (self.operand(a, item).ok()?, self.operand(b, item).ok()?);
                any(a.iter().flat_map(|a| b.iter().map(move |b| compare(a, *comparison, b))))
            }
            Predicate::StartsWith(operand, begin) => {
                self.any_text(operand, item, |text| text.starts_with(begin.as_str()).into())
            }
            Predicate::LikeRegex(operand, pattern) => self.any_text(operand, item, |text| pattern.is_match(text).ok()),
        }
    }

    fn any_text(&self, operand: &Operand, item: &Cow<'a, str>, test: impl Fn(&str) -> Option<bool>) -> Option<bool> {
        let found = self.operand(operand, item).ok()?;
        any(found.iter().map(|item| test(&unquote(item).filter(|_| kind(item) == Some(Kind::Text))?)))
    }

    fn operand(&self, operand: &Operand, item: &Cow<'a, str>) -> Found<'a> {
        let found = match operand {
            Operand::Item(steps) => self.along(vec![item.clone()], steps)?,
            Operand::From(start, steps) => self.along(self.start(start)?, steps)?,
            Operand::Literal(literal) => return Ok(vec![Cow::Owned(literal.clone())]),
        };
        if self.is_strict {
            return Ok(found);
        }
        Ok(found.into_iter().flat_map(|item| parts(&item, elements).unwrap_or_else(|| vec![item])).collect())
    }
}

/// True if one is; else not known if one is not.
fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(false);
    for truth in truths {
        match truth {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

/// Values of one kind are compared; null is equal to null only, and unlike all else.
fn compare(a: &str, comparison: Comparison, b: &str) -> Option<bool> {
    let order = match (kind(a)?, kind(b)?) {
        (Kind::Number, Kind::Number) => a.trim().parse::<f64>().ok()?.partial_cmp(&b.trim().parse().ok()?)?,
        (Kind::Text, Kind::Text) => unquote(a)?.cmp(&unquote(b)?),
        (Kind::Boolean(a), Kind::Boolean(b)) => a.cmp(&b),
        (Kind::Null, Kind::Null) => Ordering::Equal,
        (Kind::Null, _) | (_, Kind::Null) => return Some(matches!(comparison, Comparison::NotEqual)),
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    })
}

/// A method of numbers; `double` takes texts too.
fn number(item: &str, method: Method) -> Option<String> {
    let text = match (kind(item)?, method) {
        (Kind::Number, _) => Cow::Borrowed(item.trim()),
        (Kind::Text, Method::Double) => unquote(item)?,
        _ => return None,
    };
    let value: f64 = text.parse().ok()?;
    Some(match (method, text.parse::<i64>()) {
        (Method::Double, _) => java_double(value),
        (Method::Abs, Ok(whole)) => whole.unsigned_abs().to_string(),
        (_, Ok(_)) => text.into_owned(),
        (Method::Ceiling, Err(_)) => value.ceil().to_string(),
        (Method::Floor, Err(_)) => value.floor().to_string(),
        (_, Err(_)) => value.abs().to_string(),
    })
}

/// Several items as one array.
pub(in super::super) fn wrapped(items: &[Cow<'_, str>]) -> String {
    format!("[{}]", items.join(","))
}
