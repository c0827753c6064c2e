//! How far a sync is.

use super::context::Context;
use super::keys::Action;
use super::msg::{Level, SyncMsg, SyncPart};
use crate::domain::id::AccountId;
use crate::text::number;
use std::time::Duration;

/// The sync that runs, if one does.
#[derive(Debug, Default)]
pub enum SyncStatus {
    /// None.
    #[default]
    Idle,
    /// It began and has told nothing yet.
    Started(AccountId),
    /// So much of a part, of so much where that is known.
    Fetching(AccountId, Fetching),
}

/// How far one part is.
#[derive(Debug, Clone, Copy)]
pub struct Fetching {
    part: SyncPart,
    done: u64,
    total: Option<u64>,
    rate: Option<u64>,
    left: Option<Duration>,
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
            SyncMsg::Advanced { account, part, done, total, rate, left } => {
                let (part, done, total, rate, left) = (*part, *done, *total, *rate, *left);
                *self = Self::Fetching(*account, Fetching { part, done, total, rate, left });
            }
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
            SyncMsg::Failed { text, standing, .. } => {
                *self = Self::Idle;
                let failed = ctx.say_with("sync.failed", &[("text", text)]);
                return Some((Level::Error, format!("{failed} {}", ctx.texts().user_standing(standing))));
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
            Self::Fetching(_, Fetching { part, done, total, rate, left }) => {
                let part = match part {
                    SyncPart::Templates => ctx.say("templates.title"),
                    SyncPart::Tags => ctx.say("tags.title"),
                    SyncPart::Users => ctx.say("users.title"),
                    SyncPart::Details => ctx.say("sync.details"),
                };
                let total = total.map(|total| format!("/{}", number::thousands(total))).unwrap_or_default();
                let rate = rate.map(|rate| format!(" {}/s", number::thousands(rate))).unwrap_or_default();
                let left = left.map(|left| format!(" {}", number::duration(left, ctx.settings.lang))).unwrap_or_default();
                let count = format!("{}{total}{rate}{left}", number::thousands(*done));
                Some(ctx.say_with("sync.progress", &[("part", part), ("count", &count), ("key", &key)]))
            }
        }
    }
}
