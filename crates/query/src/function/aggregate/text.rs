//! `listagg`: texts with something between them; NULLs are skipped.

use std::sync::Arc;

use arrow_array::Array;
use arrow_array::builder::StringBuilder;
use opentrail_trino::{ErrorClass, SqlError};

use super::super::Registry;
use super::super::native::{Native, Text};
use super::gather::{Gathered, Gathering};

/// The most bytes of one answer, as Trino has it.
const BYTES_MAX: usize = 1 << 20;

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("listagg(varchar) -> varchar", Gathering::new(|rows, _| listagg(rows, false)));
    to.add_aggregate("listagg(varchar, varchar) -> varchar", Gathering::new(|rows, _| listagg(rows, true)));
}

fn listagg(rows: &Gathered, has_separator: bool) -> Result<arrow_array::ArrayRef, SqlError> {
    let values = Text::column(&rows.columns[0])?;
    let separator = if has_separator { Some(Text::column(&rows.columns[1])?) } else { None };
    let mut texts = StringBuilder::new();
    for range in &rows.groups {
        let mut text: Option<String> = None;
        for row in range.clone().filter(|row| values.is_valid(*row)) {
            let between =
                separator.filter(|separator| separator.is_valid(row)).map_or("", |separator| separator.value(row));
            match &mut text {
                None => text = Some(values.value(row).to_owned()),
                Some(text) => {
                    text.push_str(between);
                    text.push_str(values.value(row));
                }
            }
            if text.as_ref().is_some_and(|text| text.len() > BYTES_MAX) {
                return Err(SqlError::new(
                    ErrorClass::ExceededFunctionMemoryLimit,
                    format!(
                        "Concatenated string has the length in bytes larger than the maximum output length {BYTES_MAX}"
                    ),
                ));
            }
        }
        texts.append_option(text);
    }
    Ok(Arc::new(texts.finish()))
}
