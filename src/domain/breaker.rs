//! When a run is hopeless: the same refusal for everyone, or nobody reached at all. Pure counting.

use std::collections::BTreeSet;

/// Identical refusals in succession after which somebody should look.
pub const SAME_FAILURES: u32 = 20;

/// Rows given back in succession, without one acceptance, after which going on makes no sense.
pub const GIVEN_BACK: u32 = 10;

/// Unclear ends in succession after which the way to WeChat must be broken, or twice as many as may be in flight: a gateway
/// that drops all connections once does not stop a run.
pub const UNCLEAR: u32 = 40;

/// Counts what comes in succession.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    same: Option<(i64, u32)>,
    given_back: u32,
    unclear: u32,
    exempt: BTreeSet<i64>,
}

/// Why to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trip {
    /// This code came for so many recipients in succession.
    SameFailure {
        /// The code.
        errcode: i64,
        /// How many times.
        times: u32,
    },
    /// So many rows in succession came back without an answer for the recipient.
    NothingGoes {
        /// How many.
        times: u32,
    },
}

impl Breaker {
    /// A breaker that no longer minds these codes: the operator saw them and went on.
    pub fn exempting(codes: impl IntoIterator<Item = i64>) -> Self {
        Self { exempt: codes.into_iter().collect(), ..Self::default() }
    }

    /// WeChat took one.
    pub fn accepted(&mut self) {
        self.same = None;
        self.given_back = 0;
        self.unclear = 0;
    }

    /// A definite no for one recipient. 43117 is about the recipient's own day and never counts.
    pub fn failed(&mut self, errcode: i64) -> Option<Trip> {
        self.given_back = 0;
        self.unclear = 0;
        if errcode == 43117 || self.exempt.contains(&errcode) {
            return None;
        }
        let times = match self.same {
            Some((code, times)) if code == errcode => times + 1,
            _ => 1,
        };
        self.same = Some((errcode, times));
        (times >= SAME_FAILURES).then_some(Trip::SameFailure { errcode, times })
    }

    /// One request ended so that nobody can tell whether it arrived. A gateway that answers nothing else would turn every
    /// recipient into an unknown one.
    pub fn unclear(&mut self, concurrency: u32) -> Option<Trip> {
        self.unclear += 1;
        (self.unclear >= UNCLEAR.max(2 * concurrency)).then_some(Trip::NothingGoes { times: self.unclear })
    }

    /// How many tries in succession came to nothing.
    pub fn in_vain(&self) -> u32 {
        self.given_back
    }

    /// One row went back to the queue, its attempt unburnt.
    pub fn given_back(&mut self) -> Option<Trip> {
        self.given_back += 1;
        (self.given_back >= GIVEN_BACK).then_some(Trip::NothingGoes { times: self.given_back })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_of_a_kind_trip_it_unless_something_comes_between() {
        let mut breaker = Breaker::default();
        for _ in 0..19 {
            assert_eq!(breaker.failed(43004), None);
        }
        breaker.accepted();
        for _ in 0..19 {
            assert_eq!(breaker.failed(43004), None);
        }
        assert_eq!(breaker.failed(43004), Some(Trip::SameFailure { errcode: 43004, times: 20 }));
        let mut mixed = Breaker::default();
        assert!((0..200).all(|i| mixed.failed(if i % 2 == 0 { 43004 } else { 43101 }).is_none()));
        let mut seen = Breaker::exempting([43004]);
        assert!((0..200).all(|_| seen.failed(43004).is_none() && seen.failed(43117).is_none()));
    }

    #[test]
    fn nothing_but_unclear_ends_trip_it() {
        let mut breaker = Breaker::default();
        assert!((1..UNCLEAR).all(|_| breaker.unclear(1).is_none()));
        breaker.accepted();
        assert!((1..UNCLEAR).all(|_| breaker.unclear(1).is_none()));
        assert_eq!(breaker.failed(43004), None);
        assert!((1..UNCLEAR).all(|_| breaker.unclear(1).is_none()));
        assert_eq!(breaker.unclear(64), None);
        assert_eq!(breaker.unclear(1), Some(Trip::NothingGoes { times: UNCLEAR + 1 }));
    }

    #[test]
    fn ten_given_back_in_succession_trip_it() {
        let mut breaker = Breaker::default();
        assert!((0..9).all(|_| breaker.given_back().is_none()));
        breaker.accepted();
        assert!((0..9).all(|_| breaker.given_back().is_none()));
        assert_eq!(breaker.given_back(), Some(Trip::NothingGoes { times: 10 }));
    }
}
