//! What can go wrong with the files.

use crate::domain::id::AppId;
use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use std::path::PathBuf;
use thiserror::Error;

/// Result of the store.
pub type StoreResult<T> = Result<T, StoreError>;

/// What happened, why, and what to do next.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file was written by a newer program.
    Newer {
        /// The file.
        file: PathBuf,
        /// Its layout.
        found: i64,
        /// The newest layout this program knows.
        known: i64,
    },
    /// The file is something else.
    NotSqlite {
        /// The file.
        file: PathBuf,
    },
    /// A file or folder could not be opened or made.
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The disk is full.
    DiskFull,
    /// The system did not read or write the file: a quota, a limit on file sizes, a disk that fails or was taken out.
    Disk(rusqlite::Error),
    /// Another process holds the file.
    Busy,
    /// An account with that name or AppID exists already.
    AccountExists(Taken),
    /// An audience has a file of which nothing is kept any more. Without it, it would be another audience.
    FileGone(String),
    /// Anything else that SQLite reports.
    Sql(rusqlite::Error),
    /// The thread that owns the file is gone, because the program is ending.
    Closed,
}

/// What two accounts cannot both have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The name.
    Name(String),
    /// The AppID.
    AppId(AppId),
}

impl Told for StoreError {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.store", key);
        match self {
            Self::Newer { file, found, known } => {
                of("newer").with("file", file.display()).with("found", found).with("known", known)
            }
            Self::NotSqlite { file } => of("not_sqlite").with("file", file.display()),
            Self::Open { path, source } => of("open").with("path", path.display()).with("why", source),
            Self::DiskFull => of("disk_full"),
            Self::Disk(error) => of("disk").with("why", error),
            Self::Busy => of("busy"),
            Self::AccountExists(Taken::Name(name)) => of("name_taken").with("name", name),
            Self::AccountExists(Taken::AppId(appid)) => of("appid_taken").with("appid", appid),
            Self::FileGone(what) => of("file_gone").with("what", what),
            Self::Sql(error) => of("sql").with("why", error),
            Self::Closed => of("closed"),
        }
    }
}

in_english!(StoreError);

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
