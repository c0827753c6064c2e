//! How far a sync is.

use super::context::Context;
use super::keys::Action;
use super::msg::{Level, SyncMsg, SyncPart};
use crate::domain::id::AccountId;
use crate::text::number;

/// The sync that runs, if one does.
#[derive(Debug, Default)]
pub enum SyncStatus {
    /// None.
    #[default]
    Idle,
    /// It began and has told nothing yet.
    Started(AccountId),
    /// So much of a part, of so much where that is known.
    Fetching(AccountId, SyncPart, u64, Option<u64>),
}

impl SyncStatus {
    /// Whose data is being fetched.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Idle => None,
            Self::Started(account) | Self::Fetching(account, ..) => Some(*account),
        }
    }

    /// Takes in what happened; gives what there is to be said about it.
    pub fn on_msg(&mut self, msg: &SyncMsg, ctx: &Context) -> Option<(Level, String)> {
        match msg {
            SyncMsg::Started { account } => *self = Self::Started(*account),
            SyncMsg::Advanced { account, part, done, total } => *self = Self::Fetching(*account, *part, *done, *total),
            SyncMsg::Finished { summary, .. } => {
                *self = Self::Idle;
                let args = [summary.templates, summary.tags, summary.users].map(number::thousands);
                let args = [("templates", args[0].as_str()), ("tags", &args[1]), ("users", &args[2])];
                return Some((Level::Info, ctx.say_with("sync.finished", &args)));
            }
            SyncMsg::Cancelled { .. } => {
                *self = Self::Idle;
                return Some((Level::Warning, ctx.say("sync.cancelled").to_owned()));
            }
            SyncMsg::Failed { text, .. } => {
                *self = Self::Idle;
                return Some((Level::Error, ctx.say_with("sync.failed", &[("text", text)])));
            }
        }
        None
    }

    /// For the header.
    pub fn words(&self, ctx: &Context) -> Option<String> {
        let key = ctx.key(Action::Sync);
        match self {
            Self::Idle => None,
            Self::Started(_) => Some(ctx.say_with("sync.started", &[("key", &key)])),
            Self::Fetching(_, part, done, total) => {
                let part = match part {
                    SyncPart::Templates => ctx.say("templates.title"),
                    SyncPart::Tags => ctx.say("tags.title"),
                    SyncPart::Users => ctx.say("users.title"),
                    SyncPart::Details => ctx.say("sync.details"),
                };
                let total = total.map(|total| format!("/{}", number::thousands(total))).unwrap_or_default();
                let count = format!("{}{total}", number::thousands(*done));
                Some(ctx.say_with("sync.progress", &[("part", part), ("count", &count), ("key", &key)]))
            }
        }
    }
}
