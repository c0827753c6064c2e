//! Single requests, kept for the inspector.

use super::jobs::row_range;
use super::{Store, StoreResult, millis, timestamp};
use crate::domain::id::{JobId, RowNo};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// One request of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The row.
    pub row: RowNo,
    /// When the request left.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// HTTP status, if there was a reply.
    pub http_status: Option<u16>,
    /// The code, if there was a readable reply.
    pub errcode: Option<i64>,
    /// Raw reply or what went wrong on the way, the token taken out.
    pub reply: String,
}

impl Store {
    /// The requests of one row, first to last.
    pub async fn attempts(&self, job: JobId, row: RowNo) -> StoreResult<Vec<Attempt>> {
        self.reader
            .read(move |db| {
                let sql =
                    "SELECT started_at, elapsed_ms, http_status, errcode, reply FROM attempts WHERE delivery = ?1 ORDER BY id";
                let mut statement = db.prepare_cached(sql)?;
                let read = |found: &rusqlite::Row<'_>| {
                    Ok(Attempt {
                        row,
                        started_at: timestamp(found.get(0)?),
                        elapsed_ms: found.get(1)?,
                        http_status: found.get(2)?,
                        errcode: found.get(3)?,
                        reply: found.get(4)?,
                    })
                };
                let attempts = statement.query_map([row_range(job).0 + row.0], read)?.collect::<Result<_, _>>()?;
                Ok(attempts)
            })
            .await
    }
}

/// Writes requests inside the transaction of a turn.
pub fn insert(db: &Connection, job: JobId, attempts: &[Attempt]) -> StoreResult<()> {
    let sql =
        "INSERT INTO attempts (delivery, started_at, elapsed_ms, http_status, errcode, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = db.prepare_cached(sql)?;
    for attempt in attempts {
        statement.execute(params![
            row_range(job).0 + attempt.row.0,
            millis(attempt.started_at),
            attempt.elapsed_ms,
            attempt.http_status,
            attempt.errcode,
            attempt.reply,
        ])?;
    }
    Ok(())
}
