//! Drafts, in the ledger.

use super::{Store, StoreResult, millis, timestamp};
use crate::domain::draft::{Draft, FormTexts, Place};
use crate::domain::id::{AccountId, DraftId, TemplateId};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long a deleted draft can be had back, milliseconds: a week.
const KEPT: i64 = 7 * 86_400_000;

impl Store {
    /// The drafts of an account, the one changed last first.
    pub async fn drafts(&self, account: AccountId) -> StoreResult<Vec<Draft>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT id, name, template_id, title, texts, audience, place, updated_at FROM drafts
                           WHERE account = ?1 AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC";
                let mut statement = db.prepare_cached(sql)?;
                let drafts = statement.query_map([account.0], read)?.collect::<Result<_, _>>()?;
                Ok(drafts)
            })
            .await
    }

    /// Stores a draft as it stands now, new or not; one that was deleted is there again.
    pub async fn put_draft(&self, account: AccountId, draft: Draft) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                let sql = "INSERT INTO drafts (id, account, name, template_id, title, texts, audience, place, updated_at)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                           ON CONFLICT DO UPDATE SET name = ?3, template_id = ?4, title = ?5, texts = ?6, audience = ?7, place = ?8,
                               updated_at = ?9, deleted_at = NULL";
                let values = params![
                    draft.id.0,
                    account.0,
                    draft.name,
                    draft.template_id.as_str(),
                    draft.title,
                    json(&draft.texts),
                    json(&draft.audience),
                    json(&draft.place),
                    millis(draft.updated_at),
                ];
                db.prepare_cached(sql)?.execute(values)?;
                Ok(())
            })
            .await
    }

    /// Deletes a draft; storing it again brings it back. Those deleted a week before are gone for good.
    pub async fn delete_draft(&self, id: DraftId, now: Timestamp) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                db.execute("UPDATE drafts SET deleted_at = ?2 WHERE id = ?1", params![id.0, millis(now)])?;
                db.execute("DELETE FROM drafts WHERE deleted_at < ?1", [millis(now) - KEPT])?;
                Ok(())
            })
            .await
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: DraftId(row.get(0)?),
        name: row.get(1)?,
        template_id: TemplateId::trusted(row.get::<_, String>(2)?),
        title: row.get(3)?,
        texts: parsed::<FormTexts>(row, 4)?,
        audience: parsed(row, 5)?,
        place: parsed::<Place>(row, 6)?,
        updated_at: timestamp(row.get(7)?),
    })
}

/// What a later version may have written otherwise is taken as empty: the rest of the draft is worth having.
fn parsed<T: DeserializeOwned + Default>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}
