//! Tables of JSON values, in memory.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray, MapArray, NullArray, RecordBatch,
    StringArray, StructArray, TimestampMillisecondArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, Fields, Schema};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use opentrail_query::{LOGS_TABLE, LogFiles, LogTables, Table, Tables};
use opentrail_trino::Type;
use serde_json::Value;

/// Tables by name, in lower case.
#[derive(Default)]
pub(crate) struct Memory(HashMap<String, Arc<dyn Table>>);

impl Memory {
    pub(crate) fn add(&mut self, name: &str, table: &Arc<Rows>) {
        self.0.insert(name.to_lowercase(), Arc::clone(table) as Arc<dyn Table>);
    }

    pub(crate) fn add_logs(&mut self, files: LogFiles) {
        let table = LogTables::new(files).table(&[LOGS_TABLE.to_owned()]).expect("its only table");
        self.0.insert(LOGS_TABLE.to_owned(), table);
    }
}

impl Tables for Memory {
    fn table(&self, name: &[String]) -> Option<Arc<dyn Table>> {
        self.0.get(&name.join(".").to_lowercase()).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// A table of columns.
#[derive(Debug)]
pub(crate) struct Rows {
    columns: Vec<(String, Type)>,
    arrays: Vec<ArrayRef>,
    rows: usize,
}

impl Rows {
    /// `rows` are objects with a member for each column.
    pub(crate) fn new(columns: Vec<(String, Type)>, rows: &[Value]) -> Arc<Self> {
        let arrays = columns.iter().map(|(name, ty)| {
            let cells: Vec<&Value> = rows.iter().map(|row| row.get(name).unwrap_or(&Value::Null)).collect();
            array(&cells, ty)
        });
        let arrays = arrays.collect();
        Arc::new(Self { columns, arrays, rows: rows.len() })
    }

    fn leaf(&self, path: &[usize]) -> ArrayRef {
        let mut leaf = Arc::clone(&self.arrays[path[0]]);
        for index in &path[1..] {
            let row = leaf.as_any().downcast_ref::<StructArray>().expect("a struct").clone();
            leaf = Arc::clone(row.column(*index));
        }
        leaf
    }
}

impl Table for Rows {
    fn columns(&self) -> &[(String, Type)] {
        &self.columns
    }

    fn scan(&self, leaves: &[Vec<usize>]) -> Arc<dyn TableProvider> {
        let arrays: Vec<ArrayRef> = leaves.iter().map(|path| self.leaf(path)).collect();
        let fields = arrays.iter().enumerate();
        let fields = fields.map(|(index, array)| Field::new(format!("c{index}"), array.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let all = RecordBatch::try_new(Arc::clone(&schema), arrays).expect("arrays of one length");
        // Several batches in two partitions, as from several files.
        let step = 1000;
        let batches = (0..self.rows).step_by(step).map(|from| all.slice(from, step.min(self.rows - from)));
        let (even, odd): (Vec<_>, Vec<_>) = batches.enumerate().partition(|(index, _)| index % 2 == 0);
        let partition = |batches: Vec<(usize, RecordBatch)>| batches.into_iter().map(|(_, batch)| batch).collect();
        Arc::new(MemTable::try_new(schema, vec![partition(even), partition(odd)]).expect("batches of the schema"))
    }
}

/// The arrow type of cells; written out here, so that a wrong one in the product shows.
fn arrow(ty: &Type) -> DataType {
    match ty {
        Type::Boolean => DataType::Boolean,
        Type::Integer => DataType::Int32,
        Type::Bigint => DataType::Int64,
        Type::Double => DataType::Float64,
        Type::Varchar { .. } => DataType::Utf8,
        Type::Timestamp { .. } => DataType::Timestamp(datafusion::arrow::datatypes::TimeUnit::Millisecond, None),
        Type::Array(item) => DataType::List(Arc::new(Field::new("item", arrow(item), true))),
        Type::Map(key, value) => DataType::Map(entries(key, value), false),
        Type::Row(fields) => DataType::Struct(struct_fields(fields)),
        other => panic!("no test table has a column of type {other}"),
    }
}

fn entries(key: &Type, value: &Type) -> Arc<Field> {
    let fields = Fields::from(vec![Field::new("key", arrow(key), false), Field::new("value", arrow(value), true)]);
    Arc::new(Field::new("entries", DataType::Struct(fields), false))
}

fn struct_fields(fields: &[(Option<String>, Type)]) -> Fields {
    fields.iter().map(|(name, ty)| Field::new(name.clone().expect("a name"), arrow(ty), true)).collect()
}

fn array(cells: &[&Value], ty: &Type) -> ArrayRef {
    match ty {
        Type::Boolean => Arc::new(cells.iter().map(|cell| cell.as_bool()).collect::<BooleanArray>()),
        Type::Integer => {
            let cells = cells.iter().map(|cell| cell.as_i64().map(|n| i32::try_from(n).expect("32 bits")));
            Arc::new(cells.collect::<Int32Array>())
        }
        Type::Bigint => Arc::new(cells.iter().map(|cell| cell.as_i64()).collect::<Int64Array>()),
        Type::Double => Arc::new(cells.iter().map(|cell| cell.as_f64()).collect::<Float64Array>()),
        Type::Varchar { .. } => Arc::new(cells.iter().map(|cell| cell.as_str()).collect::<StringArray>()),
        Type::Timestamp { .. } => {
            let millis = |text: &str| {
                chrono::DateTime::parse_from_rfc3339(&text.to_uppercase()).expect("a time").timestamp_millis()
            };
            Arc::new(cells.iter().map(|cell| cell.as_str().map(millis)).collect::<TimestampMillisecondArray>())
        }
        Type::Array(item) => {
            let offsets = OffsetBuffer::from_lengths(cells.iter().map(|cell| cell.as_array().map_or(0, Vec::len)));
            let items: Vec<&Value> = cells.iter().filter_map(|cell| cell.as_array()).flatten().collect();
            let field = Arc::new(Field::new("item", arrow(item), true));
            Arc::new(ListArray::new(field, offsets, array(&items, item), nulls(cells)))
        }
        Type::Map(key, value) => {
            let members: Vec<_> = cells.iter().map(|cell| cell.as_object()).collect();
            let offsets = OffsetBuffer::from_lengths(members.iter().map(|members| members.map_or(0, |m| m.len())));
            let keys: Vec<Value> =
                members.iter().flatten().flat_map(|m| m.keys()).map(|key| Value::String(key.clone())).collect();
            let keys = array(&keys.iter().collect::<Vec<_>>(), key);
            let values: Vec<&Value> = members.iter().flatten().flat_map(|m| m.values()).collect();
            let field = entries(key, value);
            let DataType::Struct(fields) = field.data_type().clone() else { panic!("entries are structs") };
            let pairs = StructArray::new(fields, vec![keys, array(&values, value)], None);
            Arc::new(MapArray::new(field, offsets, pairs, nulls(cells), false))
        }
        Type::Row(fields) => {
            let columns = fields.iter().map(|(name, ty)| {
                let name = name.as_deref().expect("a name");
                let cells: Vec<&Value> = cells.iter().map(|cell| cell.get(name).unwrap_or(&Value::Null)).collect();
                array(&cells, ty)
            });
            let columns = columns.collect();
            Arc::new(StructArray::new(struct_fields(fields), columns, nulls(cells)))
        }
        Type::Unknown => Arc::new(NullArray::new(cells.len())),
        other => panic!("no test table has a column of type {other}"),
    }
}

fn nulls(cells: &[&Value]) -> Option<NullBuffer> {
    Some(cells.iter().map(|cell| !cell.is_null()).collect::<Vec<bool>>().into())
}
