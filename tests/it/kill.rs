//! A process that is killed loses nothing and sends nothing twice.

use crate::home::{Home, MESSAGE, said};
use crate::witness::{each_got_it_once, until};
use muban::sim::{Chance, Sim, World};
use serde_json::Value;

const RECIPIENTS: usize = 5000;
const KILLS: usize = 20;

/// The next number of a fixed sequence: moments that look random and are the same in every run.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

#[test]
fn killed_twenty_times_everyone_gets_it_exactly_once() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 7)).unwrap();
    let home = Home::synced(&sim);
    sim.faults(|faults| {
        faults.latency_ms = 2;
        faults.reset_after = Chance::percent(1.0);
    });
    let pace = ["--rate", "0", "--concurrency", "20", "--attempts", "10"];
    let send: Vec<&str> = ["send", "--all", "--yes"].iter().chain(MESSAGE).chain(&pace).copied().collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15;
    let mut child = home.start(&send);
    for kill in 1..=KILLS {
        // Anywhere between here and the middle of the next part.
        let part = RECIPIENTS / (KILLS + 2);
        let goal = kill * part + next(&mut seed) as usize % (part / 2);
        until(&sim, |sim| sim.delivered_count() >= goal);
        child.kill().unwrap();
        child.wait().unwrap();
        let resume: Vec<&str> = ["job", "resume", "1", "--json"].iter().chain(&pace).copied().collect();
        child = home.start(&resume);
    }
    let output = child.wait_with_output().unwrap();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    let number = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(number("total"), RECIPIENTS as u64);
    assert_eq!(number("accepted") + number("failed") + number("unknown") + number("skipped"), number("total"), "{summary}");
    assert_eq!((number("failed"), number("queued")), (0, 0), "{summary}");
    each_got_it_once(&sim, RECIPIENTS);
}

#[test]
fn a_sync_killed_ten_times_ends_as_one_that_was_left_alone() {
    const FOLLOWERS: usize = 45_000;
    let sim = Sim::local(World::stress(FOLLOWERS, 5, 4.0)).unwrap();
    let [killed, alone] = [Home::new(), Home::new()];
    let account = sim.world(|world| world.accounts()[0].clone());
    for home in [&killed, &alone] {
        home.add_account(&account.appid, &account.secret, &sim.url());
    }
    // A sync makes some 455 calls for details and writes after each 200: before anything is written, after the first part, in the
    // midst of the second, and over and over in what then is left.
    for calls in [3, 30, 250, 20, 215, 20, 40, 5, 30, 45] {
        let goal = sim.calls_total() + calls;
        let mut child = killed.start(&["sync", "--json"]);
        until(&sim, |sim| sim.calls_total() >= goal);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    killed.fine(&["sync", "--json"]);
    alone.fine(&["sync", "--json"]);
    let users = |home: &Home| {
        let Value::Array(mut users) = home.fine(&["users", "--limit", "1000000", "--json"]) else { panic!("a list") };
        users.sort_by_key(|user| user["openid"].as_str().map(str::to_owned));
        users
    };
    let (one, other) = (users(&killed), users(&alone));
    assert_eq!(one.len(), other.len());
    assert!(one.len() > FOLLOWERS / 2, "{}", one.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    for list in ["tags", "templates"] {
        assert_eq!(killed.fine(&[list, "--json"]), alone.fine(&[list, "--json"]));
    }
}
