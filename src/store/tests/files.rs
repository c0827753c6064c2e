//! The files themselves, the vault, and who may use them at the same time.

use super::*;
use crate::domain::account::QuotaSeen;
use crate::domain::delivery::State;
use crate::domain::id::{JobId, RowNo};
use crate::domain::secret::{AccessToken, AppSecret};
use crate::domain::user::PageAt;
use rusqlite::Connection;
use std::fs;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[cfg(unix)]
#[tokio::test]
async fn everything_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = open();
    account(&store).await;
    let _lock = FileLock::try_take(store.dir(), "job-1").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir.path()), 0o700);
    let mut seen = 0;
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        seen += 1;
    }
    assert_eq!(mode(&dir.path().join("locks").join("job-1")), 0o600);
    assert!(seen >= 4, "three databases and the folder of locks at least");
}

#[tokio::test]
async fn all_files_have_a_write_ahead_log() {
    let (dir, _store) = open();
    for name in ["cache.db", "ledger.db", "vault.db"] {
        let db = Connection::open(dir.path().join(name)).unwrap();
        let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal", "{name}");
    }
}

#[test]
fn a_newer_layout_is_refused_and_left_as_it_is() {
    for (name, knows) in [("cache.db", 2), ("ledger.db", 4), ("vault.db", 1)] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        let db = Connection::open(&path).unwrap();
        db.execute_batch("CREATE TABLE future (x); PRAGMA user_version = 99;").unwrap();
        db.close().unwrap();
        let before = fs::read(&path).unwrap();
        let error = Store::open(dir.path()).err().unwrap();
        assert!(matches!(error, StoreError::Newer { found: 99, known, .. } if known == knows), "{error}");
        assert!(error.to_string().contains(name) && error.to_string().contains("--home"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

/// The ledger as version 1 left it, with an account that has sent to two.
const OLD_LEDGER: &str = "
    INSERT INTO accounts VALUES (7, 'Acme', 'wx0123456789abcdef', '{\"kind\":\"env\",\"value\":\"ACME\"}', 'https://api.weixin.qq.com',
                                 'legacy', 25, 9, 1750000000000, 1760000005000, NULL);
    INSERT INTO jobs (id, nonce, account, message, title, audience, fingerprint, excluded, rate, concurrency, attempts, state,
                      total, accepted, created_at)
        VALUES (3, 5, 7, '{}', '订单', 'all', 'f', '{}', 25, 9, 3, 'paused', 2, 1, 1760000000000);
    INSERT INTO deliveries (id, openid, state, msgid) VALUES (3 << 32, 'oA', 2, 11), ((3 << 32) + 1, 'oB', 0, NULL);
    INSERT INTO attempts (delivery, started_at, elapsed_ms, errcode, reply) VALUES (3 << 32, 1760000000000, 8, 0, 'ok');
    PRAGMA user_version = 1;";

#[tokio::test]
async fn a_ledger_of_version_one_is_brought_up_to_date_with_all_its_rows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(include_str!("../../../assets/migrations/ledger/1.sql")).unwrap();
    db.execute_batch(OLD_LEDGER).unwrap();
    db.close().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let [account] = store.accounts().await.unwrap().try_into().unwrap();
    assert_eq!((account.id, account.name.as_str(), account.token), (AccountId(7), "Acme", TokenSource::Legacy));
    assert_eq!((account.secret, account.last_synced_at), (SecretSource::Env("ACME".into()), Some(at(5))));
    assert_eq!((account.test_openids, account.quota), (Vec::new(), None));
    let job = store.job(JobId(3)).await.unwrap().unwrap();
    assert_eq!((job.account, job.counts.total, job.counts.accepted), (account.id, 2, 1));
    let rows = store.deliveries(account.id, job.id, DeliveryFilter::default(), PageAt::First, 9).await.unwrap();
    assert!(rows.iter().all(|(row, _)| row.params.is_none()) && job.terms.is_none(), "it is sent as it was confirmed");
    let rows: Vec<_> = rows.iter().map(|(row, _)| (row.openid.as_str(), row.state, row.msgid)).collect();
    assert_eq!(rows, [("oA", State::Accepted, Some(11)), ("oB", State::Queued, None)]);
    assert_eq!(store.attempts(job.id, RowNo(0)).await.unwrap().len(), 1);
    store.set_test_openids(account.id, openids(&["oA"])).await.unwrap();
    drop(store);
    let again = Store::open(dir.path()).unwrap().accounts().await.unwrap();
    assert_eq!(again[0].test_openids, openids(&["oA"]), "and once only");
    let version: i64 = Connection::open(&path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 4);
}

#[test]
fn what_is_not_sqlite_is_refused_and_left_as_it_is() {
    for text in [&b"dear diary"[..], b"SQLite format 4\0 and more", b"x"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.db");
        fs::write(&path, text).unwrap();
        let error = Store::open(dir.path()).err().unwrap();
        assert!(matches!(&error, StoreError::NotSqlite { file } if *file == path), "{error}");
        assert_eq!(fs::read(&path).unwrap(), text);
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a file");
    fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("home")).err().unwrap();
    assert!(matches!(error, StoreError::Open { .. }) && error.to_string().contains("a file"), "{error}");
}

#[tokio::test]
async fn a_folder_may_have_any_name() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("100% 我的?家#1")).unwrap();
    let id = account(&store).await;
    assert_eq!(sync_of(&store, id, vec![detail("oA", "", 0, &[])]).await.total, 1);
    assert_eq!(store.reach(id, Audience::of(UserSet::All)).await.unwrap().recipients, 1);
    drop(store);
    let again = Store::open(&dir.path().join("100% 我的?家#1")).unwrap();
    assert_eq!(again.accounts().await.unwrap().len(), 1);
}

#[test]
fn many_processes_may_start_at_once() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(dir.path()).map(drop))).collect();
        for one in opened {
            one.join().unwrap().unwrap();
        }
    });
}

/// A sync writes 50,000 rows in one transaction; a send that had to wait for it would stall.
#[tokio::test]
async fn the_ledger_does_not_wait_for_the_cache() {
    let (dir, store) = open();
    let id = account(&store).await;
    let syncing = Connection::open(dir.path().join("cache.db")).unwrap();
    syncing.execute_batch("BEGIN IMMEDIATE; DELETE FROM users").unwrap();
    // Were it to wait, these would end as busy.
    let job = job_of(&store, id, 3).await;
    let claim = Claim { limit: 2, at: Some(at(1)), ..Claim::default() };
    let turned = store.turn(job.id, Turn { claim, ..Turn::default() }).await.unwrap();
    assert_eq!(turned.claimed.len(), 2);
    syncing.execute_batch("COMMIT").unwrap();
}

#[test]
fn a_lock_has_one_holder_and_is_let_go() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("locks")).unwrap();
    let held = FileLock::try_take(dir.path(), "job-1").unwrap();
    assert!(matches!(FileLock::try_take(dir.path(), "job-1"), Err(LockError::Held)));
    FileLock::try_take(dir.path(), "job-2").unwrap();
    drop(held);
    FileLock::wait(dir.path(), "job-1").unwrap();
    let nowhere = FileLock::try_take(&dir.path().join("nowhere"), "job-1").unwrap_err();
    assert!(matches!(&nowhere, LockError::Io { .. }) && nowhere.to_string().contains("nowhere"), "{nowhere}");
}

#[tokio::test]
async fn the_vault_keeps_a_secret_and_forgets_it_with_its_tokens() {
    let (dir, store) = open();
    let appid = AppId::trusted(APPID);
    assert!(store.secret(appid.clone()).await.unwrap().is_none());
    store.put_secret(appid.clone(), Some(AppSecret::parse(SECRET).unwrap())).await.unwrap();
    let token = StoredToken { token: AccessToken::new("90_a".into()), use_until: at(60) };
    store.put_token(appid.clone(), "here stable".into(), token).await.unwrap();

    let other = Store::open(dir.path()).unwrap();
    assert_eq!(other.secret(appid.clone()).await.unwrap().unwrap().expose(), SECRET);
    let found = other.token(appid.clone(), "here stable".into()).await.unwrap().unwrap();
    assert_eq!((found.token.expose(), found.use_until), ("90_a", at(60)));
    assert!(other.token(appid.clone(), "there stable".into()).await.unwrap().is_none());
    assert!(!format!("{found:?}").contains("90_a"));

    store.put_secret(appid.clone(), Some(AppSecret::parse(&SECRET.replace('0', "1")).unwrap())).await.unwrap();
    assert!(other.token(appid.clone(), "here stable".into()).await.unwrap().is_none(), "a token of an older secret");
    store.put_secret(appid.clone(), None).await.unwrap();
    assert!(other.secret(appid).await.unwrap().is_none());
}

#[tokio::test]
async fn names_and_appids_are_unique_and_free_again_after_removal() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let taken = |result: StoreResult<AccountId>| match result {
        Err(StoreError::AccountExists(what)) => what,
        other => panic!("{other:?}"),
    };
    let other = "wxfedcba9876543210";
    assert!(taken(store.add_account(new_account("Acme", other), at(0)).await) == Taken::Name("Acme".into()));
    assert!(taken(store.add_account(new_account("Beta", APPID), at(0)).await) == Taken::AppId(AppId::trusted(APPID)));
    let beta = store.add_account(new_account("Beta", other), at(0)).await.unwrap();
    let mut changed = store.account(beta).await.unwrap().unwrap();
    changed.name = "Acme".into();
    assert!(matches!(store.update_account(changed.clone()).await, Err(StoreError::AccountExists(_))));
    store.remove_account(id, at(1)).await.unwrap();
    store.update_account(changed.clone()).await.unwrap();
    assert_eq!(store.accounts().await.unwrap(), [changed]);
    assert_ne!(account_named(&store, "Again").await, id, "numbers are never used twice");
}

async fn account_named(store: &Store, name: &str) -> AccountId {
    store.add_account(new_account(name, APPID), at(0)).await.unwrap()
}

#[tokio::test]
async fn an_account_comes_back_as_it_was_stored() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let mut account = store.account(id).await.unwrap().unwrap();
    account.secret = SecretSource::Command("pass show acme".into());
    account.token = TokenSource::Legacy;
    account.pace = PaceLimits { rate: crate::domain::account::Rate(0), concurrency: 64 };
    store.update_account(account.clone()).await.unwrap();
    store.mark_synced(id, at(5)).await.unwrap();
    account.last_synced_at = Some(at(5));
    store.set_test_openids(id, openids(&["oA", "oB", "oA"])).await.unwrap();
    account.test_openids = openids(&["oA", "oB"]);
    let quota = QuotaSeen { limit: 100_000, used: 100_001, at: at(6) };
    store.note_quota(id, quota).await.unwrap();
    account.quota = Some(quota);
    assert_eq!(quota.remain(), 0, "more than all is nothing left");
    assert_eq!(store.account(id).await.unwrap().unwrap(), account);
    assert_eq!(store.account(AccountId(99)).await.unwrap(), None);
}

#[tokio::test]
async fn another_appid_is_another_account_with_other_followers() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("oA", "", 0, &[])]).await;
    let mut account = store.account(id).await.unwrap().unwrap();
    account.name = "Renamed".into();
    store.set_test_openids(id, openids(&["oA"])).await.unwrap();
    store.note_quota(id, QuotaSeen { limit: 10, used: 1, at: at(6) }).await.unwrap();
    store.update_account(account.clone()).await.unwrap();
    let kept = store.account(id).await.unwrap().unwrap();
    assert!(kept.quota.is_some() && kept.test_openids.len() == 1);
    assert!(store.user(id, openid("oA")).await.unwrap().is_some());
    account.appid = AppId::trusted("wxfedcba9876543210");
    store.update_account(account).await.unwrap();
    assert!(store.user(id, openid("oA")).await.unwrap().is_none());
    assert_eq!(store.begin_user_sync(id).await.unwrap().generation, 1);
    let other = store.account(id).await.unwrap().unwrap();
    assert_eq!((other.quota, other.test_openids), (None, Vec::new()), "its openids are other people");
}
