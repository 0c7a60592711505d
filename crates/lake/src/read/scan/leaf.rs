//! Leaves: parts of columns as columns of their own.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, RecordBatch, RecordBatchOptions, UInt32Array, new_null_array,
};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use arrow_select::nullif::nullif;
use opentrail_orc::{ColumnPath, text_dictionary};

/// The leaves of a scan.
#[derive(Debug)]
pub(in crate::read) struct Leaves {
    /// Of each its names from the column down.
    pub(in crate::read) paths: Vec<ColumnPath>,
    /// Of the batches: `c0`, `c1`, ….
    schema: SchemaRef,
}

impl Leaves {
    /// Those of the ways that a table of these columns has.
    pub(in crate::read) fn new(whole: &Schema, ways: &[Vec<usize>], dictionaries: &[usize]) -> Self {
        let mut leaves = Vec::with_capacity(ways.len());
        let mut fields = Vec::with_capacity(ways.len());
        for (place, way) in ways.iter().enumerate() {
            if let (Some(path), Some(leaf)) = (path(whole, way), field(&whole.fields, way)) {
                let is_dictionary = *leaf.data_type() == DataType::Utf8 && dictionaries.contains(&place);
                let data_type = if is_dictionary { text_dictionary() } else { leaf.data_type().clone() };
                fields.push(Field::new(format!("c{}", leaves.len()), data_type, true));
                leaves.push(path);
            }
        }
        Self { paths: leaves, schema: Arc::new(Schema::new(fields)) }
    }

    /// Those that are dictionaries.
    pub(in crate::read) fn dictionaries(&self) -> Vec<ColumnPath> {
        let all = self.paths.iter().zip(self.schema.fields());
        all.filter(|(_, field)| matches!(field.data_type(), DataType::Dictionary(..)))
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// The columns of the batches.
    pub(in crate::read) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The leaves of a batch that has them somewhere.
    pub(in crate::read) fn take(&self, batch: &RecordBatch) -> RecordBatch {
        let columns = self.paths.iter().zip(self.schema.fields()).map(|(path, field)| take_one(batch, path, field));
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns.collect(), &options)
            .expect("each has the type of its field and as many rows as the batch")
    }
}

/// A leaf is null where something on the way to it is.
fn take_one(batch: &RecordBatch, path: &ColumnPath, field: &Field) -> ArrayRef {
    let (mut names, mut nulls) = (path.segments().iter(), None);
    let top = names.next().and_then(|name| batch.column_by_name(name));
    let found = names.try_fold(top.map(Arc::clone), |array, name| {
        let array = array?;
        nulls = arrow_buffer::NullBuffer::union(nulls.as_ref(), array.nulls());
        array.as_struct_opt()?.column_by_name(name).map(|child| Some(Arc::clone(child)))
    });
    let as_wanted = |leaf: ArrayRef| match (leaf.data_type(), field.data_type()) {
        (DataType::Utf8, DataType::Dictionary(..)) => Some(referred(leaf)),
        (is, wanted) => (is == wanted).then_some(leaf),
    };
    // Whoever made the batch was asked for the leaf; what isn't there has no value.
    let Some(leaf) = found.flatten().and_then(as_wanted) else {
        return new_null_array(field.data_type(), batch.num_rows());
    };
    match nulls.filter(|nulls| nulls.null_count() > 0) {
        None => leaf,
        Some(nulls) => {
            let is_null = BooleanArray::new(!nulls.inner(), None);
            nullif(&leaf, &is_null).expect("both are as long as the batch")
        }
    }
}

/// Texts as a dictionary of themselves.
fn referred(texts: ArrayRef) -> ArrayRef {
    let references = UInt32Array::new((0..texts.len() as u32).collect(), texts.nulls().cloned());
    Arc::new(DictionaryArray::new(references, texts))
}

/// The names on a way through the columns and their members.
pub(super) fn path(schema: &Schema, way: &[usize]) -> Option<ColumnPath> {
    let (mut fields, mut names) = (&schema.fields, Vec::with_capacity(way.len()));
    for (depth, step) in way.iter().enumerate() {
        let field = fields.get(*step)?;
        names.push(field.name().clone());
        match field.data_type() {
            DataType::Struct(members) => fields = members,
            _ if depth + 1 == way.len() => {}
            _ => return None,
        }
    }
    (!names.is_empty()).then(|| ColumnPath::new(names))
}

pub(super) fn field<'s>(fields: &'s Fields, way: &[usize]) -> Option<&'s Field> {
    let (step, rest) = way.split_first()?;
    let found = fields.get(*step)?;
    match found.data_type() {
        _ if rest.is_empty() => Some(found),
        DataType::Struct(members) => field(members, rest),
        _ => None,
    }
}
