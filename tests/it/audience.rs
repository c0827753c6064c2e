//! Who gets it, said in a line: sets joined from left to right, earlier jobs among them.

use crate::home::{Home, MESSAGE, said};
use muban::sim::{Action, Sim, Standing, World};
use std::collections::BTreeSet;

fn received(sim: &Sim) -> BTreeSet<String> {
    sim.delivered().into_iter().map(|message| message.openid.clone()).collect()
}

fn send(home: &Home, audience: &str, more: &[&str]) -> serde_json::Value {
    let args = [&["send", "--audience", audience, "--json", "--rate", "0"], more, MESSAGE].concat();
    serde_json::from_slice(&home.run(&args).stdout).unwrap_or_else(|_| panic!("{}", said(&home.run(&args))))
}

#[test]
fn who_got_it_is_left_out_and_who_did_not_gets_it() {
    let sim = Sim::local(World::with_followers(40, 1)).unwrap();
    let home = Home::synced(&sim);
    let account = sim.world(|world| world.accounts()[0].clone());
    let openid = |n| account.openid(n);
    for n in 0..3 {
        sim.world(|world| world.act(None, Action::Standing { openid: openid(n), standing: Standing::Refuses })).unwrap();
    }
    let half: BTreeSet<String> = account.tag_members("half").into_iter().collect();
    let first = send(&home, "tag:half", &["--yes"]);
    let failed = first["failed"].as_u64().unwrap();
    assert_eq!((first["total"].as_u64(), failed > 0), (Some(half.len() as u64), true), "{first}");
    let got = received(&sim);
    // Everyone but those who have it.
    let dry = send(&home, "all - job:1:sent", &["--dry-run"]);
    assert_eq!(dry["queued"].as_u64(), Some(40 - got.len() as u64));
    assert_eq!(send(&home, "job:1:failed & tag:half", &["--dry-run"])["queued"].as_u64(), Some(failed));
    assert_eq!(send(&home, "job:1 - job:1:accepted", &["--dry-run"])["queued"].as_u64(), Some(failed));
    let rest = send(&home, "all - job:1:sent", &["--yes"]);
    assert_eq!(rest["total"].as_u64(), Some(40 - got.len() as u64));
    let all = sim.delivered().len();
    assert_eq!(all, received(&sim).len(), "nobody has it twice");
    assert_eq!(home.fine(&["job", "show", "2", "--json"])["total"], rest["total"]);
}

#[test]
fn a_line_that_names_nothing_is_refused_and_says_why() {
    let sim = Sim::local(World::with_followers(5, 1)).unwrap();
    let home = Home::synced(&sim);
    for (audience, words) in [
        ("", "name sets"),
        ("all tag:half", "`tag:half` has to be +, - or &"),
        ("all -", "missing at the end"),
        ("tag:nobody", "no tag `nobody`"),
        ("job:7:sent", "no job 7 of this account"),
        ("job:7:lost", "accepted, failed, unknown"),
        ("user:o\u{5f20}", "is not an openid"),
    ] {
        let output = home.run(&[&["send", "--yes", "--audience", audience], MESSAGE].concat());
        assert_eq!(output.status.code(), Some(2), "{audience}: {}", said(&output));
        assert!(said(&output).contains(words), "{audience}: {}", said(&output));
    }
    let both = home.run(&[&["send", "--yes", "--audience", "all", "--all"], MESSAGE].concat());
    assert_eq!(both.status.code(), Some(2));
    assert_eq!(sim.delivered_count(), 0);
}

#[test]
fn a_list_of_followers_that_is_old_or_not_there_is_told_before_a_send() {
    let sim = Sim::local(World::with_followers(5, 1)).unwrap();
    let home = Home::synced(&sim);
    std::fs::write(home.dir.path().join("config.toml"), "stale_after = 0\n").unwrap();
    let dry = |home: &Home, options: &[&str]| said(&home.run(&[&["send", "--dry-run"], options, MESSAGE].concat()));
    let old = dry(&home, &["--all"]);
    assert!(old.contains("The followers were synced") && old.contains("muban sync users"), "{old}");
    let openid = sim.world(|world| world.accounts()[0].openid(1));
    assert!(!dry(&home, &["--to", &openid]).contains("were synced"), "who is named is known");
    std::fs::write(home.dir.path().join("config.toml"), "stale_after = 24\n").unwrap();
    assert!(!dry(&home, &["--all"]).contains("were synced"));

    let fresh = Home::new();
    let (appid, secret) = sim.world(|world| (world.accounts()[0].appid.clone(), world.accounts()[0].secret.clone()));
    fresh.add_account(&appid, &secret, &sim.url());
    fresh.fine(&["sync", "templates", "--json"]);
    assert!(dry(&fresh, &["--all"]).contains("never synced as a whole"));
}
