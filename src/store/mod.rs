//! The only SQL. Three files in one directory: `cache.db` (what WeChat can tell again), `ledger.db` (what only we know) and
//! `vault.db` (secrets). One writer thread a file, and two readers beside them that never wait for a running job: one for lists,
//! where somebody waits for each page, and one for scans, which go through a million rows.

mod accounts;
mod aliases;
mod attempts;
mod audience;
mod audiences;
mod claims;
mod deliveries;
mod drafts;
mod error;
mod files;
mod history;
mod jobs;
mod lock;
mod members;
mod migrate;
mod names;
mod people;
mod profile;
mod roster;
mod scan;
mod tags;
mod templates;
mod threads;
mod user_details;
mod user_sync;
mod users;
mod vault;

pub use attempts::Attempt;
pub use audience::{Freeze, Judged, Side, Wanted};
pub use audiences::KeptAudience;
pub use claims::{Change, Claim, Claimed, Turn, Turned};
pub use deliveries::{CodeCount, DeliveryFilter};
pub use error::{StoreError, StoreResult, Taken};
pub use files::FileRows;
pub use history::PastDelivery;
pub use jobs::{Created, NewJob, Recipients, Wish};
pub use lock::{FileLock, LockError};
pub use members::Rows;
pub use names::{NameKept, NewName};
pub use people::TagStanding;
pub use scan::Scan;
pub use templates::TemplateChanges;
pub use user_details::{DetailsWanted, UserDetail};
pub use user_sync::{Again, Stage, SyncState, UserChanges};
pub use users::UserPage;
pub use vault::StoredToken;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use threads::Worker;

/// The three files of one home, open. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    dir: PathBuf,
    cache: Worker,
    ledger: Worker,
    vault: Worker,
    reader: Worker,
    scans: Worker,
    rosters: Arc<roster::Rosters>,
}

impl Store {
    /// Opens the files in `dir`, creating what is missing (0700 and 0600) and migrating what is older.
    pub fn open(dir: &Path) -> StoreResult<Self> {
        Self::open_with(migrate::PATIENCE, dir)
    }

    /// The same with another patience for processes that hold a file, for tests.
    pub fn open_with(patience: Duration, dir: &Path) -> StoreResult<Self> {
        migrate::prepare_dir(dir)?;
        let cache = migrate::open(dir, &migrate::CACHE, patience)?;
        let ledger = migrate::open(dir, &migrate::LEDGER, patience)?;
        let vault = migrate::open(dir, &migrate::VAULT, patience)?;
        migrate::attach_cache(&ledger, dir)?;
        let reader = migrate::open_reader(dir, patience)?;
        let scans = migrate::open_reader(dir, patience)?;
        Ok(Self {
            dir: dir.to_owned(),
            cache: Worker::start("cache", cache)?,
            ledger: Worker::start("ledger", ledger)?,
            vault: Worker::start("vault", vault)?,
            reader: Worker::start("reader", reader)?,
            scans: Worker::start("scans", scans)?,
            rosters: Arc::default(),
        })
    }

    /// What is wrong with the files; nothing if they are whole. Goes through all of them.
    pub async fn check(&self) -> StoreResult<Vec<String>> {
        let mut faults = Vec::new();
        for worker in [&self.cache, &self.ledger, &self.vault] {
            let found: Vec<String> = worker
                .read(|db| {
                    let mut statement = db.prepare("PRAGMA main.quick_check(5)")?;
                    let rows = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                    Ok(rows)
                })
                .await?;
            faults.extend(found.into_iter().filter(|fault| fault != "ok"));
        }
        Ok(faults)
    }

    /// Where the files are.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// The time as the files keep it: milliseconds since 1970.
fn millis(time: jiff::Timestamp) -> i64 {
    time.as_millisecond()
}

/// Back from the files; a number no clock can show becomes 1970.
fn timestamp(millis: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// The SQLite that is built in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

#[cfg(test)]
mod tests;
