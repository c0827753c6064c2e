//! Opening and closing the screen: the runtime, the services, and what becomes of running jobs.

use super::context::Settings;
use super::effect::RunningJobs;
use super::msg::{Level, Msg, SystemMsg};
use super::perform::{Detach, Performer, background, own_themes};
use super::run::{Ended, OwnKeys, Terms, run};
use super::surroundings::Surroundings;
use super::theme::{ThemeName, Themes};
use super::tty::Manner;
use crate::config::{self, AmbiguousWidth, Home, LastScreen};
use crate::dispatch::Order;
use crate::domain::account::Account;
use crate::domain::id::JobId;
use crate::domain::lang::Lang;
use crate::domain::told::{Sentence, Told};
use crate::store::{Store, StoreError};
use crate::text::lang::Texts;
use crate::text::told::in_english;
use std::io::{self, IsTerminal, Write};
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Why there is no screen.
#[derive(Debug, Error)]
pub enum TuiError {
    /// The files cannot be opened.
    Store(#[from] StoreError),
    /// The terminal, or the runtime.
    Terminal(#[from] io::Error),
}

impl Told for TuiError {
    fn told(&self) -> Sentence {
        match self {
            Self::Store(error) => error.told(),
            Self::Terminal(error) => Sentence::of("error.screen", "terminal").with("why", error),
        }
    }
}

in_english!(TuiError);

/// How the screen was left.
#[derive(Debug)]
pub struct Left {
    /// By whom.
    pub ended: Ended,
    /// Jobs that were to go on without it, and why one does not: that one stays paused.
    pub handed_over: Vec<(JobId, Result<(), String>)>,
}

/// What the terminal calls itself, if it is one on which nothing can be placed.
pub fn unusable_terminal() -> Option<String> {
    Surroundings::of_process().dumb.then(|| std::env::var("TERM").unwrap_or_default())
}

/// Shows the workbench of a home until it is left. Jobs that run are then paused, finished first or handed over, as the operator
/// chose.
/// What is `broken` of the settings is said there.
pub fn start(home: Home, detach: Detach, settings: &config::Settings, broken: &[String], lang: Lang) -> Result<Left, TuiError> {
    let store = Store::open(&home.data)?;
    let keys = OwnKeys::of(&home);
    // The loop has the main thread for itself; services have a thread of their own.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let around = Surroundings::of_process();
    let (themes, wrong_themes) = themes(&home, &around, settings, Texts::of(lang));
    let mistakes: Vec<String> = broken.iter().cloned().chain(wrong_themes).collect();
    let terms = terms(&around, settings);
    let kept = home.clone();
    let settings = Settings {
        lang,
        theme: settings.theme.as_deref().map(ThemeName::parse).unwrap_or_default(),
        themes,
        // Frames of characters that are two columns wide would have gaps, or burst.
        ascii: std::env::var_os("MUBAN_ASCII").is_some()
            || settings.ambiguous_width == AmbiguousWidth::Two
            || settings.ascii.unwrap_or(around.plain_text),
        mouse: settings.mouse,
        notify: settings.notify,
        confirm_above: settings.confirm_above,
        stale_after: settings.stale_after,
        can_hand_over: detach != Detach::Never,
        zone: settings.zone(),
    };
    runtime.block_on(async {
        let (tell, told) = unbounded_channel();
        tell_mistakes(&mistakes, &tell);
        let accounts = store.accounts().await.unwrap_or_default();
        let performer = Performer::new(home, detach, store, tell, lang);
        run_secret_commands(&performer, &accounts, lang).await;
        let last = LastScreen::load(&kept);
        let left = Box::pin(run(settings, keys, terms, last, told, |effect| performer.start(effect))).await;
        let ended = left.map(|(ended, last)| {
            last.save(&kept);
            ended
        });
        performer.end_drafts().await;
        let mut handed_over = Vec::new();
        // The terminal is given back by now: a job that is finished first is waited for in the shell.
        match &ended {
            Ok(Ended::Quit { jobs: RunningJobs::Finish }) => performer.end_jobs(Order::Run).await,
            Ok(Ended::Quit { jobs: RunningJobs::Pause }) => performer.end_jobs(Order::Pause).await,
            Ok(Ended::Quit { jobs: RunningJobs::HandOver }) => handed_over = performer.hand_over_jobs().await,
            Ok(Ended::Signal) => performer.end_jobs(Order::Interrupt).await,
            Ok(Ended::Hangup) | Err(_) => performer.end_jobs(Order::Abort).await,
        }
        Ok(Left { ended: ended?, handed_over })
    })
}

/// Commands that print an AppSecret are run while the terminal is still the shell's. One line says what is waited for, and goes
/// again.
async fn run_secret_commands(performer: &Performer, accounts: &[Account], lang: Lang) {
    let names: Vec<&str> = accounts.iter().filter(|account| account.secret.is_command()).map(|a| a.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        let _ = write!(stderr, "{}", Texts::of(lang).say_with("cli.secret_commands", &[("names", &names.join(", "))]));
    }
    performer.prepare_commands(accounts).await;
    if stderr.is_terminal() {
        let _ = write!(stderr, "\r\x1b[K");
    }
}

/// How the screen deals with this terminal. It is asked for its background whatever the theme: the key may choose `auto` later.
fn terms(around: &Surroundings, settings: &config::Settings) -> Terms {
    let manner = Manner {
        between: around.between,
        asks: around.answers && !around.no_color,
        mouse: settings.mouse,
        title: settings.window_title && around.has_title,
    };
    Terms { manner, remote: around.remote }
}

/// The themes of the program and of the operator, and what is wrong with any of these or with the choice of one.
fn themes(home: &Home, around: &Surroundings, settings: &config::Settings, texts: &Texts) -> (Themes, Vec<String>) {
    let (own, mut mistakes) = own_themes::read(home);
    let guess = around.background.or_else(|| background::kept(home)).unwrap_or_default();
    let themes = Themes::new(own, around, guess);
    if let Some(name) = settings.theme.as_deref()
        && !themes.has(&ThemeName::parse(name))
    {
        let known = themes.names().map(|theme| theme.as_str().to_owned()).collect::<Vec<_>>().join(", ");
        mistakes.push(texts.say_with("theme.unknown", &[("name", name), ("known", &known)]));
    }
    (themes, mistakes)
}

/// Said on the screen as soon as it is there.
fn tell_mistakes(mistakes: &[String], tell: &UnboundedSender<Msg>) {
    if !mistakes.is_empty() {
        let text = mistakes.join("\n\n");
        let _ = tell.send(SystemMsg::Noted { level: Level::Warning, text }.into());
    }
}
