//! How much the command line says, in which colours, and how it tells how far it is: on a terminal, in a pipe, asked to be quiet.

use crate::home::{Home, MESSAGE, SECRET, said};
use crate::terminal::Terminal;
use crate::witness::{signal, until, wait_to_hear};
use muban::sim::{Chance, Sim, World};
use muban::text::width::columns;
use rustix::process::Signal;
use std::process::Output;

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");

/// Terminals say what they can by these; whoever runs the tests may have set them for their own.
const PLAIN: [(&str, &str); 4] = [("NO_COLOR", ""), ("CLICOLOR", ""), ("CLICOLOR_FORCE", ""), ("LC_ALL", "")];

fn heard(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn on_terminal(home: &Home, args: &[&str], size: (u16, u16), env: &[(&str, &str)]) -> Terminal {
    Terminal::start(MUBAN, args, size, home.dir.path(), &[&PLAIN, env].concat())
}

/// What a command wrote on a terminal, until it ended.
fn written(home: &Home, args: &[&str], env: &[(&str, &str)]) -> String {
    String::from_utf8(on_terminal(home, args, (100, 30), env).end().1).unwrap()
}

fn in_a_pipe(home: &Home, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = std::process::Command::new(MUBAN);
    command.args(args).env("MUBAN_HOME", home.dir.path()).env("LANG", "C").envs(PLAIN);
    command.envs(env.iter().copied()).stdin(std::process::Stdio::null()).output().unwrap()
}

#[test]
fn quiet_leaves_errors_and_questions_only() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let send = [&["send", "-q", "--yes", "--rate", "0"], MESSAGE].concat();
    let vip = [&send[..], &["--tag", "VIP"]].concat();
    let judged = [&["send", "-q", "--dry-run"], MESSAGE, &["--tag", "VIP"]].concat();
    for args in [&["sync", "--quiet"][..], &["tag", "add", "-q", "新"], &judged, &vip] {
        let output = home.run(args);
        assert_eq!((heard(&output), output.stdout.len()), ("", 0), "{args:?}");
        let loud: Vec<&str> = args.iter().copied().filter(|arg| !["-q", "--quiet"].contains(arg)).collect();
        assert!(!heard(&home.run(&loud)).is_empty(), "{loud:?}");
    }
    let unknown = home.run(&["-q", "job", "show", "99"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(heard(&unknown).starts_with("muban: there is no job 99"), "{}", heard(&unknown));
    let listed = home.run(&["tags", "-q"]);
    assert!(said(&listed).contains("VIP"), "what was asked for is no remark");
    // A question comes with what it is about.
    let mut terminal = on_terminal(
        &home,
        &[&["send", "-q"], MESSAGE, &["--to", "oAAAAAAAAAAAAAAAAAAAAAAAAAAA", "--tag", "VIP"]].concat(),
        (100, 30),
        &[],
    );
    terminal.wait_for("unknown to this account").wait_for("Type 120").keys("n\r");
    let (code, bytes) = terminal.end();
    assert!(code == 2 && !String::from_utf8_lossy(&bytes).contains("Nothing was sent"), "{}", String::from_utf8_lossy(&bytes));
}

#[test]
fn verbose_tells_each_call_in_a_line_without_anything_secret() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let silent = home.run(&["sync", "tags", "--json"]);
    assert!(!heard(&silent).contains("/cgi-bin/"), "{}", heard(&silent));
    let before = sim.calls("/cgi-bin/tags/get");
    let output = home.run(&["sync", "tags", "-v", "--json"]);
    let calls: Vec<&str> = heard(&output).lines().filter(|line| line.contains("/cgi-bin/tags/get")).collect();
    assert_eq!(calls.len() as u64, sim.calls("/cgi-bin/tags/get") - before);
    let words: Vec<&str> = calls[0].split_whitespace().collect();
    assert!(
        matches!(words[..], ["GET", "/cgi-bin/tags/get", "200", "errcode", "0", millis, "ms"] if millis.parse::<u64>().is_ok()),
        "{words:?}"
    );
    assert!(serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok(), "standard output is one document all the same");
    sim.world(|world| world.act(None, muban::sim::Action::ExpireToken)).unwrap();
    let output = home.run(&["account", "check", "-v"]);
    let all = said(&output);
    assert!(all.contains("POST /cgi-bin/stable_token  200"), "{all}");
    assert!(!all.contains(SECRET) && !all.contains("access_token=") && !all.contains('?'), "{all}");
    drop(sim);
    let output = home.run(&["sync", "tags", "-v"]);
    let line = heard(&output).lines().find(|line| line.contains("/cgi-bin/")).unwrap();
    assert!(line.contains("  -  errcode -  "), "no answer came: {line}");
}

#[test]
fn words_are_coloured_on_terminals_and_nowhere_else() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let (unknown, jobs) = (["job", "show", "99"], ["jobs"]);
    home.send(&["--tag", "VIP"]);
    assert!(written(&home, &unknown, &[]).starts_with("\u{1b}[31mmuban:\u{1b}[0m there is no job 99"));
    assert!(written(&home, &jobs, &[]).contains("\u{1b}[32mdone\u{1b}[0m"));
    for env in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        for args in [&unknown[..], &jobs] {
            assert!(!written(&home, args, &[env]).contains('\u{1b}'), "{args:?} with {env:?}");
        }
    }
    let warned = [&["preview"], MESSAGE, &["--color", "thing2=#112233"]].concat();
    assert!(written(&home, &warned, &[]).contains("\u{1b}[33mwarning:\u{1b}[0m "));
    for args in [&unknown[..], &jobs, &warned, &["doctor"], &["users"], &["sync"], &["--help"]] {
        assert!(!said(&in_a_pipe(&home, args, &[])).contains('\u{1b}'), "{args:?}");
    }
    let forced = [("CLICOLOR_FORCE", "1")];
    assert!(said(&in_a_pipe(&home, &jobs, &forced)).contains("\u{1b}[32mdone"));
    assert!(!said(&in_a_pipe(&home, &["jobs", "--json"], &forced)).contains('\u{1b}'), "never in a document");
    assert!(!written(&home, &["doctor", "--json"], &[]).contains('\u{1b}'));
}

#[test]
fn a_terminal_has_one_line_that_fits_and_is_gone_in_the_end() {
    for (size, lang) in [((100, 12), "en_US.UTF-8"), ((44, 12), "zh_CN.UTF-8")] {
        let sim = Sim::local(World::with_followers(400, 1)).unwrap();
        let home = Home::synced(&sim);
        let send = [&["send", "--yes", "--rate", "200"], MESSAGE, &["--all"]].concat();
        let mut terminal = on_terminal(&home, &send, size, &[("LANG", lang)]);
        terminal.until("a line with a rate", |screen| screen.contains("/s") || screen.contains("/秒") || screen.contains('%'));
        let (code, bytes) = terminal.until("the end", |screen| screen.contains('：') || screen.contains(": accepted")).end();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(code, 0, "{text}");
        let drawn: Vec<&str> = text.split('\r').filter_map(|piece| piece.strip_suffix("\u{1b}[K")).collect();
        let lines: Vec<&&str> = drawn.iter().filter(|line| !line.is_empty()).collect();
        assert!(lines.len() >= 2, "{text:?}");
        for line in &lines {
            assert!(columns(line) < usize::from(size.0) && !line.contains(['\n', '\u{1b}']), "{line:?}");
        }
        assert!(lines.iter().any(|line| line.starts_with("[#")) || size.0 < 60, "{lines:?}");
        // Taken away before the summary comes, which stands alone.
        let (_, last) = text.rsplit_once("\r\u{1b}[K").unwrap();
        assert!(last.contains("400") && !last.contains("[#"), "{last:?}");
        let none = [&["send", "--yes", "-q", "--rate", "0", "--again"], MESSAGE, &["--all"]].concat();
        assert_eq!(written(&home, &none, &[]), "", "asked to be quiet");
    }
}

#[test]
fn a_pipe_gets_whole_lines_now_and_then() {
    let sim = Sim::local(World::with_followers(400, 1)).unwrap();
    let home = Home::synced(&sim);
    let mut child = home.start_send(&["--all", "--rate", "40"]);
    wait_to_hear(&mut child, " / 400 · ");
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(!said(&output).contains(['\r', '\u{1b}']), "{}", said(&output));
    assert!(serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok(), "standard output is one document");
}

#[test]
fn ctrl_c_ends_a_sync_with_a_clean_line_and_the_next_goes_on() {
    let sim = Sim::local(World::with_followers(300, 1)).unwrap();
    let home = Home::synced_quickly(&sim);
    sim.faults(|faults| {
        (faults.everywhere, faults.stall_ms, faults.stall) = (true, 3_600_000, Chance { after: 2, next: 0, percent: 100.0 });
    });
    let mut terminal = on_terminal(&home, &["sync", "--full"], (80, 12), &[]);
    terminal.wait_for("openids 0");
    terminal.keys("\u{3}").wait_for("goes on there");
    let (code, bytes) = terminal.end();
    assert_eq!(code, 4);
    let text = String::from_utf8(bytes).unwrap();
    let (_, last) = text.rsplit_once("\r\u{1b}[K").unwrap();
    assert!(last.contains("muban:\u{1b}[0m interrupted;") && last.ends_with("\r\n") && last.lines().count() == 1, "{last:?}");
    sim.faults(|faults| faults.stall = Chance::NEVER);
    assert_eq!(home.fine(&["sync", "--full", "--json"])["users"]["subscribed"], 300);
    // Without a terminal it is the same.
    sim.faults(|faults| faults.stall = Chance { after: 0, next: 0, percent: 100.0 });
    let calls = sim.calls("/cgi-bin/tags/get");
    let child = home.start(&["sync", "tags"]);
    until(&sim, |sim| sim.calls("/cgi-bin/tags/get") > calls);
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(heard(&output).starts_with("muban: interrupted;"), "{}", said(&output));
}

#[test]
fn ctrl_c_ends_a_change_of_many_and_tells_how_many_were_not_done() {
    let sim = Sim::local(World::with_followers(120, 1)).unwrap();
    let home = Home::synced(&sim);
    let path = "/cgi-bin/tags/members/batchtagging";
    // Fifty a call: the second one is never answered.
    sim.faults(|faults| {
        (faults.everywhere, faults.stall_ms, faults.stall) = (true, 3_600_000, Chance { after: 1, next: 0, percent: 100.0 });
    });
    let child = home.start(&["tag", "assign", "empty", "--audience", "all"]);
    until(&sim, |sim| sim.calls(path) == 2);
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    let error = heard(&output).lines().last().unwrap();
    assert!(error.starts_with("muban: ") && error.contains("70 were not done: interrupted"), "{}", said(&output));
}

#[test]
fn ctrl_c_ends_a_command_that_waits_for_input_at_once() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let mut terminal = on_terminal(&home, &["user", "import-names", "-"], (80, 12), &[]);
    terminal.wait_for("rows 0").keys("\u{3}").wait_for("interrupted");
    assert_eq!(terminal.end().0, 4);
    // Before a question nothing is drawn, and nothing stands in the way of the signal.
    let send = [&["send", "--yes", "--file", "-"], MESSAGE].concat();
    let mut terminal = on_terminal(&home, &send, (80, 12), &[]);
    terminal.wait_for("Finding out who is named").keys("\u{3}");
    let (code, bytes) = terminal.end();
    assert_ne!(code, 0);
    assert!(!String::from_utf8_lossy(&bytes).contains("\u{1b}[K"), "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(home.fine(&["jobs", "--json"]).as_array().map(Vec::len), Some(0));
}
