//! Answers by plain loops over the records, without SQL.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A value as text; none is NULL.
pub(crate) type Cell = Option<String>;
pub(crate) type Row = Vec<Cell>;

/// How many rows a list has at most.
pub(crate) const LIMIT: usize = 100;

/// A record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rec<'r>(pub(crate) &'r Value);

impl<'r> Rec<'r> {
    /// The text of a member by the names that lead to it, with `/` between them.
    pub(crate) fn get(self, path: &str) -> Cell {
        let value = path.split('/').try_fold(self.0, |value, name| value.get(name))?;
        match value {
            Value::Null => None,
            Value::String(text) if path == "eventTime" => Some(text.replace('T', " ").replace('Z', ".000")),
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    pub(crate) fn text(self, path: &str) -> String {
        self.get(path).unwrap_or_default()
    }

    pub(crate) fn is(self, path: &str, value: &str) -> bool {
        self.get(path).is_some_and(|text| text == value)
    }

    pub(crate) fn any(self, path: &str, values: &[&str]) -> bool {
        self.get(path).is_some_and(|text| values.contains(&text.as_str()))
    }

    /// Does the name of the call begin with one of these?
    pub(crate) fn begins(self, beginnings: &[&str]) -> bool {
        let name = self.text("eventName");
        beginnings.iter().any(|it| name.starts_with(it))
    }

    pub(crate) fn named(self, part: &str) -> bool {
        self.text("eventName").contains(part)
    }

    pub(crate) fn from(self, service: &str) -> bool {
        self.is("eventSource", &format!("{service}.amazonaws.com"))
    }

    /// A data event of a service.
    pub(crate) fn data(self, service: &str) -> bool {
        self.from(service) && self.is("eventCategory", "Data")
    }

    pub(crate) fn writes(self) -> bool {
        self.is("readOnly", "false")
    }

    pub(crate) fn fails(self) -> bool {
        self.get("errorCode").is_some()
    }

    pub(crate) fn has_user(self) -> bool {
        self.get("userIdentity/arn").is_some()
    }

    fn fails_with(self, parts: &[&str]) -> bool {
        self.get("errorCode").is_some_and(|code| parts.iter().any(|part| code.contains(part)))
    }

    pub(crate) fn denied(self) -> bool {
        self.fails_with(&["AccessDenied", "UnauthorizedOperation"])
    }

    pub(crate) fn throttled(self) -> bool {
        self.fails_with(&["Throttl", "RequestLimit", "ThroughputExceeded"])
    }

    pub(crate) fn creates(self) -> bool {
        self.writes() && !self.fails() && self.begins(&["Create", "Run"])
    }

    pub(crate) fn deletes(self) -> bool {
        self.writes() && !self.fails() && self.begins(&["Delete", "Terminate"])
    }

    pub(crate) fn destroys(self) -> bool {
        !self.fails() && self.begins(&["Delete", "Terminate", "Purge", "Remove", "Deregister"])
    }

    pub(crate) fn day(self) -> Cell {
        self.get("eventTime").map(|time| format!("{} 00:00:00.000", &time[..10]))
    }

    pub(crate) fn outcome(self) -> Cell {
        Some(if self.fails() { "failure" } else { "success" }.to_owned())
    }

    pub(crate) fn access(self) -> Cell {
        Some(if self.is("readOnly", "true") { "read" } else { "write" }.to_owned())
    }

    pub(crate) fn service(self) -> Cell {
        self.get("eventSource").map(|source| source.replace(".amazonaws.com", ""))
    }

    /// The first of these members that is there.
    pub(crate) fn first(self, paths: &[&str]) -> Cell {
        paths.iter().find_map(|path| self.get(path))
    }

    pub(crate) fn cells(self, paths: &[&str]) -> Row {
        paths.iter().map(|path| self.get(path)).collect()
    }

    /// The members of an object, or nothing.
    pub(crate) fn members(self, path: &str) -> Vec<(String, String)> {
        let found = path.split('/').try_fold(self.0, |value, name| value.get(name)).and_then(Value::as_object);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        found.into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
    }

    pub(crate) fn list(self, path: &str) -> Vec<Rec<'r>> {
        let found = path.split('/').try_fold(self.0, |value, name| value.get(name)).and_then(Value::as_array);
        found.into_iter().flatten().map(Rec).collect()
    }
}

pub(crate) fn some(text: impl ToString) -> Cell {
    Some(text.to_string())
}

/// Ascending, NULL last.
pub(crate) fn ascending(a: &[Cell], b: &[Cell]) -> Ordering {
    let key = |row: &[Cell]| row.iter().map(|cell| (cell.is_none(), cell.clone())).collect::<Vec<_>>();
    key(a).cmp(&key(b))
}

/// Records by the values of a key, in the order of keys.
pub(crate) fn groups<'r>(
    records: impl Iterator<Item = Rec<'r>>,
    key: impl Fn(Rec<'r>) -> Row,
) -> Vec<(Row, Vec<Rec<'r>>)> {
    let mut groups: BTreeMap<Row, Vec<Rec<'r>>> = BTreeMap::new();
    for record in records {
        groups.entry(key(record)).or_default().push(record);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(a, _), (b, _)| ascending(a, b));
    groups
}

pub(crate) fn distinct(records: &[Rec<'_>], path: &str) -> usize {
    records.iter().filter_map(|record| record.get(path)).collect::<BTreeSet<_>>().len()
}

/// The answers, by the ids of questions.
pub(crate) struct Answers<'r> {
    pub(crate) records: Vec<Rec<'r>>,
    pub(crate) rows: BTreeMap<&'static str, Vec<Row>>,
}

impl<'r> Answers<'r> {
    pub(crate) fn filtered(&self, keep: impl Fn(Rec<'r>) -> bool) -> impl Iterator<Item = Rec<'r>> {
        self.records.iter().copied().filter(move |record| keep(*record))
    }

    pub(crate) fn put(&mut self, id: &'static str, mut rows: Vec<Row>) {
        rows.truncate(LIMIT);
        assert!(self.rows.insert(id, rows).is_none(), "{id} twice");
    }

    /// Keys with their counts, the greatest first.
    pub(crate) fn top_by(&mut self, id: &'static str, keep: impl Fn(Rec<'r>) -> bool, key: impl Fn(Rec<'r>) -> Row) {
        let mut found = groups(self.filtered(keep), key);
        found.sort_by_key(|(_, records)| Reverse(records.len()));
        let rows = found.into_iter().map(|(key, records)| [key, vec![some(records.len())]].concat());
        let rows = rows.collect();
        self.put(id, rows);
    }

    pub(crate) fn top(&mut self, id: &'static str, paths: &[&str], keep: impl Fn(Rec<'r>) -> bool) {
        self.top_by(id, keep, |record| record.cells(paths));
    }

    /// The latest first.
    pub(crate) fn recent_by(
        &mut self,
        id: &'static str,
        keep: impl Fn(Rec<'r>) -> bool,
        cells: impl Fn(Rec<'r>) -> Row,
    ) {
        let mut found: Vec<Rec<'r>> = self.filtered(keep).collect();
        found.sort_by_key(|record| Reverse(record.get("eventTime")));
        let rows = found.into_iter().map(cells).collect();
        self.put(id, rows);
    }

    pub(crate) fn recent(&mut self, id: &'static str, paths: &[&str], keep: impl Fn(Rec<'r>) -> bool) {
        self.recent_by(id, keep, |record| record.cells(paths));
    }

    /// Counts by day and by what tells the lines apart.
    pub(crate) fn trend(&mut self, id: &'static str, keep: impl Fn(Rec<'r>) -> bool, series: impl Fn(Rec<'r>) -> Row) {
        let found = groups(self.filtered(keep), |record| [vec![record.day()], series(record)].concat());
        let rows = found.into_iter().map(|(key, records)| [key, vec![some(records.len())]].concat()).collect();
        // A trend has no limit.
        assert!(self.rows.insert(id, rows).is_none(), "{id} twice");
    }
}
