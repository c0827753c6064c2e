//! The ledger: every message that was accepted, so that a test can ask what truly arrived.

use super::{account::Account, clock::Moment};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    time::SystemTime,
};

/// Seconds in which a `client_msg_id` counts as the same (`wechat-api.md §5.3`).
const SAME: u64 = 600;
/// So many bodies are kept unless told otherwise.
const BODIES: usize = 100_000;

/// One message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The account that sent it.
    pub appid: String,
    /// Who got it.
    pub openid: String,
    /// What it was made of.
    pub template_id: String,
    /// Its idempotency key, if it had one.
    pub client_msg_id: Option<String>,
    /// The number the reply gave.
    pub msgid: u64,
    /// The exact bytes of the request body; empty beyond what [`keep_bodies`](super::World::keep_bodies) keeps.
    pub body: Vec<u8>,
    /// When it was accepted.
    pub at: SystemTime,
}

/// The same, small.
#[derive(Debug, Clone)]
struct Record {
    account: u16,
    template: u16,
    user: u32,
    msgid: u64,
    at: Moment,
    client_msg_id: Option<Box<str>>,
    body: Option<Box<[u8]>>,
}

/// A message about to be accepted.
pub(super) struct Message<'a> {
    pub(super) account: u16,
    pub(super) user: u32,
    pub(super) template_id: &'a str,
    pub(super) client_msg_id: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// All messages, in the order of arrival.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    records: Vec<Record>,
    templates: Vec<String>,
    keep_bodies: usize,
    /// Messages a user got, by account and number.
    got: Vec<Vec<u16>>,
    recipients: usize,
    /// Messages by user and hash of the `client_msg_id`.
    keyed: HashMap<(u16, u32, u64), u32>,
    /// Counts through resets, so that no msgid comes twice.
    numbered: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            templates: Vec::new(),
            keep_bodies: BODIES,
            got: Vec::new(),
            recipients: 0,
            keyed: HashMap::new(),
            numbered: 0,
        }
    }
}

impl Ledger {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// Users who got at least one message.
    pub(super) fn recipients(&self) -> usize {
        self.recipients
    }

    pub(super) fn keep_bodies(&mut self, most: usize) {
        self.keep_bodies = most;
    }

    pub(super) fn clear(&mut self) {
        let (keep_bodies, numbered) = (self.keep_bodies, self.numbered);
        *self = Self { keep_bodies, numbered, ..Self::default() };
    }

    /// The msgid of the message this one repeats.
    pub(super) fn repeated(&self, message: &Message, now: Moment) -> Option<u64> {
        let id = message.client_msg_id?;
        let record = self.records.get(*self.keyed.get(&key(message, id))? as usize)?;
        (record.client_msg_id.as_deref() == Some(id) && now < record.at.plus(SAME)).then_some(record.msgid)
    }

    /// How many messages a user got.
    pub(super) fn got(&self, account: u16, user: u32) -> u32 {
        self.got.get(account as usize).and_then(|users| users.get(user as usize)).copied().map_or(0, u32::from)
    }

    /// Writes a message down; its msgid.
    pub(super) fn accept(&mut self, message: &Message, huge: bool, now: Moment) -> u64 {
        let base: u64 = if huge { (1 << 63) - (1 << 40) } else { 3_557_254_367_693_750_277 };
        self.numbered += 1;
        let msgid = base + self.numbered * if huge { 1 } else { 524_289 };
        if let Some(id) = message.client_msg_id {
            self.keyed.insert(key(message, id), self.records.len() as u32);
        }
        self.count(message.account as usize, message.user as usize);
        let body = (self.records.len() < self.keep_bodies).then(|| message.body.into());
        let template = self.intern(message.template_id);
        let client_msg_id = message.client_msg_id.map(Into::into);
        let Message { account, user, .. } = *message;
        self.records.push(Record { account, template, user, msgid, at: now, client_msg_id, body });
        msgid
    }

    /// The messages from number `first` on, `only` those to one openid if given.
    pub(super) fn list<'a>(&'a self, accounts: &'a [Account], only: Option<&'a str>) -> impl Iterator<Item = Delivered> + 'a {
        let wanted = move |record: &&Record| {
            only.is_none_or(|openid| {
                accounts.get(record.account as usize).is_some_and(|a| a.followers.number(openid) == Some(record.user))
            })
        };
        self.records.iter().filter(wanted).filter_map(|record| {
            let account = accounts.get(record.account as usize)?;
            Some(Delivered {
                appid: account.appid.clone(),
                openid: account.followers.openid(record.user),
                template_id: self.templates.get(record.template as usize)?.clone(),
                client_msg_id: record.client_msg_id.as_deref().map(str::to_owned),
                msgid: record.msgid,
                body: record.body.as_deref().unwrap_or_default().to_vec(),
                at: record.at.system(),
            })
        })
    }

    fn intern(&mut self, template_id: &str) -> u16 {
        let known = self.templates.iter().position(|id| id == template_id);
        known.unwrap_or_else(|| {
            self.templates.push(template_id.to_owned());
            self.templates.len() - 1
        }) as u16
    }

    fn count(&mut self, account: usize, user: usize) {
        if self.got.len() <= account {
            self.got.resize_with(account + 1, Vec::new);
        }
        let users = &mut self.got[account];
        if users.len() <= user {
            users.resize(user + 1, 0);
        }
        self.recipients += usize::from(users[user] == 0);
        users[user] = users[user].saturating_add(1);
    }
}

fn key(message: &Message, client_msg_id: &str) -> (u16, u32, u64) {
    let mut hasher = DefaultHasher::new();
    client_msg_id.hash(&mut hasher);
    (message.account, message.user, hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment(1_750_000_000_000);

    fn message(user: u32, id: Option<&str>) -> Message<'_> {
        Message { account: 0, user, template_id: "t", client_msg_id: id, body: b"{}" }
    }

    #[test]
    fn a_key_holds_for_ten_minutes_and_one_user() {
        let mut ledger = Ledger::default();
        let msgid = ledger.accept(&message(1, Some("a")), false, NOON);
        assert!(msgid > 1 << 53);
        assert_eq!(ledger.repeated(&message(1, Some("a")), NOON.plus(599)), Some(msgid));
        assert_eq!(ledger.repeated(&message(1, Some("a")), NOON.plus(600)), None);
        assert_eq!(ledger.repeated(&message(2, Some("a")), NOON), None);
        assert_eq!(ledger.repeated(&message(1, Some("b")), NOON), None);
        assert_eq!(ledger.repeated(&message(1, None), NOON), None);
    }

    #[test]
    fn it_counts_users_and_keeps_some_bodies() {
        let accounts = [Account::new("a", 1).with_followers(10)];
        let mut ledger = Ledger::default();
        ledger.keep_bodies(2);
        for user in [1, 2, 1] {
            ledger.accept(&message(user, None), true, NOON);
        }
        assert_eq!((ledger.len(), ledger.recipients(), ledger.got(0, 1), ledger.got(0, 9)), (3, 2, 2, 0));
        let bodies: Vec<usize> = ledger.list(&accounts, None).map(|d| d.body.len()).collect();
        assert_eq!(bodies, [2, 2, 0]);
        let to = accounts[0].openid(1);
        let msgids: Vec<u64> = ledger.list(&accounts, Some(&to)).map(|d| d.msgid).collect();
        assert_eq!(msgids.len(), 2);
        assert!(msgids[0] < msgids[1] && msgids[1] < 1 << 63);
        ledger.clear();
        assert!(ledger.accept(&message(1, None), true, NOON) > msgids[1]);
    }
}
