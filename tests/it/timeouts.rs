//! Answers that never come: who was asked for again gets it once, whatever the server says to a repeat.

use crate::home::{Home, document};
use crate::scene::SEND;
use crate::witness::{Rows, each_got_it_once, until};
use muban::domain::delivery::State;
use muban::sim::{Chance, Duplicates, Sim, World};

const RECIPIENTS: usize = 400;

/// The program's own patience for one call is the only thing that ends these, so both runs wait for it at once.
#[test]
fn one_in_twenty_is_answered_too_late_and_nobody_gets_it_twice() {
    let runs = [Duplicates::Ok, Duplicates::Refused].map(|duplicates| {
        let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
        let home = Home::synced(&sim);
        sim.faults(|faults| {
            (faults.duplicates, faults.stall_ms, faults.stall) = (duplicates, 3_600_000, Chance::percent(5.0));
        });
        let child = home.start_send(&["--all", "--rate", "0", "--concurrency", "64"]);
        (sim, home, child)
    });
    for (sim, ..) in &runs {
        // Everyone was asked for once; the repeats are answered.
        until(sim, |sim| sim.calls(SEND) >= RECIPIENTS as u64);
        sim.faults(|faults| faults.stall = Chance::NEVER);
    }
    for (sim, home, child) in runs {
        let (summary, exit) = document(&child.wait_with_output().unwrap());
        assert_eq!((exit, &summary["accepted"], &summary["failed"]), (Some(0), &RECIPIENTS.into(), &0.into()), "{summary}");
        let repeats = sim.calls(SEND) - RECIPIENTS as u64;
        assert!((5..=64).contains(&repeats), "{repeats} were asked for again");
        let rows = home.fine(&["job", "export", "1", "--json"]);
        let again = rows.as_array().unwrap().iter().filter(|row| row["attempts"] == 2).count();
        assert_eq!(again as u64, repeats);
        assert_eq!(Rows::of(&home, 1).count(State::Accepted), RECIPIENTS);
        each_got_it_once(&sim, RECIPIENTS);
    }
}
