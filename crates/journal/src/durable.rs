//! Evidence that something has reached the disk.

/// Something that is fsynced. Only the journal mints it, so an answer that asks for one can't be given early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the evidence is what an answer of success is made of"]
pub struct Durable<T>(T);

impl<T> Durable<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    /// What is durable.
    pub const fn get(&self) -> &T {
        &self.0
    }

    /// What is durable, the evidence given up.
    pub fn into_inner(self) -> T {
        self.0
    }
}
