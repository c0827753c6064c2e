//! What the operator calls templates, in the ledger.

use super::{Store, StoreResult};
use crate::domain::alias::Aliases;
use crate::domain::id::{AccountId, TemplateId};
use rusqlite::{Row, params};

impl Store {
    /// The aliases of an account's templates, those of deleted ones among them.
    pub async fn aliases(&self, account: AccountId) -> StoreResult<Aliases> {
        self.reader
            .read(move |db| {
                let sql = "SELECT alias, template_id FROM template_aliases WHERE account = ?1 ORDER BY alias";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &Row<'_>| Ok((row.get(0)?, TemplateId::trusted(row.get::<_, String>(1)?)));
                let named = statement.query_map([account.0], read)?.collect::<Result<_, _>>()?;
                Ok(Aliases::new(named))
            })
            .await
    }

    /// Calls a template so from now on, and no longer as it was called; with no name, by its title only. Whatever else had the
    /// name has it no more.
    pub async fn put_alias(&self, account: AccountId, template: TemplateId, alias: Option<String>) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                let sql = "DELETE FROM template_aliases WHERE account = ?1 AND template_id = ?2";
                db.execute(sql, params![account.0, template.as_str()])?;
                if let Some(alias) = alias {
                    let sql = "INSERT OR REPLACE INTO template_aliases (account, alias, template_id) VALUES (?1, ?2, ?3)";
                    db.execute(sql, params![account.0, alias, template.as_str()])?;
                }
                Ok(())
            })
            .await
    }
}
