//! How long the pauses between tries truly take.

use std::time::Duration;

/// Scale of all pauses between tries: the plan speaks in seconds, and only a test makes these shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pauses {
    second: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { second: Duration::from_secs(1) }
    }
}

impl Pauses {
    /// Pauses in which a second of the plan takes as long as `second`.
    pub fn shortened(second: Duration) -> Self {
        Self { second }
    }

    /// How long a pause of the plan takes.
    pub fn of(self, planned: Duration) -> Duration {
        planned.mul_f64(self.second.as_secs_f64())
    }
}
