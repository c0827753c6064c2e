//! Jobs, in the ledger.

use super::audience::{self, Freeze};
use super::{Store, StoreResult, millis, timestamp};
use crate::domain::account::{PaceLimits, Rate};
use crate::domain::audience::{Audience, Excluded, Reach};
use crate::domain::delivery::{Counts, State};
use crate::domain::id::{AccountId, JobId, TemplateId};
use crate::domain::job::{Job, JobState, Nonce, StopReason};
use crate::domain::message::Message;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A job that is about to be stored.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// 64 random bits.
    pub nonce: Nonce,
    /// Who sends.
    pub account: AccountId,
    /// What is sent.
    pub message: Message,
    /// Title of its template.
    pub title: String,
    /// Who gets it.
    pub recipients: Recipients,
    /// The audience in words.
    pub audience: String,
    /// Account, message and audience in one text.
    pub fingerprint: String,
    /// Whom the operator was told that it reaches; otherwise nothing is stored. None: whoever it reaches.
    pub expected: Option<Reach>,
    /// Even if the very same is unfinished, or ended less than 24 hours ago.
    pub again: bool,
    /// Its pace.
    pub pace: PaceLimits,
    /// Most requests for one row.
    pub attempts: u32,
}

/// Where the rows of a job come from.
#[derive(Debug, Clone)]
pub enum Recipients {
    /// An audience, evaluated now.
    Audience(Audience),
    /// The rows of an earlier job that stand in this state.
    Retry(JobId, State),
}

/// What became of the wish to store a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// It is stored, with all its rows.
    Job(Box<Job>),
    /// The very same is there already.
    Same(JobId),
    /// Nobody is left of the audience.
    Nobody(Excluded),
    /// It reaches others by now than the operator was told.
    Changed(Reach),
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// What one process asks of another that works on a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Finish what is in flight and stay resumable.
    Pause,
    /// Finish what is in flight and skip the rest.
    Cancel,
}

impl Wish {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Cancel => "cancel",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Pause, Self::Cancel].into_iter().find(|wish| wish.as_str() == text)
    }
}

const COLUMNS: &str =
    "id, nonce, account, message, title, audience, excluded, rate, concurrency, attempts, state, reason, retry_of,
    total, accepted, failed, unknown, skipped, created_at, finished_at, running_ms, terms";

impl Store {
    /// Stores a job with all its rows, in one transaction. The same again, or an audience that reaches nobody, stores nothing.
    pub async fn create_job(&self, new: NewJob, now: Timestamp) -> StoreResult<Created> {
        self.create(new, None, now).await
    }

    /// The same for a message that differs from one recipient to the next.
    pub async fn create_personal_job(&self, new: NewJob, freeze: Freeze, now: Timestamp) -> StoreResult<Created> {
        self.create(new, Some(freeze), now).await
    }

    async fn create(&self, new: NewJob, mut freeze: Option<Freeze>, now: Timestamp) -> StoreResult<Created> {
        self.ledger
            .read(move |db| {
                let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                if !new.again
                    && let Some(job) = same(&transaction, &new.fingerprint, now)?
                {
                    return Ok(Created::Same(job));
                }
                let id = insert(&transaction, &new, now)?;
                let (total, excluded) = match (&new.recipients, &mut freeze) {
                    (Recipients::Audience(terms), None) => audience::fill_job(&transaction, id, new.account, terms)?,
                    (Recipients::Audience(terms), Some(freeze)) => {
                        audience::fill_personal_job(&transaction, id, new.account, terms, freeze)?
                    }
                    (Recipients::Retry(job, state), _) => (retry_rows(&transaction, id, *job, *state)?, Excluded::default()),
                };
                if total == 0 {
                    return Ok(Created::Nobody(excluded));
                }
                let reach = Reach { recipients: total, excluded };
                if new.expected.is_some_and(|expected| expected != reach) {
                    return Ok(Created::Changed(reach));
                }
                let words = serde_json::to_string(&excluded).unwrap_or_default();
                transaction.execute("UPDATE jobs SET total = ?2, excluded = ?3 WHERE id = ?1", params![id, total, words])?;
                let job = find(&transaction, JobId(id))?;
                transaction.commit()?;
                // What an audience of a million took is not needed for sending to it.
                db.execute_batch("PRAGMA shrink_memory")?;
                Ok(job.map_or(Created::Nobody(excluded), |job| Created::Job(Box::new(job))))
            })
            .await
    }

    /// One job.
    pub async fn job(&self, id: JobId) -> StoreResult<Option<Job>> {
        self.reader.read(move |db| find(db, id)).await
    }

    /// The newest jobs, of one account or of all.
    pub async fn jobs(&self, account: Option<AccountId>, limit: u32) -> StoreResult<Vec<Job>> {
        self.reader
            .read(move |db| {
                let sql = format!("SELECT {COLUMNS} FROM jobs WHERE ?1 IS NULL OR account = ?1 ORDER BY id DESC LIMIT ?2");
                let mut statement = db.prepare_cached(&sql)?;
                let jobs = statement.query_map(params![account.map(|id| id.0), limit], read)?.collect::<Result<_, _>>()?;
                Ok(jobs)
            })
            .await
    }

    /// The jobs of an account that the ledger calls running, oldest first.
    pub async fn running_jobs(&self, account: AccountId) -> StoreResult<Vec<JobId>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT id FROM jobs WHERE account = ?1 AND state = 'running' ORDER BY id";
                let mut statement = db.prepare_cached(sql)?;
                let jobs = statement.query_map([account.0], |row| row.get(0).map(JobId))?.collect::<Result<_, _>>()?;
                Ok(jobs)
            })
            .await
    }

    /// A job with the same account, message and audience that is unfinished, or ended less than 24 hours ago. One that was
    /// cancelled counts if anything may have arrived of it.
    pub async fn same_job(&self, fingerprint: String, now: Timestamp) -> StoreResult<Option<JobId>> {
        self.reader.read(move |db| same(db, &fingerprint, now)).await
    }

    /// Notes that a job runs again. Gives the codes that stopped it before by coming too often in succession: whoever starts it
    /// again has seen them.
    pub async fn start_job(&self, id: JobId, pace: PaceLimits, attempts: u32) -> StoreResult<Vec<i64>> {
        self.ledger
            .write(move |db| {
                let mut seen = seen_codes(db, id)?;
                if let Some(StopReason::SameFailure { errcode, .. }) = find(db, id)?.and_then(|job| job.reason) {
                    seen.push(errcode);
                }
                let codes = serde_json::to_string(&seen).unwrap_or_default();
                let sql = "UPDATE jobs SET state = 'running', reason = NULL, finished_at = NULL, rate = ?2, concurrency = ?3, attempts = ?4,
                           seen_codes = ?5, wish = NULL WHERE id = ?1";
                db.execute(sql, params![id.0, pace.rate.0, pace.concurrency, attempts, codes])?;
                Ok(seen)
            })
            .await
    }

    /// Asks the process that works on a job to stop; it looks twice a second. `ran_ms` is how long the job had run before the run
    /// that is meant: a later one is not asked.
    pub async fn wish(&self, id: JobId, ran_ms: u64, wish: Wish) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                let sql = "UPDATE jobs SET wish = ?3 WHERE id = ?1 AND running_ms = ?2 AND state = 'running'";
                db.execute(sql, params![id.0, ran_ms as i64, wish.as_str()])?;
                Ok(())
            })
            .await
    }

    /// Changes the pace of a job; a process that works on it takes it over.
    pub async fn set_job_pace(&self, id: JobId, pace: PaceLimits) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                let sql = "UPDATE jobs SET rate = ?2, concurrency = ?3 WHERE id = ?1";
                db.execute(sql, params![id.0, pace.rate.0, pace.concurrency])?;
                Ok(())
            })
            .await
    }

    /// What is asked of a job, and the pace that is wanted.
    pub async fn wanted(&self, id: JobId) -> StoreResult<Option<(Option<Wish>, PaceLimits)>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT wish, rate, concurrency FROM jobs WHERE id = ?1";
                let read = |row: &Row<'_>| {
                    let wish: Option<String> = row.get(0)?;
                    let pace = PaceLimits { rate: Rate(row.get(1)?), concurrency: row.get(2)? };
                    Ok((wish.as_deref().and_then(Wish::parse), pace))
                };
                Ok(db.prepare_cached(sql)?.query_row([id.0], read).optional()?)
            })
            .await
    }

    /// Deletes jobs that ended before a time, with their rows. A job and its retries go together or not at all: what became of the
    /// one tells who must not get it again from the other. Gives how many jobs and rows.
    pub async fn prune_jobs(&self, before: Timestamp) -> StoreResult<(u64, u64)> {
        self.ledger
            .write(move |db| {
                // Retries first, since they point at what they retry.
                let old = "WITH RECURSIVE kept (id) AS (
                               SELECT id FROM jobs WHERE (state IN ('done', 'cancelled') AND finished_at < ?1) IS NOT TRUE
                               UNION SELECT retry_of FROM jobs JOIN kept USING (id) WHERE retry_of IS NOT NULL
                               UNION SELECT jobs.id FROM jobs JOIN kept ON retry_of = kept.id)
                           SELECT id FROM jobs WHERE id NOT IN kept ORDER BY id DESC";
                let mut statement = db.prepare(old)?;
                let jobs = statement.query_map([millis(before)], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
                let mut rows = 0;
                for job in &jobs {
                    let (from, to) = row_range(JobId(*job));
                    rows += db.execute("DELETE FROM deliveries WHERE id BETWEEN ?1 AND ?2", [from, to])? as u64;
                    db.execute("DELETE FROM jobs WHERE id = ?1", [job])?;
                }
                Ok((jobs.len() as u64, rows))
            })
            .await
    }

    /// Notes how a run of a job ended. `ran_ms` is how long this run took.
    pub async fn stop_job(
        &self,
        id: JobId,
        state: JobState,
        reason: Option<StopReason>,
        ran_ms: u64,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                if state == JobState::Cancelled {
                    let (from, to) = row_range(id);
                    // Nobody is called skipped who may have got it.
                    let sql = "UPDATE deliveries SET state = 4, updated_at = ?3 WHERE id BETWEEN ?1 AND ?2 AND (state = 1 OR state = 0 AND ambiguous)";
                    let unknown = db.execute(sql, params![from, to, millis(now)])?;
                    let sql = "UPDATE deliveries SET state = 5, updated_at = ?3 WHERE id BETWEEN ?1 AND ?2 AND state = 0";
                    let skipped = db.execute(sql, params![from, to, millis(now)])?;
                    let sql = "UPDATE jobs SET unknown = unknown + ?2, skipped = skipped + ?3 WHERE id = ?1";
                    db.execute(sql, params![id.0, unknown as i64, skipped as i64])?;
                }
                let reason = reason.and_then(|reason| serde_json::to_string(&reason).ok());
                let sql = "UPDATE jobs SET state = ?2, reason = ?3, finished_at = ?4, running_ms = running_ms + ?5 WHERE id = ?1";
                db.execute(sql, params![id.0, state.as_str(), reason, millis(now), ran_ms as i64])?;
                Ok(())
            })
            .await?;
        self.ledger.empty_log().await;
        Ok(())
    }
}

/// First and last possible row of a job.
pub fn row_range(job: JobId) -> (i64, i64) {
    (job.0 << 32, (job.0 << 32) | i64::from(u32::MAX))
}

fn same(db: &Connection, fingerprint: &str, now: Timestamp) -> StoreResult<Option<JobId>> {
    let sql = "SELECT max(id) FROM jobs WHERE fingerprint = ?1 AND (state IN ('running', 'paused')
               OR finished_at > ?2 AND (state = 'done' OR accepted + unknown > 0))";
    let since = millis(now).saturating_sub(DAY);
    let job: Option<i64> = db.prepare_cached(sql)?.query_row(params![fingerprint, since], |row| row.get(0))?;
    Ok(job.map(JobId))
}

fn seen_codes(db: &Connection, id: JobId) -> StoreResult<Vec<i64>> {
    let sql = "SELECT seen_codes FROM jobs WHERE id = ?1";
    let codes: Option<String> = db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(codes.and_then(|codes| serde_json::from_str(&codes).ok()).unwrap_or_default())
}

fn insert(db: &Connection, new: &NewJob, now: Timestamp) -> StoreResult<i64> {
    let (retry_of, terms) = match &new.recipients {
        Recipients::Retry(job, _) => (Some(job.0), None),
        Recipients::Audience(terms) => (None, serde_json::to_string(terms).ok()),
    };
    let sql = "INSERT INTO jobs (nonce, account, message, title, audience, fingerprint, excluded, rate, concurrency, attempts, state, retry_of, created_at, terms)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, '{}', ?7, ?8, ?9, 'running', ?10, ?11, ?12)";
    db.execute(
        sql,
        params![
            new.nonce.0 as i64,
            new.account.0,
            serde_json::to_string(&new.message).unwrap_or_default(),
            new.title,
            new.audience,
            new.fingerprint,
            new.pace.rate.0,
            new.pace.concurrency,
            new.attempts,
            retry_of,
            millis(now),
            terms,
        ],
    )?;
    Ok(db.last_insert_rowid())
}

/// Writes the rows of `job` that stand in `state` as those of the new job `id`. Who got the message in a later retry of the same
/// family, may have got it, or is still to get it, is left out: a retry typed twice sends once.
fn retry_rows(db: &Connection, id: i64, job: JobId, state: State) -> StoreResult<u64> {
    let (from, to) = row_range(job);
    let sql = format!(
        "WITH RECURSIVE family (id) AS (
             SELECT ?3
             UNION SELECT retry_of FROM jobs JOIN family USING (id) WHERE retry_of IS NOT NULL
             UNION SELECT jobs.id FROM jobs JOIN family ON retry_of = family.id),
         reached (openid) AS (
             SELECT openid FROM family CROSS JOIN deliveries d ON d.id BETWEEN family.id << 32 AND (family.id << 32) + {last}
             WHERE family.id > ?3 AND family.id <> ?4 AND state NOT IN ({failed}, {skipped}))
         INSERT INTO deliveries (id, openid, params)
         SELECT (?4 << 32) + row_number() OVER (ORDER BY id) - 1, openid, params FROM deliveries
         WHERE id BETWEEN ?1 AND ?2 AND state = {state} AND openid NOT IN reached",
        last = u32::MAX,
        failed = State::Failed.code(),
        skipped = State::Skipped.code(),
        // Written out, as the partial index wants it.
        state = state.code(),
    );
    Ok(db.execute(&sql, params![from, to, job.0, id])? as u64)
}

fn find(db: &Connection, id: JobId) -> StoreResult<Option<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id.0], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Job> {
    let message: String = row.get(3)?;
    let excluded: String = row.get(6)?;
    let state: String = row.get(10)?;
    let reason: Option<String> = row.get(11)?;
    Ok(Job {
        id: JobId(row.get(0)?),
        nonce: Nonce(row.get::<_, i64>(1)? as u64),
        account: AccountId(row.get(2)?),
        message: serde_json::from_str(&message).unwrap_or_else(|_| Message::new(TemplateId::trusted(""))),
        title: row.get(4)?,
        audience: row.get(5)?,
        excluded: serde_json::from_str(&excluded).unwrap_or_default(),
        pace: PaceLimits { rate: Rate(row.get(7)?), concurrency: row.get(8)? },
        attempts: row.get(9)?,
        state: JobState::parse(&state).unwrap_or(JobState::Paused),
        reason: reason.and_then(|reason| serde_json::from_str(&reason).ok()),
        retry_of: row.get::<_, Option<i64>>(12)?.map(JobId),
        counts: Counts {
            total: row.get(13)?,
            accepted: row.get(14)?,
            failed: row.get(15)?,
            unknown: row.get(16)?,
            skipped: row.get(17)?,
        },
        created_at: timestamp(row.get(18)?),
        finished_at: row.get::<_, Option<i64>>(19)?.map(timestamp),
        running_ms: row.get(20)?,
        terms: row.get::<_, Option<String>>(21)?.and_then(|terms| serde_json::from_str(&terms).ok()),
    })
}
