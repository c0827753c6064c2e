//! How the program feels in a terminal: the start, a key, many keys at once, and doing nothing; and how fast `explain` is.
//! `cargo bench --bench screen`; the number of followers (2000) can be given after `--`.
//!
//! Followers come from `muban sim` in a process of its own. What a terminal costs by itself is in all figures.

#![expect(clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has nothing to say")]
#![expect(clippy::string_slice, reason = "openids are ASCII")]
#![expect(dead_code, reason = "what the search bench needs beside")]

#[path = "search/screen.rs"]
mod screen;
#[path = "search/world.rs"]
mod world;

use screen::Screen;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use world::{Home, Sim};

/// Starts of each kind.
const STARTS: usize = 30;
/// Presses of each kind.
const PRESSES: usize = 200;
/// How long nothing is done.
const IDLE: Duration = Duration::from_secs(5);

fn main() {
    let followers = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(2000);
    explain();
    let sim = Sim::start(followers);
    let home = Home::new(&sim);
    home.sync(&["templates", "tags", "--no-details"]);
    first_frame("nothing in it", &tempfile::tempdir().expect("a folder"));
    let title = format!("{followers} followers");
    first_frame(&title, &home);
    keys(&home);
    idle(&home);
    println!(
        "to reach: explain 5 ms, first frame 10 ms, a key 3 ms at the 95th percentile and 700 bytes, 200 keys 10 ms, idle nothing"
    );
}

fn explain() {
    let runs = |program: &str, args: &[&str]| {
        let once = || {
            let begun = Instant::now();
            let ended = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
            assert!(ended.expect("a process").success());
            begun.elapsed()
        };
        (0..STARTS * 2).map(|_| once()).collect::<Vec<_>>()
    };
    let program = env!("CARGO_BIN_EXE_muban");
    let raw = r#"{"errcode":47003,"errmsg":"argument invalid! data.thing2.value invalid"}"#;
    println!("{}", said("explain, from exec to exit", runs(program, &["explain", raw])));
    println!("{}", said("a program that does nothing", runs("true", &[])));
}

fn first_frame(what: &str, home: &impl AsRef<std::path::Path>) {
    let starts = (0..STARTS).map(|_| {
        let mut screen = Screen::open(home.as_ref());
        screen.next_frame().0.duration_since(screen.started)
    });
    println!("{}", said(&format!("first frame, {what}"), starts.collect()));
}

fn keys(home: &Home) {
    let mut screen = Screen::open(home.path());
    screen.settle();
    for (list, pane) in [("templates", "2"), ("users", "4")] {
        screen.press(pane);
        screen.settle();
        let mut bytes = Vec::new();
        let mut press = |key: &str| {
            let pressed = Instant::now();
            screen.press(key);
            let (at, frame) = screen.next_frame();
            bytes.push(frame.len());
            // One key in a second is a person's pace; in between the screen comes to rest.
            screen.settle_shortly();
            at.duration_since(pressed)
        };
        let times = (0..PRESSES).map(|at| press(if list == "templates" && at % 2 == 1 { "k" } else { "j" })).collect();
        bytes.sort_unstable();
        let (median, high) = (bytes[bytes.len() / 2], bytes[bytes.len() * 95 / 100]);
        println!("{}; {median} bytes, p95 {high}", said(&format!("a key in {list}"), times));
    }
    screen.press("g");
    screen.settle();
    let pressed = Instant::now();
    screen.press(&"j".repeat(200));
    let (frames, last) = screen.frames_until_quiet();
    let took = last.duration_since(pressed);
    println!("200 keys at once: {:.1} ms, drawn {frames} times", took.as_secs_f64() * 1000.0);
}

fn idle(home: &Home) {
    let mut screen = Screen::open(home.path());
    screen.settle();
    screen.await_calm();
    screen.settle();
    let before = (screen.ticks(), screen.wakeups());
    std::thread::sleep(IDLE);
    let (ticks, wakeups) = (screen.ticks() - before.0, screen.wakeups() - before.1);
    let bytes = screen.waiting_bytes();
    println!("idle {} s: {bytes} bytes, {ticks} ticks of CPU, {wakeups} wake-ups", IDLE.as_secs());
}

fn said(what: &str, mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    format!("{what}: {:.2} ms, p95 {:.2}", at(50), at(95))
}
