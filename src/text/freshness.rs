//! How far a sync is, and how old what it brought is.

use super::lang::Texts;
use super::number;
use crate::domain::lang::Lang;
use jiff::Timestamp;
use std::time::Duration;

impl Texts {
    /// One line of progress: `users 340 000 / 1 000 000 · 62 000/s · 11 s left`, as much of it as is known.
    pub fn progress(
        &self,
        part: &str,
        (done, total): (u64, u64),
        rate: Option<u64>,
        left: Option<Duration>,
        lang: Lang,
    ) -> String {
        let of = if total > 0 { format!(" / {}", number::thousands(total)) } else { String::new() };
        let mut parts = vec![format!("{part} {}{of}", number::thousands(done))];
        parts.extend(rate.map(|rate| number::rate(rate as f64, lang)));
        parts.extend(left.map(|left| self.say_with("sync.left", &[("time", &number::duration(left, lang))])));
        parts.join(" · ")
    }

    /// The same where there is little room: `users 34 % · 11 s left`.
    pub fn progress_in_short(&self, part: &str, (done, total): (u64, u64), left: Option<Duration>, lang: Lang) -> String {
        let Some(percent) = done.saturating_mul(100).checked_div(total) else {
            return self.progress(part, (done, 0), None, left, lang);
        };
        let left = left.map(|left| format!(" · {}", self.say_with("sync.left", &[("time", &number::duration(left, lang))])));
        format!("{part} {} %{}", percent.min(100), left.unwrap_or_default())
    }
}

/// How long ago, in its largest unit.
pub fn age(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let seconds = Duration::try_from(now.duration_since(at)).unwrap_or_default().as_secs();
    let unit = [86_400, 3600, 60].into_iter().find(|unit| seconds >= *unit).unwrap_or(1);
    number::duration(Duration::from_secs(seconds - seconds % unit), lang)
}
