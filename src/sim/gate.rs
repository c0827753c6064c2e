//! What all calls pass: path, method, token, permission, quota (`wechat-api.md §15`, order of checks), and the faults.

use super::{
    api::{self, Call, Door, Route, Visit},
    clock::Moment,
    faults::{Blow, ContentType, Dirt, Faults, Loss},
    reply::{self, Answer, Refusal},
    stats::Stats,
    world::{Refused, World},
};
use std::{net::IpAddr, time::Duration};

/// Stands for what is wrong with a text until the reply is bytes; a character of no script.
pub(super) const DIRT: char = '\u{e000}';

/// Everything behind the lock.
#[derive(Debug)]
pub(super) struct State {
    pub(super) world: World,
    pub(super) faults: Faults,
    pub(super) stats: Stats,
}

/// A request without its body.
#[derive(Debug)]
pub(super) struct Head<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// It came in chunks, without a length.
    pub(super) chunked: bool,
    pub(super) ip: IpAddr,
}

/// What the caller gets, and how late.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) ending: Ending,
    pub(super) delay: Duration,
}

/// How a call ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// HTTP 200.
    Json(Vec<u8>, ContentType),
    /// Another status: an empty 412, else a page of HTML.
    Status(u16),
    /// The connection is reset.
    Reset,
}

impl State {
    /// Carries one call out.
    pub(super) fn serve(&mut self, head: &Head, body: &[u8]) -> Verdict {
        self.stats.received(head.path);
        let reached = self.faults.reach(head.path);
        let rng = &mut self.world.rng;
        let blow = if reached { self.faults.blow(rng) } else { None };
        let delay = if reached { self.faults.delay(rng) } else { Duration::ZERO };
        let (ending, errcode) = match blow {
            Some(Blow::Reset) => (Ending::Reset, None),
            Some(Blow::Status(status)) => (Ending::Status(status), None),
            Some(Blow::Code(40164)) => self.finish(Err(Refusal::denied(head.ip)), head, body, None),
            Some(Blow::Code(errcode)) => self.finish(Err(Refusal::of(errcode)), head, body, None),
            None => self.carry_out(head, body, reached),
        };
        if ending != Ending::Reset {
            self.stats.answered(head.path, errcode);
        }
        Verdict { ending, delay }
    }

    fn carry_out(&mut self, head: &Head, body: &[u8], reached: bool) -> (Ending, Option<i64>) {
        let route = match api::find(head.path).ok_or(Refusal::of(40066)).and_then(|route| route.takes(head.method)) {
            Ok(route) => route,
            Err(refusal) => return self.finish(Err(refusal), head, body, None),
        };
        if head.chunked && route.posted {
            return (Ending::Status(412), None);
        }
        let now = self.world.clock.now();
        let (answer, account) = self.answer(route, head, body, now, reached);
        let done = self.finish(answer, head, body, account);
        match if reached { self.faults.loss(&mut self.world.rng) } else { None } {
            None => done,
            Some(Loss::Reset) => (Ending::Reset, None),
            Some(Loss::Status(status)) => (Ending::Status(status), None),
            Some(Loss::Empty) => (Ending::Json(Vec::new(), self.faults.content_type), None),
        }
    }

    /// The answer, and whose it is.
    fn answer(&mut self, route: &Route, head: &Head, body: &[u8], now: Moment, reached: bool) -> (Answer, Option<usize>) {
        let Head { query, ip, .. } = *head;
        let work = match route.door {
            Door::Open(work) => {
                let mut visit = Visit { world: &mut self.world, faults: &self.faults, route, ip, now, query, body };
                return (work(&mut visit), None);
            }
            Door::Token(work) => work,
        };
        let index = match self.identify(query, now, reached) {
            Ok(index) => index,
            Err((refusal, index)) => return (Err(refusal), index),
        };
        let World { accounts, ledger, rids, rng, .. } = &mut self.world;
        let Some(account) = accounts.get_mut(index) else { return (Err(Refusal::of(40001)), None) };
        let faults = &mut self.faults;
        if reached && faults.slow_minute.strikes(rng) {
            account.quotas.slow_down(route.counted_as, now.plus(60));
        }
        if reached && faults.quota_out.strikes(rng) {
            account.quotas.spend(route.counted_as);
        }
        let allowed = if account.certified { Ok(()) } else { Err(Refusal::of(48001)) };
        let allowed = allowed.and_then(|()| account.quotas.charge(route.counted_as, route.daily, now));
        let allowed = allowed.and_then(|()| readable(route, body, faults.refuse_escapes));
        let mut call = Call { index: index as u16, account, ledger, rids, faults, rng, now, query, body };
        (allowed.and_then(|()| work(&mut call)), Some(index))
    }

    /// Whose token it is; with the refusal comes the account it was of.
    fn identify(&mut self, query: &str, now: Moment, reached: bool) -> Result<usize, (Refusal, Option<usize>)> {
        let token = api::param(query, "access_token").filter(|token| !token.is_empty());
        let token = token.ok_or((Refusal::of(41001), None))?;
        let owner = |world: &World| {
            world.accounts.iter().enumerate().find_map(|(at, account)| Some((at, account.tokens.judge(&token, now)?)))
        };
        let (index, _) = owner(&self.world).ok_or((Refusal::of(40001), None))?;
        let World { accounts, rng, .. } = &mut self.world;
        for (chance, errcode) in [(&mut self.faults.kill_token, 40001), (&mut self.faults.expire_token, 42001)] {
            if reached && chance.strikes(rng) {
                accounts[index].tokens.end(now, errcode);
            }
        }
        let verdict =
            if self.faults.reject_tokens { Err(40001) } else { accounts[index].tokens.judge(&token, now).unwrap_or(Err(40001)) };
        verdict.map(|()| index).map_err(|errcode| (Refusal::of(errcode), Some(index)))
    }

    /// Makes the answer bytes; a refusal gets its rid, which can be asked about later.
    fn finish(&mut self, answer: Answer, head: &Head, body: &[u8], account: Option<usize>) -> (Ending, Option<i64>) {
        let errcode = answer.as_ref().err().map_or(0, |refusal| refusal.errcode);
        let mut bytes = answer.unwrap_or_else(|refusal| self.refuse(&refusal, head, body, account));
        if self.faults.errcode_as_text {
            bytes = reply::with_errcode_as_text(&bytes);
        }
        match self.faults.dirt {
            Dirt::None => {}
            Dirt::Control => bytes = soil(&bytes, 0x0b),
            Dirt::NotUtf8 => bytes = soil(&bytes, 0xff),
        }
        (Ending::Json(bytes, self.faults.content_type), Some(errcode))
    }

    fn refuse(&mut self, refusal: &Refusal, head: &Head, body: &[u8], account: Option<usize>) -> Vec<u8> {
        let World { accounts, rids, rng, clock, .. } = &mut self.world;
        let at = clock.now();
        let rid = reply::rid(at, rng);
        let both = head.path.starts_with("/cgi-bin/user/") || head.path.starts_with("/cgi-bin/tags/");
        let hint = both.then(|| rng.text(16));
        let bytes = reply::refused(refusal, &rid, hint.as_deref());
        rids.push(Refused {
            rid,
            appid: account.and_then(|at| accounts.get(at)).map(|account| account.appid.clone()),
            at,
            query: head.query.to_owned(),
            request: String::from_utf8_lossy(body).into_owned(),
            response: String::from_utf8_lossy(&bytes).into_owned(),
            ip: head.ip.to_string(),
        });
        bytes
    }
}

/// Whether a body is there at all, is UTF-8, and has no escapes where none are liked.
fn readable(route: &Route, body: &[u8], refuse_escapes: bool) -> Result<(), Refusal> {
    if !route.posted {
        return Ok(());
    }
    if body.is_empty() {
        return Err(Refusal::of(44002));
    }
    let text = std::str::from_utf8(body).map_err(|_| Refusal::of(47001))?;
    if refuse_escapes && text.contains("\\u") { Err(Refusal::of(47002)) } else { Ok(()) }
}

/// Puts the byte where [`DIRT`] is.
fn soil(bytes: &[u8], with: u8) -> Vec<u8> {
    let mut mark = [0; 4];
    let mark = DIRT.encode_utf8(&mut mark).as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(mark) {
            out.push(with);
            rest = after;
        } else {
            out.push(first);
            rest = after;
        }
    }
    out
}
