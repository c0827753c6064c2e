//! One pace for all jobs of an account: requests a second and in flight, halved when WeChat is busy, restored slowly.

use crate::domain::account::{PaceLimits, Rate};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Requests that were due while the timer slept may be made up for within this span.
const CATCH_UP: Duration = Duration::from_millis(50);
/// One burst of "busy" halves the pace once, not once a reply.
const HALVED_ONCE_IN: Duration = Duration::from_secs(1);
/// A quiet span after which a step of the way back is taken.
const RESTORED_EVERY: Duration = Duration::from_secs(5);
/// The way back takes this many steps.
const RESTORE_STEPS: u32 = 10;

/// The pace of one account.
#[derive(Debug)]
pub struct Pace {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limits: PaceLimits,
    now: PaceLimits,
    in_flight: u32,
    next_at: Instant,
    blocked_until: Option<Instant>,
    halved_at: Option<Instant>,
    restored_at: Instant,
}

/// Whether a request may start.
#[derive(Debug)]
pub enum Go {
    /// It may; the slot is held until it has ended.
    Now(Slot),
    /// Not before this.
    At(Instant),
    /// When another one has ended: one of the caller's own, or of another job, for which to ask again soon.
    WhenFreed,
}

/// A request in flight. Dropping it makes room for another.
#[derive(Debug)]
pub struct Slot {
    pace: Arc<Pace>,
}

/// What the screen shows of a pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceView {
    /// What the operator asked for.
    pub limits: PaceLimits,
    /// What is allowed now.
    pub now: PaceLimits,
    /// How many are in flight.
    pub in_flight: u32,
    /// Before this nothing starts, if it is still to come: the minute's quota was spent.
    pub blocked_until: Option<Instant>,
}

impl Pace {
    /// Full speed, nothing in flight.
    pub fn new(limits: PaceLimits) -> Self {
        let (now, limits) = (Instant::now(), sensible(limits));
        let state =
            State { limits, now: limits, in_flight: 0, next_at: now, blocked_until: None, halved_at: None, restored_at: now };
        Self { state: Mutex::new(state) }
    }

    /// Asks to start a request now.
    pub fn try_start(self: &Arc<Self>, now: Instant) -> Go {
        let mut state = self.lock();
        if let Some(until) = state.blocked_until {
            if now < until {
                return Go::At(until);
            }
            state.blocked_until = None;
        }
        state.restore(now);
        if state.in_flight >= state.now.concurrency {
            return Go::WhenFreed;
        }
        if !state.now.rate.is_unlimited() {
            if now < state.next_at {
                return Go::At(state.next_at);
            }
            let gap = Duration::from_secs(1) / state.now.rate.0;
            state.next_at = (state.next_at + gap).max(now.checked_sub(CATCH_UP).unwrap_or(now));
        }
        state.in_flight += 1;
        Go::Now(Slot { pace: Arc::clone(self) })
    }

    /// Changes what the operator asks for, at once.
    pub fn set_limits(&self, limits: PaceLimits) {
        let (mut state, limits) = (self.lock(), sensible(limits));
        state.limits = limits;
        state.now = limits;
        state.halved_at = None;
    }

    /// WeChat is busy: half the pace from now on.
    pub fn slow_down(&self, now: Instant) {
        let mut state = self.lock();
        if state.halved_at.is_some_and(|at| now.duration_since(at) < HALVED_ONCE_IN) {
            return;
        }
        state.halved_at = Some(now);
        state.restored_at = now;
        state.now.concurrency = (state.now.concurrency / 2).max(1);
        if !state.now.rate.is_unlimited() {
            state.now.rate = Rate((state.now.rate.0 / 2).max(1));
        }
    }

    /// Nothing starts before this: the minute's quota is spent.
    pub fn block_until(&self, until: Instant) {
        self.lock().blocked_until = Some(until);
    }

    /// For the screen.
    pub fn view(&self) -> PaceView {
        let state = self.lock();
        PaceView { limits: state.limits, now: state.now, in_flight: state.in_flight, blocked_until: state.blocked_until }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whatever was asked for, at least one request may be in flight.
fn sensible(limits: PaceLimits) -> PaceLimits {
    PaceLimits { concurrency: limits.concurrency.clamp(1, PaceLimits::MAX_CONCURRENCY), ..limits }
}

impl State {
    fn restore(&mut self, now: Instant) {
        if self.now == self.limits || now.duration_since(self.restored_at) < RESTORED_EVERY {
            return;
        }
        self.restored_at = now;
        let step = |current: u32, limit: u32| (current + limit.div_ceil(RESTORE_STEPS)).min(limit);
        self.now.concurrency = step(self.now.concurrency, self.limits.concurrency);
        if !self.limits.rate.is_unlimited() {
            self.now.rate = Rate(step(self.now.rate.0, self.limits.rate.0));
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.pace.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(rate: u32, concurrency: u32) -> Arc<Pace> {
        Arc::new(Pace::new(PaceLimits { rate: Rate(rate), concurrency }))
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_in_flight_than_allowed() {
        let pace = pace(0, 2);
        let now = Instant::now();
        let (Go::Now(first), Go::Now(_second)) = (pace.try_start(now), pace.try_start(now)) else { panic!("two may start") };
        assert!(matches!(pace.try_start(now), Go::WhenFreed));
        drop(first);
        assert!(matches!(pace.try_start(now), Go::Now(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_a_second_are_kept_even_if_the_timer_is_coarse() {
        let pace = pace(100, 1000);
        let start = Instant::now();
        let mut slots = Vec::new();
        for step in 0..100 {
            // A timer that fires every 7 ms.
            let now = start + Duration::from_millis(step * 7);
            while let Go::Now(slot) = pace.try_start(now) {
                slots.push(slot);
            }
        }
        assert!((69..=72).contains(&slots.len()), "{} in 0.7 s", slots.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_of_busy_halves_once_and_quiet_restores() {
        let pace = pace(100, 20);
        let start = Instant::now();
        for _ in 0..20 {
            pace.slow_down(start);
        }
        assert_eq!(pace.view().now, PaceLimits { rate: Rate(50), concurrency: 10 });
        drop(pace.try_start(start + Duration::from_secs(6)));
        assert_eq!(pace.view().now, PaceLimits { rate: Rate(60), concurrency: 12 });
        for seconds in 2..12 {
            drop(pace.try_start(start + Duration::from_secs(seconds * 6)));
        }
        assert_eq!(pace.view().now, pace.view().limits);
    }

    #[tokio::test(start_paused = true)]
    async fn a_spent_minute_is_waited_for() {
        let pace = pace(0, 2);
        let now = Instant::now();
        pace.block_until(now + Duration::from_secs(30));
        assert_eq!(pace.view().blocked_until, Some(now + Duration::from_secs(30)));
        assert!(matches!(pace.try_start(now), Go::At(at) if at == now + Duration::from_secs(30)));
        assert!(matches!(pace.try_start(now + Duration::from_secs(30)), Go::Now(_)));
    }
}
