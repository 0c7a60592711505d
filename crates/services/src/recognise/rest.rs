//! Operations that are known by method and path.

use std::borrow::Cow;

use http::request::Parts;

use super::query::{Pairs, decoded};
use crate::table::model::{Model, Operation};

/// The operation whose method, path and literal parts of the query a request has; the most literal one of several.
pub(super) fn find<'m>(model: &'m Model, request: &Parts) -> Option<&'m Operation> {
    let path = Path::of(request);
    let matches = model.operations.iter().filter_map(|operation| Some((rank(operation, request, &path)?, operation)));
    // The first of equals.
    matches.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, operation)| operation)
}

/// A path's segments as they are on the wire; `/a/` has the same as `/a`.
pub(super) struct Path<'p>(Vec<&'p str>);

impl<'p> Path<'p> {
    pub(super) fn of(request: &'p Parts) -> Self {
        Self::new(request.uri.path())
    }

    pub(super) fn new(path: &'p str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        Self(if path.is_empty() { Vec::new() } else { path.split('/').collect() })
    }

    /// With a segment more in front.
    pub(super) fn below(mut self, first: &'p str) -> Self {
        self.0.insert(0, first);
        self
    }
}

/// How well an operation fits: literal parts of the query, then of the path.
pub(super) fn rank(operation: &Operation, request: &Parts, path: &Path<'_>) -> Option<(usize, usize)> {
    if operation.method != request.method.as_str() {
        return None;
    }
    let (template, _) = split(operation.uri);
    let in_path = fit(template, path)?;
    let mut in_query = 0;
    for (key, value) in literals(operation) {
        let mut pairs = Pairs::of(request);
        if !pairs.any(|(it, its)| it == key && (value.is_empty() || its == value)) {
            return None;
        }
        in_query += 1;
    }
    Some((in_query, in_path))
}

/// The pairs that an operation's query always has.
fn literals(operation: &Operation) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (_, query) = split(operation.uri);
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn split(uri: &'static str) -> (&'static str, &'static str) {
    uri.split_once('?').unwrap_or((uri, ""))
}

/// The number of literal segments, if a path fits a template.
fn fit(template: &str, path: &Path<'_>) -> Option<usize> {
    let mut literal = 0;
    let mut bind = |wanted: &str, found: &str| {
        let is_label = wanted.starts_with('{');
        literal += usize::from(!is_label);
        if is_label { !found.is_empty() } else { wanted == decoded(found.as_bytes(), false) }
    };
    walk(template, path, |wanted, found| bind(wanted, &found.join("/"))).then_some(literal)
}

/// What a request's path has for the labels of an operation's.
pub(crate) fn labels<'p>(
    operation: &'static Operation,
    path: &'p str,
    bucket: Option<&'p str>,
) -> Vec<(&'static str, Cow<'p, str>)> {
    let path = match bucket {
        Some(bucket) => Path::new(path).below(bucket),
        None => Path::new(path),
    };
    let mut labels = Vec::new();
    walk(split(operation.uri).0, &path, |wanted, found| {
        if let Some(label) = wanted.strip_prefix('{').and_then(|label| label.strip_suffix('}')) {
            let text = found.join("/");
            let value = decoded(text.as_bytes(), false).into_owned();
            labels.push((label.trim_end_matches('+'), Cow::Owned(value)));
        }
        true
    });
    labels
}

/// Goes through a template's segments with those of a path that each stands for, until `bind` says no.
fn walk<'t>(template: &'t str, path: &Path<'_>, mut bind: impl FnMut(&'t str, &[&str]) -> bool) -> bool {
    let template = template.strip_prefix('/').unwrap_or(template);
    let wanted: Vec<&str> = if template.is_empty() { Vec::new() } else { template.split('/').collect() };
    let mut found = &path.0[..];
    for (index, segment) in wanted.iter().enumerate() {
        let after = wanted.len() - index - 1;
        let taken = if segment.ends_with("+}") { found.len().saturating_sub(after) } else { 1 };
        if taken == 0 || found.len() < taken || !bind(segment, &found[..taken]) {
            return false;
        }
        found = &found[taken..];
    }
    // A slash at the end says nothing more.
    found.is_empty() || found == [""]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_fit_paths() {
        for (template, path, expected) in [
            ("/", "/", Some(0)),
            ("/functions", "/functions/", Some(1)),
            ("/functions/{Name}/code", "/functions/f/code", Some(2)),
            ("/functions/{Name}/code", "/functions//code", None),
            ("/{Bucket}/{Key+}", "/b/a/b/c", Some(0)),
            ("/{Bucket}/{Key+}", "/b/", None),
            ("/{Bucket}", "/b/", Some(0)),
            ("/{Bucket}", "/b/c", None),
            ("/tags/{arn+}/end", "/tags/a/b/end", Some(2)),
        ] {
            assert_eq!(fit(template, &Path::new(path)), expected, "{template} {path}");
        }
    }
}
