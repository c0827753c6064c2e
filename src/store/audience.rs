//! An audience as SQL: a compound SELECT is evaluated from left to right, just as the expression is.

mod query;
mod twice;

use super::scan::Scan;
use super::{Store, StoreResult};
use crate::domain::audience::{Audience, Excluded, Exclusion, Reach};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::placeholders::Params;
use query::Query;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// One whom an audience names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Who.
    pub openid: OpenId,
    /// What they call themselves; few are known.
    pub nickname: String,
    /// What the operator calls them.
    pub remark: String,
    /// What files of the audience say of them, by column; the first file before the others, and its first row before the others.
    pub columns: BTreeMap<String, String>,
    /// Their row in the first file that has them, from 1.
    pub row: Option<u64>,
    /// Why they are left out; nothing for a recipient.
    pub left_out: Option<Exclusion>,
}

impl Judged {
    /// The best human label there is; empty if there is none.
    pub fn name(&self) -> &str {
        if self.remark.is_empty() { &self.nickname } else { &self.remark }
    }
}

/// Where to look from a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To those who come after.
    After,
    /// To those who come before.
    Before,
}

/// Steps of SQLite between two looks at whether a count is still wanted: well under a millisecond.
const STEPS: std::ffi::c_int = 10_000;

/// Whether the answer to something is still wanted. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    no_more: Arc<AtomicBool>,
}

impl Wanted {
    /// Nobody waits for it any more.
    pub fn give_up(&self) {
        self.no_more.store(true, Relaxed);
    }

    /// Whether somebody waits.
    pub fn still(&self) -> bool {
        !self.no_more.load(Relaxed)
    }
}

/// Freezes what a message needs to know of a recipient; nothing for one whose message would break a rule, who is left out.
pub type Freeze = Box<dyn FnMut(&Judged) -> Option<Params> + Send>;

impl Store {
    /// How many an audience would reach, and who is left out. On the reader for scans: nobody's list waits for it.
    pub async fn reach(&self, account: AccountId, audience: Audience) -> StoreResult<Reach> {
        self.scans.read(move |db| reach(db, account, &audience)).await
    }

    /// The same as long as it is wanted; nothing where it was not wanted any more before it was counted.
    pub async fn reach_while(&self, account: AccountId, audience: Audience, wanted: Wanted) -> StoreResult<Option<Reach>> {
        self.scans
            .read(move |db| {
                if !wanted.still() {
                    return Ok(None);
                }
                let asked = wanted.clone();
                db.progress_handler(STEPS, Some(move || !asked.still()))?;
                let counted = reach(db, account, &audience);
                db.progress_handler(0, None::<fn() -> bool>)?;
                if wanted.still() { counted.map(Some) } else { Ok(None) }
            })
            .await
    }

    /// The first whom an audience would reach, for the preview.
    pub async fn first_recipient(&self, account: AccountId, audience: Audience) -> StoreResult<Option<OpenId>> {
        self.scans
            .read(move |db| {
                let query = Query::new(db, account, &audience)?;
                let sql = format!("{} SELECT openid FROM judged WHERE reason = 'none' LIMIT 1", query.judged());
                let mut statement = db.prepare(&sql)?;
                let mut rows = statement.query(params_from_iter(query.values))?;
                Ok(rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?.map(OpenId::trusted))
            })
            .await
    }

    /// The recipient who comes right after or before an openid, by openid; nobody at the end. For stepping through a
    /// preview; on the reader for scans, since a large tag has to be sorted for it.
    pub async fn recipient_beside(
        &self,
        account: AccountId,
        audience: Audience,
        from: OpenId,
        side: Side,
    ) -> StoreResult<Option<OpenId>> {
        self.scans
            .read(move |db| {
                let query = Query::new(db, account, &audience)?;
                let (sign, order) = match side {
                    Side::After => (">", "ASC"),
                    Side::Before => ("<", "DESC"),
                };
                let sql = format!(
                    "{} SELECT openid FROM judged WHERE openid {sign} ? AND reason = 'none' ORDER BY openid {order} LIMIT 1",
                    query.judged()
                );
                let mut statement = db.prepare(&sql)?;
                let values = query.values.into_iter().chain([Value::from(from.as_str().to_owned())]);
                let mut rows = statement.query(params_from_iter(values))?;
                Ok(rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?.map(OpenId::trusted))
            })
            .await
    }

    /// The recipients after an openid, by openid.
    pub fn scan_recipients(&self, account: AccountId, audience: Audience, after: OpenId) -> StoreResult<Scan<Judged>> {
        self.scans.scan(move |db, found| {
            let query = Query::new(db, account, &audience)?;
            let sql = format!(
                "{} SELECT {} FROM judged WHERE openid > ? AND reason = 'none' ORDER BY openid",
                query.judged_with_columns(),
                query.row_columns()
            );
            let mut statement = db.prepare(&sql)?;
            let values = query.values.iter().cloned().chain([Value::from(after.as_str().to_owned())]);
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                found.push(query.judge(row)?)?;
            }
            Ok(())
        })
    }

    /// Everyone whom an audience names, each once, and then who was named more than once, as often as they were beyond the
    /// first time, and the rows of files that name nobody: what is behind the numbers of [`Store::reach`].
    pub fn scan_audience(&self, account: AccountId, audience: Audience) -> StoreResult<Scan<Judged>> {
        self.scans.scan(move |db, found| {
            let query = Query::new(db, account, &audience)?;
            let sql = format!("{} SELECT {} FROM judged", query.judged_with_columns(), query.row_columns());
            let mut statement = db.prepare(&sql)?;
            let mut rows = statement.query(params_from_iter(&query.values))?;
            while let Some(row) = rows.next()? {
                found.push(query.judge(row)?)?;
            }
            drop(rows);
            twice::scan(db, account, &audience, found)
        })
    }
}

/// Counts an audience on a connection that has the cache attached.
pub fn reach(db: &Connection, account: AccountId, audience: &Audience) -> StoreResult<Reach> {
    let query = Query::new(db, account, audience)?;
    let sql = format!("{} SELECT reason, count(*) FROM judged GROUP BY reason", query.judged());
    let mut reach = Reach::default();
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(query.values))?;
    while let Some(row) = rows.next()? {
        let count = row.get(1)?;
        match Exclusion::parse(&row.get::<_, String>(0)?) {
            None => reach.recipients = count,
            Some(reason) => reach.excluded.add(reason, count),
        }
    }
    let twice = twice::count(db, account, audience)?;
    reach.excluded.add(Exclusion::Duplicate, twice.duplicates);
    reach.excluded.add(Exclusion::Invalid, twice.blank);
    Ok(reach)
}

/// Writes the recipients of an audience as the rows of a job. Gives their number and who was left out.
pub fn fill_job(db: &Connection, job: i64, account: AccountId, audience: &Audience) -> StoreResult<(u64, Excluded)> {
    let excluded = reach(db, account, audience)?.excluded;
    let query = Query::new(db, account, audience)?;
    let sql = format!(
        "INSERT INTO deliveries (id, openid) {} SELECT ({job} << 32) + row_number() OVER () - 1, openid FROM judged WHERE reason = 'none'",
        query.judged()
    );
    let total = db.execute(&sql, params_from_iter(query.values))?;
    Ok((total as u64, excluded))
}

/// The same, where the message differs from one recipient to the next.
pub fn fill_personal_job(
    db: &Connection,
    job: i64,
    account: AccountId,
    audience: &Audience,
    freeze: &mut Freeze,
) -> StoreResult<(u64, Excluded)> {
    let mut excluded = reach(db, account, audience)?.excluded;
    let query = Query::new(db, account, audience)?;
    let sql = format!("{} SELECT {} FROM judged WHERE reason = 'none'", query.judged_with_columns(), query.row_columns());
    let mut everyone = db.prepare(&sql)?;
    let mut everyone = everyone.query(params_from_iter(&query.values))?;
    let mut insert = db.prepare("INSERT INTO deliveries (id, openid, params) VALUES (?1, ?2, ?3)")?;
    let mut total = 0;
    while let Some(row) = everyone.next()? {
        let person = query.judge(row)?;
        let Some(known) = freeze(&person) else {
            excluded.add(Exclusion::Invalid, 1);
            continue;
        };
        let known = serde_json::to_string(&known).unwrap_or_default();
        insert.execute(params![(job << 32) + total, person.openid.as_str(), known])?;
        total += 1;
    }
    Ok((total as u64, excluded))
}
