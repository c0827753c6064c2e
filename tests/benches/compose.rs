//! From a key to the frame that shows it, in a real pseudo-terminal: a form of twenty fields and ten kilobytes of JSON.
//!
//! `cargo bench --bench compose` prints median, 95th percentile and maximum over the keys, in milliseconds.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to say")]

use muban::sim::{Account, Sim, Template, World};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");
const FIELDS: usize = 20;
/// Characters of each value: with three bytes each, twenty of them make the ten kilobytes.
const LONG: usize = 150;
const KEYS: usize = 300;
/// Longer than a frame, so that no key waits for the one before.
const BETWEEN: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_secs(30);
/// What ends a frame: the end of a synchronized update.
const FRAME_END: &[u8] = b"\x1b[?2026l";

fn main() {
    let sim = Sim::local(world()).expect("a simulator");
    let home = tempfile::tempdir().expect("a folder");
    let account = sim.world(|world| world.accounts()[0].clone());
    let add = ["account", "add", "--name", "Bench", "--appid", &account.appid, "--secret-stdin", "--api-base", &sim.url()];
    run(home.path(), &add, &account.secret);
    run(home.path(), &["sync", "templates", "tags"], "");
    for size in [(80, 24), (120, 36), (200, 60)] {
        let times = measure(home.path(), size);
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
        println!(
            "{}x{}: key to painted frame, {FIELDS} fields, 10 kB of JSON: median {:.2} ms, p95 {:.2} ms, max {:.2} ms ({} keys)",
            size.0,
            size.1,
            at(50),
            at(95),
            at(100),
            times.len()
        );
    }
}

fn world() -> World {
    let lines: Vec<String> = (1..=FIELDS).map(|n| format!("第{n}项：{{{{keyword{n}.DATA}}}}\n")).collect();
    let template = Template::new("bench-template-0123456789abcdefghijklmnopqrs", "二十项的通知", &lines.concat());
    let account = Account::new("Bench", 1).with_template(template);
    World::empty(1).with_account(account)
}

fn run(home: &Path, args: &[&str], input: &str) {
    let mut command = Command::new(MUBAN);
    command.args(args).env("MUBAN_HOME", home).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().expect("muban starts");
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    assert!(child.wait().expect("muban ends").success(), "{args:?}");
}

/// Fills the form, then types and times each key; sorted.
fn measure(home: &Path, (cols, rows): (u16, u16)) -> Vec<Duration> {
    let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("a terminal");
    let mut command = CommandBuilder::new(MUBAN);
    command.env("MUBAN_HOME", home);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "zh_CN.UTF-8");
    let mut child = pair.slave.spawn_command(command).expect("muban starts");
    drop(pair.slave);
    let (tell, frames) = channel();
    let reader = pair.master.try_clone_reader().expect("its output");
    std::thread::spawn(move || watch(reader, &tell));
    let mut writer = pair.master.take_writer().expect("its input");
    let mut press = |keys: &str| writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("a key");
    settle(&frames);
    press("2\r");
    settle(&frames);
    for _ in 0..FIELDS {
        press("\x05\x15");
        press(&format!("\x1b[200~{}\x1b[201~", "手冲咖啡壶".repeat(LONG / 5)));
        settle(&frames);
        press("\t");
        settle(&frames);
    }
    press("\x1b[Z\x1b[Z");
    settle(&frames);
    let mut times: Vec<Duration> = (0..KEYS)
        .map(|n| {
            while frames.try_recv().is_ok() {}
            let pressed = Instant::now();
            press(["a", "壶", "\x7f"][n % 3]);
            let painted = frames.recv_timeout(PATIENCE).expect("a frame for each key");
            std::thread::sleep(BETWEEN);
            painted.duration_since(pressed)
        })
        .collect();
    press("\x03");
    child.wait().expect("muban ends");
    times.sort();
    times
}

/// Tells when each frame has come whole.
fn watch(mut reader: Box<dyn Read + Send>, tell: &Sender<Instant>) {
    let (mut seen, mut buffer) = (Vec::new(), vec![0; 65_536]);
    while let Ok(count) = reader.read(&mut buffer) {
        if count == 0 {
            return;
        }
        seen.extend_from_slice(&buffer[..count]);
        while let Some(at) = seen.windows(FRAME_END.len()).position(|bytes| bytes == FRAME_END) {
            seen.drain(..at + FRAME_END.len());
            if tell.send(Instant::now()).is_err() {
                return;
            }
        }
    }
}

/// Waits until nothing more is painted.
fn settle(frames: &Receiver<Instant>) {
    while frames.recv_timeout(Duration::from_millis(150)).is_ok() {}
}
