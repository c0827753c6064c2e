//! The terminal: the only place that knows the library behind it.
//!
//! Entering and leaving are done by hand: `ratatui::init` adds its panic hook again at each call, leaves bracketed paste on
//! after a panic, and its `restore` prints to a terminal that may be gone. `Terminal::clear` is not used either: it asks the
//! terminal for the cursor, and the input stream eats the answer.

use super::input::{Code, Input, Key};
use crate::text::width::columns;
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange, Event, EventStream, KeyCode, KeyEvent,
    KeyEventKind, KeyModifiers,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use futures_util::StreamExt;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Rect};
use rustix::termios::{OptionalActions, Termios};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Once;
use std::task::{Context as TaskContext, Poll};

/// The terminal, entered: raw, on its alternate screen. Leaves it when dropped.
pub struct Tty {
    terminal: Terminal<CrosstermBackend<FrameBytes>>,
    bytes: FrameBytes,
    out: File,
    events: Option<EventStream>,
    /// Where the last frame had wide characters.
    wide: Vec<usize>,
    entered: bool,
}

impl Tty {
    /// Takes the terminal over.
    pub fn enter() -> io::Result<Self> {
        leave_on_panic();
        // A job that is handed over must not inherit the terminal: a connection ends only when nobody holds it any more.
        let out = File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 0)?);
        let bytes = FrameBytes::default();
        let terminal = Terminal::new(CrosstermBackend::new(bytes.clone()))?;
        let mut tty = Self { terminal, bytes, out, events: None, wide: Vec::new(), entered: false };
        tty.take()?;
        Ok(tty)
    }

    /// Draws one frame and sends what differs from the last one, in one piece.
    pub fn draw(&mut self, view: impl FnOnce(Rect, &mut Buffer) -> Option<Position>) -> io::Result<()> {
        queue!(self.bytes, BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(position) = view(area, frame.buffer_mut()) {
                frame.set_cursor_position(position);
            }
            blank_halves(&mut self.wide, frame.buffer_mut());
        })?;
        queue!(self.bytes, EndSynchronizedUpdate)?;
        self.send()
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    pub fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Gives a text to the clipboard of the terminal, also over SSH.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        queue!(self.bytes, CopyToClipboard::to_clipboard_from(text))?;
        self.send()
    }

    /// Gives the terminal back, stops the process, and takes the terminal again when it goes on.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.leave();
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
        self.take()?;
        self.repaint()
    }

    /// Gives the terminal to another program of this one's own; gives its settings, for [`Self::take_back`].
    pub fn lend(&mut self) -> Option<Termios> {
        self.leave();
        rustix::termios::tcgetattr(rustix::stdio::stdin()).ok()
    }

    /// Takes the terminal again when that program has ended, in whatever state it left it.
    pub fn take_back(&mut self, settings: Option<&Termios>) -> io::Result<()> {
        if let Some(settings) = settings {
            rustix::termios::tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, settings)?;
        }
        self.take()?;
        self.repaint()
    }

    /// The next input; waits for it. None: the terminal is gone.
    pub async fn next_input(&mut self) -> Option<Input> {
        loop {
            match self.events.as_mut()?.next().await? {
                Ok(event) => {
                    if let Some(input) = read(event) {
                        return Some(input);
                    }
                }
                Err(_) => return None,
            }
        }
    }

    /// Everything else that is already waiting, so that it is drawn once. Polled with the waker of the task: with any other
    /// the stream would never wake it again.
    pub async fn waiting_inputs(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        let events = &mut self.events;
        std::future::poll_fn(|task: &mut TaskContext| {
            while let Some(stream) = events.as_mut() {
                match Pin::new(stream).poll_next_unpin(task) {
                    Poll::Ready(Some(Ok(event))) => inputs.extend(read(event)),
                    Poll::Ready(_) | Poll::Pending => break,
                }
            }
            Poll::Ready(())
        })
        .await;
        inputs
    }

    /// The terminal is gone: leave without a word to it.
    pub fn abandon(&mut self) {
        self.events = None;
        self.entered = false;
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.entered = true;
        execute!(self.out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, Hide)?;
        self.events = Some(EventStream::new());
        Ok(())
    }

    fn leave(&mut self) {
        self.events = None;
        if std::mem::take(&mut self.entered) {
            give_back(&mut self.out);
        }
    }

    fn send(&mut self) -> io::Result<()> {
        let mut bytes = self.bytes.0.borrow_mut();
        let sent = self.out.write_all(&bytes);
        bytes.clear();
        sent
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Where a wide character of the last frame is gone, its right half is written anew: the library leaves that to the
/// terminal, and not every terminal does it. Then notes the wide characters of this frame.
fn blank_halves(wide: &mut Vec<usize>, buf: &mut Buffer) {
    let is_wide = |cell: &Cell| cell.symbol().len() > 1 && columns(cell.symbol()) > 1;
    for at in wide.drain(..) {
        let gone = buf.content.get(at).is_some_and(|cell| !is_wide(cell));
        if let Some(half) = buf.content.get_mut(at + 1).filter(|half| gone && half.diff_option == CellDiffOption::None) {
            half.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
    wide.extend(buf.content.iter().enumerate().filter(|(_, cell)| is_wide(cell)).map(|(at, _)| at));
}

/// The bytes of a frame until it is complete: flushing by the library must not send half of it.
#[derive(Clone, Default)]
struct FrameBytes(Rc<RefCell<Vec<u8>>>);

impl Write for FrameBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Errors are of no use here: the terminal may be gone.
fn give_back(out: &mut impl Write) {
    let _ = execute!(out, DisableFocusChange, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// A panic gives the terminal back before it is told of; set up once however often the screen is entered.
fn leave_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back(&mut io::stdout());
            previous(info);
        }));
    });
}

/// Resolves when the other side of the terminal is closed, which the input stream does not notice by itself.
pub fn hangup() -> tokio::sync::oneshot::Receiver<()> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let wait = move || {
        use rustix::event::{PollFd, PollFlags, poll};
        let stdin = rustix::stdio::stdin();
        // Without any flag asked for, poll wakes for a hangup or an error only.
        while let Err(rustix::io::Errno::INTR) = poll(&mut [PollFd::new(&stdin, PollFlags::empty())], None) {}
        // A terminal that is gone gives nothing to read, and the library asks it for more without end, on the very thread that
        // should hear of this. What it reads from here on gives that thread back to the loop, which then leaves.
        if let Ok(zeros) = File::open("/dev/zero") {
            let _ = rustix::stdio::dup2_stdin(&zeros);
        }
        let _ = tell.send(());
    };
    // Without the thread a hangup still comes as a signal.
    let _ = std::thread::Builder::new().name("hangup".to_owned()).spawn(wait);
    told
}

fn read(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => read_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(..) => Some(Input::Resized),
        Event::FocusGained => Some(Input::Focused),
        _ => None,
    }
}

fn read_key(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    let held = |modifier| key.modifiers.contains(modifier);
    let shift = code.takes_shift() && held(KeyModifiers::SHIFT);
    Some(Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT), shift })
}

#[cfg(test)]
mod tests {
    use super::*;
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use std::io::Read;

    #[test]
    fn what_a_wide_character_covered_is_written_anew_when_it_is_gone() {
        let area = Rect::new(0, 0, 4, 1);
        let frame = |text: &str, wide: &mut Vec<usize>| {
            let mut buf = Buffer::empty(area);
            buf.set_string(0, 0, text, ratatui::style::Style::new());
            blank_halves(wide, &mut buf);
            buf
        };
        let mut wide = Vec::new();
        let first = frame("你a", &mut wide);
        let second = frame("b a", &mut wide);
        let written: Vec<u16> = first.diff(&second).into_iter().map(|(x, ..)| x).collect();
        assert_eq!(written, [0, 1]);
        assert!(wide.is_empty());
    }

    #[test]
    fn keys_come_through_and_releases_do_not() {
        let press = |code, modifiers| read(Event::Key(KeyEvent::new(code, modifiers)));
        let key = |name: &str| Some(Input::Key(name.parse().unwrap()));
        assert_eq!(press(KeyCode::Char('A'), KeyModifiers::SHIFT), key("A"));
        assert_eq!(press(KeyCode::Char('c'), KeyModifiers::CONTROL), key("ctrl-c"));
        assert_eq!(press(KeyCode::Tab, KeyModifiers::SHIFT), key("shift-tab"));
        assert_eq!(press(KeyCode::Left, KeyModifiers::SHIFT | KeyModifiers::CONTROL), key("ctrl-shift-left"));
        assert_eq!(press(KeyCode::CapsLock, KeyModifiers::NONE), None);
        let mut release = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        assert_eq!(read(Event::Key(release)), None);
        assert_eq!(read(Event::FocusLost), None);
    }

    /// Set for the process that shall panic.
    const PANICS: &str = "MUBAN_TEST_PANICS";

    /// Does something only in a process that the next test starts.
    #[test]
    fn panics_inside_the_screen() {
        if std::env::var_os(PANICS).is_some() {
            let _tty = Tty::enter().unwrap();
            panic!("on purpose");
        }
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_is_told_of() {
        let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "tui::tty::tests::panics_inside_the_screen", "--nocapture"]);
        command.env(PANICS, "1");
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut bytes = Vec::new();
        // The end of a pseudo-terminal is an error on some systems; what came before it counts.
        let _ = reader.read_to_end(&mut bytes);
        assert!(!child.wait().unwrap().success());
        let text = String::from_utf8_lossy(&bytes);
        let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what:?} is missing in {text:?}"));
        assert!(place("\x1b[?1049h") < place("\x1b[?1049l"), "entered, then left");
        assert!(place("\x1b[?2004l") < place("on purpose"), "bracketed paste is off before the message");
        assert!(place("\x1b[?1049l") < place("on purpose"), "the message is on the normal screen");
        assert!(text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l"), "the cursor is visible");
    }

    /// Set for the process that shall wait for keys from a terminal that is gone.
    const WAITS: &str = "MUBAN_TEST_WAITS";

    /// Does something only in a process that the next test starts.
    #[test]
    fn waits_for_a_key() {
        if std::env::var_os(WAITS).is_some() {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let _told = hangup();
            let mut tty = Tty::enter().unwrap();
            runtime.block_on(async {
                tty.next_input().await;
                tty.copy("got one").unwrap();
                tty.next_input().await;
            });
        }
    }

    #[test]
    fn a_terminal_that_is_gone_does_not_keep_the_loop_in_the_library() {
        let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new("sh");
        // The signal that comes with it would end the process before anything is read.
        command.args(["-c", "trap '' HUP; exec \"$0\" --exact tui::tty::tests::waits_for_a_key --nocapture"]);
        command.arg(std::env::current_exe().unwrap());
        command.env(WAITS, "1");
        let (mut reader, mut writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut wait_for = |text: &str| {
            let mut drawn = Vec::new();
            while !String::from_utf8_lossy(&drawn).contains(text) {
                let mut some = [0; 1024];
                let count = reader.read(&mut some).unwrap();
                drawn.extend_from_slice(&some[..count]);
            }
        };
        wait_for("\x1b[?25l");
        writer.write_all(b"a").unwrap();
        // What is copied to the clipboard: by now the library is at work.
        wait_for("\x1b]52;");
        drop((reader, writer, pair.master));
        let (mut killer, (tell, told)) = (child.clone_killer(), std::sync::mpsc::channel());
        let waiting = std::thread::spawn(move || tell.send(child.wait()).unwrap());
        let ended = told.recv_timeout(std::time::Duration::from_secs(30));
        let _ = killer.kill();
        waiting.join().unwrap();
        assert!(ended.is_ok(), "it still asks for a key");
    }
}
