//! Audiences kept by name, in the ledger.

use super::{Store, StoreResult, millis};
use crate::domain::audience::Audience;
use crate::domain::id::AccountId;
use jiff::Timestamp;
use rusqlite::params;

/// An audience with the name that the operator gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAudience {
    /// One of a kind within the account.
    pub name: String,
    /// Who they are: evaluated whenever it is used.
    pub audience: Audience,
}

impl Store {
    /// Those of an account, by name.
    pub async fn kept_audiences(&self, account: AccountId) -> StoreResult<Vec<KeptAudience>> {
        self.reader
            .read(move |db| {
                let mut statement = db.prepare_cached("SELECT name, terms FROM audiences WHERE account = ?1 ORDER BY name")?;
                let rows = statement.query_map([account.0], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
                let rows = rows.collect::<Result<Vec<(String, String)>, _>>()?;
                // What a newer program wrote and this one cannot read is not shown, and not lost.
                let kept =
                    |(name, terms): (String, String)| Some(KeptAudience { name, audience: serde_json::from_str(&terms).ok()? });
                Ok(rows.into_iter().filter_map(kept).collect())
            })
            .await
    }

    /// Keeps one, in the place of another of this name.
    pub async fn keep_audience(&self, account: AccountId, kept: KeptAudience, now: Timestamp) -> StoreResult<()> {
        let terms = serde_json::to_string(&kept.audience).unwrap_or_default();
        self.ledger
            .write(move |db| {
                let sql = "INSERT INTO audiences (account, name, terms, updated_at) VALUES (?1, ?2, ?3, ?4)
                           ON CONFLICT (account, name) DO UPDATE SET terms = excluded.terms, updated_at = excluded.updated_at";
                db.execute(sql, params![account.0, kept.name, terms, millis(now)])?;
                Ok(())
            })
            .await
    }

    /// Forgets one.
    pub async fn forget_audience(&self, account: AccountId, name: String) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                db.execute("DELETE FROM audiences WHERE account = ?1 AND name = ?2", params![account.0, name])?;
                Ok(())
            })
            .await
    }
}
