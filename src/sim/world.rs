//! All that the server knows, and what a test may do to it while it runs.

use super::{
    account::{Account, Churn, Standing},
    api,
    clock::{Clock, Moment},
    demo,
    ledger::{Delivered, Ledger},
    rng::Rng,
};
use serde::Deserialize;
use std::{collections::VecDeque, time::Duration};
use thiserror::Error;

/// So many refused calls can be looked up by rid.
const RIDS: usize = 1000;

/// The accounts, the ledger of messages, the clock. The same seed makes the same world.
#[derive(Debug, Clone)]
pub struct World {
    pub(super) accounts: Vec<Account>,
    pub(super) ledger: Ledger,
    pub(super) rids: Rids,
    pub(super) rng: Rng,
    pub(super) clock: Clock,
}

impl World {
    /// A world without accounts.
    pub fn empty(seed: u64) -> Self {
        let clock = Clock::default();
        Self { accounts: Vec::new(), ledger: Ledger::default(), rids: Rids::default(), rng: Rng::new(seed), clock }
    }

    /// Two accounts with life in them (`assets/demo/world.json`).
    pub fn demo() -> Self {
        demo::world()
    }

    /// One account with templates, tags and `n` followers who all get what is sent; its quotas are out of reach.
    ///
    /// Tags: `half` (every second follower), `tenth`, `hundred` (the first hundred), `empty`.
    pub fn with_followers(n: usize, seed: u64) -> Self {
        Self::stress(n, seed, 0.0)
    }

    /// The same, where `failing` per cent of the followers get nothing by design.
    pub fn stress(n: usize, seed: u64, failing: f64) -> Self {
        demo::stress(n, seed, failing)
    }

    /// With one more account.
    #[must_use]
    pub fn with_account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// All accounts.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The same, to change them.
    pub fn accounts_mut(&mut self) -> &mut [Account] {
        &mut self.accounts
    }

    /// The account with this appid.
    pub fn account(&self, appid: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.appid == appid)
    }

    /// Keeps the bodies of the first `most` messages (100,000 by default): a million of them is memory.
    pub fn keep_bodies(&mut self, most: usize) {
        self.ledger.keep_bodies(most);
    }

    /// All messages accepted so far.
    pub fn delivered(&self) -> Vec<Delivered> {
        self.ledger.list(&self.accounts, None).collect()
    }

    /// How many messages were accepted.
    pub fn delivered_count(&self) -> usize {
        self.ledger.len()
    }

    /// How many different users got a message.
    pub fn recipient_count(&self) -> usize {
        self.ledger.recipients()
    }

    /// Forgets all messages.
    pub fn reset_ledger(&mut self) {
        self.ledger.clear();
    }

    /// Moves the clock on; nobody waits.
    pub fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
    }

    /// Does something to the first account, or to the one with this appid.
    pub fn act(&mut self, appid: Option<&str>, action: Action) -> Result<(), ActionError> {
        match action {
            Action::NextDay => self.clock.next_day(),
            Action::Advance { seconds } => self.clock.advance(Duration::from_secs(seconds)),
            Action::ResetLedger => self.ledger.clear(),
            Action::KeepBodies { most } => self.ledger.keep_bodies(most),
            other => {
                let now = self.clock.now();
                let account = self.accounts.iter_mut().find(|account| appid.is_none_or(|appid| account.appid == appid));
                return change(account.ok_or(ActionError::Account)?, other, now, &mut self.rng);
            }
        }
        Ok(())
    }
}

/// What can be done to a world from outside: `POST /sim/world {"action":"unfollow","openid":"…"}`, where `"appid"` names the
/// account if it is not the first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// All tokens run out (42001).
    ExpireToken,
    /// All tokens are replaced, as by another program (40001).
    ReplaceToken,
    /// The AppSecret is another one from now on: the old one answers 40125.
    RevokeSecret,
    /// This is the AppSecret from now on.
    SetSecret {
        /// The new one.
        secret: String,
    },
    /// The clock moves to the next day in China: counters start again (and tokens run out).
    NextDay,
    /// The clock moves on.
    Advance {
        /// By so much.
        seconds: u64,
    },
    /// Somebody leaves.
    Unfollow {
        /// Who.
        openid: String,
    },
    /// Somebody follows, perhaps for the first time.
    Follow {
        /// Who.
        openid: String,
    },
    /// A while passes in which so many of each kind do something.
    Churn {
        /// Leave.
        #[serde(default)]
        leave: u32,
        /// Come back, of those who left before.
        #[serde(default)]
        back: u32,
        /// Follow for the first time.
        #[serde(default)]
        new: u32,
        /// Get the first tag, or lose it.
        #[serde(default)]
        retag: u32,
    },
    /// Somebody stands differently to the account.
    Standing {
        /// Who.
        openid: String,
        /// How.
        standing: Standing,
    },
    /// Somebody is put on the blacklist or taken off.
    Blacklist {
        /// Who.
        openid: String,
        /// On or off.
        listed: bool,
    },
    /// A template answers 43116.
    BanTemplate {
        /// Which.
        template_id: String,
    },
    /// A template is dead though still listed (40037).
    RemoveTemplate {
        /// Which.
        template_id: String,
    },
    /// A path may be called so often a day.
    SetQuota {
        /// Such as `/cgi-bin/message/template/send`.
        path: String,
        /// Calls a day.
        limit: u64,
    },
    /// The account gains or loses its permissions (48001).
    Certify {
        /// Whether it has them.
        certified: bool,
    },
    /// Forgets messages and counters of calls.
    ResetLedger,
    /// Keeps so many bodies.
    KeepBodies {
        /// The first so many.
        most: usize,
    },
}

/// Why nothing was done.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum ActionError {
    /// No such account.
    #[error("no account with this appid")]
    Account,
    /// No such follower.
    #[error("this account never saw this openid")]
    Openid,
    /// No such template.
    #[error("this account has no template with this id")]
    Template,
    /// No such path.
    #[error("there is no such path")]
    Path,
}

fn change(account: &mut Account, action: Action, now: Moment, rng: &mut Rng) -> Result<(), ActionError> {
    let known = |known: bool| if known { Ok(()) } else { Err(ActionError::Openid) };
    match action {
        Action::ExpireToken => account.tokens.end(now, 42001),
        Action::ReplaceToken => account.tokens.end(now, 40001),
        Action::RevokeSecret => account.secret = rng.hex(32),
        Action::SetSecret { secret } => account.secret = secret,
        Action::Unfollow { openid } => return known(account.set_standing(&openid, Standing::Left)),
        Action::Follow { openid } => account.follow(&openid),
        Action::Churn { leave, back, new, retag } => account.churn(Churn { leave, back, new, retag }),
        Action::Standing { openid, standing } => return known(account.set_standing(&openid, standing)),
        Action::Blacklist { openid, listed } => return known(account.blacklist(&openid, listed)),
        Action::BanTemplate { template_id } => return end_template(account, &template_id, 43116),
        Action::RemoveTemplate { template_id } => return end_template(account, &template_id, 40037),
        Action::SetQuota { path, limit } => {
            let route = api::find(&path).ok_or(ActionError::Path)?;
            account.quotas.set_limit(route.counted_as, limit);
        }
        Action::Certify { certified } => account.certified = certified,
        Action::NextDay | Action::Advance { .. } | Action::ResetLedger | Action::KeepBodies { .. } => {}
    }
    Ok(())
}

fn end_template(account: &mut Account, id: &str, errcode: i64) -> Result<(), ActionError> {
    let template = account.templates.list.iter_mut().find(|template| template.id == id);
    template.ok_or(ActionError::Template)?.dead = Some(errcode);
    Ok(())
}

/// A refused call, for `openapi/rid/get`.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) rid: String,
    pub(super) appid: Option<String>,
    pub(super) at: Moment,
    pub(super) query: String,
    pub(super) request: String,
    pub(super) response: String,
    pub(super) ip: String,
}

/// The latest refused calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Rids(VecDeque<Refused>);

impl Rids {
    pub(super) fn push(&mut self, refused: Refused) {
        if self.0.len() == RIDS {
            self.0.pop_front();
        }
        self.0.push_back(refused);
    }

    pub(super) fn get(&self, rid: &str) -> Option<&Refused> {
        self.0.iter().find(|refused| refused.rid == rid)
    }
}
