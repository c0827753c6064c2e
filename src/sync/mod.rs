//! WeChat → cache: templates, tags and users. A sync that is cut off leaves the old data usable and goes on where it was.
//! Dropping the future of a sync cancels it.

mod look_up;
mod progress;
mod repeat;
mod users;

pub use look_up::{LookedUp, look_up};
pub use progress::{Step, SyncProgress, SyncView};

use crate::domain::template::Template;
use crate::domain::user::Tag;
use crate::session::{Session, SessionError};
use crate::store::{Store, StoreError, TemplateChanges, UserChanges};
use jiff::Timestamp;
use repeat::repeat;
use thiserror::Error;

/// Of whom more than the openid is asked. Each hundred takes a call; the tags that users have come by a call a tag all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Details {
    /// Nobody.
    Nobody,
    /// Whoever is new or came back, and whoever it was never asked of: at first everyone. Of few followers always everyone.
    #[default]
    New,
    /// Whoever is new or came back, and nothing else: for a quick look at who that is.
    Newcomers,
    /// Everyone, for what the operator changed elsewhere.
    Everyone,
}

/// What to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncPlan {
    /// The templates.
    pub templates: bool,
    /// The tags.
    pub tags: bool,
    /// The followers and the blacklist.
    pub users: bool,
    /// Of whom remarks, tags and times are asked, beside the openid.
    pub details: Details,
    /// Most calls for details in flight, from 1.
    pub concurrency: usize,
}

impl SyncPlan {
    /// Who followed last.
    pub const NEWCOMERS: Self = Self { templates: false, tags: false, users: true, details: Details::Newcomers, concurrency: 8 };
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
}

/// Why a sync stopped. What it stored so far stays.
#[derive(Debug, Error)]
pub enum SyncError {
    /// WeChat could not be asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The cache could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process syncs the users of this account.
    #[error("the users of this account are being synced by another muban process; try again when it has finished")]
    Held,
}

/// Fetches what the plan names.
pub async fn run(session: &Session, store: &Store, plan: SyncPlan, progress: &SyncProgress) -> Result<SyncReport, SyncError> {
    let mut report = SyncReport::default();
    if plan.templates {
        progress.enter(Step::Templates);
        report.templates = Some(templates(session, store, progress).await?);
    }
    if plan.tags || plan.users {
        progress.enter(Step::Tags);
        report.tags = Some(tags(session, store, progress).await?).filter(|_| plan.tags);
    }
    if plan.users {
        report.users = Some(users::run(session, store, plan, progress).await?);
    }
    store.mark_synced(session.account().id, Timestamp::now()).await?;
    Ok(report)
}

async fn templates(session: &Session, store: &Store, progress: &SyncProgress) -> Result<TemplateChanges, SyncError> {
    let entries = repeat(session, progress, |client, token| async move { client.templates(&token).await }).await?;
    let templates = entries.into_iter().map(Template::from).collect();
    Ok(store.put_templates(session.account().id, templates, Timestamp::now()).await?)
}

async fn tags(session: &Session, store: &Store, progress: &SyncProgress) -> Result<u64, SyncError> {
    let entries = repeat(session, progress, |client, token| async move { client.tags(&token).await }).await?;
    let tags: Vec<Tag> = entries.into_iter().map(|entry| Tag { id: entry.id, name: entry.name, count: entry.count }).collect();
    let total = tags.len() as u64;
    store.put_tags(session.account().id, tags).await?;
    Ok(total)
}
