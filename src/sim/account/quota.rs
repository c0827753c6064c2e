//! What an account may still call today, and this minute (`wechat-api.md §12`).

use crate::sim::{clock::Moment, reply::Refusal};
use std::collections::HashMap;

/// Clears of all counters a month.
const CLEARS: u32 = 10;

/// The count of one path, or of paths that count together.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Set by a test; else the limit of the path.
    limit: Option<u64>,
    used: u64,
    /// Used up for today by a fault, whatever the count says.
    spent: bool,
    /// Until then it answers 45011.
    slow_until: Moment,
}

/// The quotas of one account.
#[derive(Debug, Clone, Default)]
pub(in crate::sim) struct Quotas {
    day: u64,
    counts: HashMap<&'static str, Count>,
    /// No path has a limit of its own, only those that a test sets.
    lifted: bool,
    clears: ((i16, i8), u32),
}

impl Quotas {
    /// Counts one call, or refuses it.
    pub(in crate::sim) fn charge(&mut self, path: &'static str, limit: u64, now: Moment) -> Result<(), Refusal> {
        self.turn(now);
        let limit = self.limit(limit);
        let count = self.counts.entry(path).or_default();
        if now < count.slow_until {
            return Err(Refusal::of(45011));
        }
        if count.spent || count.used >= count.limit.unwrap_or(limit) {
            return Err(Refusal::of(45009));
        }
        count.used += 1;
        Ok(())
    }

    /// Limit and use of a path today.
    pub(in crate::sim) fn state(&mut self, path: &str, limit: u64, now: Moment) -> (u64, u64) {
        self.turn(now);
        let count = self.counts.get(path).copied().unwrap_or_default();
        let limit = count.limit.unwrap_or(self.limit(limit));
        (limit, if count.spent { limit } else { count.used })
    }

    pub(in crate::sim) fn set_limit(&mut self, path: &'static str, limit: u64) {
        self.counts.entry(path).or_default().limit = Some(limit);
    }

    /// Lets all paths be called without end.
    pub(in crate::sim) fn lift(&mut self) {
        self.lifted = true;
    }

    fn limit(&self, published: u64) -> u64 {
        if self.lifted { 1_000_000_000 } else { published }
    }

    /// Nothing more of this path today.
    pub(in crate::sim) fn spend(&mut self, path: &'static str) {
        self.counts.entry(path).or_default().spent = true;
    }

    /// Too many of this path in this minute.
    pub(in crate::sim) fn slow_down(&mut self, path: &'static str, until: Moment) {
        self.counts.entry(path).or_default().slow_until = until;
    }

    /// `clear_quota`.
    pub(in crate::sim) fn clear(&mut self, now: Moment) -> Result<(), Refusal> {
        if self.clears.0 != now.month() {
            self.clears = (now.month(), 0);
        }
        if self.clears.1 >= CLEARS {
            return Err(Refusal::of(48006));
        }
        self.clears.1 += 1;
        self.reset();
        Ok(())
    }

    fn turn(&mut self, now: Moment) {
        if self.day != now.day() {
            self.day = now.day();
            self.reset();
        }
    }

    fn reset(&mut self) {
        for count in self.counts.values_mut() {
            count.used = 0;
            count.spent = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment(1_750_000_000_000);

    fn code(result: Result<(), Refusal>) -> i64 {
        result.err().map_or(0, |refusal| refusal.errcode)
    }

    #[test]
    fn a_day_has_its_limit_and_the_next_day_another() {
        let mut quotas = Quotas::default();
        assert_eq!(code(quotas.charge("/a", 2, NOON)), 0);
        assert_eq!(code(quotas.charge("/a", 2, NOON)), 0);
        assert_eq!(code(quotas.charge("/a", 2, NOON)), 45009);
        assert_eq!(code(quotas.charge("/b", 2, NOON)), 0);
        assert_eq!(quotas.state("/a", 2, NOON), (2, 2));
        let tomorrow = NOON.plus(86_400);
        assert_eq!(code(quotas.charge("/a", 2, tomorrow)), 0);
        quotas.spend("/a");
        assert_eq!(code(quotas.charge("/a", 2, tomorrow)), 45009);
    }

    #[test]
    fn ten_clears_a_month() {
        let mut quotas = Quotas::default();
        for _ in 0..10 {
            quotas.spend("/a");
            assert_eq!(code(quotas.clear(NOON)), 0);
            assert_eq!(code(quotas.charge("/a", 1, NOON)), 0);
        }
        assert_eq!(code(quotas.clear(NOON)), 48006);
        assert_eq!(code(quotas.clear(NOON.plus(40 * 86_400))), 0);
    }

    #[test]
    fn a_slow_minute_ends() {
        let mut quotas = Quotas::default();
        quotas.slow_down("/a", NOON.plus(60));
        assert_eq!(code(quotas.charge("/a", 9, NOON.plus(59))), 45011);
        assert_eq!(code(quotas.charge("/b", 9, NOON.plus(59))), 0);
        assert_eq!(code(quotas.charge("/a", 9, NOON.plus(60))), 0);
    }
}
