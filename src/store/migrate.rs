//! Opening the files, and bringing older ones up to date. Steps live in `assets/migrations` and are never edited afterwards.

use super::error::{StoreError, StoreResult};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// One of the three files.
pub struct File {
    name: &'static str,
    /// How much a power cut may take: `NORMAL` the last transactions, `FULL` nothing.
    synchronous: &'static str,
    /// Pages kept in memory, in KiB.
    cache_kib: i64,
    steps: &'static [&'static str],
}

impl File {
    /// Pages that are usually kept in memory, in KiB.
    pub fn cache_kib(&self) -> i64 {
        self.cache_kib
    }
}

/// What WeChat can tell again.
pub const CACHE: File = File {
    name: "cache.db",
    synchronous: "NORMAL",
    cache_kib: 2000,
    steps: &[include_str!("../../assets/migrations/cache/1.sql"), include_str!("../../assets/migrations/cache/2.sql")],
};
/// What only this program knows.
pub const LEDGER: File = File {
    name: "ledger.db",
    synchronous: "FULL",
    // A job's rows are walked through in order: more of them in memory would serve nobody.
    cache_kib: 1000,
    steps: &[
        include_str!("../../assets/migrations/ledger/1.sql"),
        include_str!("../../assets/migrations/ledger/2.sql"),
        include_str!("../../assets/migrations/ledger/3.sql"),
        include_str!("../../assets/migrations/ledger/4.sql"),
    ],
};
/// Secrets.
pub const VAULT: File =
    File { name: "vault.db", synchronous: "FULL", cache_kib: 200, steps: &[include_str!("../../assets/migrations/vault/1.sql")] };

/// Each connection stays on its thread; paths may say how they are opened.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_URI);

/// Folder of the lock files within a home.
pub const LOCKS: &str = "locks";

/// How long a writer of another process may hold a file before this one gives up.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Between two tries of what SQLite itself does not wait for.
const MOMENT: Duration = Duration::from_millis(2);

/// Makes the directory, for its owner only.
pub fn prepare_dir(dir: &Path) -> StoreResult<()> {
    let private = fs::create_dir_all(dir).and_then(|()| make_private(dir)).and_then(|()| make_private(&dir.join(LOCKS)));
    private.map_err(|source| StoreError::Open { path: dir.to_owned(), source })
}

/// Makes a folder, if it is not there, and lets only its owner in.
fn make_private(dir: &Path) -> std::io::Result<()> {
    // No matter who made it: another process may start at the same moment.
    fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Opens one file for writing, migrated.
pub fn open(dir: &Path, file: &File, patience: Duration) -> StoreResult<Connection> {
    let path = dir.join(file.name);
    refuse_foreign(&path)?;
    let mut connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | FLAGS)?;
    connection.busy_timeout(patience)?;
    let known = file.steps.len() as i64;
    let found = layout(&connection)?;
    if found > known {
        return Err(StoreError::Newer { file: path, found, known });
    }
    write_ahead(&connection, patience)?;
    connection.pragma_update(None, "synchronous", file.synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -file.cache_kib)?;
    connection.set_prepared_statement_cache_capacity(64);
    if found < known {
        migrate(&mut connection, file)?;
    }
    Ok(connection)
}

/// Switches a new file to its write-ahead log. SQLite does not wait for others here: of two processes that start on a new home
/// at once, both would be told that the other one has it.
fn write_ahead(connection: &Connection, patience: Duration) -> StoreResult<()> {
    let begun = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < patience => {
                std::thread::sleep(MOMENT);
            }
            switched => return Ok(switched?),
        }
    }
}

/// Opens the ledger for reading, with the cache beside it.
pub fn open_reader(dir: &Path, patience: Duration) -> StoreResult<Connection> {
    let connection = Connection::open_with_flags(dir.join(LEDGER.name), OpenFlags::SQLITE_OPEN_READ_ONLY | FLAGS)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(64);
    attach_cache(&connection, dir)?;
    Ok(connection)
}

/// Lets a connection of the ledger read the cache as `cache`. Read only: a write transaction locks every file that could be
/// written, and a send must not wait for a sync.
pub fn attach_cache(connection: &Connection, dir: &Path) -> StoreResult<()> {
    let path = dir.join(CACHE.name).to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    connection.execute("ATTACH DATABASE ?1 AS cache", [format!("file:{path}?mode=ro")])?;
    Ok(())
}

/// Creates the file for its owner only, and refuses one that is not SQLite before SQLite touches it.
fn refuse_foreign(path: &Path) -> StoreResult<()> {
    let open = |source| StoreError::Open { path: path.to_owned(), source };
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut head = Vec::new();
    options.open(path).map_err(open)?.take(16).read_to_end(&mut head).map_err(open)?;
    if head.is_empty() || head == b"SQLite format 3\0" { Ok(()) } else { Err(StoreError::NotSqlite { file: path.to_owned() }) }
}

fn layout(connection: &Connection) -> StoreResult<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// One transaction for all steps; the layout is read again inside it, since another process may have been quicker.
fn migrate(connection: &mut Connection, file: &File) -> StoreResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = usize::try_from(layout(&transaction)?).unwrap_or(0);
    for step in file.steps.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", file.steps.len() as i64)?;
    transaction.commit()?;
    Ok(())
}
