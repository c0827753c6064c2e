//! The workbench in a real terminal, over the built-in simulator.

use crate::home::{APPID, Home, MESSAGE, SECRET};
use crate::terminal::Terminal;
use crate::witness::until_delivered;
use muban::sim::{Sim, World};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::collections::BTreeSet;
use std::io::Read;

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");

fn demo(dir: &tempfile::TempDir, size: (u16, u16)) -> Terminal {
    let mut terminal = Terminal::start(MUBAN, &["demo"], size, dir.path(), &[]);
    terminal.wait_for("订单发货通知").wait_for("Users 2 000");
    terminal
}

/// Fills the form of the first template with its examples and chooses the tag VIP.
pub fn fill(terminal: &mut Terminal) {
    terminal.keys("\r").wait_for("0/32");
    terminal.keys(&"\x05\t".repeat(5)).wait_for("2025年11月9日 15:01");
    // A lone escape is told from the beginning of a longer key by what does not follow.
    terminal.keys("\x1b").wait_for("choose who gets it");
    terminal.keys("3").wait_for("▸ 星标组").keys("j\r").wait_for("Press s to send");
}

#[test]
fn a_message_is_sent_to_a_tag_and_its_failures_are_explained() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(&dir, (120, 36));
    fill(&mut terminal);
    terminal.keys("s").wait_for("Type 120 to send");
    terminal.keys("120").wait_for("enter send").keys("\r").wait_for("115/120").wait_for("43004");
    terminal.keys("\x1b").wait_gone("115/120").wait_for("120/120");
    terminal.keys("\r").wait_for("client_msg_id").wait_for("rid").wait_for("HTTP 200");
    terminal.keys("q").wait_gone("client_msg_id");
    terminal.keys("q");
    let (code, bytes) = terminal.end();
    assert_eq!(code, 0);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.ends_with("\x1b[?1049l\x1b[?25h") || text.contains("\x1b[?1049l"), "the terminal is given back");
    assert!(text.contains("\x1b[?2004l") && text.contains("\x1b[?1004l"), "without bracketed paste and focus events");
}

#[test]
fn the_window_may_change_its_size_at_any_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(&dir, (120, 36));
    terminal.resize(80, 24).wait_for("▸ 订单发货通知").resize(40, 10).wait_for("at least 60");
    terminal.resize(100, 30).wait_for("Users 2 000").keys("L").wait_for("公众号");
    terminal.keys("\x03");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn a_signal_ends_it_and_the_terminal_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::HUP] {
        let mut terminal = demo(&dir, (80, 24));
        terminal.signal(signal);
        let (code, bytes) = terminal.end();
        assert_eq!(code, 4);
        assert!(String::from_utf8_lossy(&bytes).contains("\x1b[?1049l"));
    }
}

#[test]
fn a_lost_terminal_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(MUBAN);
    command.arg("demo");
    command.env("TERM", "xterm-256color");
    command.env("MUBAN_HOME", dir.path());
    command.env("TMPDIR", dir.path());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    // The terminal is lost when the last copy of its other end is closed.
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut drawn = Vec::new();
    while !String::from_utf8_lossy(&drawn).contains("Acme") {
        let mut some = [0; 4096];
        let count = reader.read(&mut some).unwrap();
        drawn.extend_from_slice(&some[..count]);
    }
    drop((reader, pair.master));
    // It comes to its end: what its exit code is, nobody is there to see.
    child.wait().unwrap();
}

#[test]
fn a_command_for_the_secret_runs_before_the_screen_and_again_only_if_it_failed() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::new();
    let [runs, secret] = ["runs", "secret"].map(|name| home.dir.path().join(name));
    let command = format!("echo run >> {}; cat {}", runs.display(), secret.display());
    home.fine(&["account", "add", "--name", "Acme", "--appid", APPID, "--secret-command", &command, "--api-base", &sim.url()]);
    let start = || {
        let mut terminal = Terminal::start(MUBAN, &[], (120, 36), home.dir.path(), &[]);
        terminal.wait_for("✓ Acme");
        terminal
    };
    let mut terminal = start();
    terminal.keys("y").wait_for("exit status: 1").keys("\x1b").wait_gone("exit status: 1");
    std::fs::write(&secret, SECRET).unwrap();
    terminal.keys("y").wait_for("订单发货通知").wait_for("Users 2 000").keys("\x03");
    assert_eq!(terminal.end().0, 0);

    std::fs::remove_file(&runs).unwrap();
    let mut terminal = start();
    terminal.keys("y").wait_for("Synced").keys("\x03");
    let (code, bytes) = terminal.end();
    let text = String::from_utf8_lossy(&bytes);
    let [waiting, screen] = ["Waiting for the command", "\x1b[?1049h"].map(|part| text.find(part).unwrap());
    assert!(code == 0 && waiting < screen);
    assert_eq!(std::fs::read_to_string(&runs).unwrap(), "run\n");
}

/// A home whose only job, for so many followers, was cut off at its beginning, and the screen that offers to go on with it.
pub fn interrupted(sim: &Sim, pace: &str, env: &[(&str, &str)]) -> (Home, Terminal) {
    let home = Home::synced(sim);
    let slow = ["send", "--all", "--yes", "--rate", pace, "--concurrency", "2"];
    let mut child = home.start(&[&slow, MESSAGE].concat());
    until_delivered(sim, 3);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut terminal = Terminal::start(MUBAN, &[], (100, 30), home.dir.path(), env);
    terminal.wait_for("was interrupted").keys("\r").wait_for("· running");
    (home, terminal)
}

/// Makes the job fast through the ledger, and waits until everybody has it, once.
fn comes_to_its_end_without_terminal(sim: &Sim, home: &Home, recipients: usize) {
    assert_eq!(home.fine(&["job", "show", "1", "--json"])["state"], "running");
    home.fine(&["job", "pace", "1", "--rate", "0", "--concurrency", "20"]);
    until_delivered(sim, recipients);
    while home.fine(&["job", "show", "1", "--json"])["state"] == "running" {}
    let summary = home.fine(&["job", "show", "1", "--json"]);
    assert_eq!((summary["state"].as_str(), summary["accepted"].as_u64()), (Some("done"), Some(recipients as u64)), "{summary}");
    let openids: BTreeSet<String> = sim.delivered().into_iter().map(|message| message.openid.clone()).collect();
    assert_eq!((openids.len(), sim.delivered_count()), (recipients, recipients), "everybody once");
}

#[test]
fn a_job_is_handed_over_followed_and_outlives_the_screen() {
    let sim = Sim::local(World::with_followers(400, 1)).unwrap();
    let (home, mut terminal) = interrupted(&sim, "5", &[]);
    terminal.keys("b").wait_for("goes on in a process of its own").wait_for("in another process");
    let before = sim.delivered_count();
    until_delivered(&sim, before + 3);
    // Nothing runs here, so nothing is asked.
    terminal.keys("q");
    assert_eq!(terminal.end().0, 0);
    comes_to_its_end_without_terminal(&sim, &home, 400);
}

#[test]
fn a_job_is_handed_over_when_the_screen_is_left() {
    let sim = Sim::local(World::with_followers(300, 1)).unwrap();
    let (home, mut terminal) = interrupted(&sim, "5", &[]);
    terminal.keys("q").wait_for("A job is running").keys("b");
    let (code, bytes) = terminal.end();
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Job 1 goes on in a process of its own"), "said in the shell: {text}");
    comes_to_its_end_without_terminal(&sim, &home, 300);
}

#[test]
fn a_job_that_the_command_line_began_appears_and_is_paused_and_cancelled_from_the_screen() {
    let sim = Sim::local(World::with_followers(400, 1)).unwrap();
    let home = Home::synced(&sim);
    let mut terminal = Terminal::start(MUBAN, &[], (100, 30), home.dir.path(), &[]);
    terminal.wait_for("Nothing sent yet");
    let mut child = home.start(&[&["send", "--all", "--yes", "--rate", "5"][..], MESSAGE].concat());
    until_delivered(&sim, 1);
    terminal.keys("7").wait_for("in another process");
    terminal.keys("p").wait_for("paused by you");
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let mut child = home.start(&["job", "resume", "1"]);
    let before = sim.delivered_count();
    until_delivered(&sim, before + 1);
    terminal.keys("27").wait_for("in another process");
    terminal.keys("X").wait_for("Stop this job for good?").keys("y").wait_for("· cancelled");
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let delivered = sim.delivered_count();
    terminal.wait_for(&format!("ok {delivered}")).wait_for(&format!("skipped {}", 400 - delivered)).keys("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn keys_are_the_operators_and_what_is_wrong_with_them_is_said_first() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let own = "[everywhere]\npalette = ['ctrl-k', '~ p']\nsync = ['?']\n[popup]\nback = ['ctrl-g']\n";
    std::fs::write(home.dir.path().join("keys.toml"), own).unwrap();
    let dir = home.dir.path().to_str().unwrap();
    let mut terminal = Terminal::start(MUBAN, &["--home", dir], (100, 30), home.dir.path(), &[]);
    terminal.wait_for("Line 3, column 1: `?` cannot be `sync`").keys("\r").wait_gone("Line 3");
    terminal.keys("~").wait_for("p actions").keys("p").wait_for("type a word").keys("dry").wait_for("▸ dry run");
    terminal.keys("\x07").wait_gone("▸ dry run").keys("\x0b").wait_for("type a word").keys("\x07").wait_gone("type a word");
    terminal.keys("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn it_opens_where_it_was_left_and_says_what_is_wrong_with_the_settings() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let dir = home.dir.path().to_str().unwrap();
    let start = || Terminal::start(MUBAN, &["--home", dir], (120, 36), home.dir.path(), &[]);
    let mut terminal = start();
    terminal.wait_for("Users 2 000").keys("4/\u{738b}\r").wait_for("/ \u{738b}").keys("Z").wait_gone("5 Compose");
    terminal.keys("q");
    assert_eq!(terminal.end().0, 0);
    let file = home.dir.path().join("config.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    std::fs::write(&file, format!("# by hand\nstale_after = 'soon'\n{text}")).unwrap();
    let mut terminal = start();
    terminal
        .wait_for("line 2, column 15")
        .keys("\r")
        .wait_gone("line 2, column 15")
        .wait_for("/ \u{738b}")
        .wait_gone("5 Compose");
    terminal.keys("q");
    assert_eq!(terminal.end().0, 0);
}
