//! The heart of the ledger: one transaction writes what came back and claims what goes out next, so that nothing is sent
//! that is not already durable as `sending`.

use super::attempts::{self, Attempt};
use super::jobs::row_range;
use super::{Store, StoreResult, millis, timestamp};
use crate::domain::delivery::State;
use crate::domain::id::{JobId, OpenId, RowNo};
use crate::domain::placeholders::Params;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// One turn of a job's ledger.
#[derive(Debug, Default)]
pub struct Turn {
    /// What became of rows.
    pub changes: Vec<Change>,
    /// Requests worth keeping.
    pub attempts: Vec<Attempt>,
    /// What to send next.
    pub claim: Claim,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The row.
    pub row: RowNo,
    /// Where it stands now.
    pub state: State,
    /// Requests that counted.
    pub attempts: u32,
    /// Whether any of them may have arrived unnoticed.
    pub ambiguous: bool,
    /// The last code.
    pub errcode: Option<i64>,
    /// The last words.
    pub errmsg: Option<String>,
    /// Number of the accepted message.
    pub msgid: Option<u64>,
    /// When that was.
    pub at: Timestamp,
}

/// Which rows to mark as `sending`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claim {
    /// The first queued rows after this one …
    pub after: Option<RowNo>,
    /// … at most so many,
    pub limit: u32,
    /// … and these, whose pause is over.
    pub again: Vec<RowNo>,
    /// The time that is stored as theirs.
    pub at: Option<Timestamp>,
}

/// A row that may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The row.
    pub row: RowNo,
    /// The recipient.
    pub openid: OpenId,
    /// What placeholders stand for; none if the message is the same for everyone.
    pub params: Option<Params>,
    /// Requests that counted so far.
    pub attempts: u32,
    /// Whether any of them may have arrived unnoticed.
    pub ambiguous: bool,
    /// When the first request was about to leave.
    pub first_sent_at: Timestamp,
    /// The code of the last request.
    pub last_errcode: Option<i64>,
}

/// What a turn gave.
#[derive(Debug, Default)]
pub struct Turned {
    /// Rows that may be sent now.
    pub claimed: Vec<Claimed>,
    /// Whether there were fewer queued rows than asked for.
    pub exhausted: bool,
}

impl Store {
    /// Writes what came back and claims what goes out next, in one durable transaction.
    pub async fn turn(&self, job: JobId, turn: Turn) -> StoreResult<Turned> {
        self.ledger
            .write(move |db| {
                write_changes(db, job, &turn.changes)?;
                attempts::insert(db, job, &turn.attempts)?;
                claim(db, job, &turn.claim)
            })
            .await
    }

    /// Rows that were on their way when their process died.
    pub async fn interrupted(&self, job: JobId, limit: u32) -> StoreResult<Vec<Claimed>> {
        self.reader
            .read(move |db| {
                let (from, to) = row_range(job);
                let sql =
                    format!("SELECT {COLUMNS} FROM deliveries WHERE id BETWEEN ?1 AND ?2 AND state = 1 ORDER BY id LIMIT ?3");
                let mut statement = db.prepare_cached(&sql)?;
                let rows = statement.query_map(params![from, to, limit], read)?.collect::<Result<_, _>>()?;
                Ok(rows)
            })
            .await
    }
}

const COLUMNS: &str = "id, openid, attempts, ambiguous, coalesce(first_sent_at, 0), errcode, params";

fn write_changes(db: &Connection, job: JobId, changes: &[Change]) -> StoreResult<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut ended = [0_i64; State::ALL.len()];
    // A row that goes back untouched has no first request any more: its window starts with the next one. Queued and sending are
    // 0 and 1; said with IN, they would be made a table of their own for each row.
    let sql = "UPDATE deliveries SET state = ?2, attempts = ?3, ambiguous = ?4, errcode = ?5,
               errmsg = CASE WHEN ?2 = 0 THEN coalesce(?6, errmsg) ELSE ?6 END, msgid = ?7, updated_at = ?8,
               first_sent_at = CASE WHEN ?2 = 0 AND ?3 = 0 AND NOT ?4 THEN NULL ELSE first_sent_at END
               WHERE id = ?1 AND state <= 1";
    let mut update = db.prepare_cached(sql)?;
    for change in changes {
        let values = params![
            row_range(job).0 + change.row.0,
            change.state.code(),
            change.attempts,
            change.ambiguous,
            change.errcode,
            change.errmsg,
            change.msgid.map(|msgid| msgid as i64),
            millis(change.at),
        ];
        let written = update.execute(values)?;
        if let Some(count) = ended.get_mut(change.state.code() as usize) {
            *count += written as i64;
        }
    }
    let [_, _, accepted, failed, unknown, skipped] = ended;
    let sql = "UPDATE jobs SET accepted = accepted + ?2, failed = failed + ?3, unknown = unknown + ?4, skipped = skipped + ?5 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![job.0, accepted, failed, unknown, skipped])?;
    Ok(())
}

fn claim(db: &Connection, job: JobId, claim: &Claim) -> StoreResult<Turned> {
    let Some(at) = claim.at else { return Ok(Turned::default()) };
    let (first, last) = row_range(job);
    let mut claimed = Vec::new();
    for row in &claim.again {
        let sql = format!(
            "UPDATE deliveries SET state = 1, first_sent_at = coalesce(first_sent_at, ?2) WHERE id = ?1 AND state = 0 RETURNING {COLUMNS}"
        );
        let mut statement = db.prepare_cached(&sql)?;
        for row in statement.query_map(params![first + row.0, millis(at)], read)? {
            claimed.push(row?);
        }
    }
    let mut exhausted = false;
    if claim.limit > 0 {
        let from = claim.after.map_or(first, |row| first + row.0 + 1);
        let sql = format!("SELECT {COLUMNS} FROM deliveries WHERE id BETWEEN ?1 AND ?2 AND state = 0 ORDER BY id LIMIT ?3");
        let mut statement = db.prepare_cached(&sql)?;
        let mut fresh = statement.query_map(params![from, last, claim.limit], read)?.collect::<Result<Vec<_>, _>>()?;
        exhausted = fresh.len() < claim.limit as usize;
        if let Some(end) = fresh.last() {
            let sql = "UPDATE deliveries SET state = 1, first_sent_at = coalesce(first_sent_at, ?3) WHERE id BETWEEN ?1 AND ?2 AND state = 0";
            db.prepare_cached(sql)?.execute(params![from, first + end.row.0, millis(at)])?;
        }
        claimed.append(&mut fresh);
    }
    for row in &mut claimed {
        if row.first_sent_at == Timestamp::UNIX_EPOCH {
            row.first_sent_at = at;
        }
    }
    Ok(Turned { claimed, exhausted })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    Ok(Claimed {
        row: RowNo(row.get::<_, i64>(0)? & i64::from(u32::MAX)),
        openid: OpenId::trusted(row.get::<_, String>(1)?),
        attempts: row.get(2)?,
        ambiguous: row.get(3)?,
        first_sent_at: timestamp(row.get(4)?),
        last_errcode: row.get(5)?,
        params: read_params(row, 6)?,
    })
}

/// What was frozen for one recipient.
pub fn read_params(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Params>> {
    let json: Option<String> = row.get(column)?;
    Ok(json.map(|json| serde_json::from_str(&json).unwrap_or_default()))
}
