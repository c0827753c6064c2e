//! The loop: what happens is taken in by urgency, and drawn only when something changed.

use super::app::App;
use super::context::Settings;
use super::effect::{Effect, RunningJobs, SystemEffect};
use super::input::Input;
use super::keys::{Keymap, Mistake};
use super::msg::{Level, Msg, SystemMsg};
use super::outside::Editing;
use super::tty::{self, Manner, Tty};
use super::view;
use crate::config::{Home, LastScreen};
use crate::text::number;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot::Receiver;
use tokio::time::{Instant, sleep_until, timeout};

/// Frames are at least so far apart, but for one that follows at once after a pause: the first shows a key, the next what it found.
const FRAME: Duration = Duration::from_millis(16);

/// The same over a network, where each frame is bytes on a line.
const REMOTE_FRAME: Duration = Duration::from_millis(33);

/// The title of the window changes at most so often.
const TITLE_EVERY: Duration = Duration::from_secs(1);

/// A signal takes less than this from the terminal to the loop.
const ON_ITS_WAY: Duration = Duration::from_millis(50);

/// Why the screen was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The operator left.
    Quit {
        /// What becomes of running jobs.
        jobs: RunningJobs,
    },
    /// The process was asked to end.
    Signal,
    /// The terminal is gone. Nothing may be written to it any more.
    Hangup,
}

/// The keys, and what is wrong with the operator's own.
pub struct OwnKeys {
    map: Keymap,
    mistakes: Vec<Mistake>,
    file: String,
}

impl OwnKeys {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        let (map, mistakes) = Keymap::of_home(home);
        Self { map, mistakes, file: home.keys().display().to_string() }
    }
}

/// How the screen deals with its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// What is said to it.
    pub manner: Manner,
    /// Whether it is at the other end of a network.
    pub remote: bool,
}

/// Runs the workbench until it is left. Effects are handed to `perform`, which must not block; their answers come in by `msgs`. It begins
/// where it was left the `last` time, and gives where it was left now.
pub async fn run(
    settings: Settings,
    keys: OwnKeys,
    terms: Terms,
    last: LastScreen,
    msgs: UnboundedReceiver<Msg>,
    mut perform: impl FnMut(Effect),
) -> io::Result<(Ended, LastScreen)> {
    let signals = Signals::new()?;
    let (mut app, effects) = App::new(settings, keys.map);
    app.reopen(last);
    app.tell_of_keys(&keys.mistakes, &keys.file);
    app.ctx.now = jiff::Timestamp::now();
    let now = Instant::now();
    let mut screen = Screen {
        tty: Tty::enter(terms.manner)?,
        app,
        dirty: true,
        frame: if terms.remote { REMOTE_FRAME } else { FRAME },
        next_frame: now,
        next_title: now,
        title: None,
        left: None,
        outside: None,
    };
    effects.into_iter().for_each(&mut perform);
    // Once entered, a terminal that can be neither read nor written is a terminal that is gone.
    let ended = attend(&mut screen, signals, msgs, &mut perform).await.unwrap_or(Ended::Hangup);
    let last = screen.app.last_screen();
    Ok((screen.end(ended), last))
}

/// Takes in what happens, the most urgent first.
async fn attend(
    screen: &mut Screen,
    mut signals: Signals,
    mut msgs: UnboundedReceiver<Msg>,
    perform: &mut impl FnMut(Effect),
) -> io::Result<Ended> {
    let mut hangup = tty::hangup();
    let mut waiting = Vec::new();
    loop {
        if let Some(ended) = screen.left {
            return Ok(ended);
        }
        if let Some(text) = screen.outside.take() {
            screen.edit_outside(&text, &mut signals, &mut hangup, perform).await?;
            continue;
        }
        screen.draw_if_due()?;
        let toast = screen.toast_until();
        screen.title_if_due()?;
        tokio::select! {
            biased;
            () = signals.next() => return Ok(Ended::Signal),
            _ = &mut hangup => return Ok(Ended::Hangup),
            count = msgs.recv_many(&mut waiting, 256), if !msgs.is_closed() || !msgs.is_empty() => {
                screen.dirty |= count > 0;
                screen.app.ctx.now = jiff::Timestamp::now();
                for msg in waiting.drain(..) {
                    let effects = screen.app.on_msg(msg);
                    screen.carry_out(effects, perform)?;
                }
            }
            input = screen.tty.next_input() => match input {
                Some(first) => screen.take_inputs(first, perform).await?,
                None => return Ok(Ended::Hangup),
            },
            () = sleep_until(screen.next_frame), if screen.dirty => {}
            () = sleep_until(toast.unwrap_or_else(Instant::now)), if toast.is_some() => screen.dirty = true,
            () = sleep_until(screen.next_title), if screen.title.is_some() => {}
        }
    }
}

struct Screen {
    tty: Tty,
    app: App,
    dirty: bool,
    /// How far frames are apart.
    frame: Duration,
    next_frame: Instant,
    next_title: Instant,
    /// A title that the window is still to get.
    title: Option<String>,
    left: Option<Ended>,
    /// A text that the operator's own editor is to have.
    outside: Option<String>,
}

impl Screen {
    /// All keys that wait are taken in before anything is drawn.
    async fn take_inputs(&mut self, first: Input, perform: &mut impl FnMut(Effect)) -> io::Result<()> {
        self.dirty = true;
        let mut inputs = vec![first];
        inputs.extend(self.tty.waiting_inputs().await);
        for input in inputs {
            // Keys go by what the last frame would have shown: page sizes depend on it.
            let effects = self.app.on_input(input);
            self.carry_out(effects, perform)?;
        }
        Ok(())
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        if !self.dirty || Instant::now() < self.next_frame {
            return Ok(());
        }
        let app = &mut self.app;
        self.tty.draw(|window, buf| {
            app.ctx.now = jiff::Timestamp::now();
            app.notices.expire(app.ctx.now);
            app.fit(window);
            view::view(app, window, buf)
        })?;
        self.dirty = false;
        self.next_frame = (self.next_frame + self.frame).max(Instant::now());
        self.title = Some(self.app.window_title()).filter(|title| self.tty.would_title(title));
        Ok(())
    }

    fn title_if_due(&mut self) -> io::Result<()> {
        if let Some(title) = self.title.take_if(|_| Instant::now() >= self.next_title) {
            self.tty.set_title(title)?;
            self.next_title = Instant::now() + TITLE_EVERY;
        }
        Ok(())
    }

    /// When the oldest toast goes; nothing wakes up where there is none.
    fn toast_until(&self) -> Option<Instant> {
        let left = self.app.notices.next_expiry()?.duration_since(jiff::Timestamp::now());
        Some(Instant::now() + Duration::try_from(left).unwrap_or_default())
    }

    /// What concerns the terminal is done here, everything else by the services.
    fn carry_out(&mut self, effects: Vec<Effect>, perform: &mut impl FnMut(Effect)) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::System(SystemEffect::Redraw) => self.tty.repaint()?,
                Effect::System(SystemEffect::Suspend) => self.tty.suspend()?,
                Effect::System(SystemEffect::CopyToClipboard { text }) => self.copy(&text, perform)?,
                Effect::System(SystemEffect::Call { how, text }) => self.tty.call(how, &text)?,
                Effect::System(SystemEffect::TakeMouse { on }) => self.tty.take_mouse(on)?,
                Effect::System(SystemEffect::EditOutside { text }) => self.outside = Some(text),
                Effect::System(SystemEffect::Quit { jobs }) => self.left = Some(Ended::Quit { jobs }),
                other => perform(other),
            }
        }
        Ok(())
    }

    /// What is too long for the clipboard of terminals would be dropped without a word.
    fn copy(&mut self, text: &str, perform: &mut impl FnMut(Effect)) -> io::Result<()> {
        if self.tty.copy(text)? {
            return Ok(());
        }
        let bytes = number::thousands(text.len() as u64);
        let text = self.app.ctx.say_with("copy.too_long", &[("bytes", &bytes)]);
        let effects = self.app.on_msg(SystemMsg::Noted { level: Level::Warning, text }.into());
        effects.into_iter().for_each(perform);
        Ok(())
    }

    /// Lends the terminal to the operator's own editor. Meanwhile messages wait; what sends goes on.
    async fn edit_outside(
        &mut self,
        text: &str,
        signals: &mut Signals,
        hangup: &mut Receiver<()>,
        perform: &mut impl FnMut(Effect),
    ) -> io::Result<()> {
        let settings = self.tty.lend();
        let edited = match Editing::begin(text) {
            Ok(mut editing) => tokio::select! {
                biased;
                ended = signals.next_but_for_keys() => {
                    editing.stop().await;
                    self.left = Some(ended);
                    return Ok(());
                }
                _ = hangup => {
                    editing.stop().await;
                    self.left = Some(Ended::Hangup);
                    return Ok(());
                }
                edited = editing.ended() => edited,
            },
            Err(error) => Err(error),
        };
        signals.forget_keys().await;
        self.tty.take_back(settings.as_ref())?;
        self.dirty = true;
        let (ctx, noted) = (&self.app.ctx, |level, text| SystemMsg::Noted { level, text });
        let msg = match edited {
            Ok(edited) if edited == text => noted(Level::Info, ctx.say("outside.unchanged").to_owned()),
            Ok(text) => SystemMsg::EditedOutside { text },
            Err(error) => noted(Level::Error, error.words(ctx)),
        };
        let effects = self.app.on_msg(msg.into());
        self.carry_out(effects, perform)
    }

    fn end(&mut self, ended: Ended) -> Ended {
        if ended == Ended::Hangup {
            self.tty.abandon();
        }
        ended
    }
}

/// The signals that ask a process to end.
struct Signals([Signal; 4]);

impl Signals {
    fn new() -> io::Result<Self> {
        let all = [SignalKind::hangup(), SignalKind::terminate(), SignalKind::interrupt(), SignalKind::quit()];
        let [hup, term, int, quit] = all.map(signal);
        Ok(Self([hup?, term?, int?, quit?]))
    }

    /// The next signal that did not come from a key: while another program has the terminal, ctrl-c is for that one.
    async fn next_but_for_keys(&mut self) -> Ended {
        let [hup, term, int, quit] = &mut self.0;
        loop {
            tokio::select! {
                _ = hup.recv() => return Ended::Signal,
                _ = term.recv() => return Ended::Signal,
                _ = int.recv() => {}
                _ = quit.recv() => {}
            }
        }
    }

    /// Lets pass by what keys sent to that program and to this one alike; it may still be on its way here.
    async fn forget_keys(&mut self) {
        let [_, _, int, quit] = &mut self.0;
        let forget = async {
            loop {
                tokio::select! {
                    _ = int.recv() => {}
                    _ = quit.recv() => {}
                }
            }
        };
        // Never comes to its end by itself.
        let _: Result<(), _> = timeout(ON_ITS_WAY, forget).await;
    }

    async fn next(&mut self) {
        let [hup, term, int, quit] = &mut self.0;
        tokio::select! {
            _ = hup.recv() => {}
            _ = term.recv() => {}
            _ = int.recv() => {}
            _ = quit.recv() => {}
        }
    }
}
