//! Searching very many followers as one types, in a real pseudo-terminal: from a key to the frame that shows who was found, the
//! memory that it takes, and what it costs a sync. `cargo bench --bench search`; the number of followers (1000000) can be given
//! after `--`.
//!
//! They come from `muban sim` in a process of its own; six of ten have a remark. What a frame has to show is known by a naive
//! look at all of them.

#![expect(clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has nothing to say")]
#![expect(clippy::string_slice, reason = "openids are ASCII")]

#[expect(dead_code, reason = "what the screen bench needs beside")]
#[path = "search/screen.rs"]
mod screen;
#[path = "search/world.rs"]
mod world;

use muban::domain::user::{PageAt, UserFilter};
use muban::store::Store;
use screen::Screen;
use std::time::{Duration, Instant};
use world::{Follower, Home, Sim};

/// Searches of each kind.
const TIMES: usize = 60;
/// Most that a search may take from the key to the frame, in milliseconds; most memory, in MiB.
const PAINTED: f64 = 16.0;
const MEMORY: f64 = 128.0;

fn main() {
    let followers = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let sim = Sim::start(followers);
    let home = Home::new(&sim);
    println!("{followers} followers, first sync: {:.1} s", home.sync(&[]));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let everyone = runtime.block_on(everyone(&home));
    searches_on_the_screen(&home, &everyone);
    sync_while_searching(&home, &everyone);
    println!("to reach: painted {PAINTED} ms at the 95th percentile, {MEMORY} MiB, a sync 20 % slower at most");
}

/// All of them, newest first.
async fn everyone(home: &Home) -> Vec<Follower> {
    let store = Store::open(home.path()).expect("a store");
    let account = store.accounts().await.expect("accounts")[0].id;
    let (mut everyone, mut at) = (Vec::new(), PageAt::First);
    loop {
        let rows = store.users(account, UserFilter::default(), at, 5000).await.expect("a page").rows;
        let Some((last, _)) = rows.last() else { return everyone };
        at = PageAt::After(*last);
        everyone.extend(rows.iter().map(|(_, user)| Follower::new(user)));
    }
}

fn searches_on_the_screen(home: &Home, everyone: &[Follower]) {
    let mut screen = Screen::open(home.path());
    screen.await_text(&everyone[0].shown, "the first followers");
    println!("the screen with the newest followers: {}", screen.memory());
    screen.press("4/");
    // The roster is made from the first `/` on; meanwhile the cache answers.
    let started = Instant::now();
    screen.press("nobody has this");
    screen.await_text("没有符合条件的内容", "that nobody was found");
    println!("the first search, with the roster being made, is answered after {:.0} ms at most", millis(started.elapsed()));
    screen.await_calm();
    println!("search ready: {}", screen.memory());
    for (what, texts) in kinds(everyone) {
        let times = texts.iter().filter_map(|text| screen.search(text, everyone)).collect();
        println!("key to painted, {what}: {}", spread(times));
    }
    println!("after the searches: {}", screen.memory());
}

/// Searches by what they ask of the machine.
fn kinds(everyone: &[Follower]) -> [(&'static str, Vec<String>); 4] {
    let anyone = |n: usize| &everyone[(n * 104_729 + 1) % everyone.len()];
    let openid = |n: usize, from: usize, to: usize| anyone(n).text[from..to].to_owned();
    let named: Vec<&Follower> = (0..TIMES * 20).map(anyone).filter(|one| one.name().is_some()).take(TIMES).collect();
    [
        ("a letter or digit", (0..TIMES).map(|n| openid(n, 9, 10)).collect()),
        ("a Chinese character", named.iter().filter_map(|one| one.name()?.chars().next().map(String::from)).collect()),
        ("part of an openid", (0..TIMES).map(|n| openid(n, 8, 14)).collect()),
        (
            "a name and part of an openid",
            named.iter().filter_map(|one| Some(format!("{} {}", one.name()?, &one.text[8..11]))).collect(),
        ),
    ]
}

fn sync_while_searching(home: &Home, everyone: &[Follower]) {
    let alone = home.sync(&["--full"]);
    let mut screen = Screen::open(home.path());
    screen.await_text(&everyone[0].shown, "the first followers");
    screen.press("4/");
    screen.settle();
    let mut child = home.start_sync(&["--full"]);
    let (mut times, mut searched, started) = (Vec::new(), 0, Instant::now());
    while child.running() {
        searched += 1;
        let text = &everyone[(searched * 104_729 + 1) % everyone.len()].text[8..14];
        times.extend(screen.search(text, everyone));
    }
    let (seconds, searches) = (child.seconds(), times.len());
    let share = (seconds / alone - 1.0) * 100.0;
    println!("a full sync: {alone:.1} s alone, {seconds:.1} s while one searches ({share:+.0} %)");
    println!("key to painted meanwhile, {searches} searches in {:.1} s: {}", started.elapsed().as_secs_f64(), spread(times));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied().map_or(0.0, millis);
    format!("median {:.3} ms, p95 {:.3} ms, max {:.3} ms", at(50), at(95), at(100))
}
