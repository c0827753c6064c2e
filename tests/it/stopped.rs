//! What stops a send of the binary: the exit code, the reason and the remedy it tells, and how it goes on.

use crate::home::{Home, document, said};
use crate::scene::SEND;
use crate::witness::{Rows, each_got_it_once, until};
use muban::domain::delivery::State;
use muban::sim::{Action, Chance, Sim, World};
use serde_json::Value;

const TOKEN: &str = "/cgi-bin/stable_token";

fn act(sim: &Sim, action: Action) {
    sim.world(|world| world.act(None, action)).unwrap();
}

/// A run that WeChat stopped with this code, and told why and what to do.
fn assert_stopped((summary, exit): &(Value, Option<i32>), errcode: i64, class: &str) {
    assert_eq!((*exit, &summary["state"]), (Some(3), &"paused".into()), "{summary}");
    let reason = &summary["reason"];
    assert_eq!((&reason["errcode"], &reason["class"]), (&errcode.into(), &class.into()), "{reason}");
    for text in ["meaning", "remedy", "errmsg", "rid"] {
        assert!(reason[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {reason}");
    }
    assert_eq!((&summary["failed"], &summary["unknown"]), (&0.into(), &0.into()), "it is nobody's fault: {summary}");
}

#[test]
fn a_spent_day_stops_it_and_the_next_day_finishes() {
    let sim = Sim::local(World::with_followers(2_000, 1)).unwrap();
    let home = Home::synced(&sim);
    act(&sim, Action::SetQuota { path: SEND.into(), limit: 500 });
    let stopped = home.send(&["--all", "--concurrency", "16"]);
    assert_stopped(&stopped, 45009, "stop_account");
    let (summary, _) = stopped;
    assert_eq!((&summary["accepted"], &summary["queued"]), (&500.into(), &1_500.into()));
    assert!(sim.answered_with(SEND, 45009) <= 16);
    assert_eq!(Rows::of(&home, 1).count(State::Accepted), 500);

    act(&sim, Action::NextDay);
    act(&sim, Action::SetQuota { path: SEND.into(), limit: 1_500 });
    let (summary, exit) = home.resume(1);
    assert_eq!((exit, &summary["accepted"], &summary["state"]), (Some(0), &2_000.into(), &"done".into()), "{summary}");
    each_got_it_once(&sim, 2_000);
}

#[test]
fn a_revoked_secret_stops_it_until_the_new_one_is_stored() {
    let sim = Sim::local(World::with_followers(500, 1)).unwrap();
    let home = Home::synced(&sim);
    sim.faults(|faults| faults.latency_ms = 50);
    let child = home.start_send(&["--all", "--rate", "0", "--concurrency", "16"]);
    until(&sim, |sim| sim.delivered_count() >= 50);
    let fetched = sim.token_fetches();
    act(&sim, Action::RevokeSecret);
    act(&sim, Action::ReplaceToken);
    let stopped = document(&child.wait_with_output().unwrap());
    assert_stopped(&stopped, 40125, "stop_account");
    assert!(sim.answered_with(SEND, 40001) <= 16, "no more requests than were in flight");
    assert_eq!(sim.token_fetches(), fetched + 1, "wrong credentials never loop");

    let again = home.resume(1);
    assert_stopped(&again, 40125, "stop_account");
    let secret = sim.world(|world| world.accounts()[0].secret.clone());
    home.set_secret(&secret);
    sim.faults(|faults| faults.latency_ms = 0);
    let (summary, exit) = home.resume(1);
    assert_eq!((exit, &summary["accepted"]), (Some(0), &500.into()), "{summary}");
    each_got_it_once(&sim, 500);
}

#[test]
fn an_address_that_is_not_allowed_costs_a_hundred_thousand_people_a_handful_of_requests() {
    const CROWD: usize = 100_000;
    let sim = Sim::local(World::with_followers(CROWD, 1)).unwrap();
    let home = Home::synced_quickly(&sim);
    // Where the token is fetched …
    let secret = sim.world(|world| world.accounts()[0].secret.clone());
    home.set_secret(&secret);
    sim.faults(|faults| faults.deny_ip = true);
    let fetched = sim.calls(TOKEN);
    let stopped = home.send(&["--all", "--concurrency", "16"]);
    assert_stopped(&stopped, 40164, "stop_account");
    assert_eq!((&stopped.0["reason"]["ip"], &stopped.0["queued"]), (&"127.0.0.1".into(), &CROWD.into()));
    assert_eq!((sim.calls(SEND), sim.calls(TOKEN)), (0, fetched + 1));
    // … and, the token being good, at the sends themselves.
    sim.faults(|faults| {
        (faults.deny_ip, faults.refuse_code, faults.refuse) = (false, 40164, Chance::percent(100.0));
    });
    let stopped = document(&home.run(&["job", "resume", "1", "--json", "--concurrency", "16"]));
    assert_stopped(&stopped, 40164, "stop_account");
    assert_eq!(stopped.0["reason"]["ip"], "127.0.0.1");
    assert!((1..=16).contains(&sim.calls(SEND)), "{} sends", sim.calls(SEND));
    let output = home.run(&["job", "resume", "1"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("127.0.0.1") && said(&output).contains("muban job resume 1"), "{}", said(&output));
    assert!(sim.calls(SEND) <= 2 * 16, "{} sends", sim.calls(SEND));
    assert_eq!((Rows::of(&home, 1).count(State::Queued), sim.delivered_count()), (CROWD, 0));
}

#[test]
fn a_token_that_ends_midway_is_fetched_once_and_costs_nobody_anything() {
    for expires in [true, false] {
        let sim = Sim::local(World::with_followers(400, 1)).unwrap();
        let home = Home::synced(&sim);
        sim.faults(|faults| {
            faults.latency_ms = 2;
            *(if expires { &mut faults.expire_token } else { &mut faults.kill_token }) = Chance::nth(150);
        });
        let fetched = sim.token_fetches();
        let (summary, exit) = home.send(&["--all", "--concurrency", "32"]);
        assert_eq!((exit, &summary["accepted"], &summary["errors"]), (Some(0), &400.into(), &Value::Array(Vec::new())));
        assert_eq!(sim.token_fetches(), fetched + 1);
        let rows = home.fine(&["job", "export", "1", "--json"]);
        assert!(rows.as_array().unwrap().iter().all(|row| row["attempts"] == 1), "no attempt is burnt by it");
        each_got_it_once(&sim, 400);
    }
}

#[test]
fn twenty_same_refusals_ask_and_going_on_is_the_answer() {
    let sim = Sim::local(World::with_followers(100, 1)).unwrap();
    let home = Home::synced(&sim);
    for n in 0..100 {
        let openid = sim.world(|world| world.accounts()[0].openid(n));
        act(&sim, Action::Standing { openid, standing: muban::sim::Standing::Stale });
    }
    let (summary, exit) = home.send(&["--all", "--concurrency", "4"]);
    assert_eq!((exit, &summary["reason"]["errcode"]), (Some(3), &43004.into()), "{summary}");
    assert!((20..=24).contains(&summary["failed"].as_u64().unwrap()), "{summary}");
    let (summary, exit) = home.resume(1);
    assert_eq!((exit, &summary["failed"], &summary["state"]), (Some(1), &100.into(), &"done".into()), "{summary}");
}

#[test]
fn an_unreachable_host_stops_it_and_burns_nobodys_attempts() {
    let sim = Sim::local(World::with_followers(50, 1)).unwrap();
    let home = Home::synced(&sim);
    let url = sim.url();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    home.fine(&["account", "set", "Acme", "--api-base", &closed]);
    let (summary, exit) = home.send(&["--all"]);
    assert_eq!((exit, &summary["reason"]["class"], &summary["queued"]), (Some(3), &"network".into(), &50.into()), "{summary}");
    assert!(!summary["reason"]["remedy"].as_str().unwrap().is_empty());
    home.fine(&["account", "set", "Acme", "--api-base", &url]);
    let (summary, exit) = home.resume(1);
    assert_eq!((exit, &summary["accepted"]), (Some(0), &50.into()), "{summary}");
    each_got_it_once(&sim, 50);
}
