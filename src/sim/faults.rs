//! What goes wrong on purpose, and how often.

use super::rng::Rng;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often something happens: to the next few calls for certain, then to a share of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chance {
    /// Per cent of the calls.
    pub percent: f64,
    /// So many calls are spared first.
    pub after: u64,
    /// Then so many are hit for certain.
    pub next: u64,
}

impl Chance {
    /// It never happens.
    pub const NEVER: Self = Self { percent: 0.0, after: 0, next: 0 };

    /// It happens to `percent` of 100 calls.
    pub const fn percent(percent: f64) -> Self {
        Self { percent, ..Self::NEVER }
    }

    /// It happens to the next `count` calls.
    pub const fn next(count: u64) -> Self {
        Self { next: count, ..Self::NEVER }
    }

    /// It happens to call number `nth` from now (1 is the next one), once.
    pub const fn nth(nth: u64) -> Self {
        Self { after: nth.saturating_sub(1), next: 1, ..Self::NEVER }
    }

    pub(super) fn strikes(&mut self, rng: &mut Rng) -> bool {
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        if self.next > 0 {
            self.next -= 1;
            return true;
        }
        rng.hits(self.percent)
    }
}

/// What answers a message whose `client_msg_id` was seen within ten minutes (§5.3 leaves it open).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// ok with the first msgid.
    #[default]
    Ok,
    /// 40241.
    Refused,
}

/// The `Content-Type` of JSON replies; WeChat is not reliable here (§1.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentType {
    /// `application/json; encoding=utf-8`
    #[default]
    Json,
    /// `text/plain`
    Text,
}

/// What is hidden in the titles of templates and in remarks (§1.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dirt {
    /// Nothing.
    #[default]
    None,
    /// A raw control character within the JSON string.
    Control,
    /// A byte that is not UTF-8.
    NotUtf8,
}

/// All switches; none is on by default. Those that are a [`Chance`], and the latency, act on `template/send` alone unless
/// [`everywhere`](Self::everywhere) is set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "these are switches, each for itself")]
pub struct Faults {
    /// Chances and latency act on every path.
    pub everywhere: bool,
    /// Every answer comes so late (ms). The message counts as accepted at once.
    pub latency_ms: u64,
    /// These come so much later than the others (ms) …
    pub stall_ms: u64,
    /// … namely these.
    pub stall: Chance,
    /// -1 `system error`; nothing was accepted.
    pub busy: Chance,
    /// HTTP 412 with an empty body; nothing was accepted.
    pub http_412: Chance,
    /// HTTP 502 with an HTML page; nothing was accepted.
    pub http_502: Chance,
    /// HTTP 504 with an HTML page, after the call was carried out.
    pub http_504: Chance,
    /// HTTP 200 with nothing in it, after the call was carried out.
    pub empty_body: Chance,
    /// The connection is reset before anything was carried out.
    pub reset_before: Chance,
    /// The connection is reset after the call was carried out: the message arrives, the answer does not.
    pub reset_after: Chance,
    /// Refused with [`refuse_code`](Self::refuse_code).
    pub refuse: Chance,
    /// Any errcode.
    pub refuse_code: i64,
    /// 40252 after accepting: in review, sent later …
    pub review: Chance,
    /// … but for these of them, which the review refuses: they never arrive, and `queryblocktmplmsg` lists them.
    pub block: Chance,
    /// The account's tokens die just before this call, as if replaced elsewhere (40001).
    pub kill_token: Chance,
    /// The account's tokens run out just before this call (42001).
    pub expire_token: Chance,
    /// The daily quota of the path called is used up from this call on (45009), until the next day or `clear_quota`.
    pub quota_out: Chance,
    /// From this call on the path called answers 45011 for 60 seconds.
    pub slow_minute: Chance,
    /// No token is good for anything (40001), though new ones are given out.
    pub reject_tokens: bool,
    /// The caller's address is not on the whitelist: 40164 at both token endpoints.
    pub deny_ip: bool,
    /// Token endpoints answer with this errcode, if not 0 (40243, 50004, 89503 …).
    pub token_code: i64,
    /// A user gets so many messages, the next one answers 43117.
    pub per_user: Option<u32>,
    /// The answer to a repeated `client_msg_id`.
    pub duplicates: Duplicates,
    /// `errcode` is a string.
    pub errcode_as_text: bool,
    /// `msgid` is close to 2^63.
    pub huge_msgid: bool,
    /// Bodies with `\uXXXX` answer 47002.
    pub refuse_escapes: bool,
    /// What JSON calls itself.
    pub content_type: ContentType,
    /// What is wrong with texts.
    pub dirt: Dirt,
}

/// What strikes one call before it is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blow {
    Reset,
    Status(u16),
    Code(i64),
}

/// What strikes its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    Reset,
    Empty,
    Status(u16),
}

impl Faults {
    /// Whether chances act on this path.
    pub(super) fn reach(&self, path: &str) -> bool {
        self.everywhere || path == super::api::SEND
    }

    pub(super) fn blow(&mut self, rng: &mut Rng) -> Option<Blow> {
        let refused = Blow::Code(self.refuse_code);
        let all = [
            (&mut self.reset_before, Blow::Reset),
            (&mut self.http_412, Blow::Status(412)),
            (&mut self.http_502, Blow::Status(502)),
            (&mut self.busy, Blow::Code(-1)),
            (&mut self.refuse, refused),
        ];
        all.into_iter().find_map(|(chance, blow)| chance.strikes(rng).then_some(blow))
    }

    pub(super) fn loss(&mut self, rng: &mut Rng) -> Option<Loss> {
        let all =
            [(&mut self.reset_after, Loss::Reset), (&mut self.http_504, Loss::Status(504)), (&mut self.empty_body, Loss::Empty)];
        all.into_iter().find_map(|(chance, loss)| chance.strikes(rng).then_some(loss))
    }

    pub(super) fn delay(&mut self, rng: &mut Rng) -> Duration {
        let stall = if self.stall.strikes(rng) { self.stall_ms } else { 0 };
        Duration::from_millis(self.latency_ms + stall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_spares_then_strikes_then_rests() {
        let mut rng = Rng::new(1);
        let mut chance = Chance { after: 2, next: 2, percent: 0.0 };
        let all: Vec<bool> = (0..6).map(|_| chance.strikes(&mut rng)).collect();
        assert_eq!(all, [false, false, true, true, false, false]);
        let mut third = Chance::nth(3);
        let all: Vec<bool> = (0..4).map(|_| third.strikes(&mut rng)).collect();
        assert_eq!(all, [false, false, true, false]);
    }

    #[test]
    fn without_switches_nothing_happens() {
        let (mut faults, mut rng) = (Faults::default(), Rng::new(1));
        assert_eq!((faults.blow(&mut rng), faults.loss(&mut rng)), (None, None));
        assert_eq!(faults.delay(&mut rng), Duration::ZERO);
        assert_eq!(faults, Faults::default());
    }
}
