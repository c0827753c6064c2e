//! Test sends: to one's own openids, which the account remembers, as often as one likes.

use crate::home::{Home, MESSAGE, said};
use crate::terminal::Terminal;
use crate::tui::fill;
use muban::sim::{Sim, World};
use std::collections::BTreeSet;

fn followers(sim: &Sim, count: u32) -> Vec<String> {
    sim.world(|world| (0..count).map(|n| world.accounts()[0].openid(n)).collect())
}

fn reached(sim: &Sim) -> BTreeSet<String> {
    sim.delivered().into_iter().map(|message| message.openid).collect()
}

#[test]
fn it_goes_to_the_openids_it_was_told_once_and_is_never_held_up() {
    let sim = Sim::local(World::with_followers(20, 1)).unwrap();
    let home = Home::synced(&sim);
    let mine = followers(&sim, 2);
    let to: Vec<&str> = mine.iter().flat_map(|openid| ["--to", openid]).collect();
    let test = |options: &[&str]| home.run(&[&["send", "--test"], MESSAGE, options].concat());
    // Looking and being refused remember nobody.
    for options in [&["--dry-run"][..], &[]] {
        let output = test(&[&to[..], options].concat());
        assert_eq!(output.status.code(), Some(if options.is_empty() { 2 } else { 0 }), "{}", said(&output));
        assert_eq!(test(&["--yes"]).status.code(), Some(2));
    }
    let strangers = test(&["--yes", "--to", "oNobodyOfThisAccount_0123456"]);
    assert_eq!(strangers.status.code(), Some(2), "{}", said(&strangers));
    assert_eq!((test(&["--yes"]).status.code(), sim.delivered_count()), (Some(2), 0));

    let first = test(&[&to[..], &["--yes", "--json"]].concat());
    let summary: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!((first.status.code(), summary["accepted"].as_u64()), (Some(0), Some(2)), "{}", said(&first));
    for times in 2..4 {
        assert_eq!(test(&["--yes"]).status.code(), Some(0), "no --again is needed");
        assert_eq!((sim.delivered_count(), reached(&sim).len()), (2 * times, 2));
    }
    assert_eq!(reached(&sim), mine.iter().cloned().collect());
    assert_eq!(test(&[]).status.code(), Some(2), "it asks like any other send");

    let preview = [&["preview", "--json", "--to", &mine[0]], MESSAGE].concat();
    let both = home.run_with(&["send", "--test", "--yes", "--payload", "-"], &home.fine(&preview).to_string());
    assert!(both.status.code() == Some(2) && said(&both).contains("touser"), "{}", said(&both));
}

#[test]
fn the_list_is_replaced_and_emptied_and_goes_with_the_appid() {
    let sim = Sim::local(World::with_followers(20, 1)).unwrap();
    let home = Home::synced(&sim);
    let all = followers(&sim, 3);
    let set = |options: &[&str]| {
        let output = home.run(&[&["account", "set", "Acme"], options].concat());
        assert!(output.status.success(), "{}", said(&output));
        output
    };
    let test = || home.run(&[&["send", "--test", "--yes"], MESSAGE].concat());
    set(&["--test-openid", &all[0], "--test-openid", &all[1]]);
    set(&["--test-openid", &all[2]]);
    set(&["--rate", "0"]);
    assert_eq!(test().status.code(), Some(0));
    assert_eq!(reached(&sim), [all[2].clone()].into());
    set(&["--no-test-openids"]);
    assert_eq!(test().status.code(), Some(2));
    let odd = set(&["--test-openid", "oShort"]);
    assert!(said(&odd).contains("28"), "{}", said(&odd));
    set(&["--appid", "wx00000000000000aa", "--test-openid", &all[1]]);
    assert_eq!(remembered(&home), format!("[\"{}\"]", all[1]));
    set(&["--appid", "wx00000000000000bb"]);
    assert_eq!(remembered(&home), "[]");
}

fn remembered(home: &Home) -> String {
    let ledger = rusqlite::Connection::open(home.dir.path().join("ledger.db")).unwrap();
    ledger.query_row("SELECT test_openids FROM accounts", [], |row| row.get(0)).unwrap()
}

#[test]
fn on_a_terminal_it_asks_and_never_for_the_count() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    std::fs::write(home.dir.path().join("config.toml"), "confirm_above = 1\n").unwrap();
    let mine = home.fine(&["users", "--json", "--tag", "内部"]);
    let mine: Vec<&str> = mine.as_array().unwrap().iter().take(3).map(|user| user["openid"].as_str().unwrap()).collect();
    let to = mine.iter().flat_map(|openid| ["--to", openid]);
    let args: Vec<&str> = ["send"].iter().chain(MESSAGE).copied().chain(to).collect();
    let start = |args: &[&str]| Terminal::start(env!("CARGO_BIN_EXE_muban"), args, (120, 24), home.dir.path(), &[]);
    let mut terminal = start(&args);
    terminal.wait_for("Type 3 to send").keys("\r");
    assert_eq!(terminal.end().0, 2);
    let mut terminal = start(&[&args[..], &["--test"]].concat());
    terminal.wait_for("[y/N]").keys("y\r");
    assert_eq!((terminal.end().0, reached(&sim)), (0, mine.iter().map(ToString::to_string).collect()));
}

#[test]
fn on_the_screen_it_goes_to_a_user_of_the_list_and_then_to_whom_it_went_before() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &[], (120, 36), home.dir.path(), &[]);
    terminal.wait_for("订单发货通知").wait_for("Users 2 000");
    fill(&mut terminal);
    let second = home.fine(&["users", "--json", "--limit", "2"])[1]["openid"].as_str().unwrap().to_owned();
    terminal.keys("4j").wait_for("p preview as").keys("m").wait_for(&second).wait_for("1 in all");
    terminal.keys("\r").wait_for("Job 1 ").wait_for("1/1").wait_for("today 1 / 100 000");
    terminal.wait_for("or esc close").keys("\x1b").wait_gone("or esc close");
    assert_eq!((sim.delivered_count(), reached(&sim)), (1, [second.clone()].into()));
    assert_eq!(remembered(&home), format!("[\"{second}\"]"));
    // The audience that was chosen has no part in it, nor has the question about the same again.
    terminal.keys("5m").wait_for(&second).wait_for("1 in all");
    terminal.keys("\x1b[200~oNobody\noNobody \x1b[201~").wait_for("1 not followers");
    terminal.keys("\r").wait_for("Job 2 ").wait_for("1/1").wait_for("today 2 / 100 000");
    terminal.wait_for("or esc close").keys("\x1b").wait_gone("or esc close");
    assert_eq!((sim.delivered_count(), reached(&sim)), (2, [second].into()));
    terminal.keys("\x03");
    assert_eq!(terminal.end().0, 0);
}
