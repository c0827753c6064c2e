//! Rows whose pause is not over. They hold no worker.

use crate::domain::id::RowNo;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use tokio::time::Instant;

/// Queued rows by the time at which they are due.
#[derive(Debug, Default)]
pub struct Waiting {
    rows: BinaryHeap<Reverse<(Instant, RowNo)>>,
}

impl Waiting {
    /// Puts a row aside; a jitter of up to a quarter of the pause keeps rows from coming back all at once.
    pub fn push(&mut self, row: RowNo, now: Instant, pause: Duration) {
        self.rows.push(Reverse((now + pause + jitter(pause), row)));
    }

    /// Takes rows that are due, at most so many.
    pub fn due(&mut self, now: Instant, limit: usize) -> Vec<RowNo> {
        let mut due = Vec::new();
        while due.len() < limit && self.next().is_some_and(|at| at <= now) {
            due.extend(self.rows.pop().map(|Reverse((_, row))| row));
        }
        due
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<Instant> {
        self.rows.peek().map(|Reverse((at, _))| *at)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn jitter(pause: Duration) -> Duration {
    let spread = (pause.as_millis() as u64 / 4).max(1);
    Duration::from_millis(random() % spread)
}

/// 64 random bits: the standard library's hash keys come from the system's own source, and differ each time.
pub fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_when_due_and_not_before() {
        let mut waiting = Waiting::default();
        let now = Instant::now();
        waiting.push(RowNo(1), now, Duration::from_secs(10));
        waiting.push(RowNo(2), now, Duration::from_secs(1));
        assert!(waiting.due(now, 9).is_empty());
        assert_eq!(waiting.due(now + Duration::from_secs(2), 9), [RowNo(2)]);
        assert_eq!(waiting.due(now + Duration::from_secs(13), 0), []);
        assert_eq!(waiting.due(now + Duration::from_secs(13), 9), [RowNo(1)]);
        assert!(waiting.is_empty());
    }

    #[test]
    fn random_numbers_differ() {
        let seen: std::collections::HashSet<u64> = (0..1000).map(|_| random()).collect();
        assert_eq!(seen.len(), 1000);
    }
}
