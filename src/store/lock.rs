//! Locks that die with their process: whoever holds one is surely alive.

use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// How often a lock is asked for before it counts as held.
const LOOKS: u32 = 8;
/// Between two of them.
const MOMENT: Duration = Duration::from_millis(10);

/// A lock on a name within one home. Let go when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

/// Why a lock was not had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process of this home holds it.
    Held,
    /// The lock file could not be made.
    Io {
        /// The lock file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Told for LockError {
    fn told(&self) -> Sentence {
        match self {
            Self::Held => Sentence::of("error.lock", "held"),
            Self::Io { path, source } => Sentence::of("error.lock", "io").with("path", path.display()).with("why", source),
        }
    }
}

in_english!(LockError);

impl FileLock {
    /// Takes the lock, or says at once that somebody else has it.
    pub fn try_take(dir: &Path, name: &str) -> Result<Self, LockError> {
        let (file, path) = open(dir, name)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held),
            Err(TryLockError::Error(source)) => Err(LockError::Io { path, source }),
        }
    }

    /// Takes the lock if nobody works under it. Who only looks whether it is held has it for a moment, and so has a process that
    /// is being started by its holder, so it is asked for several times before it counts as held.
    pub async fn take(dir: &Path, name: &str) -> Result<Self, LockError> {
        for _ in 1..LOOKS {
            match Self::try_take(dir, name) {
                Err(LockError::Held) => tokio::time::sleep(MOMENT).await,
                taken => return taken,
            }
        }
        Self::try_take(dir, name)
    }

    /// Takes the lock, waiting for its holder. Blocks the thread.
    pub fn wait(dir: &Path, name: &str) -> Result<Self, LockError> {
        let (file, path) = open(dir, name)?;
        file.lock().map_err(|source| LockError::Io { path, source })?;
        Ok(Self { _file: file })
    }
}

fn open(dir: &Path, name: &str) -> Result<(File, PathBuf), LockError> {
    let path = dir.join(super::migrate::LOCKS).join(name);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(&path) {
        Ok(file) => Ok((file, path)),
        Err(source) => Err(LockError::Io { path, source }),
    }
}
