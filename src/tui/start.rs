//! Opening and closing the screen: the runtime, the services, and what becomes of running jobs.

use super::context::Settings;
use super::effect::RunningJobs;
use super::perform::{Detach, Performer};
use super::run::{Ended, run};
use super::theme::ThemeName;
use crate::config::{self, AmbiguousWidth, Home};
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
use tokio::sync::mpsc::unbounded_channel;

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

/// Shows the workbench of a home until it is left. Jobs that run are then paused, finished first or handed over, as the operator
/// chose.
pub fn start(home: Home, detach: Detach, settings: &config::Settings, lang: Lang) -> Result<Left, TuiError> {
    let store = Store::open(&home.data)?;
    // The loop has the main thread for itself; services have a thread of their own.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let settings = Settings {
        lang,
        theme: theme(settings.theme.as_deref()),
        // Frames of characters that are two columns wide would have gaps, or burst.
        ascii: std::env::var_os("MUBAN_ASCII").is_some() || settings.ambiguous_width == AmbiguousWidth::Two,
        confirm_above: settings.confirm_above,
        stale_after: settings.stale_after,
        can_hand_over: detach != Detach::Never,
        zone: settings.zone(),
    };
    runtime.block_on(async {
        let (tell, told) = unbounded_channel();
        let accounts = store.accounts().await.unwrap_or_default();
        let performer = Performer::new(home, detach, store, tell, lang);
        run_secret_commands(&performer, &accounts, lang).await;
        let ended = run(settings, told, |effect| performer.start(effect)).await;
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

/// `NO_COLOR` wins over the setting, as its users expect.
fn theme(named: Option<&str>) -> ThemeName {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match named.and_then(ThemeName::parse) {
        _ if no_color => ThemeName::Mono,
        Some(theme) => theme,
        None => ThemeName::default(),
    }
}
