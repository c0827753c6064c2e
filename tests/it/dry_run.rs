//! A send without sending: a verdict on everyone, which the send then keeps to.

use crate::home::{Home, MESSAGE, said};
use crate::scene::{SEND, Scene, fast};
use jiff::tz::TimeZone;
use muban::dispatch::{DryRun, Intent, ReadBy, Report, dry_run};
use muban::domain::audience::{Audience, Join, UserSet};
use muban::domain::id::OpenId;
use muban::domain::lang::Lang;
use muban::domain::message::Message;
use muban::domain::rules::{Level, Rule};
use muban::domain::template::Template;
use muban::sim::{Action, Sim, World};
use muban::sync::SyncPlan;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of a report: openid, name, verdict, detail.
type Rows = Vec<[String; 4]>;
/// A row as it is written: without a file of recipients the last cell is empty.
type Written = (String, String, String, String, Option<u64>);

fn rows(text: &str) -> Rows {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["openid", "name", "verdict", "detail", "row"]);
    let row = |(openid, name, verdict, detail, row): Written| {
        assert_eq!(row, None);
        [openid, name, verdict, detail]
    };
    reader.deserialize().map(|written| row(written.unwrap())).collect()
}

async fn template(scene: &Scene, message: &Message) -> Template {
    let templates = scene.store.templates(scene.account.id).await.unwrap();
    templates.into_iter().find(|template| template.id == message.template_id).unwrap()
}

async fn rehearsed(scene: &Scene, message: &Message, audience: &Audience) -> (DryRun, Rows) {
    let template = template(scene, message).await;
    let intent = Intent { account: scene.account.id, template: &template, message, audience, zone: &TimeZone::UTC };
    let mut out = Vec::new();
    let report = Report::begin(&mut out, ReadBy::Program, Lang::En).unwrap();
    let run = dry_run(&scene.store, intent, Some(report)).await.unwrap();
    (run, rows(&String::from_utf8(out).unwrap()))
}

fn verdicts(rows: &Rows) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row[2].as_str()).or_default() += 1;
    }
    counts
}

/// Ten followers; the first has left since, the second is blocked.
async fn ten() -> (Scene, Vec<OpenId>) {
    let scene = Scene::of(World::with_followers(10, 1)).await;
    scene.sync(SyncPlan::default()).await;
    let openids: Vec<String> = scene.sim.world(|world| (0..10).map(|n| world.accounts()[0].openid(n)).collect());
    scene.act(Action::Unfollow { openid: openids[0].clone() });
    scene.act(Action::Blacklist { openid: openids[1].clone(), listed: true });
    scene.sync(SyncPlan::default()).await;
    (scene, openids.into_iter().map(OpenId::trusted).collect())
}

#[tokio::test]
async fn everyone_has_a_verdict_and_the_send_keeps_to_it() {
    let (scene, openids) = ten().await;
    let mut named = openids.clone();
    named.extend([openids[5].clone(), OpenId::trusted("oStranger"), OpenId::trusted("o'; --")]);
    let mut audience = Audience::of(UserSet::Users(named));
    audience.push(Join::Union, UserSet::All);
    let (run, rows) = rehearsed(&scene, &scene.message(), &audience).await;

    // Blocked or not, the nine who follow are named a second time by `all`.
    let expected = [("ok", 8), ("duplicate", 10), ("unsubscribed", 1), ("blacklisted", 1), ("unknown_user", 1), ("invalid", 1)];
    assert_eq!(verdicts(&rows), expected.into());
    assert_eq!(run.reach, scene.store.reach(scene.account.id, audience.clone()).await.unwrap());
    let verdict = |openid: &str| rows.iter().find(|row| row[0] == openid && row[2] != "duplicate").unwrap().clone();
    assert_eq!(verdict(openids[0].as_str())[2], "unsubscribed");
    assert_eq!(verdict(openids[1].as_str())[2], "blacklisted");
    assert!(verdict("o'; --")[3].contains("only letters"), "{rows:?}");
    let names = scene.sim.world(|world| world.accounts()[0].remark(openids[5].as_str()));
    assert_eq!(verdict(openids[5].as_str())[1], names);

    let job = scene.prepare(scene.draft(audience, fast(4))).await.job;
    assert_eq!((job.counts.total, job.excluded), (run.reach.recipients, run.reach.excluded));
    let job = scene.run(job).await;
    let got: Vec<String> = scene.delivered(&job).into_iter().map(|message| message.openid).collect();
    assert!(rows.iter().filter(|row| row[2] == "ok").all(|row| got.contains(&row[0])) && got.len() == 8);
}

#[tokio::test]
async fn an_error_in_the_message_keeps_everyone_from_getting_it() {
    let (scene, _) = ten().await;
    let mut message = scene.message();
    message.values[0].value = "\u{1}".into();
    let field = message.values[0].key.clone();
    let (run, rows) = rehearsed(&scene, &message, &Audience::of(UserSet::All)).await;
    assert_eq!(verdicts(&rows), [("invalid", 8), ("blacklisted", 1)].into());
    assert_eq!((run.reach.recipients, run.reach.excluded.invalid), (0, 8));
    assert!(rows.iter().filter(|row| row[2] == "invalid").all(|row| row[3].starts_with(&format!("{field}: "))), "{rows:?}");
    let [noticed] = run.findings.as_slice() else { panic!("{:?}", run.findings) };
    assert_eq!((&noticed.openid, &noticed.finding.field), (&None, &Some(field)), "told once, of nobody in particular");
    assert_eq!(scene.sim.calls(SEND), 0);
}

#[tokio::test]
async fn the_first_hundred_findings_are_kept_and_the_others_counted() {
    let scene = Scene::of(World::with_followers(1, 1)).await;
    scene.sync(SyncPlan { users: false, ..SyncPlan::default() }).await;
    let odd = (0..250).map(|n| OpenId::trusted(format!("oShort{n}"))).collect();
    let mut message = scene.message();
    message.url = Some("https://example.com".into());
    message.mini =
        Some(muban::domain::message::MiniProgram { appid: muban::domain::id::AppId::trusted("wx0123456789abcdef"), path: None });
    let (run, rows) = rehearsed(&scene, &message, &Audience::of(UserSet::Users(odd))).await;
    assert_eq!((run.reach.recipients, run.findings.len(), run.more_findings), (250, 100, 151));
    assert_eq!(run.findings[0].finding.rule, Rule::UrlAndMini, "what is about the message comes first");
    let (who, finding) = (&run.findings[1].openid, &run.findings[1].finding);
    assert!(who.is_some() && finding.level == Level::Warning && matches!(finding.rule, Rule::OpenIdLength { usual: 28, .. }));
    assert!(rows.iter().all(|row| row[2] == "ok" && row[3].contains("28")), "a warning keeps nobody from getting it");
}

#[tokio::test]
async fn without_a_report_it_only_counts() {
    let scene = Scene::of(World::with_followers(3, 1)).await;
    scene.sync(SyncPlan { users: false, ..SyncPlan::default() }).await;
    let message = scene.message();
    let template = template(&scene, &message).await;
    let audience = scene.first(3);
    let intent =
        Intent { account: scene.account.id, template: &template, message: &message, audience: &audience, zone: &TimeZone::UTC };
    let run = dry_run(&scene.store, intent, None).await.unwrap();
    assert_eq!((run.reach.recipients, run.findings.len(), scene.sim.calls(SEND)), (3, 0, 0));
}

fn dry(home: &Home, options: &[&str]) -> std::process::Output {
    home.run(&[&["send", "--dry-run"], MESSAGE, options].concat())
}

#[test]
fn the_command_counts_by_reason_and_writes_every_verdict() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let report = home.dir.path().join("试运行.csv");
    let path = report.to_str().unwrap();
    let output = dry(&home, &["--all", "--tag", "VIP", "--to", "oStranger", "--report", path, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = std::fs::read_to_string(&report).unwrap();
    assert!(text.starts_with('\u{feff}'), "a spreadsheet shows its Chinese");
    let rows = rows(&text);
    let counts = verdicts(&rows);
    assert_eq!((document["queued"].as_u64(), document["total"].as_u64()), (Some(counts["ok"]), Some(counts["ok"])));
    for (reason, count) in document["excluded"].as_object().unwrap() {
        assert_eq!(count.as_u64(), Some(counts.get(reason.as_str()).copied().unwrap_or_default()), "{reason}");
    }
    assert_eq!((counts["unknown_user"], counts["duplicate"]), (1, 120));
    assert_eq!((&document["job"], &document["state"]), (&Value::Null, &Value::from("dry_run")));
    let people = dry(&home, &["--all", "--to", "oStranger"]);
    let said = said(&people);
    assert!(said.contains("would get it") && said.contains("1  unknown to this account"), "{said}");
    assert!(!said.contains("named twice"), "a reason without anybody is not told: {said}");
    assert_eq!((sim.calls(SEND), home.fine(&["jobs", "--json"])), (0, Value::Array(Vec::new())));
}

#[test]
fn a_report_replaces_nothing_and_does_not_mix_with_json() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let there = home.dir.path().join("report.csv");
    std::fs::write(&there, "mine").unwrap();
    let output = dry(&home, &["--tag", "VIP", "--report", there.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("report.csv"), "{}", said(&output));
    assert_eq!(std::fs::read(&there).unwrap(), b"mine");
    let output = dry(&home, &["--tag", "VIP", "--report", "-", "--json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{}", said(&output));
    let output = dry(&home, &["--tag", "VIP", "--report", "-"]);
    assert_eq!((output.status.code(), rows(&String::from_utf8(output.stdout).unwrap()).len()), (Some(0), 120));
    let without = [&["send", "--yes", "--tag", "VIP", "--report", "x.csv"], MESSAGE].concat();
    assert_eq!(home.run(&without).status.code(), Some(2));
    assert!(!Path::new("x.csv").exists());
    assert_eq!(sim.calls(SEND), 0);
}

#[test]
fn a_dry_run_that_reaches_nobody_ends_with_2_and_says_whom() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let output = dry(&home, &["--to", "oStranger", "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), document["queued"].as_u64()), (Some(2), Some(0)));
    assert_eq!(document["excluded"]["unknown_user"], 1);
    let vip = home.fine(&["users", "--tag", "VIP", "--json"]);
    let odd = dry(
        &home,
        &["--to", vip[0]["openid"].as_str().unwrap(), "--json", "--url", "https://example.com", "--color", "thing2=#173177"],
    );
    let document: Value = serde_json::from_slice(&odd.stdout).unwrap();
    let finding = &document["findings"][0];
    assert_eq!((&finding["level"], &finding["field"], &finding["openid"]), (&"warning".into(), &"thing2".into(), &Value::Null));
    assert!(finding["message"].as_str().is_some_and(|text| text.contains("colours")), "{document}");
}
