//! Whoever wants to see how far it is.

/// Is told how far the work is. Says nothing by itself.
pub trait Progress: Send + Sync {
    /// The listing begins.
    fn listing(&self) {}

    /// So many log files were found.
    fn found(&self, _count: usize) {}

    /// So many objects are to be judged.
    fn judging(&self, _count: usize) {}

    /// One was judged.
    fn judged(&self) {}

    /// There are more than was thought.
    fn more(&self, _count: usize) {}
}

/// Nobody.
impl Progress for () {}
