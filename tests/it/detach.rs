//! A job in a process of its own outlives the terminal it came from, and can be followed, paused, repaced and given up from any
//! other.

use crate::home::{Home, MESSAGE};
use crate::scene::SEND;
use crate::terminal::Terminal;
use crate::witness::{Rows, each_got_it_once, until, wait_for_end};
use muban::domain::delivery::State;
use muban::sim::{Sim, World};
use serde_json::Value;

const RECIPIENTS: usize = 2_000;

fn detached(home: &Home, options: &[&str]) -> Value {
    let pace = ["--detach", "--all", "--yes", "--json", "--rate", "20"];
    home.fine(&[&["send"], MESSAGE, &pace, options].concat())
}

#[test]
fn it_goes_on_to_its_end_when_the_terminal_is_closed() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
    let home = Home::synced(&sim);
    let quoted: Vec<String> = MESSAGE.iter().map(|word| format!("'{word}'")).collect();
    // As from a shell: it stays, and with it the terminal that all its children have.
    let script = format!(
        "{} send {} --all --yes --detach --rate 20 && echo left alone; exec sleep 3600",
        env!("CARGO_BIN_EXE_muban"),
        quoted.join(" ")
    );
    let mut terminal = Terminal::start("sh", &["-c", &script], (120, 24), home.dir.path(), &[]);
    terminal.wait_for("left alone").wait_for("muban job show 1");
    until(&sim, |sim| sim.delivered_count() >= 3);
    terminal.close();
    terminal.end();
    let then = sim.delivered_count();
    assert!(then < RECIPIENTS / 2, "it should have most of its work still to do");
    until(&sim, |sim| sim.delivered_count() >= then + 10);
    let shown = home.fine(&["job", "show", "1", "--json"]);
    assert_eq!(shown["state"], "running", "{shown}");
    assert!(shown["accepted"].as_u64().unwrap() > 0 && shown["queued"].as_u64().unwrap() > 0, "{shown}");
    // Twenty a second would take minutes.
    let paced = home.fine(&["job", "pace", "1", "--rate", "0", "--concurrency", "32", "--json"]);
    assert_eq!(paced["state"], "running", "{paced}");
    until(&sim, |sim| sim.delivered_count() == RECIPIENTS);
    wait_for_end(&home, 1);
    let shown = home.fine(&["job", "show", "1", "--json"]);
    assert_eq!((&shown["state"], &shown["accepted"], &shown["reason"]), (&"done".into(), &RECIPIENTS.into(), &Value::Null));
    assert_eq!(Rows::of(&home, 1).count(State::Accepted), RECIPIENTS);
    each_got_it_once(&sim, RECIPIENTS);
    assert_eq!(sim.calls(SEND), RECIPIENTS as u64);
}

#[test]
fn another_process_pauses_it_resumes_it_and_gives_it_up() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
    let home = Home::synced(&sim);
    let begun = detached(&home, &[]);
    assert_eq!((&begun["job"], &begun["state"], &begun["total"]), (&1.into(), &"running".into(), &RECIPIENTS.into()));
    until(&sim, |sim| sim.delivered_count() >= 5);
    let paused = home.fine(&["job", "pause", "1", "--json"]);
    assert_eq!((&paused["state"], &paused["reason"]["class"]), (&"paused".into(), &"operator".into()), "{paused}");
    let sent = sim.delivered_count();
    assert_eq!(paused["accepted"].as_u64(), Some(sent as u64), "it has stopped when the command returns");
    assert_eq!(Rows::of(&home, 1).count(State::Sending), 0);

    // A new process, in no terminal at all, takes it up where it was.
    let mut child = home.start(&["job", "resume", "1", "--detached"]);
    until(&sim, |sim| sim.delivered_count() >= sent + 5);
    let cancelled = home.fine(&["job", "cancel", "1", "--json"]);
    assert_eq!((&cancelled["state"], &cancelled["queued"]), (&"cancelled".into(), &0.into()), "{cancelled}");
    assert_eq!(child.wait().unwrap().code(), Some(1), "finished, and not everyone got it");
    let (rows, arrived) = (Rows::of(&home, 1), sim.delivered_count());
    assert_eq!((rows.count(State::Accepted), rows.count(State::Skipped)), (arrived, RECIPIENTS - arrived));
    rows.agree_with(&sim.delivered());
    each_got_it_once(&sim, arrived);
}

#[test]
fn one_that_cannot_begin_says_so_and_leaves_nothing_running() {
    let sim = Sim::local(World::with_followers(20, 1)).unwrap();
    let home = Home::synced(&sim);
    home.fine(&["account", "set", "Acme", "--secret-env", "MUBAN_TEST_SECRET_NOT_SET"]);
    let send = [&["send", "--detach", "--all", "--yes", "--json"], MESSAGE].concat();
    let output = home.run(&send);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert_eq!(home.fine(&["jobs", "--json"]), Value::Array(Vec::new()));
    assert_eq!(sim.calls(SEND), 0);
}
