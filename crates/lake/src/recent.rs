//! What was asked for last, kept open.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::format::FormatError;

/// What was made of the segments that were asked last, by their names.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    /// So many are kept.
    count_max: usize,
    /// Guards which are kept, each with the number of the last question.
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    questions: u64,
    kept: BTreeMap<String, (u64, Arc<T>)>,
}

impl<T> Recent<T> {
    pub(crate) fn new(count_max: usize) -> Self {
        Self { count_max, state: Mutex::new(State { questions: 0, kept: BTreeMap::new() }) }
    }

    /// What is kept of a name, made when there is nothing.
    pub(crate) fn get(&self, name: &str, make: impl FnOnce() -> Result<T, FormatError>) -> Result<Arc<T>, FormatError> {
        if let Some(found) = self.find(name) {
            return Ok(found);
        }
        // Two may make the same at a time: the later stays.
        let made = Arc::new(make()?);
        let mut state = self.state.lock();
        let State { questions, kept } = &mut *state;
        *questions += 1;
        kept.insert(name.to_owned(), (*questions, Arc::clone(&made)));
        if kept.len() > self.count_max
            && let Some(oldest) = kept.iter().min_by_key(|(_, (asked, _))| *asked).map(|(name, _)| name.clone())
        {
            kept.remove(&oldest);
        }
        Ok(made)
    }

    fn find(&self, name: &str) -> Option<Arc<T>> {
        let mut state = self.state.lock();
        let State { questions, kept } = &mut *state;
        let (asked, found) = kept.get_mut(name)?;
        *questions += 1;
        *asked = *questions;
        Some(Arc::clone(found))
    }

    pub(crate) fn forget(&self, name: &str) {
        self.state.lock().kept.remove(name);
    }
}
