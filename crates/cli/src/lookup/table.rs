//! A table whose rows come one by one: columns get their widths from the first rows and keep them.

use std::io::{self, Write};

use opentrail_model::View;

use super::answer::Event;

/// So many rows are looked at before the widths of columns are fixed.
const ROWS_KEPT_MAX: usize = 200;

/// The columns, and the most that each is given when the terminal is narrow or a value long. Those that matter most come
/// first, since a terminal may end before the last.
const COLUMNS: [(&str, usize); 8] = [
    ("TIME", 20),
    ("USER", 24),
    ("EVENT", 34),
    ("SOURCE", 22),
    ("ERROR", 28),
    ("RESOURCES", 48),
    ("REGION", 14),
    ("FROM", usize::MAX),
];

/// Which column holds the error.
const ERROR: usize = 4;

/// How a table looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// The terminal's columns; without one nothing is cut.
    pub(super) width: Option<usize>,
    /// Whether colours may be used.
    pub(super) has_colors: bool,
}

/// An event as a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    cells: [String; COLUMNS.len()],
    is_write: bool,
}

/// A table that is being printed.
#[derive(Debug)]
pub(super) struct Table {
    style: Style,
    kept: Vec<Row>,
    /// None until the first rows were looked at.
    widths: Option<[usize; COLUMNS.len()]>,
}

impl Row {
    /// The row of an event.
    pub(super) fn of(event: &Event) -> Self {
        let view = View::parse(event.record.as_bytes()).unwrap_or_default();
        let (source, name) = view.lookup_operation();
        let source = source.unwrap_or_default();
        let time = event.time.replace(".000Z", "Z");
        let cells = [
            time,
            user(&view),
            name.map_or_else(|| "-".to_owned(), Into::into),
            source.strip_suffix(".amazonaws.com").unwrap_or(&source).to_owned(),
            view.error_code.as_deref().unwrap_or("-").to_owned(),
            resources(&view),
            view.aws_region.as_deref().unwrap_or("-").to_owned(),
            view.source_ip_address.as_deref().unwrap_or("-").to_owned(),
        ];
        Self {
            cells: cells.map(|cell| if cell.is_empty() { "-".to_owned() } else { printable(&cell) }),
            is_write: !view.is_read(),
        }
    }
}

/// The name, or what else tells who it was.
fn user(view: &View<'_>) -> String {
    let name = view.username().map(String::from);
    let of_identity = || {
        let identity = view.user_identity.as_ref()?;
        let told = [&identity.invoked_by, &identity.arn, &identity.account_id];
        told.into_iter().flatten().next().map(ToString::to_string)
    };
    name.or_else(of_identity).unwrap_or_else(|| "-".to_owned())
}

fn resources(view: &View<'_>) -> String {
    let mut names: Vec<String> = view.lookup_resources().into_iter().map(|resource| resource.name.into()).collect();
    names.dedup();
    if names.is_empty() { "-".to_owned() } else { names.join(" ") }
}

/// What a record says must not steer the terminal.
fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control(), "\u{fffd}")
}

impl Table {
    pub(super) fn new(style: Style) -> Self {
        Self { style, kept: Vec::new(), widths: None }
    }

    /// Whether anything was printed.
    pub(super) fn has_begun(&self) -> bool {
        self.widths.is_some()
    }

    /// Prints a row, or keeps it while the widths are not known.
    pub(super) fn add(&mut self, out: &mut impl Write, row: Row) -> io::Result<()> {
        if let Some(widths) = &self.widths {
            return print(out, self.style, widths, &row);
        }
        self.kept.push(row);
        if self.kept.len() >= ROWS_KEPT_MAX { self.flush(out) } else { Ok(()) }
    }

    /// Fixes the widths and prints what was kept.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let kept = std::mem::take(&mut self.kept);
        let widths = widths(&kept);
        self.widths = Some(widths);
        let heads = Row { cells: COLUMNS.map(|(name, _)| name.to_owned()), is_write: false };
        let line = line(self.style, &widths, &heads, |_, cell| cell);
        writeln!(out, "{}", paint(self.style, "1", line))?;
        kept.iter().try_for_each(|row| print(out, self.style, &widths, row))
    }
}

fn widths(rows: &[Row]) -> [usize; COLUMNS.len()] {
    std::array::from_fn(|column| {
        let (head, max) = COLUMNS[column];
        let longest = rows.iter().map(|row| row.cells[column].chars().count()).max().unwrap_or(0);
        longest.min(max).max(head.len())
    })
}

fn print(out: &mut impl Write, style: Style, widths: &[usize; COLUMNS.len()], row: &Row) -> io::Result<()> {
    let painted = |column: usize, cell: String| match COLUMNS[column].0 {
        "ERROR" if row.cells[ERROR] != "-" => paint(style, "31", cell),
        "EVENT" if row.is_write => paint(style, "33", cell),
        "TIME" => paint(style, "2", cell),
        _ => cell,
    };
    writeln!(out, "{}", line(style, widths, row, painted))
}

/// The cells side by side, cut where the terminal ends.
fn line(style: Style, widths: &[usize; COLUMNS.len()], row: &Row, painted: impl Fn(usize, String) -> String) -> String {
    let mut line = String::new();
    let mut left = style.width.unwrap_or(usize::MAX);
    for (column, cell) in row.cells.iter().enumerate() {
        let is_last = column == COLUMNS.len() - 1;
        let room = if style.width.is_some() { widths[column].min(left) } else { usize::MAX };
        let shown = cut(cell, if is_last { left } else { room });
        let length = shown.chars().count();
        line.push_str(&painted(column, shown));
        left = left.saturating_sub(length);
        if is_last || left == 0 {
            break;
        }
        // Two spaces at least, also behind a value that is longer than its column.
        let pad = (widths[column].saturating_sub(length) + 2).min(left);
        line.push_str(&" ".repeat(pad));
        left -= pad;
    }
    line.truncate(line.trim_end().len());
    line
}

/// At most `room` characters; an ellipsis tells that there were more.
fn cut(cell: &str, room: usize) -> String {
    if cell.chars().count() <= room {
        return cell.to_owned();
    }
    cell.chars().take(room.saturating_sub(1)).chain(['…'].into_iter().take(room)).collect()
}

fn paint(style: Style, code: &str, text: String) -> String {
    if style.has_colors && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text }
}
