//! What a scan asks for.

use arrow_schema::SchemaRef;
use opentrail_orc::{ColumnPath, Predicate};

use super::StoreSnapshot;
use crate::format::is_about_checksums;

/// What a scan asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scan {
    /// The columns of the answer: the way to each from the table's columns down, by number; a way of one step is a whole
    /// column, further ones lead through structs.
    pub leaves: Vec<Vec<usize>>,
    /// Those of the leaves, by their places, that are wanted as dictionaries of texts ([`opentrail_orc::text_dictionary`]) instead of
    /// each record's text. Only leaves of text become so. Entries may repeat; batches that follow one another mostly share them.
    pub dictionaries: Vec<usize>,
    /// Which records are wanted, if not all. Its columns are named as [`StoreSnapshot::path`] tells.
    pub predicate: Option<Predicate>,
}

impl StoreSnapshot {
    /// The name of a leaf, for predicates; nothing when there is none of that way.
    pub fn path(&self, leaf: &[usize]) -> Option<ColumnPath> {
        super::leaf::path(&self.table.schema(), leaf)
    }

    /// Whether scans with this predicate give only records for which it is true.
    pub fn is_exact(&self, predicate: &Predicate) -> bool {
        !is_about_checksums(predicate)
    }

    /// The columns that a scan of these leaves gives: `c0`, `c1`, …, of those that there are.
    pub fn leaves(&self, leaves: &[Vec<usize>]) -> SchemaRef {
        super::leaf::Leaves::new(&self.table.schema(), leaves, &[]).schema()
    }
}
