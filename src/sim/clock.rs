//! The time of this world: the time of day, plus how far a test has moved it on.

use jiff::{Timestamp, tz::TimeZone};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;
/// WeChat's days begin at 00:00 of UTC+8.
const EAST: u64 = 8 * 3_600_000;

/// A moment: milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) u64);

impl Moment {
    pub(super) fn seconds(self) -> u64 {
        self.0 / 1000
    }

    pub(super) fn plus(self, seconds: u64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// The day in China, as a number.
    pub(super) fn day(self) -> u64 {
        (self.0 + EAST) / DAY
    }

    /// The calendar month in China, as (year, month).
    pub(super) fn month(self) -> (i16, i8) {
        let east = Timestamp::from_millisecond((self.0 + EAST) as i64).unwrap_or_default().to_zoned(TimeZone::UTC);
        (east.year(), east.month())
    }

    /// As a time of the system.
    pub(super) fn system(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0)
    }
}

/// The clock of a world.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    ahead: Duration,
}

impl Clock {
    pub(super) fn now(self) -> Moment {
        let day = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment((day + self.ahead).as_millis() as u64)
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.ahead += by;
    }

    /// Moves to the first second of the next day in China.
    pub(super) fn next_day(&mut self) {
        let now = self.now();
        let morning = (now.day() + 1) * DAY - EAST;
        self.advance(Duration::from_millis(morning + 1000 - now.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_are_those_of_china() {
        let new_year = Moment(1_767_196_800_000); // 2025-12-31T16:00:00Z
        assert_eq!(new_year.month(), (2026, 1));
        assert_eq!(Moment(new_year.0 - 1).month(), (2025, 12));
        assert_eq!(Moment(new_year.0 - 1).day() + 1, new_year.day());
    }

    #[test]
    fn the_next_day_is_one_day_on() {
        let mut clock = Clock::default();
        let today = clock.now().day();
        clock.next_day();
        assert_eq!(clock.now().day(), today + 1);
        clock.next_day();
        assert_eq!(clock.now().day(), today + 2);
    }
}
