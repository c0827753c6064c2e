//! Accounts, in the ledger.

use super::{Store, StoreError, StoreResult, Taken, millis, timestamp};
use crate::domain::account::{Account, NewAccount, PaceLimits, QuotaSeen, Rate, SecretSource, TokenSource};
use crate::domain::api_base::ApiBase;
use crate::domain::id::{AccountId, AppId, JobId, OpenId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashSet;

const COLUMNS: &str = "id, name, appid, secret, api_base, token, rate, concurrency, last_synced_at, test_openids,
    quota_limit, quota_used, quota_seen_at";

impl Store {
    /// All accounts, by name.
    pub async fn accounts(&self) -> StoreResult<Vec<Account>> {
        self.reader
            .read(|db| {
                let sql = format!("SELECT {COLUMNS} FROM accounts WHERE removed_at IS NULL ORDER BY name, id");
                let mut statement = db.prepare_cached(&sql)?;
                let accounts = statement.query_map([], read)?.collect::<Result<_, _>>()?;
                Ok(accounts)
            })
            .await
    }

    /// One account, removed or not.
    pub async fn account(&self, id: AccountId) -> StoreResult<Option<Account>> {
        self.reader
            .read(move |db| {
                let sql = format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1");
                Ok(db.prepare_cached(&sql)?.query_row([id.0], read).optional()?)
            })
            .await
    }

    /// Stores a new account. Its name and AppID must be free.
    pub async fn add_account(&self, account: NewAccount, now: Timestamp) -> StoreResult<AccountId> {
        self.ledger
            .write(move |db| {
                let secret = serde_json::to_string(&account.secret).unwrap_or_default();
                let sql = "INSERT INTO accounts (name, appid, secret, api_base, token, rate, concurrency, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
                let values = params![
                    account.name,
                    account.appid.as_str(),
                    secret,
                    account.api_base.as_str(),
                    account.token.as_str(),
                    account.pace.rate.0,
                    account.pace.concurrency,
                    millis(now),
                ];
                db.execute(sql, values).map_err(|error| taken(error, &account.name, &account.appid))?;
                Ok(AccountId(db.last_insert_rowid()))
            })
            .await
    }

    /// Stores what the operator changed of how an account is called. Another AppID is another account at WeChat: what was known
    /// of the old one, its test openids and its quota among it, is forgotten.
    pub async fn update_account(&self, account: Account) -> StoreResult<()> {
        let id = account.id;
        let is_another = self.ledger.write(move |db| update(db, &account)).await?;
        if is_another { self.forget_cached(id).await } else { Ok(()) }
    }

    /// Takes an account off the list and forgets what was cached of it. Its jobs stay.
    pub async fn remove_account(&self, id: AccountId, now: Timestamp) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                db.execute("UPDATE accounts SET removed_at = ?2 WHERE id = ?1", params![id.0, millis(now)])?;
                Ok(())
            })
            .await?;
        self.forget_cached(id).await
    }

    async fn forget_cached(&self, id: AccountId) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                for table in ["user_tags", "users", "tags", "templates", "user_syncs"] {
                    db.execute(&format!("DELETE FROM {table} WHERE account = ?1"), [id.0])?;
                }
                db.execute("DELETE FROM file_rows WHERE file IN (SELECT id FROM files WHERE account = ?1)", [id.0])?;
                db.execute("DELETE FROM files WHERE account = ?1", [id.0])?;
                Ok(())
            })
            .await
    }

    /// Notes that a sync ended well.
    pub async fn mark_synced(&self, id: AccountId, now: Timestamp) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                db.execute("UPDATE accounts SET last_synced_at = ?2 WHERE id = ?1", params![id.0, millis(now)])?;
                Ok(())
            })
            .await
    }

    /// Remembers whom test sends of the account go to, each once, instead of those before.
    pub async fn set_test_openids(&self, id: AccountId, mut openids: Vec<OpenId>) -> StoreResult<()> {
        let mut seen = HashSet::new();
        openids.retain(|openid| seen.insert(openid.clone()));
        self.ledger
            .write(move |db| {
                let openids = serde_json::to_string(&openids).unwrap_or_default();
                db.execute("UPDATE accounts SET test_openids = ?2 WHERE id = ?1", params![id.0, openids])?;
                Ok(())
            })
            .await
    }

    /// Remembers the day's allowance for sending as WeChat told it.
    pub async fn note_quota(&self, id: AccountId, seen: QuotaSeen) -> StoreResult<()> {
        self.ledger
            .write(move |db| {
                let sql = "UPDATE accounts SET quota_limit = ?2, quota_used = ?3, quota_seen_at = ?4 WHERE id = ?1";
                db.execute(sql, params![id.0, seen.limit, seen.used, millis(seen.at)])?;
                Ok(())
            })
            .await
    }

    /// The first job of the account that has not come to its end.
    pub async fn unfinished_job(&self, id: AccountId) -> StoreResult<Option<JobId>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT min(id) FROM jobs WHERE account = ?1 AND state IN ('running', 'paused')";
                let job: Option<i64> = db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?;
                Ok(job.map(JobId))
            })
            .await
    }
}

/// Whether the account has another AppID now.
fn update(db: &Connection, account: &Account) -> StoreResult<bool> {
    let before: Option<String> =
        db.query_row("SELECT appid FROM accounts WHERE id = ?1", [account.id.0], |row| row.get(0)).optional()?;
    let secret = serde_json::to_string(&account.secret).unwrap_or_default();
    let sql = "UPDATE accounts SET name = ?2, appid = ?3, secret = ?4, api_base = ?5, token = ?6, rate = ?7, concurrency = ?8 WHERE id = ?1";
    let values = params![
        account.id.0,
        account.name,
        account.appid.as_str(),
        secret,
        account.api_base.as_str(),
        account.token.as_str(),
        account.pace.rate.0,
        account.pace.concurrency,
    ];
    db.execute(sql, values).map_err(|error| taken(error, &account.name, &account.appid))?;
    let is_another = before.is_some_and(|appid| appid != account.appid.as_str());
    if is_another {
        let sql =
            "UPDATE accounts SET test_openids = '[]', quota_limit = NULL, quota_used = NULL, quota_seen_at = NULL WHERE id = ?1";
        db.execute(sql, [account.id.0])?;
    }
    Ok(is_another)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    let secret: String = row.get(3)?;
    let api_base: String = row.get(4)?;
    let token: String = row.get(5)?;
    let test_openids: String = row.get(9)?;
    Ok(Account {
        id: AccountId(row.get(0)?),
        name: row.get(1)?,
        appid: AppId::trusted(row.get::<_, String>(2)?),
        secret: serde_json::from_str(&secret).unwrap_or(SecretSource::Vault),
        api_base: ApiBase::parse(&api_base).unwrap_or_default(),
        token: if token == TokenSource::Legacy.as_str() { TokenSource::Legacy } else { TokenSource::Stable },
        pace: PaceLimits { rate: Rate(row.get(6)?), concurrency: row.get(7)? },
        last_synced_at: row.get::<_, Option<i64>>(8)?.map(timestamp),
        test_openids: serde_json::from_str(&test_openids).unwrap_or_default(),
        quota: read_quota(row)?,
    })
}

fn read_quota(row: &Row<'_>) -> rusqlite::Result<Option<QuotaSeen>> {
    let (limit, used, at): (Option<u64>, Option<u64>, Option<i64>) = (row.get(10)?, row.get(11)?, row.get(12)?);
    let seen = |((limit, used), at)| QuotaSeen { limit, used, at: timestamp(at) };
    Ok(limit.zip(used).zip(at).map(seen))
}

/// Says which of the two names was taken.
fn taken(error: rusqlite::Error, name: &str, appid: &AppId) -> StoreError {
    let text = error.to_string();
    if text.contains("accounts.name") {
        StoreError::AccountExists(Taken::Name(name.to_owned()))
    } else if text.contains("accounts.appid") {
        StoreError::AccountExists(Taken::AppId(appid.clone()))
    } else {
        error.into()
    }
}
