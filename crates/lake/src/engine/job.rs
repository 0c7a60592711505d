//! Work that blocks, done beside the engine's ticks, one at a time in each slot.

use tokio::task::JoinHandle;

use crate::Error;

/// Room for one piece of work and what it made.
#[derive(Debug)]
pub(super) enum Slot<T> {
    Idle,
    Running(JoinHandle<Result<T, Error>>),
    Ended(Result<T, Error>),
}

impl<T: Send + 'static> Slot<T> {
    pub(super) fn is_idle(&self) -> bool {
        matches!(self, Self::Idle)
    }

    /// Begins work; the slot must be idle.
    pub(super) fn start(&mut self, work: impl FnOnce() -> Result<T, Error> + Send + 'static) {
        assert!(self.is_idle(), "a slot has room for one piece of work");
        *self = Self::Running(tokio::task::spawn_blocking(work));
    }

    /// What became of the work needs another try later, without doing the work again.
    pub(super) fn put_back(&mut self, made: T) {
        *self = Self::Ended(Ok(made));
    }

    /// Waits for the end of what runs; for ever when nothing does.
    pub(super) async fn ended(&mut self) {
        match self {
            Self::Running(handle) => {
                let made = handle.await;
                *self = Self::Ended(made.unwrap_or_else(|stopped| Err(stopped.into())));
            }
            Self::Idle | Self::Ended(_) => std::future::pending().await,
        }
    }

    /// Waits for the end of what runs, if something does.
    pub(super) async fn ended_now(&mut self) {
        if let Self::Running(_) = self {
            self.ended().await;
        }
    }

    /// Notes the end of what runs, if it has come.
    pub(super) async fn poll(&mut self) {
        if let Self::Running(handle) = self
            && handle.is_finished()
        {
            self.ended().await;
        }
    }

    /// Takes what became of the work, which leaves the slot idle.
    pub(super) fn outcome(&mut self) -> Option<Result<T, Error>> {
        match std::mem::replace(self, Self::Idle) {
            Self::Ended(outcome) => Some(outcome),
            other => {
                *self = other;
                None
            }
        }
    }
}
