//! Deliveries as the screen and the export read them.

use super::claims::read_params;
use super::jobs::row_range;
use super::{Store, StoreResult, timestamp};
use crate::domain::delivery::{Delivery, IN_REVIEW, REFUSED_IN_REVIEW, State};
use crate::domain::id::{AccountId, JobId, OpenId, RowNo};
use crate::domain::user::PageAt;
use rusqlite::{Row, params};
use std::fmt::Write;

/// Which deliveries a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeliveryFilter {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those whose last code was this one.
    pub errcode: Option<i64>,
}

/// How often a code ended a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCount {
    /// The code.
    pub errcode: i64,
    /// How many.
    pub count: u64,
}

impl Store {
    /// One page of a job's deliveries, by row, each with the best human label of its recipient.
    pub async fn deliveries(
        &self,
        account: AccountId,
        job: JobId,
        filter: DeliveryFilter,
        at: PageAt<RowNo>,
        limit: u32,
    ) -> StoreResult<Vec<(Delivery, String)>> {
        self.reader
            .read(move |db| {
                let (first, last) = row_range(job);
                let (from, to, order) = match at {
                    PageAt::First => (first, last, "ASC"),
                    PageAt::After(row) => (first + row.0 + 1, last, "ASC"),
                    PageAt::Before(row) => (first, first + row.0 - 1, "DESC"),
                    PageAt::Last => (first, last, "DESC"),
                };
                let condition = condition(filter);
                let sql = format!(
                    "SELECT {COLUMNS}, coalesce(nullif(u.remark, ''), u.nickname, '')
                     FROM deliveries d LEFT JOIN cache.users u ON u.account = ?1 AND u.openid = d.openid
                     WHERE d.id BETWEEN ?2 AND ?3{condition} ORDER BY d.id {order} LIMIT ?4"
                );
                let mut statement = db.prepare_cached(&sql)?;
                let read = |row: &Row<'_>| Ok((read(job, row)?, row.get(10)?));
                let mut rows = statement.query_map(params![account.0, from, to, limit], read)?.collect::<Result<Vec<_>, _>>()?;
                if order == "DESC" {
                    rows.reverse();
                }
                Ok(rows)
            })
            .await
    }

    /// The next rows of a job that a filter lets through, on the reader for scans: where few rows fit, it goes through many.
    pub async fn scan_deliveries(
        &self,
        job: JobId,
        filter: DeliveryFilter,
        after: Option<RowNo>,
        limit: u32,
    ) -> StoreResult<Vec<Delivery>> {
        self.scans
            .read(move |db| {
                let (first, last) = row_range(job);
                let from = after.map_or(first, |row| first + row.0 + 1);
                let condition = condition(filter);
                let sql =
                    format!("SELECT {COLUMNS} FROM deliveries d WHERE d.id BETWEEN ?1 AND ?2{condition} ORDER BY d.id LIMIT ?3");
                let mut statement = db.prepare_cached(&sql)?;
                let rows = statement.query_map(params![from, last, limit], |row| read(job, row))?.collect::<Result<_, _>>()?;
                Ok(rows)
            })
            .await
    }

    /// Notes on rows in review that it refused them. They stay accepted, and keep the time of WeChat's answer; noting it again
    /// changes nothing.
    pub async fn note_refused_in_review(&self, job: JobId, rows: Vec<RowNo>) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                let sql = "UPDATE deliveries SET errmsg = ?2 || coalesce('; ' || nullif(errmsg, ''), '')
                           WHERE id = ?1 AND state = 2 AND errcode = ?3 AND substr(coalesce(errmsg, ''), 1, length(?2)) <> ?2";
                let mut update = db.prepare_cached(sql)?;
                for row in rows {
                    update.execute(params![row_range(job).0 + row.0, REFUSED_IN_REVIEW, IN_REVIEW])?;
                }
                Ok(())
            })
            .await
    }

    /// The codes that rows ended with other than accepted, the most frequent first.
    pub async fn error_counts(&self, job: JobId) -> StoreResult<Vec<CodeCount>> {
        self.reader
            .read(move |db| {
                let (from, to) = row_range(job);
                let sql = "SELECT errcode, count(*) AS n FROM deliveries
                           WHERE state IN (3, 4, 5) AND state >= 3 AND id BETWEEN ?1 AND ?2 AND errcode IS NOT NULL GROUP BY errcode ORDER BY n DESC, errcode";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &Row<'_>| Ok(CodeCount { errcode: row.get(0)?, count: row.get(1)? });
                let counts = statement.query_map(params![from, to], read)?.collect::<Result<_, _>>()?;
                Ok(counts)
            })
            .await
    }
}

/// What [`read`] reads, of `deliveries d`.
pub const COLUMNS: &str =
    "d.id, d.openid, d.state, d.attempts, d.ambiguous, d.errcode, d.errmsg, d.msgid, d.updated_at, d.params";

fn condition(filter: DeliveryFilter) -> String {
    let mut condition = String::new();
    if let Some(state) = filter.state {
        let _ = write!(condition, " AND d.state = {}", state.code());
        if matches!(state, State::Failed | State::Unknown | State::Skipped) {
            // The very condition of the partial index on these rows, without which it does not serve.
            condition.push_str(" AND d.state >= 3");
        }
    }
    if let Some(errcode) = filter.errcode {
        let _ = write!(condition, " AND d.errcode = {errcode}");
    }
    condition
}

/// One row of a job.
pub fn read(job: JobId, row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        job,
        row: RowNo(row.get::<_, i64>(0)? & i64::from(u32::MAX)),
        openid: OpenId::trusted(row.get::<_, String>(1)?),
        state: State::from_code(row.get(2)?).unwrap_or(State::Unknown),
        attempts: row.get(3)?,
        ambiguous: row.get(4)?,
        errcode: row.get(5)?,
        errmsg: row.get(6)?,
        msgid: row.get::<_, Option<i64>>(7)?.map(|msgid| msgid as u64),
        updated_at: row.get::<_, Option<i64>>(8)?.map(timestamp),
        params: read_params(row, 9)?,
    })
}
