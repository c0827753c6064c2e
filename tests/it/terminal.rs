//! A program in a real pseudo-terminal: keys in, screen out. Waits on conditions, never on the clock.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a condition may take before the test gives up and shows the screen.
const PATIENCE: Duration = Duration::from_mins(1);

/// What ends a frame: the end of a synchronized update.
pub const FRAME_END: &[u8] = b"\x1b[?2026l";

/// A running program and what it has drawn.
pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    reader: Option<JoinHandle<()>>,
    drawn: Arc<(Mutex<Drawn>, Condvar)>,
}

struct Drawn {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    /// Nothing more is read: the program has ended, or the terminal is being closed.
    ended: bool,
    closing: bool,
}

impl Terminal {
    /// Starts a program in a terminal of this size, with `dir` for its home and its temporary files.
    pub fn start(program: &str, args: &[&str], (cols, rows): (u16, u16), dir: &Path, env: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        // What the terminal of whoever runs the tests is, is of no concern.
        for name in ["NO_COLOR", "COLORTERM", "COLORFGBG", "TERM_PROGRAM", "TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "LC_ALL"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "en_US.UTF-8");
        command.env("MUBAN_HOME", dir);
        command.env("TMPDIR", dir);
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(nonzero(rows), nonzero(cols), 0);
        let drawn = Arc::new((Mutex::new(Drawn { parser, bytes: Vec::new(), ended: false, closing: false }), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let sink = Arc::clone(&drawn);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                let count = reader.read(&mut buffer).unwrap_or(0);
                let mut drawn = sink.0.lock().unwrap();
                drawn.parser.process(&buffer[..count]);
                drawn.bytes.extend_from_slice(&buffer[..count]);
                drawn.ended = count == 0 || drawn.closing;
                sink.1.notify_all();
                if drawn.ended {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { master: Some(pair.master), writer: Some(writer), child, reader: Some(reader), drawn }
    }

    /// Types, as the terminal would send it.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
        self
    }

    /// Waits until the screen shows this text.
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    /// Waits until the program has written these bytes.
    pub fn wait_for_bytes(&mut self, bytes: &str) -> &mut Self {
        let (lock, changed) = &*self.drawn;
        let has = |drawn: &Drawn| drawn.bytes.windows(bytes.len()).any(|window| window == bytes.as_bytes());
        let waited = changed.wait_timeout_while(lock.lock().unwrap(), PATIENCE, |drawn| !drawn.ended && !has(drawn));
        assert!(has(&waited.unwrap().0), "waited for {bytes:?} to be written");
        self
    }

    /// Waits until a whole frame was drawn behind so many bytes.
    pub fn wait_frame(&mut self, written: usize) -> &mut Self {
        let (lock, changed) = &*self.drawn;
        let has = |drawn: &Drawn| drawn.bytes[written..].windows(FRAME_END.len()).any(|window| window == FRAME_END);
        let waited = changed.wait_timeout_while(lock.lock().unwrap(), PATIENCE, |drawn| !drawn.ended && !has(drawn));
        let drawn = waited.unwrap().0;
        assert!(has(&drawn), "nothing more was drawn; the screen shows:\n{}", drawn.parser.screen().contents());
        drop(drawn);
        self
    }

    /// What stands on the screen.
    pub fn screen(&self) -> String {
        self.drawn.0.lock().unwrap().parser.screen().contents().clone()
    }

    /// How many bytes the program has written so far.
    pub fn written(&self) -> usize {
        self.drawn.0.lock().unwrap().bytes.len()
    }

    /// The line of the screen that shows this text, counted from one, as terminals do.
    pub fn line_of(&self, text: &str) -> usize {
        let screen = self.drawn.0.lock().unwrap().parser.screen().contents();
        1 + screen.lines().position(|line| line.contains(text)).unwrap()
    }

    /// Waits until the screen no longer shows this text.
    pub fn wait_gone(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?} gone from the screen"), |screen| !screen.contains(text))
    }

    /// Waits until the screen satisfies a condition.
    pub fn until(&mut self, what: &str, condition: impl Fn(&str) -> bool) -> &mut Self {
        let (lock, changed) = &*self.drawn;
        let waited = changed.wait_timeout_while(lock.lock().unwrap(), PATIENCE, |drawn| {
            !drawn.ended && !condition(&drawn.parser.screen().contents())
        });
        let screen = waited.unwrap().0.parser.screen().contents();
        assert!(condition(&screen), "waited for {what}; the screen shows:\n{screen}");
        self
    }

    /// Makes the window another size.
    pub fn resize(&mut self, cols: u16, rows: u16) -> &mut Self {
        self.drawn.0.lock().unwrap().parser.screen_mut().set_size(nonzero(rows), nonzero(cols));
        self.master.as_ref().unwrap().resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.child.process_id().unwrap() as i32).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Closes the terminal, as a lost connection does: it is lost when the last copy of its other end is closed. One of them is in
    /// the hands of a thread that reads, until something is drawn once more.
    pub fn close(&mut self) {
        self.drawn.0.lock().unwrap().closing = true;
        // Makes the screen paint itself anew, and any other program's terminal echo it. There may be nobody left to do so.
        let _ = self.writer.as_mut().unwrap().write_all(b"\x0c");
        self.reader.take().unwrap().join().unwrap();
        (self.master, self.writer) = (None, None);
    }

    /// Waits until the program has ended; gives its exit code and every byte it wrote.
    pub fn end(&mut self) -> (u32, Vec<u8>) {
        let (lock, changed) = &*self.drawn;
        let open = self.master.is_some();
        let waited = changed.wait_timeout_while(lock.lock().unwrap(), PATIENCE, |drawn| !drawn.ended && open).unwrap();
        // Its output ends with it: a program that goes on would otherwise be waited for without end.
        assert!(!waited.1.timed_out(), "it did not end; the screen shows:\n{}", waited.0.parser.screen().contents());
        let bytes = waited.0.bytes.clone();
        drop(waited);
        (self.child.wait().unwrap().exit_code(), bytes)
    }
}

/// The terminal emulator wants its sizes so.
fn nonzero(size: u16) -> NonZeroU16 {
    NonZeroU16::new(size).unwrap()
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed must not leave its program behind.
        let _ = self.child.kill();
    }
}
