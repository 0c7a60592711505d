//! A result as CSV (RFC 4180, with `\n`): a comment with the query's details, the titles, the rows.

use std::fmt::Write as _;

use opentrail_catalog::Query;

/// The two lines before the rows.
pub(super) fn head(query: &Query, columns: &[String]) -> String {
    let mut head = format!(
        "# CloudTrail Lake query {} of account {} in {} at {}\n",
        query.id, query.account, query.region, query.created_at
    );
    let titles: Vec<Option<String>> = columns.iter().cloned().map(Some).collect();
    write_row(&mut head, &titles);
    head
}

/// Adds a line. NULL is nothing, an empty text is a pair of quotes.
pub(super) fn write_row(out: &mut String, row: &[Option<String>]) {
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match cell {
            None => {}
            Some(text) if text.is_empty() || text.starts_with('#') || text.contains([',', '"', '\n', '\r']) => {
                // Writing to a string can't fail.
                let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
            }
            Some(text) => out.push_str(text),
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let row = ["a", "", "b,c", "d \"e\"", "f\ng", "#h"].map(|cell| Some(cell.to_owned()));
        let mut out = String::new();
        write_row(&mut out, &row);
        write_row(&mut out, &[None, Some("x".to_owned()), None]);
        assert_eq!(out, "a,\"\",\"b,c\",\"d \"\"e\"\"\",\"f\ng\",\"#h\"\n,x,\n");
    }
}
