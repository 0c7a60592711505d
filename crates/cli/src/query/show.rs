//! Rows on paper.

use std::io::{self, StdoutLock, Write};

use serde_json::{Map, Value};

use super::Format;

/// Title and text of each column; none is NULL, whose title only other rows tell.
pub(super) type Row = Vec<Option<(String, String)>>;

/// The widest cell of a table, in characters; what is longer is cut.
const WIDTH_MAX: usize = 60;

/// Prints page after page.
pub(super) struct Show {
    format: Format,
    out: StdoutLock<'static>,
    titles: Option<Vec<String>>,
    /// Whether a page was printed.
    has_begun: bool,
}

impl Show {
    pub(super) fn new(format: Format) -> Self {
        Self { format, out: io::stdout().lock(), titles: None, has_begun: false }
    }

    /// With these titles, whatever the rows tell.
    pub(super) fn titled(format: Format, titles: Vec<String>) -> Self {
        Self { titles: Some(titles), ..Self::new(format) }
    }

    /// Prints a page. The titles are those of the first page's rows.
    pub(super) fn page(&mut self, rows: &[Row]) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let titles = self.titles.get_or_insert_with(|| titles(rows));
        let text = match self.format {
            Format::Json => json(rows),
            Format::Csv => csv(titles, rows, is_first),
            Format::Table => table(titles, rows, is_first),
        };
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// The title of each column, as far as a row tells it.
fn titles(rows: &[Row]) -> Vec<String> {
    let count = rows.first().map_or(0, Vec::len);
    let title = |column: usize| {
        let told = rows.iter().find_map(|row| row.get(column)?.as_ref().map(|(title, _)| title.clone()));
        told.unwrap_or_else(|| format!("_col{column}"))
    };
    (0..count).map(title).collect()
}

fn json(rows: &[Row]) -> String {
    let object = |row: &Row| {
        let cells = row.iter().flatten().map(|(title, text)| (title.clone(), Value::from(text.as_str())));
        format!("{}\n", Value::Object(cells.collect::<Map<String, Value>>()))
    };
    rows.iter().map(object).collect()
}

fn csv(titles: &[String], rows: &[Row], is_first: bool) -> String {
    let quoted = |text: &str| {
        let must = text.is_empty() || text.contains([',', '"', '\n', '\r']);
        if must { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let line = |cells: Vec<String>| format!("{}\n", cells.join(","));
    let mut text = String::new();
    if is_first && !titles.is_empty() {
        text.push_str(&line(titles.iter().map(|title| quoted(title)).collect()));
    }
    for row in rows {
        text.push_str(&line(
            row.iter().map(|cell| cell.as_ref().map_or_else(String::new, |(_, it)| quoted(it))).collect(),
        ));
    }
    text
}

fn table(titles: &[String], rows: &[Row], is_first: bool) -> String {
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let width = |column: usize| {
        let all = cells.iter().filter_map(|row| row.get(column)).chain(titles.get(column));
        all.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}"));
        format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    let mut text = String::new();
    if is_first && !titles.is_empty() {
        text.push_str(&line(titles));
        text.push_str(&line(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>()));
    }
    text.extend(cells.iter().map(|row| line(row)));
    text
}

/// On one line, and not too long. NULL is nothing.
fn cell(cell: &Option<(String, String)>) -> String {
    let text = cell.as_ref().map_or("", |(_, text)| text.as_str());
    let plain: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    if plain.chars().count() <= WIDTH_MAX {
        return plain;
    }
    let cut: String = plain.chars().take(WIDTH_MAX - 1).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let cell = |title: &str, text: &str| Some((title.to_owned(), text.to_owned()));
        vec![vec![None, cell("n", "1")], vec![cell("a,b", "x\ny"), cell("n", "22")], vec![cell("a,b", ""), None]]
    }

    #[test]
    fn each_format_shows_null_its_way() {
        let rows = rows();
        let titles = titles(&rows);
        assert_eq!(titles, ["a,b", "n"]);
        assert_eq!(json(&rows), "{\"n\":\"1\"}\n{\"a,b\":\"x\\ny\",\"n\":\"22\"}\n{\"a,b\":\"\"}\n");
        assert_eq!(csv(&titles, &rows, true), "\"a,b\",n\n,1\n\"x\ny\",22\n\"\",\n");
        assert_eq!(table(&titles, &rows, true), "a,b  n\n---  --\n     1\nx y  22\n\n");
    }
}
