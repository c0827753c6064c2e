//! Files of recipients: what was read of them, in the cache.

use super::error::{StoreError, StoreResult};
use super::migrate::{self, PATIENCE};
use super::{Store, millis, timestamp};
use crate::domain::audience::Audience;
use crate::domain::id::{AccountId, FileId, OpenId};
use crate::domain::recipient_file::{FileSet, ReadFile};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use std::collections::BTreeMap;

/// Rows written in one transaction, so that nobody waits long for their turn.
const BATCH: usize = 50_000;

/// How long a file that was read is kept after it was read last, in milliseconds: 30 days.
const KEPT: i64 = 30 * 86_400_000;

/// How long a file may take to be read, in milliseconds. What is still unfinished then was left behind.
const UNFINISHED: i64 = 86_400_000;

/// Memory for sorting, in KiB.
const SORTING_KIB: i64 = 16_000;

/// Whether a file is there and was read to its end: its number within the cache, by account and digest.
const FIND: &str = "SELECT id FROM cache.files WHERE account = ?1 AND digest = ?2 AND read_at IS NOT NULL";

const COLUMNS: &str = "digest, path, columns, rows, blank, people, read_at";

/// Takes the rows of a file, in their order.
pub struct FileRows<'a> {
    db: &'a Connection,
    rows: u64,
    blank: u64,
}

impl FileRows<'_> {
    /// One more row: its number from 1, its openid or an empty text, and what its other columns hold.
    pub fn push(&mut self, row: u64, openid: &str, columns: &BTreeMap<String, String>) -> StoreResult<()> {
        let columns = if columns.is_empty() { None } else { serde_json::to_string(columns).ok() };
        let mut insert = self.db.prepare_cached("INSERT INTO temp.staged VALUES (?1, ?2, ?3)")?;
        insert.execute(params![openid, row, columns])?;
        self.rows += 1;
        self.blank += u64::from(openid.is_empty());
        Ok(())
    }
}

impl Store {
    /// A file that was read; nothing if it was not, or longer ago than the cache keeps files.
    pub async fn recipient_file(&self, account: AccountId, id: FileId) -> StoreResult<Option<ReadFile>> {
        self.reader
            .read(move |db| {
                let sql = format!("SELECT {COLUMNS} FROM cache.files WHERE account = ?1 AND digest = ?2 AND read_at IS NOT NULL");
                Ok(db.query_row(&sql, params![account.0, id.as_str()], read_file).optional()?)
            })
            .await
    }

    /// The files that were read last, the latest first.
    pub async fn recent_files(&self, account: AccountId, limit: u32) -> StoreResult<Vec<ReadFile>> {
        self.reader
            .read(move |db| {
                let sql = format!(
                    "SELECT {COLUMNS} FROM cache.files WHERE account = ?1 AND read_at IS NOT NULL ORDER BY read_at DESC LIMIT ?2"
                );
                let files = db.prepare(&sql)?.query_map(params![account.0, limit], read_file)?.collect::<Result<_, _>>()?;
                Ok(files)
            })
            .await
    }

    /// Notes that a file was read again, so that it is kept.
    pub async fn touch_file(&self, account: AccountId, file: FileSet, now: Timestamp) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let sql = "UPDATE files SET read_at = ?3, path = ?4 WHERE account = ?1 AND digest = ?2 AND read_at IS NOT NULL";
                db.execute(sql, params![account.0, file.id.as_str(), millis(now), file.path])?;
                Ok(())
            })
            .await
    }

    /// The columns that the files of an audience have, those of the first file first; each once.
    pub async fn columns_of(&self, account: AccountId, audience: &Audience) -> StoreResult<Vec<String>> {
        let mut columns: Vec<String> = Vec::new();
        for file in audience.files() {
            let read = self.recipient_file(account, file.id.clone()).await?.map(|file| file.columns).unwrap_or_default();
            for column in read {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        Ok(columns)
    }

    /// What the files of an audience say of one recipient.
    pub async fn said_of(
        &self,
        account: AccountId,
        audience: &Audience,
        openid: OpenId,
    ) -> StoreResult<BTreeMap<String, String>> {
        let files: Vec<FileId> = audience.files().map(|file| file.id.clone()).collect();
        if files.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.reader
            .read(move |db| {
                let mut said = BTreeMap::new();
                for file in files {
                    let Some(file) = find(db, account, &file)? else { continue };
                    let sql = "SELECT params FROM cache.file_rows WHERE file = ?1 AND openid = ?2 ORDER BY row LIMIT 1";
                    let row: Option<Option<String>> =
                        db.query_row(sql, params![file, openid.as_str()], |row| row.get(0)).optional()?;
                    add_columns(&mut said, row.flatten().as_deref());
                }
                Ok(said)
            })
            .await
    }

    /// Keeps a file whose rows `fill` hands over, on a connection and a thread of its own: reading may take long, and others
    /// write meanwhile. It is there as a whole or not at all.
    pub async fn keep_file<E, F>(
        &self,
        account: AccountId,
        set: FileSet,
        columns: Vec<String>,
        now: Timestamp,
        fill: F,
    ) -> Result<ReadFile, E>
    where
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut FileRows<'_>) -> Result<(), E> + Send + 'static,
    {
        let dir = self.dir.clone();
        let work = move || {
            let mut db = migrate::open(&dir, &migrate::CACHE, PATIENCE)?;
            prune(&mut db, now)?;
            let file = keep(&mut db, account, &set, &columns, now, fill)?;
            Ok(file)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?
    }
}

/// The number of a file within the cache, on a connection that has it attached.
pub fn find(db: &Connection, account: AccountId, id: &FileId) -> StoreResult<Option<i64>> {
    Ok(db.prepare_cached(FIND)?.query_row(params![account.0, id.as_str()], |row| row.get(0)).optional()?)
}

/// Adds what a row says to what is said already, which comes first.
pub fn add_columns(said: &mut BTreeMap<String, String>, row: Option<&str>) {
    let row: BTreeMap<String, String> = row.and_then(|row| serde_json::from_str(row).ok()).unwrap_or_default();
    for (name, value) in row {
        said.entry(name).or_insert(value);
    }
}

fn read_file(row: &Row<'_>) -> rusqlite::Result<ReadFile> {
    Ok(ReadFile {
        set: FileSet { id: FileId::trusted(row.get::<_, String>(0)?), path: row.get(1)? },
        columns: serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default(),
        rows: row.get(3)?,
        blank: row.get(4)?,
        people: row.get(5)?,
        read_at: timestamp(row.get(6)?),
    })
}

fn keep<E: From<StoreError>>(
    db: &mut Connection,
    account: AccountId,
    set: &FileSet,
    columns: &[String],
    now: Timestamp,
    fill: impl FnOnce(&mut FileRows<'_>) -> Result<(), E>,
) -> Result<ReadFile, E> {
    let (rows, blank) = stage(db, fill)?;
    let file = write(db, account, set, columns, now, (rows, blank))?;
    Ok(file)
}

/// Puts the rows beside the cache first: a million of them written by openid as they come would touch every page as often.
fn stage<E: From<StoreError>>(db: &Connection, fill: impl FnOnce(&mut FileRows<'_>) -> Result<(), E>) -> Result<(u64, u64), E> {
    let sql = "PRAGMA temp_store = FILE; CREATE TEMP TABLE staged (openid TEXT, row INTEGER, params TEXT); BEGIN";
    db.execute_batch(sql).map_err(StoreError::from)?;
    let mut rows = FileRows { db, rows: 0, blank: 0 };
    fill(&mut rows)?;
    let counts = (rows.rows, rows.blank);
    db.execute_batch("COMMIT").map_err(StoreError::from)?;
    Ok(counts)
}

/// Writes what was staged, in the order of the openids.
fn write(
    db: &mut Connection,
    account: AccountId,
    set: &FileSet,
    columns: &[String],
    now: Timestamp,
    (rows, blank): (u64, u64),
) -> StoreResult<ReadFile> {
    db.pragma_update(None, "cache_size", -SORTING_KIB)?;
    let columns = serde_json::to_string(columns).unwrap_or_default();
    let begun = db.query_row(
        "INSERT INTO files (account, digest, path, columns, rows, blank, began_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        params![account.0, set.id.as_str(), set.path, columns, rows, blank, millis(now)],
        |row| row.get::<_, i64>(0),
    )?;
    let people = move_rows(db, begun)?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have read the same file meanwhile: then there is one too many.
    let sql = "SELECT id FROM files WHERE account = ?1 AND digest = ?2 AND read_at IS NOT NULL";
    let other: Option<i64> = transaction.query_row(sql, params![account.0, set.id.as_str()], |row| row.get(0)).optional()?;
    let kept = other.unwrap_or(begun);
    if other.is_some() {
        delete(&transaction, begun)?;
    }
    transaction.execute("UPDATE files SET people = ?2, read_at = ?3 WHERE id = ?1", params![kept, people, millis(now)])?;
    let file = transaction.query_row(&format!("SELECT {COLUMNS} FROM files WHERE id = ?1"), [kept], read_file)?;
    transaction.commit()?;
    db.execute_batch("DROP TABLE temp.staged")?;
    Ok(file)
}

/// Gives the number of different openids.
fn move_rows(db: &Connection, file: i64) -> StoreResult<u64> {
    let mut sorted = db.prepare("SELECT openid, row, params FROM temp.staged ORDER BY openid, row")?;
    let mut sorted = sorted.query([])?;
    let mut insert = db.prepare("INSERT INTO file_rows (file, openid, row, params) VALUES (?1, ?2, ?3, ?4)")?;
    let (mut people, mut last, mut written) = (0, String::new(), 0);
    db.execute_batch("BEGIN IMMEDIATE")?;
    while let Some(row) = sorted.next()? {
        let openid = row.get_ref(0)?.as_str().unwrap_or_default();
        let said = row.get_ref(2)?.as_str_or_null().unwrap_or_default();
        insert.execute(params![file, openid, row.get::<_, u64>(1)?, said])?;
        if last != openid {
            openid.clone_into(&mut last);
            people += 1;
        }
        written += 1;
        if written % BATCH == 0 {
            db.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        }
    }
    db.execute_batch("COMMIT")?;
    Ok(people)
}

/// Drops files that nobody used for long, and what a process left behind that was killed while it read one.
fn prune(db: &mut Connection, now: Timestamp) -> StoreResult<()> {
    let now = millis(now);
    let sql = "SELECT id FROM files WHERE read_at < ?1 OR (read_at IS NULL AND began_at < ?2)";
    let old: Vec<i64> =
        db.prepare(sql)?.query_map(params![now - KEPT, now - UNFINISHED], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for file in old {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        delete(&transaction, file)?;
        transaction.commit()?;
    }
    Ok(())
}

fn delete(db: &Connection, file: i64) -> StoreResult<()> {
    db.execute("DELETE FROM file_rows WHERE file = ?1", [file])?;
    db.execute("DELETE FROM files WHERE id = ?1", [file])?;
    Ok(())
}
