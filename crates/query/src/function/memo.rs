//! The last thing that was prepared, for patterns and paths that rarely change from row to row.

use opentrail_trino::SqlError;

/// What was prepared last, and from what.
pub(super) struct Memo<K, V>(Option<(K, Result<V, SqlError>)>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, V> Memo<K, V> {
    /// What `prepare` makes of `key`, kept until another key comes.
    pub(super) fn get(&mut self, key: K, prepare: impl FnOnce(&K) -> Result<V, SqlError>) -> Result<&V, SqlError> {
        if self.0.as_ref().is_none_or(|(known, _)| *known != key) {
            let value = prepare(&key);
            self.0 = Some((key, value));
        }
        match &self.0 {
            Some((_, value)) => value.as_ref().map_err(Clone::clone),
            None => Err(super::fault::internal("nothing was prepared")),
        }
    }
}
