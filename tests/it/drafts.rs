//! What is being written survives the end of the process, however it ends.

use crate::home::Home;
use crate::terminal::Terminal;
use muban::domain::draft::Draft;
use muban::sim::{Sim, World};
use muban::store::Store;
use std::time::{Duration, Instant};

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");
const LONGEST: Duration = Duration::from_mins(1);

/// The newest draft of the home's only account.
async fn newest(store: &Store) -> Option<Draft> {
    let account = store.accounts().await.unwrap().remove(0);
    store.drafts(account.id).await.unwrap().into_iter().next()
}

/// Waits until the ledger has a text in the first field.
async fn until_kept(store: &Store, text: &str) {
    let begun = Instant::now();
    while newest(store).await.is_none_or(|draft| draft.texts.fields[0].value != text) {
        assert!(begun.elapsed() < LONGEST, "never kept {text}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_kill_takes_no_more_than_what_was_typed_last() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let store = Store::open(home.dir.path()).unwrap();
    let start = || Terminal::start(MUBAN, &[], (120, 36), home.dir.path(), &[]);
    let mut terminal = start();
    terminal.wait_for("▸ 订单发货通知").keys("\r").wait_for("0/32");
    let mut typed = String::new();
    for round in 0..5 {
        for part in ["M", "2", "0"] {
            typed.push_str(part);
            terminal.keys(part).wait_for(&format!("{typed}  "));
        }
        until_kept(&store, &typed).await;
        let kept = typed.clone();
        // Typed a moment before the end: it may be lost, and nothing else.
        typed.push_str("XY");
        terminal.keys("XY").wait_for(&typed).signal(rustix::process::Signal::KILL);
        terminal.end();
        let draft = newest(&store).await.unwrap();
        let found = draft.texts.fields[0].value.clone();
        assert!(found.starts_with(&kept) && typed.starts_with(&found), "{kept} → {found}, typed {typed}, round {round}");
        terminal = start();
        terminal.wait_for(&format!("{found}  "));
        typed = found;
    }
    // The cursor is where it was, in the field, and letters are text at once.
    terminal.keys("\x1b[D\x1b[D").keys("!").wait_for("!");
    let (before, after) = typed.split_at(typed.len() - 2);
    until_kept(&store, &format!("{before}!{after}")).await;
    terminal.keys("\x03").end();
}

#[tokio::test]
async fn what_was_typed_last_is_written_before_the_screen_is_left() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let store = Store::open(home.dir.path()).unwrap();
    let mut terminal = Terminal::start(MUBAN, &[], (80, 24), home.dir.path(), &[]);
    terminal.wait_for("▸ 订单发货通知").keys("\r").wait_for("0/32");
    terminal.keys("a").keys("b").keys("c").keys("\x03");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(newest(&store).await.unwrap().texts.fields[0].value, "abc");
}
