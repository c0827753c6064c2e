//! The screen in a real pseudo-terminal, and when it shows what.

use crate::world::Follower;
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (160, 48);
const PATIENCE: Duration = Duration::from_secs(30);
/// When nothing was painted for so long, nothing more comes.
const QUIET: Duration = Duration::from_millis(250);
/// What ends a frame: the end of a synchronized update.
const FRAME_END: &[u8] = b"\x1b[?2026l";
/// So many rows of the list are compared.
const ROWS: usize = 6;

pub struct Screen {
    /// When it was asked for.
    pub started: Instant,
    child: Box<dyn Child + Send + Sync>,
    input: Box<dyn Write + Send>,
    frames: Receiver<(Instant, Vec<u8>)>,
    seen: vt100::Parser,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Screen {
    pub fn open(home: &Path) -> Self {
        let (cols, rows) = SIZE;
        let seen = SIZE.1.try_into().and_then(|rows| Ok(vt100::Parser::new(rows, SIZE.0.try_into()?, 0))).expect("a size");
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_muban"));
        command.env("MUBAN_HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "zh_CN.UTF-8");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("muban starts");
        drop(pair.slave);
        let (tell, frames) = channel();
        let reader = pair.master.try_clone_reader().expect("its output");
        std::thread::spawn(move || watch(reader, &tell));
        let input = pair.master.take_writer().expect("its input");
        Self { started, child, input, frames, seen, _master: pair.master }
    }

    pub fn press(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).and_then(|()| self.input.flush()).expect("a key");
    }

    /// Waits until nothing more is painted.
    pub fn settle(&mut self) {
        while let Ok((_, bytes)) = self.frames.recv_timeout(QUIET) {
            self.seen.process(&bytes);
        }
    }

    /// Waits a moment only for more to be painted: what follows a key follows at once.
    pub fn settle_shortly(&mut self) {
        while let Ok((_, bytes)) = self.frames.recv_timeout(Duration::from_millis(20)) {
            self.seen.process(&bytes);
        }
    }

    /// The next frame, and when it was there.
    pub fn next_frame(&mut self) -> (Instant, Vec<u8>) {
        self.frames.recv_timeout(PATIENCE).expect("a frame")
    }

    /// How many frames come until nothing more does, and when the last one was there.
    pub fn frames_until_quiet(&mut self) -> (usize, Instant) {
        let (mut count, mut last) = (1, self.next_frame().0);
        while let Ok((at, _)) = self.frames.recv_timeout(QUIET) {
            (count, last) = (count + 1, at);
        }
        (count, last)
    }

    /// Bytes of frames that nobody asked for.
    pub fn waiting_bytes(&mut self) -> usize {
        self.frames.try_iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// Time on a CPU so far, in ticks.
    pub fn ticks(&self) -> u64 {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.process())).unwrap_or_default();
        let fields = told.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
    }

    /// How often a thread of it went to sleep so far.
    pub fn wakeups(&self) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.process())).into_iter().flatten().flatten();
        let of = |path: std::path::PathBuf| {
            let told = std::fs::read_to_string(path.join("status")).unwrap_or_default();
            let line = told.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")).unwrap_or_default();
            line.trim().parse::<u64>().unwrap_or_default()
        };
        tasks.map(|task| of(task.path())).sum()
    }

    fn process(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    pub fn await_text(&mut self, text: &str, what: &str) {
        self.await_frame(what, |lines| lines.iter().any(|line| line.contains(text)));
        self.settle();
    }

    /// Searches anew, with one key or a paste; the time until the frame that shows the first of those who have the text. Nothing
    /// where they were there before.
    pub fn search(&mut self, text: &str, everyone: &[Follower]) -> Option<Duration> {
        let expected: Vec<&str> = everyone.iter().filter(|one| one.has(text)).take(ROWS).map(|one| one.shown.as_str()).collect();
        self.press("\x1b");
        self.settle();
        self.press("/");
        self.settle();
        if shows(&self.lines(), &expected) {
            return None;
        }
        let pressed = Instant::now();
        if text.chars().count() == 1 {
            self.press(text);
        } else {
            self.press(&format!("\x1b[200~{text}\x1b[201~"));
        }
        let painted = self.await_frame(text, |lines| shows(lines, &expected));
        Some(painted.duration_since(pressed))
    }

    fn await_frame(&mut self, what: &str, is_it: impl Fn(&[String]) -> bool) -> Instant {
        loop {
            let Ok((at, bytes)) = self.frames.recv_timeout(PATIENCE) else {
                panic!("{what}: not shown in {PATIENCE:?}\n{}", self.seen.screen().contents())
            };
            self.seen.process(&bytes);
            if is_it(&self.lines()) {
                return at;
            }
        }
    }

    fn lines(&self) -> Vec<String> {
        self.seen.screen().rows(0, SIZE.0).collect()
    }

    /// Waits until memory no longer grows: then what is made beside the screen is there.
    pub fn await_calm(&self) {
        let mut before = 0.0;
        while self.mib("VmRSS:") > before {
            before = self.mib("VmRSS:") + 1.0;
            std::thread::sleep(Duration::from_secs(2));
        }
    }

    /// Memory that the process has in use, and had at most.
    pub fn memory(&self) -> String {
        format!("{:.0} MiB now, {:.0} MiB at most", self.mib("VmRSS:"), self.mib("VmHWM:"))
    }

    fn mib(&self, key: &str) -> f64 {
        let told = std::fs::read_to_string(format!("/proc/{}/status", self.process())).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether these stand under one another.
fn shows(lines: &[String], expected: &[&str]) -> bool {
    lines.windows(expected.len()).any(|rows| rows.iter().zip(expected).all(|(row, text)| row.contains(text)))
}

/// Hands each frame over when it has come whole.
fn watch(mut reader: Box<dyn Read + Send>, tell: &Sender<(Instant, Vec<u8>)>) {
    let (mut seen, mut buffer) = (Vec::new(), vec![0; 65_536]);
    while let Ok(count) = reader.read(&mut buffer) {
        if count == 0 {
            return;
        }
        seen.extend_from_slice(&buffer[..count]);
        while let Some(at) = seen.windows(FRAME_END.len()).position(|bytes| bytes == FRAME_END) {
            let frame = seen.drain(..at + FRAME_END.len()).collect();
            if tell.send((Instant::now(), frame)).is_err() {
                return;
            }
        }
    }
}
