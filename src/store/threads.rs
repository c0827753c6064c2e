//! A thread that owns a connection; callers hand it work and await the answer.

use super::error::{StoreError, StoreResult};
use super::scan::{self, Found, Scan};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;
use tokio::sync::oneshot;

type Task = Box<dyn FnOnce(&mut Connection) + Send>;

/// Hands work to one connection's thread. The thread ends with the last of its handles.
#[derive(Clone)]
pub struct Worker {
    tasks: mpsc::Sender<Task>,
}

impl Worker {
    /// Gives the connection a thread of its own.
    pub fn start(name: &str, mut connection: Connection) -> StoreResult<Self> {
        let (tasks, inbox) = mpsc::channel::<Task>();
        let run = move || {
            for task in inbox {
                task(&mut connection);
            }
        };
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .map_err(|source| StoreError::Open { path: PathBuf::from(name), source })?;
        Ok(Self { tasks })
    }

    /// Runs `work` on the connection, outside any transaction.
    pub async fn read<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(move |connection: &mut Connection| {
            // Nobody waits any more when the caller was cancelled; the work is done all the same.
            let _ = reply.send(work(connection));
        });
        self.tasks.send(task).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Begins `work`, which hands over what it finds in pages; nobody waits for its end.
    pub fn scan<T, F>(&self, work: F) -> StoreResult<Scan<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection, &mut Found<T>) -> StoreResult<()> + Send + 'static,
    {
        let (pages, scan) = scan::pages();
        let task = Box::new(move |connection: &mut Connection| {
            let mut found = pages;
            let end = work(connection, &mut found);
            found.end(end);
        });
        self.tasks.send(task).map_err(|_| StoreError::Closed)?;
        Ok(scan)
    }

    /// Empties the write-ahead log after much was written: whoever opens the file next would have to go through all of it. Left
    /// for another time while somebody reads, or where it fails; nothing depends on it.
    pub async fn empty_log(&self) {
        let emptied = self.read(|connection| {
            let patience: u64 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
            connection.busy_timeout(Duration::ZERO)?;
            let emptied = connection.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            connection.busy_timeout(Duration::from_millis(patience))?;
            Ok(emptied?)
        });
        let _ = emptied.await;
    }

    /// Keeps so many KiB of pages in memory from now on; what is more than that goes at once.
    pub async fn set_pages(&self, kib: i64) -> StoreResult<()> {
        self.read(move |connection| {
            connection.pragma_update(None, "cache_size", -kib)?;
            Ok(connection.execute_batch("PRAGMA shrink_memory")?)
        })
        .await
    }

    /// Runs `work` in a transaction that takes the write lock at once and commits if it ends well.
    pub async fn write<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> StoreResult<T> + Send + 'static,
    {
        self.read(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
        .await
    }
}
