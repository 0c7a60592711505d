//! The journal as the engines see it that follow it.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::{Entry, Journal, Log, Position, ReadError, TrimError};

/// Durable records in order, and a way to say which of them are done with.
#[async_trait]
pub trait JournalReader: Send + Sync + fmt::Debug {
    /// The position after the last durable record.
    fn end(&self) -> Position;

    /// The first position that can be read.
    fn start(&self) -> Position;

    /// Durable records from `from` on: at least one when there is one, then up to about `bytes_max` bytes.
    async fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError>;

    /// Nobody will read before `before` again.
    async fn trim(&self, before: Position) -> Result<(), TrimError>;
}

#[async_trait]
impl JournalReader for Journal {
    fn end(&self) -> Position {
        self.end()
    }

    fn start(&self) -> Position {
        self.start()
    }

    async fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        self.read(from, bytes_max).await
    }

    async fn trim(&self, before: Position) -> Result<(), TrimError> {
        self.trim(before).await
    }
}

/// A log without its thread: for tests and simulations, where one thread does everything in turn.
#[derive(Debug, Clone)]
pub struct SharedLog(pub Arc<Mutex<Log>>);

#[async_trait]
impl JournalReader for SharedLog {
    fn end(&self) -> Position {
        self.0.lock().end()
    }

    fn start(&self) -> Position {
        self.0.lock().start()
    }

    async fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        self.0.lock().read(from, bytes_max)
    }

    async fn trim(&self, before: Position) -> Result<(), TrimError> {
        self.0.lock().trim(before)
    }
}
