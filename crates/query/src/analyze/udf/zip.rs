//! The rows that UNNEST makes of one row, as an array of structs.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array, ListArray, StructArray, UInt32Array};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// One column that comes out: its name and its arrow type.
pub(in crate::analyze) type Part = (String, DataType);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Zip {
    signature: Signature,
    parts: Vec<Part>,
    ordinality: Option<String>,
    is_outer: bool,
}

/// Arrays and maps side by side, the shorter ones padded with NULL. `parts` has one entry for an array and two for a map;
/// `ordinality` names a last part that counts from 1. If `is_outer`, where there is nothing a single element of NULLs comes out.
pub(in crate::analyze) fn zip(
    sources: Vec<Expr>,
    parts: Vec<Part>,
    ordinality: Option<String>,
    is_outer: bool,
) -> Expr {
    let signature = Signature::any(sources.len(), Volatility::Immutable);
    ScalarUDF::from(Zip { signature, parts, ordinality, is_outer }).call(sources)
}

impl Zip {
    fn fields(&self) -> Fields {
        let parts = self.parts.iter().map(|(name, of)| Field::new(name, of.clone(), true));
        let ordinality = self.ordinality.iter().map(|name| Field::new(name, DataType::Int64, true));
        parts.chain(ordinality).collect()
    }

    fn item(&self) -> Arc<Field> {
        Arc::new(Field::new("item", DataType::Struct(self.fields()), true))
    }
}

impl ScalarUDFImpl for Zip {
    fn name(&self) -> &'static str {
        "$zip"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(self.item()))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        let arrays: Vec<ArrayRef> = arguments.args.iter().map(|a| a.to_array(rows)).collect::<Result<_>>()?;
        let sources: Vec<Source> = arrays.iter().map(Source::new).collect();
        let lengths: Vec<usize> = (0..rows)
            .map(|row| {
                let longest = sources.iter().map(|source| source.range(row).len()).max().unwrap_or(0);
                if self.is_outer { longest.max(1) } else { longest }
            })
            .collect();
        let mut columns: Vec<ArrayRef> = Vec::new();
        for source in &sources {
            let indices = source.indices(&lengths);
            for values in &source.values {
                columns.push(take(values, &indices, None)?);
            }
        }
        if self.ordinality.is_some() {
            let is_padding = |row: usize| sources.iter().all(|source| source.range(row).is_empty());
            let numbers = lengths.iter().enumerate().flat_map(|(row, length)| {
                let padding = is_padding(row);
                (1..=*length).map(move |number| (!padding).then(|| i64::try_from(number).unwrap_or(i64::MAX)))
            });
            columns.push(Arc::new(numbers.collect::<Int64Array>()));
        }
        let count = lengths.iter().sum();
        let fields = self.fields();
        // Names within may differ from those that the type declares; the data are the same.
        let columns = fields.iter().zip(columns).map(|(field, column)| match column.data_type() == field.data_type() {
            true => Ok(column),
            false => Ok(cast(&column, field.data_type())?),
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let items = StructArray::try_new_with_length(fields, columns, None::<NullBuffer>, count)?;
        let offsets = OffsetBuffer::from_lengths(lengths);
        Ok(ColumnarValue::Array(Arc::new(ListArray::try_new(self.item(), offsets, Arc::new(items), None)?)))
    }
}

/// An array or a map.
struct Source {
    offsets: Vec<usize>,
    nulls: Option<NullBuffer>,
    values: Vec<ArrayRef>,
}

impl Source {
    fn new(array: &ArrayRef) -> Self {
        let (offsets, values): (&[i32], Vec<ArrayRef>) = if let Some(map) = array.as_map_opt() {
            (map.offsets(), map.entries().columns().to_vec())
        } else {
            let list = array.as_list::<i32>();
            (list.offsets(), vec![Arc::clone(list.values())])
        };
        let offsets = offsets.iter().map(|offset| usize::try_from(*offset).unwrap_or(0)).collect();
        Self { offsets, nulls: array.nulls().cloned(), values }
    }

    /// The elements of a row; NULL has none.
    fn range(&self, row: usize) -> std::ops::Range<usize> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return 0..0;
        }
        self.offsets[row]..self.offsets[row + 1]
    }

    /// Where each element that comes out comes from.
    fn indices(&self, lengths: &[usize]) -> UInt32Array {
        let of_row = |(row, length): (usize, &usize)| {
            let range = self.range(row);
            (0..*length).map(move |index| {
                let index = range.start + index;
                (index < range.end).then(|| u32::try_from(index).unwrap_or(u32::MAX))
            })
        };
        lengths.iter().enumerate().flat_map(of_row).collect()
    }
}
