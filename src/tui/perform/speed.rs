//! How fast a job goes lately, from looks at its counts.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// How far back the looks go.
const LATELY: Duration = Duration::from_secs(3);

/// Looks at a count that grows.
#[derive(Debug, Default)]
pub struct Speed {
    looks: VecDeque<(Instant, u64)>,
}

impl Speed {
    /// One more look; gives how much came a second over the last few seconds.
    pub fn seen(&mut self, now: Instant, count: u64) -> f64 {
        // One look from before the span stays, so that slow looks have something to be compared with.
        while self.looks.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= LATELY) {
            self.looks.pop_front();
        }
        self.looks.push_back((now, count));
        let Some((at, before)) = self.looks.front() else { return 0.0 };
        let seconds = now.duration_since(*at).as_secs_f64();
        if seconds > 0.0 { count.saturating_sub(*before) as f64 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_seconds_count() {
        let mut speed = Speed::default();
        let start = Instant::now();
        assert!(speed.seen(start, 1000) < 0.1, "what was there before is no speed");
        let after = |half_seconds: u64| start + Duration::from_millis(500 * half_seconds);
        for step in 1..=10 {
            assert!((speed.seen(after(step), 1000 + 25 * step) - 50.0).abs() < 0.1, "{step}");
        }
        for step in 11..=16 {
            speed.seen(after(step), 1250);
        }
        assert!(speed.seen(after(17), 1250) < 0.1, "it stands still");
        assert!(speed.looks.len() < 10);
    }
}
