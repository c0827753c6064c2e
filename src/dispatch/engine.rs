//! One task sends one job: it launches requests as the pace allows, decides by the plan what each outcome means, and hands
//! both to the outbox. Nothing is launched that the ledger does not already have as `sending`.

mod settle;
mod token;

use super::control::{Control, Order};
use super::error::{DispatchError, kept};
use super::outbox::Outbox;
use super::progress::Progress;
use super::wishes::{Wanted, Wishes};
use crate::domain::breaker::Breaker;
use crate::domain::delivery::State;
use crate::domain::job::{Job, StopReason};
use crate::domain::message::Frame;
use crate::domain::placeholders::Personal;
use crate::domain::plan;
use crate::session::Pauses;
use crate::session::{Go, Session, Slot};
use crate::store::{Change, Claimed, Store, Wish};
use crate::wechat::{SendReply, SendTarget};
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use token::Token;
use tokio::time::Instant;

/// Most rows claimed ahead: enough to keep the ledger out of the way, and no more, since after a kill each has to be sent again.
const MAX_AHEAD: usize = 1024;
/// How soon to ask again for a slot that another job holds.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// How a run ended.
#[derive(Debug)]
pub enum Ended {
    /// Every row came to its end.
    Done,
    /// Stopped before that.
    Stopped(StopReason),
}

/// One run of one job.
pub struct Engine {
    session: Arc<Session>,
    job: Job,
    frame: Frame,
    /// Where the message differs from one recipient to the next.
    personal: Option<Box<Personal>>,
    progress: Arc<Progress>,
    pauses: Pauses,
    control: Control,
    /// False once nobody is left to tell anything.
    hearing: bool,
    wishes: Wishes,
    outbox: Outbox,
    in_flight: FuturesUnordered<Pin<Box<dyn Future<Output = Sent> + Send>>>,
    breaker: Breaker,
    token: Token,
    /// Nothing starts before this.
    hold_until: Option<Instant>,
    /// After an obstacle only one request at a time starts, until one is answered.
    probing: bool,
    stop: Option<StopReason>,
}

/// One ended request.
struct Sent {
    row: Claimed,
    started_at: Timestamp,
    reply: SendReply,
    target: SendTarget,
    /// Held until the outcome is known.
    _slot: Slot,
}

impl Engine {
    /// Ready to run a job whose interrupted rows are resolved.
    pub fn new(session: Arc<Session>, store: Store, job: Job, progress: Arc<Progress>, control: Control) -> Self {
        Self {
            wishes: Wishes::new(store.clone(), job.id),
            outbox: Outbox::new(store, job.id),
            frame: job.message.frame(),
            personal: Personal::read(&job.message).map(Box::new),
            session,
            job,
            progress,
            pauses: Pauses::default(),
            control,
            hearing: true,
            in_flight: FuturesUnordered::new(),
            breaker: Breaker::default(),
            token: Token::Missing,
            hold_until: None,
            probing: false,
            stop: None,
        }
    }

    /// With a breaker that knows what the operator has seen and gone on from, and with pauses of this scale.
    pub fn tuned(self, breaker: Breaker, pauses: Pauses) -> Self {
        Self { pauses, breaker, ..self }
    }

    /// Runs until the job is done or something stops it. What was in flight has then ended, unless the order was to abort.
    pub async fn run(mut self) -> Result<Ended, DispatchError> {
        self.heed();
        loop {
            let now = Instant::now();
            let wake = self.launch(now);
            let window = self.window();
            self.outbox.begin_turn(now, self.in_flight.len(), window);
            self.progress.show(self.in_flight.len(), self.outbox.waiting.len());
            if self.in_flight.is_empty() && (self.stop.is_some() || self.outbox.is_done()) {
                return self.finish().await;
            }
            let deadline = [wake, self.outbox.deadline(self.in_flight.len(), window)].into_iter().flatten().min();
            tokio::select! {
                biased;
                told = self.control.changed(), if self.hearing => {
                    self.hearing = told.is_ok();
                    if self.heed() == Order::Abort {
                        // What is on its way stays `sending`; what is known by now is written, and nothing else is in doubt.
                        self.in_flight.clear();
                        return self.finish().await;
                    }
                }
                turned = self.outbox.turned() => turned?,
                Some(sent) = self.in_flight.next(), if !self.in_flight.is_empty() => self.settle_all(sent),
                came = self.token.fetched() => self.token_came(came),
                wanted = self.wishes.next() => self.grant(wanted),
                () = sleep_until(deadline), if deadline.is_some() => {}
            }
        }
    }

    /// Does what the operator last said. When nobody is left to say anything, the run ends as if interrupted.
    fn heed(&mut self) -> Order {
        let orders = *self.control.borrow_and_update();
        if let Some(pace) = orders.pace {
            self.session.pace().set_limits(pace);
        }
        let order = if self.hearing { orders.order } else { Order::Interrupt };
        match order {
            Order::Run => {}
            Order::Pause => self.stop_for(StopReason::Operator),
            Order::Interrupt | Order::Abort => self.stop_for(StopReason::Interrupted),
            Order::Cancel => self.stop = Some(StopReason::Cancelled),
        }
        order
    }

    /// Does what another process of this home asked for.
    fn grant(&mut self, wanted: Option<Wanted>) {
        let Some((wish, pace)) = wanted else { return };
        match wish {
            Some(Wish::Pause) => self.stop_for(StopReason::Operator),
            Some(Wish::Cancel) => self.stop = Some(StopReason::Cancelled),
            None => {}
        }
        if pace != self.job.pace {
            self.job.pace = pace;
            self.session.pace().set_limits(pace);
        }
    }

    /// The first reason to stop stays the reason.
    fn stop_for(&mut self, reason: StopReason) {
        self.stop.get_or_insert(reason);
    }

    /// Starts what may be started; says when more may.
    fn launch(&mut self, now: Instant) -> Option<Instant> {
        if self.stop.is_some() {
            return None;
        }
        if let Some(until) = self.hold_until {
            if now < until {
                return Some(until);
            }
            self.hold_until = None;
        }
        self.fetch_missing_token();
        while !self.outbox.ready.is_empty() && (!self.probing || self.in_flight.is_empty()) {
            let target = self.token.target()?;
            match self.session.pace().try_start(now) {
                Go::Now(slot) => self.start_next(slot, target),
                Go::At(at) => return Some(at),
                Go::WhenFreed => return self.in_flight.is_empty().then(|| now + ASK_AGAIN),
            }
        }
        None
    }

    fn start_next(&mut self, slot: Slot, target: SendTarget) {
        let Some(row) = self.outbox.ready.pop_front() else { return };
        let started_at = Timestamp::now();
        if !plan::may_send(row.ambiguous, Some(row.first_sent_at), started_at) {
            // Too late to be surely recognised as a repeat: nobody may get it twice.
            let errmsg = Some(kept("not_sent_again"));
            self.record(Change { errmsg, ..unchanged(&row, State::Unknown, started_at) });
            return;
        }
        let Some(body) = self.body(&row) else {
            // Nobody was confirmed whose message cannot be made; should it happen all the same, it is no reason to lose the row.
            let errmsg = Some(kept("not_made_again"));
            let state = if row.ambiguous { State::Unknown } else { State::Failed };
            self.record(Change { errmsg, ..unchanged(&row, state, started_at) });
            return;
        };
        let client = self.session.client().clone();
        self.in_flight.push(Box::pin(async move {
            let reply = client.send(&target, body).await;
            Sent { row, started_at, reply, target, _slot: slot }
        }));
    }

    /// The body of a row: made of the job and the row alone, the same at every request.
    fn body(&self, row: &Claimed) -> Option<Vec<u8>> {
        let client_msg_id = self.job.nonce.client_msg_id(row.row);
        let Some(params) = &row.params else { return Some(self.frame.body_with(&row.openid, &client_msg_id)) };
        let message = self.personal.as_ref()?.render(&params.with_openid(&row.openid)).ok()?;
        Some(message.frame().body_with(&row.openid, &client_msg_id))
    }

    /// How many rows may be claimed and unsettled: twice those in flight, or what goes out in a second.
    fn window(&self) -> usize {
        if self.stop.is_some() {
            return 0;
        }
        let pace = self.session.pace().view().now;
        let second = if pace.rate.is_unlimited() { self.progress.rate() as usize } else { pace.rate.0 as usize };
        second.min(MAX_AHEAD).max(2 * pace.concurrency.max(1) as usize)
    }

    /// Notes what became of a row, for the screen and for the ledger.
    fn record(&mut self, change: Change) {
        self.progress.settle(change.state);
        self.outbox.record(change, Instant::now());
    }

    /// Gives back what was claimed and not started, and writes all that is left to write.
    async fn finish(mut self) -> Result<Ended, DispatchError> {
        loop {
            while let Some(row) = self.outbox.ready.pop_front() {
                self.record(unchanged(&row, State::Queued, Timestamp::now()));
            }
            if self.outbox.is_written() {
                break;
            }
            self.outbox.begin_last_turn();
            self.outbox.turned().await?;
        }
        self.progress.show(0, self.outbox.waiting.len());
        self.session.client().hang_up();
        Ok(self.stop.map_or(Ended::Done, Ended::Stopped))
    }
}

/// A row put into a state without another request.
fn unchanged(row: &Claimed, state: State, at: Timestamp) -> Change {
    Change {
        row: row.row,
        state,
        attempts: row.attempts,
        ambiguous: row.ambiguous,
        errcode: row.last_errcode,
        errmsg: None,
        msgid: None,
        at,
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
