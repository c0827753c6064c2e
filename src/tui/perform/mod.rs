//! Carries effects out through the services, each in a task of its own, and answers with messages.

mod accounts;
mod audience;
pub mod background;
mod checkup;
mod compose;
mod drafts;
mod files;
mod follow;
mod hand_over;
mod jobs;
mod ledger;
mod lists;
pub mod own_themes;
mod people;
mod profile;
mod quota;
mod reports;
mod speed;
mod sync;
mod templates;
mod test_send;

use super::effect::{DraftsEffect, Effect, SendEffect, SystemEffect};
use super::msg::{AccountsMsg, Level, ListsMsg, Msg, SystemMsg};
use crate::config::{Home, Settings};
use crate::dispatch::{Controller, Order};
use crate::domain::account::Account;
use crate::domain::audience::Audience;
use crate::domain::id::{AccountId, JobId, OpenId};
use crate::domain::lang::Lang;
use crate::domain::told::{Sentence, Told};
use crate::domain::user::{Recipient, User};
use crate::session::{Session, Sessions};
use crate::store::{Store, StoreResult};
use crate::text::lang::Texts;
use audience::Counting;
use drafts::DraftQueue;
use futures_util::future::join_all;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinHandle};

/// How often the counters of a running job or sync are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How long a process that was asked to end waits for what is on its way. A closed connection leaves two seconds.
const GRACE: Duration = Duration::from_secs(1);

/// The services, and what is under way. Cheap to clone.
#[derive(Clone)]
pub struct Performer(Arc<Services>);

/// Whether a job can go on in a process of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detach {
    /// It can, and finds this home by `--home` if that was given.
    With(Option<PathBuf>),
    /// It cannot: what it sends to ends with this program.
    Never,
}

/// What the tasks share.
struct Services {
    home: Home,
    detach: Detach,
    store: Store,
    sessions: Sessions,
    msgs: UnboundedSender<Msg>,
    /// What errors are told in: the language that was chosen last.
    lang: Mutex<Lang>,
    jobs: Mutex<HashMap<JobId, Running>>,
    /// Jobs on their way to a process of their own.
    handing_over: Mutex<Vec<JoinHandle<()>>>,
    /// The search of all jobs for one user: nobody waits for the one before the newest.
    user_scan: Mutex<Option<AbortHandle>>,
    /// Jobs of other processes that are being followed.
    followed: Mutex<HashMap<JobId, AbortHandle>>,
    syncs: Mutex<HashMap<AccountId, AbortHandle>>,
    /// One page of users is read at a time.
    users_turn: tokio::sync::Mutex<()>,
    counting: Mutex<Counting>,
    /// The checks of an account that are being made.
    checkup: Mutex<Option<AbortHandle>>,
    /// Drafts that are still to be written.
    draft_queue: DraftQueue,
}

/// A job under way.
struct Running {
    controller: Controller,
    task: JoinHandle<()>,
}

impl Performer {
    /// Nothing is under way yet.
    pub fn new(home: Home, detach: Detach, store: Store, msgs: UnboundedSender<Msg>, lang: Lang) -> Self {
        let sessions = Sessions::new(store.clone());
        Self(Arc::new(Services {
            home,
            detach,
            store,
            sessions,
            msgs,
            lang: Mutex::new(lang),
            jobs: Mutex::default(),
            handing_over: Mutex::default(),
            user_scan: Mutex::default(),
            followed: Mutex::default(),
            syncs: Mutex::default(),
            users_turn: tokio::sync::Mutex::default(),
            counting: Mutex::default(),
            checkup: Mutex::default(),
            draft_queue: DraftQueue::default(),
        }))
    }

    /// Starts to carry an effect out; returns at once. Has to be called inside of a runtime.
    pub fn start(&self, effect: Effect) {
        let services = Arc::clone(&self.0);
        match effect {
            Effect::Accounts(effect) => spawn(async move { services.accounts(effect).await }),
            Effect::Lists(effect) => spawn(async move { services.lists(effect).await }),
            Effect::Audience(effect) => spawn(async move { services.audience(effect).await }),
            Effect::People(effect) => spawn(async move { services.people(effect).await }),
            Effect::Compose(effect) => spawn(async move { services.compose(effect).await }),
            // Not left to a task: when the screen is left at the next moment, it has to be written.
            Effect::Drafts(DraftsEffect::SaveDraft { account, draft }) => {
                if services.take_draft(account, *draft) {
                    spawn(async move { services.attend().await });
                }
            }
            Effect::Drafts(effect) => spawn(async move { services.drafts(effect).await }),
            Effect::Profile(effect) => spawn(async move { services.profile(effect).await }),
            Effect::Quota(effect) => spawn(async move { services.quota(effect).await }),
            Effect::Sync(effect) => services.sync(&effect),
            Effect::Send(effect) => {
                let hands_over = matches!(effect, SendEffect::HandOver { .. });
                let scans = matches!(effect, SendEffect::LoadDeliveriesTo { .. });
                let task = tokio::spawn(async move { services.send(effect).await });
                if hands_over {
                    lock(&self.0.handing_over).push(task);
                } else if scans && let Some(earlier) = lock(&self.0.user_scan).replace(task.abort_handle()) {
                    earlier.abort();
                }
            }
            Effect::Reports(effect) => spawn(async move { services.reports(effect).await }),
            Effect::Templates(effect) => spawn(async move { services.templates(effect).await }),
            Effect::Checkup(effect) => services.checkup(effect),
            Effect::TestSend(effect) => spawn(async move { services.test_send(effect).await }),
            Effect::System(SystemEffect::SaveSettings { lang, theme }) => {
                // Also where it cannot be saved: from here on everything is told in it.
                *lock(&services.lang) = lang;
                services.save_settings(|settings| {
                    settings.lang = Some(lang);
                    settings.theme = Some(theme.as_str().to_owned());
                });
            }
            Effect::System(SystemEffect::KeepBackground { background }) => {
                spawn(async move { background::keep(&services.home, background) });
            }
            Effect::System(SystemEffect::ReadFile { name }) => spawn(async move { services.read_file(&name).await }),
            Effect::System(SystemEffect::ReadSettings) => services.tell_settings(None),
            Effect::System(SystemEffect::ChangeSetting { key, value }) => {
                if let Err(error) = Settings::set(&services.home, key, value.as_deref()) {
                    services.tell(SystemMsg::Noted { level: Level::Warning, text: services.said(&error) });
                }
                services.tell_settings(Some(key));
            }
            // The terminal's own, carried out by the loop.
            Effect::System(_) => {}
        }
    }

    /// Waits until what was typed last is written.
    pub async fn end_drafts(&self) {
        self.0.write_drafts().await;
    }

    /// Gives every running job an order and waits until all have ended. What an interrupted one still has on its way after a
    /// short grace stays to be resolved at resume.
    pub async fn end_jobs(&self, order: Order) {
        if order != Order::Abort {
            self.0.until_handed_over().await;
        }
        let running: Vec<Running> = lock(&self.0.jobs).drain().map(|(_, running)| running).collect();
        let (controllers, tasks): (Vec<_>, Vec<_>) = running.into_iter().map(|job| (job.controller, job.task)).unzip();
        let tell = |order| controllers.iter().for_each(|controller| controller.order(order));
        tell(order);
        let mut ended = std::pin::pin!(join_all(tasks));
        if order == Order::Interrupt {
            if tokio::time::timeout(GRACE, &mut ended).await.is_ok() {
                return;
            }
            tell(Order::Abort);
        }
        ended.await;
    }
}

impl Services {
    fn tell(&self, msg: impl Into<Msg>) {
        // Nobody listens any more when the screen is being left.
        let _ = self.msgs.send(msg.into());
    }

    /// The sentences of the language that was chosen last.
    fn texts(&self) -> &'static Texts {
        Texts::of(self.language())
    }

    /// An error in words.
    fn said(&self, error: &impl Told) -> String {
        self.texts().told(error)
    }

    /// The language that was chosen last.
    fn language(&self) -> Lang {
        *lock(&self.lang)
    }

    /// Something that was to be shown could not be read.
    fn tell_failure(&self, error: &impl Told) {
        self.tell(ListsMsg::LoadFailed { text: self.said(error) });
    }

    async fn account(&self, id: AccountId) -> Result<Account, String> {
        let found = self.store.account(id).await.map_err(|error| self.said(&error))?;
        found.ok_or_else(|| self.said(&Sentence::of("error.screen", "account_gone").with("id", id)))
    }

    async fn session(&self, id: AccountId) -> Result<Arc<Session>, String> {
        let account = self.account(id).await?;
        self.sessions.get(&account).await.map_err(|error| self.said(&error))
    }

    /// What is known of the token, for the header.
    async fn tell_token(&self, account: AccountId, session: &Session) {
        self.tell(AccountsMsg::TokenKnown { account, until: session.token_until().await });
    }

    /// A recipient with all that is known of them.
    async fn recipient(&self, account: AccountId, audience: &Audience, openid: OpenId) -> StoreResult<Recipient> {
        let columns = self.store.said_of(account, audience, openid.clone()).await?;
        Ok(Recipient { user: self.user(account, openid).await?, columns })
    }

    /// A user of the cache, or one of whom nothing but the openid is known.
    async fn user(&self, account: AccountId, openid: OpenId) -> StoreResult<User> {
        let known = self.store.user(account, openid.clone()).await?;
        Ok(known.unwrap_or_else(|| User::stranger(openid)))
    }

    fn settings(&self) -> Settings {
        Settings::load_what_can_be(&self.home).0
    }

    /// Where the day is told that a message may name.
    fn zone(&self) -> TimeZone {
        self.settings().zone()
    }

    fn tell_settings(&self, changed: Option<&'static str>) {
        let settings = Box::new(self.settings());
        if changed == Some("lang") {
            *lock(&self.lang) = settings.language();
        }
        let file = self.home.config.join("config.toml").display().to_string();
        self.tell(SystemMsg::SettingsRead { settings, file, changed });
    }

    fn save_settings(&self, change: impl FnOnce(&mut Settings)) {
        if let Err(error) = Settings::change(&self.home, change) {
            self.tell(SystemMsg::Noted { level: Level::Warning, text: self.said(&error) });
        }
    }
}

fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}

/// What is behind the lock is whole at any time, so a panic elsewhere does not matter.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
