//! The terminal: the only place that knows the library behind it.
//!
//! Entering and leaving are done by hand: `ratatui::init` adds its panic hook again at each call, leaves bracketed paste on
//! after a panic, and its `restore` prints to a terminal that may be gone. `Terminal::clear` is not used either: it asks the
//! terminal for the cursor, and the input stream eats the answer.

mod answers;
mod events;
mod hangup;
mod modes;
mod osc;
mod stir;
#[cfg(test)]
mod tests;

pub use hangup::hangup;

use super::input::Input;
use super::surroundings::Between;
use crate::config::Notify;
use crate::text::width::columns;
use answers::{Answers, QUESTION};
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange, Event, EventStream};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use events::read;
use futures_util::StreamExt;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Rect};
use rustix::termios::{OptionalActions, Termios};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Once;
use std::task::{Context as TaskContext, Poll};
use std::time::Instant;
use stir::stir;

/// The terminal, entered: raw, on its alternate screen. Leaves it when dropped.
pub struct Tty {
    terminal: Terminal<CrosstermBackend<FrameBytes>>,
    bytes: FrameBytes,
    out: File,
    events: Option<EventStream>,
    /// Where the last frame had wide characters.
    wide: Vec<usize>,
    entered: bool,
    manner: Manner,
    /// Whether the question for the background is still to be sent.
    to_ask: bool,
    answers: Answers,
    /// Read, and not yet taken.
    ready: VecDeque<Input>,
    /// What the title was made to be last.
    title: Option<String>,
}

/// How this terminal is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Who stands between.
    pub between: Between,
    /// Whether it is asked what it is painted on.
    pub asks: bool,
    /// Whether it tells of the mouse.
    pub mouse: bool,
    /// Whether the window gets titles.
    pub title: bool,
}

impl Tty {
    /// Takes the terminal over.
    pub fn enter(manner: Manner) -> io::Result<Self> {
        leave_on_panic();
        // A job that is handed over must not inherit the terminal: a connection ends only when nobody holds it any more.
        let out = File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 0)?);
        let bytes = FrameBytes::default();
        let terminal = Terminal::new(CrosstermBackend::new(bytes.clone()))?;
        let mut tty = Self {
            terminal,
            bytes,
            out,
            events: None,
            wide: Vec::new(),
            entered: false,
            manner,
            to_ask: manner.asks,
            answers: Answers::default(),
            ready: VecDeque::new(),
            title: None,
        };
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
        if std::mem::take(&mut self.to_ask) {
            self.bytes.write_all(QUESTION)?;
            self.answers.expect(Instant::now());
        }
        self.send()
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    pub fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Gives a text to the clipboard of the terminal, also over SSH; whether it is not too long for that.
    pub fn copy(&mut self, text: &str) -> io::Result<bool> {
        let Some(bytes) = osc::clipboard(text, self.manner.between) else { return Ok(false) };
        self.say(&bytes).map(|()| true)
    }

    /// Makes the mouse tell of itself, or leaves it to the terminal.
    pub fn take_mouse(&mut self, on: bool) -> io::Result<()> {
        self.manner.mouse = on;
        self.say(modes::mouse(on))
    }

    /// Whether this would be another title than the window has; never where it gets none.
    pub fn would_title(&self, title: &str) -> bool {
        self.manner.title && self.title.as_deref() != Some(title)
    }

    /// Gives the window a title.
    pub fn set_title(&mut self, title: String) -> io::Result<()> {
        self.say(&osc::title(&title))?;
        self.title = Some(title);
        Ok(())
    }

    /// Calls somebody back to the window.
    pub fn call(&mut self, how: Notify, text: &str) -> io::Result<()> {
        self.say(&osc::call(how, text, self.manner.between))
    }

    fn say(&mut self, bytes: &str) -> io::Result<()> {
        self.out.write_all(bytes.as_bytes())
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
            if let Some(input) = self.ready.pop_front() {
                return Some(input);
            }
            let events = self.events.as_mut()?;
            let next = std::future::poll_fn(|task| {
                let event = events.poll_next_unpin(task);
                if event.is_pending() {
                    stir();
                }
                event
            });
            let event = match self.answers.deadline() {
                None => next.await?,
                Some(deadline) => {
                    let Ok(event) = tokio::time::timeout_at(deadline.into(), next).await else {
                        self.answers.let_go(&mut self.ready);
                        continue;
                    };
                    event?
                }
            };
            self.sort(event.ok()?);
        }
    }

    /// Everything else that is already waiting, so that it is drawn once. Polled with the waker of the task: with any other
    /// the stream would never wake it again.
    pub async fn waiting_inputs(&mut self) -> Vec<Input> {
        std::future::poll_fn(|task: &mut TaskContext| {
            while let Some(stream) = self.events.as_mut() {
                match Pin::new(stream).poll_next_unpin(task) {
                    Poll::Ready(Some(Ok(event))) => self.sort(event),
                    Poll::Ready(_) | Poll::Pending => break,
                }
            }
            Poll::Ready(())
        })
        .await;
        self.ready.drain(..).collect()
    }

    /// Tells what is for the screen from the terminal's answers.
    fn sort(&mut self, event: Event) {
        if let Some(input) = read(event) {
            self.answers.take(input, Instant::now(), &mut self.ready);
        }
    }

    /// The terminal is gone: leave without a word to it.
    pub fn abandon(&mut self) {
        self.events = None;
        self.entered = false;
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.entered = true;
        if self.manner.title {
            self.say(modes::title(true))?;
        }
        execute!(self.out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, Hide)?;
        self.say(modes::mouse(self.manner.mouse))?;
        // Another program may have given the window another one.
        self.title = None;
        self.events = Some(EventStream::new());
        Ok(())
    }

    fn leave(&mut self) {
        if self.entered {
            self.wait_for_answer();
        }
        self.events = None;
        if std::mem::take(&mut self.entered) {
            give_back(&mut self.out);
        }
    }

    /// An answer that is still on its way would be typed into the shell. Keys that come with it are kept. The stream is still
    /// there: its end wakes the library, and what came at that very moment would lie there unseen.
    fn wait_for_answer(&mut self) {
        while let Some(left) = self.answers.wait_until().and_then(|until| until.checked_duration_since(Instant::now())) {
            match crossterm::event::poll(left).and_then(|waits| waits.then(crossterm::event::read).transpose()) {
                Ok(Some(event)) => self.sort(event),
                Ok(None) => {}
                Err(_) => return,
            }
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
    let _ = out.write_all(modes::mouse(false).as_bytes());
    let _ = execute!(out, DisableFocusChange, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = out.write_all(modes::title(false).as_bytes());
    let _ = out.flush();
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
