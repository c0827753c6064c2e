//! What an ended request means: for its row, for the token, for the pace, and for the run as a whole.

use super::{Engine, Sent};
use crate::domain::breaker::Trip;
use crate::domain::delivery::State;
use crate::domain::errcode::{self, Class};
use crate::domain::job::{Call, StopReason};
use crate::domain::plan::{self, Decision, History, Next, Obstacle, Outcome};
use crate::store::{Attempt, Change, Claimed};
use crate::wechat::{CallError, SendReply};
use futures_util::FutureExt;
use futures_util::stream::StreamExt;
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// Jobs up to this size keep every request for the inspector.
const KEEP_ALL: u64 = 1000;

impl Engine {
    /// Settles this one and all others that have ended meanwhile.
    pub(super) fn settle_all(&mut self, first: Sent) {
        let mut next = Some(first);
        while let Some(sent) = next {
            self.settle(sent);
            next = self.in_flight.next().now_or_never().flatten();
        }
    }

    fn settle(&mut self, sent: Sent) {
        let at = Timestamp::now();
        let outcome = outcome(&sent.reply);
        let decision = plan::decide(&outcome, history(&sent.row), self.job.attempts, at);
        self.keep_attempt(&sent, decision.next);
        self.learn(&sent, &outcome, decision.next);
        let state = match decision.next {
            Next::Settle(state) => state,
            Next::Back(Obstacle::Token) => return self.token_refused(sent),
            Next::Back(Obstacle::Template) => return self.template_refused(sent),
            Next::Retry(pause) => self.put_aside(&sent.row, pause),
            Next::Back(obstacle) => {
                let pause = self.meet(obstacle, &sent.reply);
                self.put_aside(&sent.row, pause)
            }
        };
        self.record(change(&sent, state, decision, at));
    }

    fn put_aside(&mut self, row: &Claimed, pause: Duration) -> State {
        self.outbox.waiting.push(row.row, Instant::now(), self.pauses.of(pause));
        State::Queued
    }

    /// The row that met it stays claimed and is the next to go out after the hold: whether the template is dead is asked once,
    /// not of one row after the other.
    fn template_refused(&mut self, sent: Sent) {
        self.hold(plan::TEMPLATE_PAUSE, refusal(&sent.reply));
        let last_errcode = errcode_of(&sent.reply);
        self.outbox.ready.push_front(Claimed { last_errcode, ..sent.row });
    }

    /// What the answer says beyond its own row.
    fn learn(&mut self, sent: &Sent, outcome: &Outcome, next: Next) {
        if *outcome == Outcome::Ambiguous && self.breaker.unclear(self.job.pace.concurrency).is_some() {
            self.stop_for(refusal(&sent.reply));
        }
        let Outcome::Answered { errcode } = *outcome else { return };
        if self.probing {
            self.progress.go_on();
        }
        if errcode::class_of(errcode) != Class::RefreshToken {
            self.token_worked(&sent.target);
        }
        if matches!(errcode, -1 | 45011) {
            self.session.pace().slow_down(Instant::now());
        }
        match next {
            Next::Settle(State::Accepted) => {
                self.breaker.accepted();
                self.probing = false;
            }
            Next::Settle(_) => {
                self.probing = false;
                if errcode::class_of(errcode) == Class::FailRecipient
                    && let Some(Trip::SameFailure { errcode, times }) = self.breaker.failed(errcode)
                {
                    self.stop_for(StopReason::SameFailure { errcode, errmsg: errmsg(&sent.reply), times });
                }
            }
            Next::Retry(_) => self.probing = false,
            Next::Back(_) => {}
        }
    }

    /// Deals with an obstacle in the way of more than one row. Gives how long its row waits.
    fn meet(&mut self, obstacle: Obstacle, reply: &SendReply) -> Duration {
        match obstacle {
            Obstacle::Stop | Obstacle::Token | Obstacle::Template => {
                self.stop_for(refusal(reply));
                Duration::ZERO
            }
            Obstacle::Minute => {
                let pause = until_next_minute();
                self.session.pace().block_until(Instant::now() + self.pauses.of(pause));
                self.obstructed(pause, refusal(reply));
                pause
            }
            Obstacle::Network => {
                let pause = self.network_pause();
                self.obstructed(pause, refusal(reply));
                pause
            }
        }
    }

    /// Holds all launches; too many obstacles in succession end the run. Rows that were in flight when a hold began count as
    /// one with it: they say nothing new.
    pub(super) fn obstructed(&mut self, pause: Duration, reason: StopReason) {
        if self.hold_until.is_some() {
            return;
        }
        self.hold(pause, reason.clone());
        if self.breaker.given_back().is_some() {
            self.stop_for(reason);
        }
    }

    fn hold(&mut self, pause: Duration, why: StopReason) {
        self.probing = true;
        let pause = self.pauses.of(pause);
        self.hold_until = Some(Instant::now() + pause);
        self.progress.hold(Timestamp::now() + pause, why);
    }

    /// ¼ s, ½ s, 1 s, then 2 s between the tries of an unreachable host: ten of them take a quarter of a minute.
    pub(super) fn network_pause(&self) -> Duration {
        Duration::from_millis(250 << self.breaker.in_vain().min(3))
    }

    fn keep_attempt(&mut self, sent: &Sent, next: Next) {
        let plain = next == Next::Settle(State::Accepted) && sent.row.attempts == 0;
        if plain && self.job.counts.total > KEEP_ALL {
            return;
        }
        self.outbox.keep(Attempt {
            row: sent.row.row,
            started_at: sent.started_at,
            elapsed_ms: sent.reply.elapsed.as_millis() as u64,
            http_status: sent.reply.http_status,
            errcode: errcode_of(&sent.reply),
            reply: sent.reply.raw().unwrap_or_else(|| errmsg(&sent.reply)),
        });
    }
}

fn history(row: &Claimed) -> History {
    History { attempts: row.attempts, ambiguous: row.ambiguous, first_sent_at: row.first_sent_at, last_errcode: row.last_errcode }
}

fn outcome(reply: &SendReply) -> Outcome {
    match &reply.result {
        Ok(_) => Outcome::Answered { errcode: 0 },
        Err(CallError::Api(failure)) => Outcome::Answered { errcode: failure.errcode },
        Err(CallError::NotSent { .. }) => Outcome::NotSent,
        Err(CallError::Refused { .. }) => Outcome::Rejected,
        Err(CallError::Ambiguous { .. }) => Outcome::Ambiguous,
    }
}

fn errcode_of(reply: &SendReply) -> Option<i64> {
    match &reply.result {
        Ok(_) => Some(0),
        Err(error) => error.errcode(),
    }
}

fn errmsg(reply: &SendReply) -> String {
    match &reply.result {
        Ok(_) => String::new(),
        Err(CallError::Api(failure)) => failure.errmsg.clone(),
        Err(error) => error.to_string(),
    }
}

/// Why a run stops at this answer.
pub fn refusal(reply: &SendReply) -> StopReason {
    match errcode_of(reply) {
        Some(errcode) => StopReason::Refused { errcode, errmsg: errmsg(reply), call: Call::Send },
        None => StopReason::Network { detail: errmsg(reply) },
    }
}

fn change(sent: &Sent, state: State, decision: Decision, at: Timestamp) -> Change {
    let errcode = errcode_of(&sent.reply);
    Change {
        row: sent.row.row,
        state,
        attempts: decision.attempts,
        ambiguous: decision.ambiguous,
        errcode,
        errmsg: (errcode != Some(0)).then(|| errmsg(&sent.reply)),
        msgid: sent.reply.result.as_ref().ok().copied().flatten(),
        at,
    }
}

/// The minute's quota starts anew with the clock's minute; a second more for clocks that differ.
pub fn until_next_minute() -> Duration {
    let gone = Timestamp::now().as_second().rem_euclid(60);
    Duration::from_secs(61 - gone.unsigned_abs())
}
