//! Printing events while they come.

use std::io::{self, IsTerminal, StdoutLock, Write};

use super::answer::Event;
use super::table::{Row, Style, Table};

/// Where events go.
#[derive(Debug)]
pub(super) struct Show {
    out: io::BufWriter<StdoutLock<'static>>,
    /// A table, or nothing when records are printed as they are.
    table: Option<Table>,
}

impl Show {
    /// Records as they are, one a line.
    pub(super) fn json() -> Self {
        Self { out: io::BufWriter::new(io::stdout().lock()), table: None }
    }

    /// A table, as wide as the terminal; in colours there unless `NO_COLOR` is set.
    pub(super) fn table() -> Self {
        let is_terminal = io::stdout().is_terminal();
        let columns = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = || columns().or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let style = Style {
            width: if is_terminal { width() } else { None },
            has_colors: is_terminal && !no_color && std::env::var("TERM").as_deref() != Ok("dumb"),
        };
        Self { out: io::BufWriter::new(io::stdout().lock()), table: Some(Table::new(style)) }
    }

    /// Prints an event, or keeps it until the widths of columns are known.
    pub(super) fn event(&mut self, event: &Event) -> io::Result<()> {
        match &mut self.table {
            Some(table) => table.add(&mut self.out, Row::of(event)),
            None => {
                self.out.write_all(event.record.as_bytes())?;
                self.out.write_all(b"\n")
            }
        }
    }

    /// Prints all that was kept.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if let Some(table) = &mut self.table {
            table.flush(&mut self.out)?;
        }
        self.out.flush()
    }

    /// Prints the rest, and a word when there was nothing.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.flush()?;
        if self.table.as_ref().is_some_and(|table| !table.has_begun()) {
            eprintln!("no events found");
        }
        Ok(())
    }
}
