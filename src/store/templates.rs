//! Templates, in the cache.

use super::{Store, StoreResult, millis};
use crate::domain::id::{AccountId, TemplateId};
use crate::domain::template::Template;
use jiff::Timestamp;
use rusqlite::params;

/// What a sync of templates changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TemplateChanges {
    /// Templates that can be sent now.
    pub total: u64,
    /// Never seen before, or back again.
    pub added: u64,
    /// No longer there.
    pub removed: u64,
}

impl Store {
    /// The templates of an account that can be sent, in WeChat's order.
    pub async fn templates(&self, account: AccountId) -> StoreResult<Vec<Template>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT template_id, title, content, example, primary_industry, deputy_industry FROM cache.templates
                           WHERE account = ?1 AND gone_at IS NULL ORDER BY position";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &rusqlite::Row<'_>| {
                    Ok(Template {
                        id: TemplateId::trusted(row.get::<_, String>(0)?),
                        title: row.get(1)?,
                        content: row.get(2)?,
                        example: row.get(3)?,
                        industry: (row.get(4)?, row.get(5)?),
                    })
                };
                let templates = statement.query_map([account.0], read)?.collect::<Result<_, _>>()?;
                Ok(templates)
            })
            .await
    }

    /// Replaces the templates of an account by what WeChat listed; who is missing is kept as gone.
    pub async fn put_templates(
        &self,
        account: AccountId,
        templates: Vec<Template>,
        now: Timestamp,
    ) -> StoreResult<TemplateChanges> {
        self.cache
            .write(move |db| {
                let count = "SELECT count(*) FROM templates WHERE account = ?1 AND gone_at IS NULL";
                let before: u64 = db.query_row(count, [account.0], |row| row.get(0))?;
                db.execute("UPDATE templates SET position = -1 WHERE account = ?1", [account.0])?;
                let mut known = 0;
                for (position, template) in templates.iter().enumerate() {
                    let seen = "SELECT count(*) FROM templates WHERE account = ?1 AND template_id = ?2 AND gone_at IS NULL AND position = -1";
                    known += db.prepare_cached(seen)?.query_row(params![account.0, template.id.as_str()], |row| row.get::<_, u64>(0))?;
                    let sql = "INSERT INTO templates (account, template_id, title, content, example, primary_industry, deputy_industry, position)
                               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                               ON CONFLICT DO UPDATE SET title = ?3, content = ?4, example = ?5, primary_industry = ?6,
                                   deputy_industry = ?7, position = ?8, gone_at = NULL";
                    db.prepare_cached(sql)?.execute(params![
                        account.0,
                        template.id.as_str(),
                        template.title,
                        template.content,
                        template.example,
                        template.industry.0,
                        template.industry.1,
                        position as i64,
                    ])?;
                }
                let sql = "UPDATE templates SET gone_at = ?2 WHERE account = ?1 AND position = -1 AND gone_at IS NULL";
                db.execute(sql, params![account.0, millis(now)])?;
                let total: u64 = db.query_row(count, [account.0], |row| row.get(0))?;
                Ok(TemplateChanges { total, added: total - known.min(total), removed: before - known.min(before) })
            })
            .await
    }
}
