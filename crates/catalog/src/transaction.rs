//! Transactions: all or nothing, one at a time.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{Executor, Sqlite, SqliteConnection};

use crate::Error;

/// Lets tests make commits fail.
pub trait CommitFaults: Send + Sync + fmt::Debug {
    /// Asked before a commit. An error means that nothing was committed.
    fn before_commit(&self) -> io::Result<()>;
    /// Asked after a commit. An error means that the caller is told of a failure though the change was kept.
    fn after_commit(&self) -> io::Result<()>;
}

/// An open transaction. Nothing of it stays when it is dropped without [`Transaction::commit`].
pub struct Transaction {
    connection: PoolConnection<Sqlite>,
    /// True while the connection may be inside a transaction; the pool rolls back before it lends it again.
    open: Arc<AtomicBool>,
    faults: Option<Arc<dyn CommitFaults>>,
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

impl Transaction {
    pub(crate) async fn begin(
        mut connection: PoolConnection<Sqlite>,
        open: Arc<AtomicBool>,
        faults: Option<Arc<dyn CommitFaults>>,
    ) -> Result<Self, Error> {
        open.store(true, Ordering::SeqCst);
        connection.execute("BEGIN IMMEDIATE").await?;
        Ok(Self { connection, open, faults })
    }

    /// Where statements of this transaction run.
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Makes all of it durable.
    ///
    /// On an error the change may or may not have been kept: whoever needs to know reads again.
    pub async fn commit(mut self) -> Result<(), Error> {
        if let Some(faults) = &self.faults {
            faults.before_commit().map_err(sqlx::Error::Io)?;
        }
        // Commit point: the write-ahead log is written and synced here. A crash before leaves nothing, after all.
        self.connection.execute("COMMIT").await?;
        self.open.store(false, Ordering::SeqCst);
        if let Some(faults) = &self.faults {
            faults.after_commit().map_err(sqlx::Error::Io)?;
        }
        Ok(())
    }
}
