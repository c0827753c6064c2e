//! The binary on the command line, against the simulator over real HTTP.

use crate::home::{APPID, Home, MESSAGE, SECRET, said};
use crate::scene::SEND;
use crate::witness::until_delivered;
use muban::sim::{Action, Sim, Standing, World};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

#[test]
fn two_thousand_recipients_agree_with_the_simulators_ledger() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let (summary, exit) = home.send(&["--all", "--concurrency", "64"]);
    let number = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!((exit, summary["state"].as_str()), (Some(1), Some("done")));
    assert_eq!(number("accepted"), sim.delivered_count() as u64);
    assert_eq!(number("accepted") + number("failed"), number("total"));
    assert_eq!(number("total") + summary["excluded"]["blacklisted"].as_u64().unwrap(), 2000);
    for error in summary["errors"].as_array().unwrap() {
        let answered = sim.answered_with("/cgi-bin/message/template/send", error["errcode"].as_i64().unwrap());
        assert_eq!(error["count"].as_u64(), Some(answered));
        assert!(!error["meaning"].as_str().unwrap().is_empty());
    }
    let shown = home.fine(&["job", "show", "1", "--json"]);
    assert_eq!(shown, summary, "the job is shown as the send reported it");
    let jobs = home.fine(&["jobs", "--json"]);
    assert_eq!(jobs[0]["accepted"], summary["accepted"]);
    let rows = home.fine(&["job", "export", "1", "--format", "json", "--state", "failed"]);
    assert_eq!(rows.as_array().unwrap().len() as u64, number("failed"));
    assert!(rows.as_array().unwrap().iter().all(|row| row["explanation"].as_str().is_some_and(|text| !text.is_empty())));
}

#[test]
fn the_server_gets_the_preview_byte_for_byte_and_one_last_member() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let users = home.fine(&["users", "--json", "--tag", "内部"]);
    let to = users[0]["openid"].as_str().unwrap();
    let extra = [
        "--url",
        "https://example.com/订单?a=1&b=\"2\"",
        "--mini-appid",
        "wx0123456789abcdef",
        "--mini-path",
        "pages/a?id=1",
        "--color",
        "thing2=#173177",
    ];
    sim.world(|world| world.accounts_mut()[0].mini_programs.push("wx0123456789abcdef".into()));
    let preview: Vec<&str> = ["preview", "--json", "--to", to].iter().chain(MESSAGE).chain(&extra).copied().collect();
    let preview = home.run(&preview);
    assert!(preview.status.success(), "{}", said(&preview));
    let preview = String::from_utf8(preview.stdout).unwrap();
    let options: Vec<&str> = ["--to", to].iter().chain(&extra).copied().collect();
    let (summary, exit) = home.send(&options);
    assert_eq!((exit, summary["accepted"].as_u64()), (Some(0), Some(1)), "{summary}");
    let body = String::from_utf8(sim.delivered()[0].body.clone()).unwrap();
    let (head, tail) = body.split_once(",\"client_msg_id\":\"").unwrap();
    assert_eq!(format!("{head}}}"), preview.trim_end());
    assert!(tail.ends_with("\"}") && tail.len() <= 34, "{tail}");
}

#[test]
fn a_payload_is_sent_as_it_says() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let users = home.fine(&["users", "--json", "--tag", "内部"]);
    let to = users[1]["openid"].as_str().unwrap();
    let preview: Vec<&str> = ["preview", "--json", "--to", to].iter().chain(MESSAGE).copied().collect();
    let body = String::from_utf8(home.run(&preview).stdout).unwrap();
    let output = home.run_with(&["send", "--payload", "-", "--yes", "--json"], &body);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let sent = String::from_utf8(sim.delivered()[0].body.clone()).unwrap();
    assert!(sent.starts_with(body.trim_end().strip_suffix('}').unwrap()));
    let both = home.run_with(&["send", "--payload", "-", "--tag", "VIP", "--yes"], &body);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn bad_input_is_said_clearly_and_changes_nothing() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let payload = home.dir.path().join("body.json");
    std::fs::write(&payload, "{\"touser\":\n  oX}").unwrap();
    let payload = payload.to_str().unwrap();
    let send = |options: &[&'static str]| [&["send", "--yes"], MESSAGE, options].concat();
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (vec!["send", "--template", "没有的", "--tag", "VIP", "--yes"], "没有的`; there are: 订单发货通知"),
        (send(&["--set", "thing9=x", "--tag", "VIP"]), "thing9"),
        (vec!["send", "--template", "订单发货通知", "--set", "thing2=x", "--tag", "VIP", "--yes"], "time5"),
        (send(&["--to", "o张三"]), "o张三"),
        (send(&["--test"]), "--test-openid"),
        (send(&["--test", "--to", "o张三"]), "o张三"),
        (send(&["--test", "--tag", "VIP"]), "--tag"),
        (send(&["--test", "--minus-tag", "VIP"]), "--minus-tag"),
        (send(&["--test", "--all"]), "--all"),
        (vec!["account", "set", "Acme", "--test-openid", "o张三"], "o张三"),
        (vec!["account", "set", "Acme", "--test-openid", "oA", "--no-test-openids"], "--no-test-openids"),
        (send(&["--tag", "没有"]), "没有"),
        (send(&[]), "--to"),
        (vec!["send", "--payload", payload, "--yes"], "line 2, column 3"),
        (vec!["send", "--payload", "/does/not/exist", "--yes"], "/does/not/exist"),
        (vec!["account", "add", "--name", "B", "--appid", "wx1", "--secret-stdin"], "wx1"),
        (vec!["account", "add", "--name", "B", "--appid", "wxbe7abe7abe7a0002", "--secret-stdin"], "AppSecret"),
        (vec!["account", "add", "--name", "B", "--appid", "wxbe7abe7abe7a0002"], "--secret-stdin"),
        (
            vec![
                "account",
                "add",
                "--name",
                "B",
                "--appid",
                "wxbe7abe7abe7a0002",
                "--secret-env",
                "X",
                "--api-base",
                "http://example.com",
            ],
            "http://example.com",
        ),
        (vec!["send", "--template", "订单发货通知", "--tag", "VIP"], "empty"),
        (vec!["job", "show", "99"], "99"),
        (vec!["nonsense"], "nonsense"),
        (vec!["explain", "nothing here"], "errcode"),
    ];
    for (args, names) in cases {
        let output = home.run_with(&args, "short secret");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(names), "{args:?} should name {names}: {stderr}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(sim.delivered_count(), 0);
    assert_eq!(home.fine(&["jobs", "--json"]), Value::Array(Vec::new()));
    assert_eq!(home.fine(&["account", "list", "--json"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_store_that_is_newer_or_no_store_is_refused_unchanged() {
    let newer = Home::new();
    newer.fine(&["account", "list", "--json"]);
    let file = newer.dir.path().join("ledger.db");
    let header = {
        // The layout is a big-endian number at offset 60 of the file; the log is folded in first by opening it once more.
        let mut bytes = std::fs::read(&file).unwrap();
        bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
        bytes
    };
    for leftover in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(newer.dir.path().join(leftover));
    }
    std::fs::write(&file, &header).unwrap();
    let foreign = Home::new();
    std::fs::write(foreign.dir.path().join("cache.db"), b"not a database at all").unwrap();
    for (home, names) in [(&newer, "newer muban"), (&foreign, "not a SQLite file")] {
        let before = home.files();
        let output = home.run(&["account", "list"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(names), "{}", said(&output));
        let name = if names.starts_with("newer") { "ledger.db" } else { "cache.db" };
        let content = |files: &[(String, Vec<u8>)]| files.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert_eq!(content(&before), content(&home.files()));
    }
}

#[test]
fn neither_secret_nor_token_is_anywhere_but_in_the_vault() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let mut heard = String::new();
    let mut hear = |output: &Output| heard.push_str(&said(output));
    let all: Vec<&str> = ["send", "--yes", "--json", "--tag", "VIP"].iter().chain(MESSAGE).copied().collect();
    hear(&home.run(&all));
    let token = token_of(home.dir.path());
    assert!(token.len() > 20);
    // 40125: the secret was reset at WeChat.
    sim.world(|world| world.act(None, Action::RevokeSecret).unwrap());
    sim.world(|world| world.act(None, Action::ExpireToken).unwrap());
    hear(&home.run(&["sync"]));
    // Connection refused, and a host that does not exist.
    let gone = sim.url();
    drop(sim);
    for base in [gone.as_str(), "https://no-such-host.invalid"] {
        hear(&home.run(&["account", "set", "Acme", "--api-base", base, "--json"]));
        let output = home.run(&["sync", "tags"]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        hear(&output);
    }
    hear(&home.run(&["account", "list", "--json"]));
    hear(&home.run(&["job", "export", "1", "--format", "json"]));
    assert!(heard.contains("40125"), "{heard}");
    for secret in [SECRET, token.as_str()] {
        assert!(!heard.contains(secret), "printed");
        for (name, bytes) in home.files() {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "in {name}");
        }
    }
}

fn token_of(home: &Path) -> String {
    let db = rusqlite::Connection::open(home.join("vault.db")).unwrap();
    db.query_row("SELECT token FROM tokens", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_secret_may_come_from_a_variable_or_a_command() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::new();
    let command = format!("echo {SECRET}");
    home.fine(&["account", "add", "--name", "Acme", "--appid", APPID, "--secret-command", &command, "--api-base", &sim.url()]);
    home.fine(&["sync", "tags", "--json"]);
    home.fine(&["account", "set", "Acme", "--secret-env", "MUBAN_TEST_SECRET_NOT_SET"]);
    let output = home.run(&["sync", "tags"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("MUBAN_TEST_SECRET_NOT_SET"), "{}", said(&output));
}

#[test]
fn the_same_again_is_refused_until_it_is_meant() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    home.send(&["--tag", "内部"]);
    let delivered = sim.delivered_count();
    let again: Vec<&str> = ["send", "--yes", "--tag", "内部"].iter().chain(MESSAGE).copied().collect();
    let output = home.run(&again);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("job 1"), "{}", said(&output));
    assert_eq!(sim.delivered_count(), delivered);
    home.send(&["--tag", "内部", "--again"]);
    assert_eq!(sim.delivered_count(), 2 * delivered);
}

#[test]
fn a_dry_run_counts_and_sends_nothing() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let (document, exit) = home.send(&["--all", "--minus-tag", "内部", "--dry-run"]);
    assert_eq!((exit, document["state"].as_str(), document["job"].as_i64()), (Some(0), Some("dry_run"), None));
    assert_eq!(document["queued"], document["total"]);
    assert!(document["findings"].is_array());
    assert_eq!(sim.calls("/cgi-bin/message/template/send"), 0);
    assert_eq!(home.fine(&["jobs", "--json"]), Value::Array(Vec::new()));
}

#[test]
fn another_process_that_sends_for_the_account_is_warned_about() {
    let sim = Sim::local(World::with_followers(400, 1)).unwrap();
    let home = Home::synced(&sim);
    let limit = |limit| sim.world(|world| world.act(None, Action::SetQuota { path: SEND.into(), limit })).unwrap();
    let to = sim.world(|world| world.accounts()[0].openid(7));
    let one: Vec<&str> = ["send", "--yes", "--again", "--to", &to].iter().chain(MESSAGE).copied().collect();
    limit(0);
    let paused = home.run(&one);
    assert!(paused.status.code() == Some(3) && !said(&paused).contains("another process"), "{}", said(&paused));
    limit(9_999);
    let all: Vec<&str> = ["send", "--yes", "--all", "--rate", "5"].iter().chain(MESSAGE).copied().collect();
    let mut child = home.start(&all);
    until_delivered(&sim, 2);
    for (args, words) in [
        (vec!["job", "resume", "1", "--lang", "zh"], "另一个进程"),
        (one.clone(), "another process"),
        ([&one[..], &["--detach"]].concat(), "another process"),
    ] {
        let output = home.run(&args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", said(&output));
        let stderr = String::from_utf8_lossy(&output.stderr);
        let line = stderr.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{args:?}: {stderr}"));
        let jobs: Vec<&str> = line.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect();
        assert!(jobs == ["2"] && line.contains("Acme"), "{line}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    while home.fine(&["job", "show", "4", "--json"])["state"] != "done" {}
}

#[test]
fn what_a_user_was_sent_is_told_over_all_jobs() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let gone = sim.world(|world| world.accounts()[0].openid(3));
    sim.world(|world| world.act(None, muban::sim::Action::Unfollow { openid: gone.clone() }).unwrap());
    let (summary, _) = home.send(&["--to", &gone]);
    assert_eq!(summary["failed"], 1, "{summary}");
    sim.world(|world| world.act(None, muban::sim::Action::Follow { openid: gone.clone() }).unwrap());
    home.send(&["--to", &gone, "--again"]);
    let told = home.fine(&["user", "deliveries", &gone, "--json"]);
    let [second, first] = told.as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!((&second["job"], &second["state"], &second["errcode"]), (&2.into(), &"accepted".into(), &0.into()));
    assert_eq!((&first["job"], &first["state"], &first["errcode"]), (&1.into(), &"failed".into(), &43004.into()));
    assert!(first["explanation"].as_str().is_some_and(|text| text.contains("follow")), "{first}");
    assert!(second["msgid"].as_str().is_some_and(|id| id.len() > 15) && second["explanation"].is_null(), "{second}");
    assert_eq!(second["title"], "订单发货通知");
    assert_eq!(home.fine(&["user", "deliveries", &gone, "--limit", "1", "--json"]).as_array().unwrap().len(), 1);
    assert!(said(&home.run(&["user", "deliveries", &gone])).contains("43004"));
    assert_eq!(home.fine(&["user", "deliveries", "oStranger", "--json"]), Value::Array(Vec::new()));
    assert_eq!(home.run(&["user", "deliveries", "o张三"]).status.code(), Some(2));
}

#[test]
fn users_are_listed_by_how_they_stand_and_by_name() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let openid_of = |n: u32| sim.world(|world| world.accounts()[0].openid(n));
    let (left, blocked) = (openid_of(3), openid_of(5));
    sim.world(|world| {
        assert!(world.accounts_mut()[0].set_standing(&left, Standing::Left));
        assert!(world.accounts_mut()[0].blacklist(&blocked, true));
    });
    home.fine(&["sync", "users", "--json"]);
    let all = home.fine(&["users", "--json"]);
    let (summary, _) = home.send(&["--to", &openid_of(7), "--to", &openid_of(8)]);
    let sent = summary["accepted"].as_u64().unwrap() + summary["unknown"].as_u64().unwrap();
    let listed = |options: &[&str]| home.fine(&[&["users", "--json"], options].concat()).as_array().unwrap().clone();
    let which =
        |fits: &dyn Fn(&Value) -> bool| all.as_array().unwrap().iter().filter(|user| fits(user)).cloned().collect::<Vec<_>>();
    assert_eq!(listed(&["--subscribed"]), which(&|user| user["subscribed"] == true));
    assert_eq!(listed(&["--left"]), which(&|user| user["subscribed"] == false));
    assert!(listed(&["--left"]).iter().any(|user| user["openid"] == left.as_str()));
    assert_eq!(listed(&["--blacklisted"]), which(&|user| user["blacklisted"] == true));
    assert!(listed(&["--blacklisted"]).iter().any(|user| user["openid"] == blocked.as_str()));
    assert_eq!(all.as_array().unwrap().len() as u64 - sent, listed(&["--never-sent"]).len() as u64);
    let label = |user: &Value| {
        let text = |key: &str| user[key].as_str().unwrap().to_ascii_lowercase();
        let name = if text("remark").is_empty() { text("nickname") } else { text("remark") };
        (name.is_empty(), name)
    };
    let mut by_name = which(&|_| true);
    by_name.sort_by_key(label);
    assert_eq!(listed(&["--sort", "name"]), by_name, "of the same name the newest comes first");
    assert_eq!(listed(&["--sort", "name", "--limit", "7"]), by_name[..7]);
    assert_eq!(home.run(&["users", "--left", "--blacklisted"]).status.code(), Some(2));
}
