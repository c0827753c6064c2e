//! Secrets typed in by hand, and tokens, shared by every process of this home.

use super::{Store, StoreResult, millis, timestamp};
use crate::domain::id::AppId;
use crate::domain::secret::{AccessToken, AppSecret};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// A token in the vault.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The token.
    pub token: AccessToken,
    /// When WeChat said it would end.
    pub expires_at: Timestamp,
}

impl Store {
    /// The secret of an account, if one was typed in.
    pub async fn secret(&self, appid: AppId) -> StoreResult<Option<AppSecret>> {
        self.vault
            .read(move |db| {
                let sql = "SELECT secret FROM secrets WHERE appid = ?1";
                let text: Option<String> = db.prepare_cached(sql)?.query_row([appid.as_str()], |row| row.get(0)).optional()?;
                Ok(text.and_then(|text| AppSecret::parse(&text).ok()))
            })
            .await
    }

    /// Keeps a secret; with `None` forgets it. Tokens had with an older secret are forgotten too.
    pub async fn put_secret(&self, appid: AppId, secret: Option<AppSecret>) -> StoreResult<()> {
        self.vault
            .write(move |db| {
                db.execute("DELETE FROM tokens WHERE appid = ?1", [appid.as_str()])?;
                match secret {
                    Some(secret) => {
                        db.execute("INSERT OR REPLACE INTO secrets VALUES (?1, ?2)", params![appid.as_str(), secret.expose()])?
                    }
                    None => db.execute("DELETE FROM secrets WHERE appid = ?1", [appid.as_str()])?,
                };
                Ok(())
            })
            .await
    }

    /// The token of an account that this source issued last, expired or not.
    pub async fn token(&self, appid: AppId, source: String) -> StoreResult<Option<StoredToken>> {
        self.vault
            .read(move |db| {
                let sql = "SELECT token, expires_at FROM tokens WHERE appid = ?1 AND source = ?2";
                let read = |row: &rusqlite::Row<'_>| {
                    Ok(StoredToken { token: AccessToken::new(row.get(0)?), expires_at: timestamp(row.get(1)?) })
                };
                Ok(db.prepare_cached(sql)?.query_row(params![appid.as_str(), source], read).optional()?)
            })
            .await
    }

    /// Keeps a token for every process of this home.
    pub async fn put_token(&self, appid: AppId, source: String, token: StoredToken) -> StoreResult<()> {
        self.vault
            .write(move |db| {
                let sql = "INSERT OR REPLACE INTO tokens (appid, source, token, expires_at) VALUES (?1, ?2, ?3, ?4)";
                db.execute(sql, params![appid.as_str(), source, token.token.expose(), millis(token.expires_at)])?;
                Ok(())
            })
            .await
    }
}
