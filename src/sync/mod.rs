//! WeChat → cache: templates, tags and users. A sync that is cut off leaves the old data usable and goes on where it was.
//! Dropping the future of a sync cancels it.

mod calls;
mod details;
mod list;
mod look_up;
mod members;
mod newcomers;
mod progress;
mod users;

pub use calls::Pauses;
pub use look_up::{LookedUp, look_up};
pub use newcomers::{Look, Newcomers};
pub use progress::{Step, SyncProgress, SyncView};

use crate::domain::template::Template;
use crate::domain::told::{Sentence, Told};
use crate::domain::user::Tag;
use crate::session::{Session, SessionError};
use crate::store::{Store, StoreError, TemplateChanges, UserChanges};
use crate::text::told::in_english;
use crate::wechat::CallError;
use calls::Calls;
use futures_util::future::FutureExt;
use jiff::Timestamp;
use thiserror::Error;

/// What to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncPlan {
    /// The templates.
    pub templates: bool,
    /// The tags.
    pub tags: bool,
    /// The followers, who has which tag, and the blacklist.
    pub users: bool,
    /// How much of the followers, beyond their openids.
    pub details: Details,
    /// Most calls in flight, from 1.
    pub concurrency: usize,
}

/// Whose remarks, tags and times are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Details {
    /// Nobody's: openids can be sent to without.
    Nobody,
    /// Theirs who are new or came back, and those of all others whose details were never read; of few followers everybody's.
    #[default]
    New,
    /// Everybody's, anew.
    Everyone,
}

impl Default for SyncPlan {
    fn default() -> Self {
        Self { templates: true, tags: true, users: true, details: Details::New, concurrency: 8 }
    }
}

/// What a sync changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Templates, if they were asked for.
    pub templates: Option<TemplateChanges>,
    /// Number of tags, if they were asked for.
    pub tags: Option<u64>,
    /// Users, if they were asked for.
    pub users: Option<UserChanges>,
    /// Where the day's allowance of a call ended, if it did. What came before can be used, and the next sync goes on there.
    pub cut: Option<Cut>,
}

/// Where the day's allowance of a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// In what.
    pub step: Step,
    /// How many of it are in, those of earlier syncs among them.
    pub done: u64,
    /// Of how many; 0 if that is unknown.
    pub total: u64,
    /// What WeChat answered.
    pub errcode: i64,
}

/// Why a sync stopped. What it stored so far stays.
#[derive(Debug, Error)]
pub enum SyncError {
    /// WeChat could not be asked.
    Session(#[from] SessionError),
    /// The cache could not be written.
    Store(#[from] StoreError),
    /// Somebody else syncs the users of this account, mostly another process.
    Held,
}

impl Told for SyncError {
    fn told(&self) -> Sentence {
        match self {
            Self::Session(error) => error.told(),
            Self::Store(error) => error.told(),
            Self::Held => Sentence::of("error.sync", "held"),
        }
    }
}

in_english!(SyncError);

impl SyncError {
    /// The code with which WeChat refused a call, if that is what happened.
    fn errcode(&self) -> Option<i64> {
        match self {
            Self::Session(SessionError::Call(CallError::Api(failure))) => Some(failure.errcode),
            _ => None,
        }
    }

    /// The code, if it says that the day's allowance of a call is used up.
    fn out_of_quota(&self) -> Option<i64> {
        self.errcode().filter(|errcode| *errcode == 45009)
    }
}

/// Fetches what the plan names.
pub async fn run(session: &Session, store: &Store, plan: SyncPlan, progress: &SyncProgress) -> Result<SyncReport, SyncError> {
    run_with(Pauses::default(), session, store, plan, progress).await
}

/// The same with other pauses, for tests.
pub async fn run_with(
    pauses: Pauses,
    session: &Session,
    store: &Store,
    plan: SyncPlan,
    progress: &SyncProgress,
) -> Result<SyncReport, SyncError> {
    let calls = &Calls::new(session, progress, plan.concurrency, pauses);
    let mut report = SyncReport::default();
    if plan.templates {
        progress.enter(Step::Templates);
        report.templates = Some(templates(calls, store).await?);
    }
    if plan.tags || plan.users {
        progress.enter(Step::Tags);
        report.tags = Some(tags(calls, store).await?).filter(|_| plan.tags);
    }
    if plan.users {
        let (users, cut) = users::run(calls, store, plan).boxed().await?;
        (report.users, report.cut) = (Some(users), cut);
    }
    store.mark_synced(session.account().id, Timestamp::now()).await?;
    Ok(report)
}

/// Looks for those who followed since the last sync, and for their details; nothing else.
pub async fn newcomers(session: &Session, store: &Store, look: Look, progress: &SyncProgress) -> Result<Newcomers, SyncError> {
    let calls = Calls::new(session, progress, SyncPlan::default().concurrency, Pauses::default());
    newcomers::run(&calls, store, look).boxed().await
}

async fn templates(calls: &Calls<'_>, store: &Store) -> Result<TemplateChanges, SyncError> {
    let entries = calls.repeat(|client, token| async move { client.templates(&token).await }).await?;
    let templates = entries.into_iter().map(Template::from).collect();
    Ok(store.put_templates(calls.account(), templates, Timestamp::now()).await?)
}

async fn tags(calls: &Calls<'_>, store: &Store) -> Result<u64, SyncError> {
    let entries = calls.repeat(|client, token| async move { client.tags(&token).await }).await?;
    let tags: Vec<Tag> = entries.into_iter().map(|entry| Tag { id: entry.id, name: entry.name, count: entry.count }).collect();
    let total = tags.len() as u64;
    store.put_tags(calls.account(), tags).await?;
    Ok(total)
}
