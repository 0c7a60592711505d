//! Records of log files as rows of the table that Athena's documentation makes over them.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::scan::leaf::Leaves;
use crate::format::LogFileColumns;

/// Records of log files on their way into batches of some leaves: parts of columns, as [`Scan`](crate::Scan) has them.
pub struct LogRows {
    columns: LogFileColumns,
    leaves: Leaves,
}

impl std::fmt::Debug for LogRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogRows").field("leaves", &self.leaves).finish_non_exhaustive()
    }
}

impl LogRows {
    /// All columns of the table (Athena user guide, "Query AWS CloudTrail logs"), without those of partitions.
    pub fn schema() -> SchemaRef {
        LogFileColumns::schema().into()
    }

    /// The columns that these leaves are.
    pub fn leaves(leaves: &[Vec<usize>]) -> SchemaRef {
        Leaves::new(&LogFileColumns::schema(), leaves, &[]).schema()
    }

    /// Leaves by the ways to them. They are the columns of the batches: `c0`, `c1`, ….
    pub fn new(leaves: &[Vec<usize>]) -> Self {
        let leaves = Leaves::new(&LogFileColumns::schema(), leaves, &[]);
        let is_wanted =
            |name: &str| leaves.paths.iter().any(|path| path.segments().first().is_some_and(|it| it == name));
        Self { columns: LogFileColumns::of(is_wanted), leaves }
    }

    /// Adds a record; false when it is no JSON object, and then no row is added. A member of another shape than its
    /// column's is NULL there.
    pub fn push(&mut self, record: &str) -> bool {
        self.columns.push(record)
    }

    /// How many rows were added since the last batch.
    pub fn rows(&self) -> usize {
        self.columns.rows()
    }

    /// Whether the rows so far are enough for a batch.
    pub fn is_full(&self) -> bool {
        self.columns.is_full()
    }

    /// The batch of what was added since the last.
    pub fn finish(&mut self) -> RecordBatch {
        self.leaves.take(&self.columns.finish())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;

    use super::*;

    #[test]
    fn members_fill_columns_whatever_the_case_of_their_names() {
        // eventname, useridentity.arn, requestparameters
        let mut rows = LogRows::new(&[vec![4], vec![1, 2], vec![10]]);
        assert!(rows.push(r#"{"eventName":"A","userIdentity":{"ARN":"x"},"requestParameters":{"a" : 1}}"#));
        assert!(!rows.push("[1]"));
        assert!(rows.push(r#"{"eventname":"B","userIdentity":"odd","requestParameters":null}"#));
        assert_eq!(rows.rows(), 2);
        let batch = rows.finish();
        let cells = |column: usize| batch.column(column).as_string::<i32>().iter().collect::<Vec<_>>();
        assert_eq!(cells(0), [Some("A"), Some("B")]);
        assert_eq!(cells(1), [Some("x"), None]);
        assert_eq!(cells(2), [Some(r#"{"a":1}"#), None]);
        assert_eq!(rows.rows(), 0);
    }

    #[test]
    fn no_column_at_all_still_counts_rows() {
        let mut rows = LogRows::new(&[]);
        assert!(rows.push("{}"));
        assert_eq!(rows.finish().num_rows(), 1);
    }
}
