//! A message that differs from one recipient to the next: frozen at confirmation, and made of job and row alone ever after.

use crate::home::{Home, MESSAGE};
use crate::scene::{Scene, fast};
use jiff::tz::TimeZone;
use muban::dispatch::{self, Confirmed, Intent, Order, dry_run, look_ahead};
use muban::domain::audience::{Audience, UserSet};
use muban::domain::delivery::State;
use muban::domain::job::JobState;
use muban::domain::message::Message;
use muban::domain::template::Template;
use muban::sim::{Action, Sim, Standing, World};
use muban::store::{DeliveryFilter, Store};
use muban::sync::SyncPlan;
use std::collections::BTreeMap;

/// The demo's first account, synced, and its first template with placeholders in it.
async fn scene() -> (Scene, Message, Template) {
    let scene = Scene::of(World::demo()).await;
    scene.sync(SyncPlan::default()).await;
    let mut message = scene.message();
    let templates = scene.store.templates(scene.account.id).await.unwrap();
    let template = templates.into_iter().find(|template| template.id == message.template_id).unwrap();
    message.values[1].value = "{{ remark }} {{ today }}".into();
    message.url = Some("https://example.com/?o={{ openid }}".into());
    (scene, message, template)
}

fn set_remark(scene: &Scene, openid: &str, remark: &str) {
    assert!(scene.sim.world(|world| world.accounts_mut()[0].set_remark(openid, remark)));
}

fn confirmed(message: &Message, template: &Template, audience: &Audience) -> Confirmed {
    let (message, template, audience) = (message.clone(), template.clone(), audience.clone());
    Confirmed { message, template, zone: TimeZone::UTC, audience, pace: fast(8), attempts: 3, again: true, expected: None }
}

/// What the simulator got, by openid: the second value and the link.
fn received(scene: &Scene) -> BTreeMap<String, (String, String)> {
    let read = |body: &[u8]| {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        (text(&body["data"]["thing2"]["value"]), text(&body["url"]))
    };
    scene.sim.world(|world| world.delivered().iter().map(|message| (message.openid.clone(), read(&message.body))).collect())
}

#[tokio::test]
async fn everyone_gets_their_own_and_who_would_get_none_is_left_out() {
    let (scene, message, template) = scene().await;
    let all = Audience::of(UserSet::All);
    let intent =
        Intent { account: scene.account.id, template: &template, message: &message, audience: &all, zone: &TimeZone::UTC };
    let run = dry_run(&scene.store, intent, None).await.unwrap();
    assert!(run.reach.recipients > 100 && run.reach.excluded.invalid > 100, "{:?}", run.reach);
    assert!(run.findings.iter().any(|noticed| noticed.openid.is_some() && noticed.finding.rule.key() == "not_known"));
    let ahead = look_ahead(&scene.store, intent).await.unwrap();
    assert_eq!(ahead.reach, run.reach, "the numbers of the confirmation are those of the dry run");
    let prepared = dispatch::create(&scene.store, &scene.account, confirmed(&message, &template, &all)).await.unwrap();
    assert_eq!((prepared.job.counts.total, prepared.excluded), (run.reach.recipients, run.reach.excluded));
    let rows = scene.rows(&prepared.job).await;
    let (first, message_of_first) = ahead.first.unwrap();
    assert_eq!((&rows[0].openid, rows[0].params.as_ref().unwrap().get("openid")), (&first, None), "the openid is kept once");
    let job = scene.run(prepared.job).await;
    assert_eq!(job.state, JobState::Done);
    scene.agrees(&job).await;
    let users = scene.sim.world(|world| world.accounts()[0].clone());
    let day = TimeZone::UTC.to_datetime(job.created_at);
    let today = format!("{}年{}月{}日", day.year(), day.month(), day.day());
    for (openid, (value, url)) in received(&scene) {
        let remark = users.remark(&openid);
        assert!(!remark.is_empty());
        assert_eq!((value, url), (format!("{remark} {today}"), format!("https://example.com/?o={openid}")));
    }
    let delivered = scene.sim.world(|world| world.delivered().into_iter().find(|message| message.openid == first.as_str()));
    if let Some(delivered) = delivered {
        let body = message_of_first.frame().body_with(&first, &job.nonce.client_msg_id(rows[0].row));
        assert_eq!(String::from_utf8(delivered.body), String::from_utf8(body), "what was shown is what was sent");
    }
}

#[tokio::test]
async fn what_was_confirmed_stays_though_the_remark_changes_and_the_process_ends() {
    let (scene, message, template) = scene().await;
    let vip = scene.tag("VIP").await;
    let job = dispatch::create(&scene.store, &scene.account, confirmed(&message, &template, &vip)).await.unwrap().job;
    let before: Vec<_> = scene.rows(&job).await.into_iter().map(|row| (row.openid, row.params)).collect();
    let run = scene.start(job.clone()).await;
    let paused = run.told(Order::Pause).await;
    for (openid, _) in &before {
        set_remark(&scene, openid.as_str(), "新备注");
    }
    scene.sync(SyncPlan::default()).await;
    let again = Store::open(scene.dir.path()).unwrap();
    let rows =
        again.deliveries(scene.account.id, job.id, DeliveryFilter::default(), muban::domain::user::PageAt::First, 5000).await;
    let after: Vec<_> = rows.unwrap().into_iter().map(|(row, _)| (row.openid, row.params)).collect();
    assert_eq!(after, before);
    let done = scene.run(again.job(paused.id).await.unwrap().unwrap()).await;
    assert_eq!(done.state, JobState::Done);
    assert!(received(&scene).values().all(|(value, _)| !value.contains("新备注")));
}

#[tokio::test]
async fn a_retry_sends_what_the_first_job_meant() {
    let (scene, message, template) = scene().await;
    let first = scene.first(1);
    let openid = scene.sim.world(|world| world.accounts()[0].openid(0));
    set_remark(&scene, &openid, "原备注");
    scene.sync(SyncPlan::default()).await;
    scene.act(Action::Standing { openid: openid.clone(), standing: Standing::Refuses });
    let job = dispatch::create(&scene.store, &scene.account, confirmed(&message, &template, &first)).await.unwrap().job;
    let job = scene.run(job).await;
    assert_eq!(job.counts.failed, 1);
    set_remark(&scene, &openid, "新备注");
    scene.sync(SyncPlan::default()).await;
    scene.act(Action::Standing { openid, standing: Standing::Follows });
    let retry = dispatch::retry(&scene.store, &job, State::Failed).await.unwrap().job;
    assert_eq!((retry.message.clone(), retry.terms.clone()), (job.message.clone(), None));
    let retry = scene.run(retry).await;
    assert_eq!(retry.counts.accepted, 1);
    assert!(received(&scene).values().all(|(value, _)| value.starts_with("原备注")));
}

#[test]
fn the_preview_of_the_command_line_is_what_one_recipient_gets() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let account = sim.world(|world| world.accounts()[0].clone());
    let (named, nameless): (Vec<_>, Vec<_>) = account.openids().partition(|openid| !account.remark(openid).is_empty());
    let mut message = MESSAGE.to_vec();
    message.extend(["--url", "https://example.com/{{ openid }}"]);
    *message.iter_mut().find(|arg| arg.starts_with("thing2=")).unwrap() = "thing2={{ remark }}";
    let preview = |to: &str| home.run(&[&["preview", "--json", "--to", to], message.as_slice()].concat());
    let to = named.iter().find(|openid| account.remark(openid).chars().count() <= 20).unwrap();
    let output = preview(to);
    let body: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(body["data"]["thing2"]["value"], account.remark(to));
    assert_eq!(body["url"], format!("https://example.com/{to}"));
    let refused = preview(&nameless[0]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("thing2: nothing is known as `remark`"));
    let unknown =
        home.run(&[&["preview", "--to", to], &[message.as_slice(), &["--set", "thing9={{ order }}"]].concat()[..]].concat());
    assert_eq!(unknown.status.code(), Some(2));
    // What is sent is this, and one last member.
    let sent = home.fine(&[&["send", "--json", "--yes", "--to", to], message.as_slice()].concat());
    assert_eq!(sent["accepted"], 1);
    let received = String::from_utf8(sim.delivered().pop().unwrap().body.clone()).unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(received.starts_with(shown.trim_end().strip_suffix('}').unwrap()), "{received}");
    // Who has no remark is left out, and counted.
    let both = home.fine(&[&["send", "--json", "--dry-run", "--to", to, "--to", &nameless[0]], message.as_slice()].concat());
    assert_eq!((both["queued"].as_u64(), both["excluded"]["invalid"].as_u64()), (Some(1), Some(1)), "{both}");
    assert_eq!(both["findings"][0]["openid"], nameless[0]);
}
