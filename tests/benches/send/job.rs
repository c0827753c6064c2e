//! A real job on a real ledger.

use super::Task;
use super::cost::{Cost, Watch};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use muban::dispatch::{Confirmed, Controller, Progress, create, run};
use muban::domain::account::{NewAccount, PaceLimits, Rate, SecretSource, TokenSource};
use muban::domain::api_base::ApiBase;
use muban::domain::audience::{Audience, UserSet};
use muban::domain::id::{AppId, OpenId, TemplateId};
use muban::domain::message::{FieldValue, Message};
use muban::domain::secret::AppSecret;
use muban::domain::template::Template;
use muban::session::Sessions;
use muban::store::Store;
use std::path::Path;
use std::sync::Arc;

pub const SEND: &str = "/cgi-bin/message/template/send";

/// Followers that are stored in one transaction.
const STORED_AT_ONCE: u64 = 50_000;

/// Makes a home with an account and so many followers.
pub async fn prepare(task: Task, dir: &Path) {
    let Task { server, recipients, in_flight } = task;
    let store = Store::open(dir).expect("a store");
    let appid = AppId::parse("wx0123456789abcdef").expect("an AppID");
    let account = NewAccount {
        name: "bench".into(),
        appid: appid.clone(),
        secret: SecretSource::Vault,
        api_base: ApiBase::parse(&format!("http://{server}")).expect("an address"),
        token: TokenSource::Stable,
        pace: PaceLimits { rate: Rate::UNLIMITED, concurrency: in_flight },
    };
    let account = store.add_account(account, Timestamp::now()).await.expect("stored");
    store.put_secret(appid, Some(AppSecret::parse(&"0".repeat(32)).expect("a secret"))).await.expect("stored");
    let state = store.begin_user_sync(account).await.expect("begun");
    for first in (0..recipients).step_by(STORED_AT_ONCE as usize) {
        let some = (first..recipients.min(first + STORED_AT_ONCE)).map(openid).collect();
        store.put_openids(account, state.generation, some, None).await.expect("stored");
    }
}

/// Makes a job for all of them and sends it.
pub async fn send(recipients: u64, dir: &Path) -> Cost {
    let store = Store::open(dir).expect("a store");
    let account = store.accounts().await.expect("read").remove(0);
    let session = Sessions::new(store.clone()).get(&account).await.expect("a session");
    let message = message();
    let confirmed = Confirmed {
        template: Template { title: "bench".into(), ..Template::empty(message.template_id.clone()) },
        message,
        zone: TimeZone::UTC,
        audience: Audience::of(UserSet::All),
        pace: account.pace,
        attempts: 3,
        again: false,
        expected: None,
    };
    let job = create(&store, &account, confirmed).await.expect("a job").job;
    let progress = Arc::new(Progress::new(job.counts));
    let (_controller, control) = Controller::new();
    let watch = Watch::start();
    let finished = run(session, store, job, progress, control).await.expect("a run");
    assert_eq!(finished.job.counts.accepted, recipients);
    watch.stop(recipients)
}

pub fn openid(number: u64) -> OpenId {
    OpenId::trusted(format!("o{number:027}"))
}

pub fn message() -> Message {
    let mut message = Message::new(TemplateId::trusted("Hmr2xNmiXJYiq4F1s7w9j9RGuvAws5ZK752I9xrDaLo"));
    for (key, value) in [
        ("character_string1", "M202311092196630"),
        ("thing2", "手冲咖啡壶"),
        ("amount3", "￥128.00"),
        ("time4", "2023-11-09 15:01"),
    ] {
        message.values.push(FieldValue { key: key.into(), value: value.into(), color: None });
    }
    message.url = Some("https://example.com/order/42".into());
    message
}
