//! The checksums of texts. Segments that were written before have them as a column, the others don't: a third as many bytes
//! as a compressed text, which say nothing that the text doesn't.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use opentrail_orc::{ColumnPath, Predicate};

use crate::format::columns::{CHECKSUM, JSON};
use crate::format::row::checksum;

/// Whether this is the column of checksums.
pub(super) fn is_checksum(path: &ColumnPath) -> bool {
    matches!(path.segments(), [name] if name == CHECKSUM)
}

/// What is to be read of a file without checksums, so that they can be made.
pub(super) fn without(columns: Vec<ColumnPath>) -> Vec<ColumnPath> {
    let (checksums, mut others): (Vec<_>, Vec<_>) = columns.into_iter().partition(is_checksum);
    let json = ColumnPath::from(JSON);
    if !checksums.is_empty() && !others.contains(&json) {
        others.push(json);
    }
    others
}

/// What can be told of a predicate by the other columns: it is true for as many rows at least.
pub(super) fn loosened(predicate: Predicate) -> Option<Predicate> {
    match predicate {
        Predicate::And(all) => Some(Predicate::And(all.into_iter().filter_map(loosened).collect())),
        other => (!is_about_checksums(&other)).then_some(other),
    }
}

/// Whether a predicate can't be told by the columns that all files have.
pub(crate) fn is_about_checksums(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Compare { column, .. }
        | Predicate::In { column, .. }
        | Predicate::Like { column, .. }
        | Predicate::IsNull { column }
        | Predicate::IsNotNull { column } => is_checksum(column),
        Predicate::And(all) | Predicate::Or(all) => all.iter().any(is_about_checksums),
        Predicate::Not(one) => is_about_checksums(one),
    }
}

/// The batch with the checksums of its texts; nothing when it has no texts.
pub(super) fn with_checksums(batch: &RecordBatch) -> Option<RecordBatch> {
    let texts = batch.column_by_name(JSON)?.as_string_opt::<i32>()?;
    let sums: StringArray = texts.iter().map(|text| text.map(|text| checksum(text.as_bytes()))).collect();
    let mut fields: Vec<_> = batch.schema().fields().iter().map(Arc::clone).collect();
    fields.push(Arc::new(Field::new(CHECKSUM, DataType::Utf8, true)));
    let columns = batch.columns().iter().map(Arc::clone).chain([Arc::new(sums) as Arc<dyn Array>]);
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.collect()).ok()
}

#[cfg(test)]
mod tests {
    use arrow_array::ArrayRef;
    use opentrail_orc::{CompareOp, Scalar};

    use super::*;

    #[test]
    fn predicates_are_loosened_and_never_tightened() {
        let sum = Predicate::compare(CHECKSUM, CompareOp::Eq, Scalar::from("x"));
        let name = Predicate::compare("eventName", CompareOp::Eq, Scalar::from("y"));
        let all = Predicate::And(vec![sum.clone(), name.clone()]);
        assert_eq!(loosened(all.clone()), Some(Predicate::And(vec![name.clone()])));
        assert_eq!(loosened(name.clone()), Some(name.clone()));
        assert_eq!(loosened(Predicate::Or(vec![name, sum.clone()])), None);
        assert_eq!(loosened(Predicate::Not(Box::new(all))), None);
        assert_eq!(loosened(sum), None);
    }

    #[test]
    fn checksums_are_those_of_the_texts() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("{}"), None]));
        let batch = RecordBatch::try_from_iter([(JSON, texts)]).expect("a batch");
        let with = with_checksums(&batch).expect("it has texts");
        let sums = with.column_by_name(CHECKSUM).expect("they were added").as_string::<i32>();
        assert_eq!(sums.value(0), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assert!(sums.is_null(1));
        let other: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        assert!(with_checksums(&RecordBatch::try_from_iter([("a", other)]).expect("a batch")).is_none());
        assert_eq!(without(vec![CHECKSUM.into(), "a".into()]), ["a".into(), JSON.into()]);
    }
}
