//! What can go wrong with the files.

use std::path::PathBuf;
use thiserror::Error;

/// Result of the store.
pub type StoreResult<T> = Result<T, StoreError>;

/// What happened, why, and what to do next.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file was written by a newer program.
    #[error(
        "{} was made by a newer muban (layout {found}, this one knows {known}); nothing was changed. Update muban, or use another folder with --home", file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its layout.
        found: i64,
        /// The newest layout this program knows.
        known: i64,
    },
    /// The file is something else.
    #[error("{} is not a SQLite file; nothing was changed. Move it away, or use another folder with --home", file.display())]
    NotSqlite {
        /// The file.
        file: PathBuf,
    },
    /// A file or folder could not be opened or made.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The disk is full.
    #[error("the disk is full; nothing was lost. Free some space and try again")]
    DiskFull,
    /// The system did not read or write the file: a quota, a limit on file sizes, a disk that fails or was taken out.
    #[error(
        "the disk does not take or give the store's data ({0}); nothing was lost. Look for a quota, a limit on file sizes or a failing disk, then try again"
    )]
    Disk(rusqlite::Error),
    /// Another process holds the file.
    #[error("the store is locked by another process; nothing was lost. Try again when it has finished")]
    Busy,
    /// An account with that name or AppID exists already.
    #[error("there is already an account {0}; choose another, or change that one with `muban account set`")]
    AccountExists(String),
    /// An audience has a file of which nothing is kept any more. Without it, it would be another audience.
    #[error("what {0} says is not kept any more; read the file again")]
    FileGone(String),
    /// Anything else that SQLite reports.
    #[error("the store reports: {0}")]
    Sql(rusqlite::Error),
    /// The thread that owns the file is gone, because the program is ending.
    #[error("the store is closed")]
    Closed,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::SystemIoFailure) => Self::Disk(error),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sql(error),
        }
    }
}
