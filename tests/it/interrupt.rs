//! Asked once to end, a send finishes what is on its way; asked twice, it ends at once. Either way it can go on.

use crate::home::{Home, document, said};
use crate::scene::SEND;
use crate::witness::{Rows, each_got_it_once, signal, until, wait_to_hear};
use muban::domain::delivery::State;
use muban::sim::{Chance, Sim, World};
use rustix::process::Signal;

/// More than a run can send before it is asked to end, at the pace of these tests.
const RECIPIENTS: usize = 400;

#[test]
fn the_first_signal_lets_what_is_on_its_way_come_back() {
    for asked in [Signal::INT, Signal::TERM, Signal::HUP] {
        let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
        let home = Home::synced(&sim);
        sim.faults(|faults| faults.latency_ms = 200);
        let child = home.start_send(&["--all", "--rate", "0", "--concurrency", "8"]);
        until(&sim, |sim| sim.delivered_count() >= 20);
        signal(&child, asked);
        let (summary, exit) = document(&child.wait_with_output().unwrap());
        assert_eq!((exit, &summary["state"]), (Some(4), &"paused".into()), "{asked:?}: {summary}");
        assert_eq!(summary["reason"]["class"], "interrupted");
        let accepted = sim.delivered_count();
        assert_eq!(summary["accepted"].as_u64(), Some(accepted as u64), "every answer was waited for");
        assert_eq!(summary["queued"].as_u64(), Some((RECIPIENTS - accepted) as u64));
        assert!((20..RECIPIENTS).contains(&accepted), "{accepted} sent");
        let rows = Rows::of(&home, 1);
        assert_eq!((rows.count(State::Sending), rows.count(State::Accepted)), (0, accepted));

        sim.faults(|faults| faults.latency_ms = 0);
        let (summary, exit) = home.resume(1);
        assert_eq!((exit, &summary["accepted"]), (Some(0), &RECIPIENTS.into()), "{summary}");
        assert_eq!(sim.calls(SEND), RECIPIENTS as u64, "nobody had to be asked for twice");
        each_got_it_once(&sim, RECIPIENTS);
    }
}

#[test]
fn the_second_signal_ends_it_at_once_and_leaves_what_is_on_its_way_to_be_resolved() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
    let home = Home::synced(&sim);
    // The server takes the messages and never answers.
    sim.faults(|faults| (faults.stall_ms, faults.stall) = (3_600_000, Chance { after: 40, next: 0, percent: 100.0 }));
    let mut child = home.start_send(&["--all", "--rate", "0", "--concurrency", "8"]);
    until(&sim, |sim| sim.calls(SEND) == 48);
    signal(&child, Signal::INT);
    wait_to_hear(&mut child, "Ctrl-C again");
    signal(&child, Signal::INT);
    let (summary, exit) = document(&child.wait_with_output().unwrap());
    assert_eq!((exit, &summary["state"], &summary["accepted"]), (Some(4), &"paused".into(), &40.into()), "{summary}");
    let rows = Rows::of(&home, 1);
    assert_eq!((rows.count(State::Sending), rows.count(State::Unknown)), (8, 0), "whose answers were still to come");
    assert_eq!(sim.delivered_count(), 48);
    rows.agree_with(&sim.delivered());

    sim.faults(|faults| faults.stall = Chance::NEVER);
    let (summary, exit) = home.resume(1);
    assert_eq!((exit, &summary["accepted"]), (Some(0), &RECIPIENTS.into()), "{summary}");
    assert_eq!(sim.calls(SEND), RECIPIENTS as u64 + 8, "only those were asked for again");
    each_got_it_once(&sim, RECIPIENTS);
}

#[test]
fn a_job_that_was_cut_off_can_be_given_up_and_owns_up_to_what_may_have_arrived() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
    let home = Home::synced(&sim);
    sim.faults(|faults| (faults.stall_ms, faults.stall) = (3_600_000, Chance { after: 40, next: 0, percent: 100.0 }));
    let mut child = home.start_send(&["--all", "--rate", "100", "--concurrency", "8"]);
    until(&sim, |sim| sim.calls(SEND) == 48);
    child.kill().unwrap();
    child.wait().unwrap();
    let shown = home.fine(&["job", "show", "1", "--json"]);
    assert_eq!((&shown["state"], &shown["reason"]["class"]), (&"paused".into(), &"interrupted".into()), "{shown}");
    let paused = home.fine(&["job", "pause", "1", "--json"]);
    assert_eq!(paused["state"], "paused", "nobody is at work, so there is nothing to wait for");
    let cancelled = home.fine(&["job", "cancel", "1", "--json"]);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!((cancelled["queued"].as_u64(), cancelled["failed"].as_u64()), (Some(0), Some(0)));
    let rows = Rows::of(&home, 1);
    rows.agree_with(&sim.delivered());
    assert!(rows.count(State::Unknown) >= 8 && rows.count(State::Skipped) >= 200, "a second's worth is in doubt: {cancelled}");
    let again = home.run(&["job", "resume", "1"]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    let cancelled = home.run(&["job", "cancel", "1"]);
    assert_eq!((cancelled.status.code(), sim.calls(SEND)), (Some(0), 48), "{}", said(&cancelled));
}
