//! Everything one user was ever sent.

use super::deliveries::{COLUMNS, read};
use super::jobs::row_range;
use super::{Store, StoreResult};
use crate::domain::delivery::Delivery;
use crate::domain::id::{AccountId, JobId, OpenId, TemplateId};
use crate::domain::placeholders::has_any;
use rusqlite::{Row, params};
use std::collections::BTreeMap;

/// One delivery with what it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastDelivery {
    /// The row of its job.
    pub delivery: Delivery,
    /// Title of the template, as it was then.
    pub title: String,
    /// The template.
    pub template_id: TemplateId,
}

/// A job to look through.
struct Past {
    job: JobId,
    title: String,
    template_id: String,
}

impl Store {
    /// The deliveries to one user over all jobs of an account, newest first, at most so many. There is no index on openids, since
    /// it would cost every job that is created a second tree of random pages: job after job is gone through, the newest first,
    /// on the reader for scans. Dropping the future stops after the job at hand.
    pub async fn deliveries_to(&self, account: AccountId, openid: &OpenId, limit: u32) -> StoreResult<Vec<PastDelivery>> {
        let mut found = Vec::new();
        for past in self.past_jobs(account).await? {
            let room = limit.saturating_sub(found.len() as u32);
            if room == 0 {
                break;
            }
            found.extend(self.rows_to(past, openid.clone(), room).await?);
        }
        Ok(found)
    }

    async fn past_jobs(&self, account: AccountId) -> StoreResult<Vec<Past>> {
        self.scans
            .read(move |db| {
                let sql =
                    "SELECT id, title, coalesce(message ->> 'template_id', '') FROM jobs WHERE account = ?1 ORDER BY id DESC";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &Row<'_>| Ok(Past { job: JobId(row.get(0)?), title: row.get(1)?, template_id: row.get(2)? });
                let jobs = statement.query_map([account.0], read)?.collect::<Result<_, _>>()?;
                Ok(jobs)
            })
            .await
    }

    async fn rows_to(&self, past: Past, openid: OpenId, limit: u32) -> StoreResult<Vec<PastDelivery>> {
        self.scans
            .read(move |db| {
                let (first, last) = row_range(past.job);
                let sql = format!(
                    "SELECT {COLUMNS} FROM deliveries d WHERE d.id BETWEEN ?1 AND ?2 AND d.openid = ?3 ORDER BY d.id DESC LIMIT ?4"
                );
                let mut statement = db.prepare_cached(&sql)?;
                let read = |row: &Row<'_>| {
                    let (title, template_id) = (past.title.clone(), TemplateId::trusted(past.template_id.clone()));
                    Ok(PastDelivery { delivery: read(past.job, row)?, title, template_id })
                };
                let rows = statement.query_map(params![first, last, openid.as_str(), limit], read)?.collect::<Result<_, _>>()?;
                Ok(rows)
            })
            .await
    }

    /// By key, the values that messages of a template had which WeChat accepted, the latest first. What was still to be worked out
    /// for each recipient is left out.
    pub async fn used_values(&self, account: AccountId, template: TemplateId) -> StoreResult<BTreeMap<String, Vec<String>>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT v.value ->> 'key', v.value ->> 'value' FROM jobs, json_each(message, '$.values') v
                           WHERE account = ?1 AND message ->> 'template_id' = ?2 AND accepted > 0 ORDER BY jobs.id DESC";
                let mut statement = db.prepare_cached(sql)?;
                let mut rows = statement.query(params![account.0, template.as_str()])?;
                let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
                while let Some(row) = rows.next()? {
                    let (key, value): (String, String) = (row.get(0)?, row.get(1)?);
                    let values = used.entry(key).or_default();
                    if !value.is_empty() && !has_any(&value) && !values.contains(&value) {
                        values.push(value);
                    }
                }
                Ok(used)
            })
            .await
    }
}
