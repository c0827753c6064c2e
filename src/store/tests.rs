//! The store as its callers use it, on files of its own for each test.

mod algebra;
mod audience;
mod drafts;
mod files;
mod jobs;
mod lists;
mod recipient_files;
mod roster;
mod sync;
mod turns;

use super::*;
use crate::domain::account::{NewAccount, PaceLimits, SecretSource, TokenSource};
use crate::domain::audience::{Audience, UserSet};
use crate::domain::id::{AccountId, AppId, OpenId, TagId, TemplateId};
use crate::domain::job::{Job, Nonce};
use crate::domain::message::Message;
use jiff::Timestamp;
use std::collections::HashMap;
use tempfile::TempDir;

const APPID: &str = "wx0123456789abcdef";

fn open() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + seconds).unwrap()
}

fn openid(text: &str) -> OpenId {
    OpenId::trusted(text)
}

fn openids(texts: &[&str]) -> Vec<OpenId> {
    texts.iter().copied().map(OpenId::trusted).collect()
}

fn new_account(name: &str, appid: &str) -> NewAccount {
    NewAccount {
        name: name.into(),
        appid: AppId::trusted(appid),
        secret: SecretSource::Vault,
        api_base: crate::domain::api_base::ApiBase::default(),
        token: TokenSource::Stable,
        pace: PaceLimits::default(),
    }
}

async fn account(store: &Store) -> AccountId {
    store.add_account(new_account("Acme", APPID), at(0)).await.unwrap()
}

/// What WeChat tells of a user with these tags.
fn detail(openid: &str, remark: &str, subscribe_time: i64, tags: &[i64]) -> UserDetail {
    UserDetail {
        openid: OpenId::trusted(openid),
        subscribed: true,
        unionid: None,
        nickname: String::new(),
        remark: remark.into(),
        language: "zh_CN".into(),
        subscribe_time: Some(at(subscribe_time)),
        subscribe_scene: String::new(),
        tags: tags.iter().copied().map(TagId).collect(),
    }
}

/// A whole sync that lists just these.
async fn sync_of(store: &Store, account: AccountId, details: Vec<UserDetail>) -> UserChanges {
    let state = store.begin_user_sync(account).await.unwrap();
    let listed = details.iter().map(|detail| detail.openid.clone()).collect();
    store.put_openids(account, state.generation, listed, None).await.unwrap();
    store.end_openids(account, state.generation, at(1)).await.unwrap();
    store.put_details(account, state.generation, details, HashMap::new()).await.unwrap();
    store.end_user_sync(account).await.unwrap()
}

fn new_job(account: AccountId, audience: Audience) -> NewJob {
    NewJob {
        expected: None,
        nonce: Nonce(u64::MAX - 1),
        account,
        message: Message::new(TemplateId::trusted("T")),
        title: "订单发货提醒".into(),
        recipients: Recipients::Audience(audience),
        audience: "users".into(),
        fingerprint: "f".into(),
        again: true,
        pace: PaceLimits::default(),
        attempts: 3,
    }
}

/// A job to `rows` users who are unknown to the cache.
async fn job_of(store: &Store, account: AccountId, rows: usize) -> Job {
    let users = (0..rows).map(|n| OpenId::trusted(format!("o{n:04}"))).collect();
    created(store.create_job(new_job(account, Audience::of(UserSet::Users(users))), at(0)).await.unwrap())
}

fn created(created: Created) -> Job {
    match created {
        Created::Job(job) => *job,
        other => panic!("no job: {other:?}"),
    }
}
