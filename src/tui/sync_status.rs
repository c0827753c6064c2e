//! How far a sync is, and how old what the last one brought is.

use super::context::Context;
use super::keys::Action;
use super::msg::{AccountsMsg, Level, Msg, SyncMsg, SyncPart};
use crate::domain::audience::Stale;
use crate::domain::id::AccountId;
use crate::domain::user::Listed;
use crate::sync::Cut;
use crate::text::freshness::age;
use crate::text::{number, width};
use std::time::Duration;

/// The sync that runs, if one does, and what is known of the last one.
#[derive(Debug, Default)]
pub struct SyncStatus {
    running: Running,
    /// Of the account that is shown.
    listed: Option<Listed>,
}

#[derive(Debug, Default)]
enum Running {
    #[default]
    Idle,
    /// It began and has told nothing yet.
    Started(AccountId),
    Fetching(AccountId, Fetched),
}

#[derive(Debug)]
struct Fetched {
    part: SyncPart,
    done: u64,
    total: Option<u64>,
    rate: Option<u64>,
    left: Option<Duration>,
}

impl SyncStatus {
    /// Whose data is being fetched.
    pub fn account(&self) -> Option<AccountId> {
        match &self.running {
            Running::Idle => None,
            Running::Started(account) | Running::Fetching(account, _) => Some(*account),
        }
    }

    /// When the list of followers was whole last, where that is known.
    pub fn listed(&self) -> Option<Listed> {
        self.listed
    }

    /// What is wrong with the list of followers; nothing while it is being fetched.
    pub fn stale(&self, ctx: &Context) -> Option<Stale> {
        let listed = self.listed.filter(|_| self.account().is_none())?;
        listed.stale(ctx.now, ctx.settings.stale_after)
    }

    /// The same for the header.
    pub fn stale_words(&self, ctx: &Context) -> Option<String> {
        let at = match self.stale(ctx)? {
            Stale::Never | Stale::CutOff(_) => return Some(ctx.say("stale.header_never").to_owned()),
            Stale::Since(at) => at,
        };
        Some(ctx.say_with("stale.header", &[("age", &age(at, ctx.now, ctx.settings.lang))]))
    }

    /// Learns how old the list is.
    pub fn on_any(&mut self, msg: &Msg, active: Option<AccountId>) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { .. }) => self.listed = None,
            Msg::Sync(SyncMsg::Listed { account, listed }) if Some(*account) == active => self.listed = Some(*listed),
            _ => {}
        }
    }

    /// Takes in what happened; gives what there is to be said about it.
    pub fn on_msg(&mut self, msg: &SyncMsg, ctx: &Context) -> Option<(Level, String)> {
        match msg {
            SyncMsg::Started { account } => self.running = Running::Started(*account),
            SyncMsg::Advanced { account, part, done, total, rate, left } => {
                let (part, done, total, rate, left) = (*part, *done, *total, *rate, *left);
                self.running = Running::Fetching(*account, Fetched { part, done, total, rate, left });
            }
            SyncMsg::Finished { summary, .. } => {
                self.running = Running::Idle;
                if let Some(cut) = summary.cut {
                    return Some((Level::Warning, cut_words(cut, ctx)));
                }
                if let Some(came) = summary.came {
                    return Some((Level::Info, ctx.say_with("sync.came", &[("count", &number::thousands(came))])));
                }
                let args = [summary.templates, summary.tags, summary.users].map(number::thousands);
                let args = [("templates", args[0].as_str()), ("tags", &args[1]), ("users", &args[2])];
                return Some((Level::Info, ctx.say_with("sync.finished", &args)));
            }
            SyncMsg::Cancelled { .. } => {
                self.running = Running::Idle;
                return Some((Level::Info, ctx.say("sync.cancelled").to_owned()));
            }
            SyncMsg::Failed { text, standing, .. } => {
                self.running = Running::Idle;
                let failed = ctx.say_with("sync.failed", &[("text", text)]);
                return Some((Level::Error, format!("{failed} {}", ctx.texts().user_standing(standing))));
            }
            SyncMsg::Listed { .. } => {}
        }
        None
    }

    /// For the header, in so many columns.
    pub fn words(&self, columns: usize, ctx: &Context) -> Option<String> {
        let key = ctx.key(Action::Sync);
        match &self.running {
            Running::Idle => None,
            Running::Started(_) => Some(ctx.say_with("sync.started", &[("key", &key)])),
            Running::Fetching(_, Fetched { part, done, total, rate, left }) => {
                let part = match part {
                    SyncPart::Templates => ctx.say("templates.title"),
                    SyncPart::Tags => ctx.say("tags.title"),
                    SyncPart::Users => ctx.say("users.title"),
                    SyncPart::Details => ctx.say("sync.details"),
                    SyncPart::Members => ctx.say("sync.members"),
                    SyncPart::Blacklist => ctx.say("sync.blacklist"),
                };
                let count = (*done, total.unwrap_or(0));
                let said = |line: &str| ctx.say_with("sync.progress", &[("line", line), ("key", &key)]);
                let full = said(&ctx.texts().progress(part, count, *rate, *left, ctx.settings.lang));
                let fits = width::columns(&full) <= columns;
                Some(if fits { full } else { said(&ctx.texts().progress_in_short(part, count, *left, ctx.settings.lang)) })
            }
        }
    }
}

/// What can be used, and how it goes on.
fn cut_words(cut: Cut, ctx: &Context) -> String {
    let [done, total] = [cut.done, cut.total].map(number::thousands);
    let args = [("done", done.as_str()), ("total", &total), ("errcode", &cut.errcode.to_string())];
    ctx.say_with(&format!("sync_cut.{}", cut.step.key()), &args)
}
