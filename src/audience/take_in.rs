//! A file of recipients on its way into the cache.

use super::AudienceError;
use super::files::{Choices, FileError, RecipientFile, Row, Shape};
use crate::domain::audience::STDIN;
use crate::domain::id::AccountId;
use crate::domain::recipient_file::{FileSet, ReadFile};
use crate::store::{Store, StoreError};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Rows between two looks at whether it is still wanted.
const LOOK_EVERY: u64 = 4096;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// As the cache has it.
    pub file: ReadFile,
    /// How it was taken.
    pub shape: Shape,
    /// Its first rows, to be looked at.
    pub first: Vec<Row>,
}

/// Reads a file into the cache, unless the very same is there already. `on_row` is told how many rows were read from time to
/// time, and says whether it is still wanted.
pub async fn take_in(
    store: &Store,
    account: AccountId,
    path: &str,
    choices: &Choices,
    mut on_row: impl FnMut(u64) -> bool + Send + 'static,
) -> Result<Taken, AudienceError> {
    let file = open(path, choices).await.map_err(|error| AudienceError::File { path: path.to_owned(), error })?;
    let (shape, first) = (file.shape().clone(), file.first().to_vec());
    let set = FileSet { id: file.id(), path: if path == STDIN { path.to_owned() } else { in_full(path) } };
    let now = Timestamp::now();
    if store.recipient_file(account, set.id.clone()).await?.is_some() {
        store.touch_file(account, set.clone(), now).await?;
        if let Some(file) = store.recipient_file(account, set.id.clone()).await? {
            return Ok(Taken { file, shape, first });
        }
    }
    let columns = shape.columns.iter().map(|(_, name)| name.clone()).collect();
    let fill = move |rows: &mut crate::store::FileRows<'_>| {
        let mut count = 0;
        file.each(|row| {
            count += 1;
            if count % LOOK_EVERY == 0 && !on_row(count) {
                return Err(Wrong::NotWanted);
            }
            Ok(rows.push(row.number, &row.openid, &row.columns)?)
        })
    };
    match store.keep_file(account, set, columns, now, fill).await {
        Ok(file) => Ok(Taken { file, shape, first }),
        Err(Wrong::Store(error)) => Err(error.into()),
        Err(Wrong::File(error)) => Err(AudienceError::File { path: path.to_owned(), error }),
        Err(Wrong::NotWanted) => Err(AudienceError::GivenUp),
    }
}

enum Wrong {
    Store(StoreError),
    File(FileError),
    NotWanted,
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<FileError> for Wrong {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

pub(super) async fn open(path: &str, choices: &Choices) -> Result<RecipientFile, FileError> {
    let (path, choices) = (path.to_owned(), choices.clone());
    let work = move || match path.as_str() {
        STDIN => RecipientFile::spool(std::io::stdin().lock(), &choices),
        path => RecipientFile::open(Path::new(path), &choices),
    };
    let gone = || FileError::Unreadable { path: PathBuf::new(), source: std::io::ErrorKind::Interrupted.into() };
    tokio::task::spawn_blocking(work).await.map_err(|_| gone())?
}

/// So that it can be read again from another folder.
fn in_full(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}
