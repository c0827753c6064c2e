//! How fast jobs went, sample by sample, as far as this screen has seen it. Samples are taken when progress is told: nothing ticks.

use crate::domain::id::JobId;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// What is kept for the line below the gauge: a sample a second, the last minute.
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const LATELY: usize = 60;
/// What is kept of a whole run. At first its samples are close, for runs of a few seconds; when they are full, two become one.
const CLOSE: SignedDuration = SignedDuration::from_millis(250);
const WHOLE: usize = 128;

/// The jobs that were seen at work.
#[derive(Debug, Default)]
pub struct Speeds(BTreeMap<JobId, Course>);

impl Speeds {
    /// A job begins, or goes on: the time until now was none of its own.
    pub fn begin(&mut self, job: JobId, now: Timestamp) {
        self.0.entry(job).or_insert_with(|| Course::new(now)).rest_until(now);
    }

    /// A job is so fast now.
    pub fn see(&mut self, job: JobId, rate: f64, now: Timestamp) {
        self.0.entry(job).or_insert_with(|| Course::new(now)).see(rate, now);
    }

    /// What was seen of a job.
    pub fn of(&self, job: JobId) -> Option<&Course> {
        self.0.get(&job)
    }
}

/// The speed of one job.
#[derive(Debug, Clone)]
pub struct Course {
    lately: Samples,
    whole: Samples,
    best: f64,
}

#[derive(Debug, Clone)]
struct Samples {
    /// When the last one was taken.
    at: Timestamp,
    every: SignedDuration,
    /// What was told last.
    told: f64,
    list: Vec<f64>,
}

impl Course {
    fn new(now: Timestamp) -> Self {
        let samples = |every| Samples { at: now, every, told: 0.0, list: Vec::new() };
        Self { lately: samples(SECOND), whole: samples(CLOSE), best: 0.0 }
    }

    /// The last minute, a sample a second, the newest last.
    pub fn lately(&self) -> &[f64] {
        &self.lately.list
    }

    /// The whole run in evenly spaced samples.
    pub fn whole(&self) -> &[f64] {
        &self.whole.list
    }

    /// The fastest of all seconds; nothing if it did not last for one.
    pub fn best(&self) -> Option<f64> {
        (self.best > 0.0).then_some(self.best)
    }

    fn rest_until(&mut self, now: Timestamp) {
        for samples in [&mut self.lately, &mut self.whole] {
            (samples.at, samples.told) = (now, 0.0);
        }
    }

    fn see(&mut self, rate: f64, now: Timestamp) {
        // Nothing of what is longer ago would be kept.
        self.lately.at = self.lately.at.max(now - SECOND * LATELY as i32);
        while let Some(sample) = self.lately.due(rate, now) {
            self.best = self.best.max(sample);
            self.lately.list.push(sample);
            if self.lately.list.len() > LATELY {
                self.lately.list.remove(0);
            }
        }
        while let Some(sample) = self.whole.due(rate, now) {
            self.whole.list.push(sample);
            if self.whole.list.len() >= WHOLE {
                self.whole.list = self.whole.list.chunks(2).map(|two| two.iter().sum::<f64>() / two.len() as f64).collect();
                self.whole.every *= 2;
            }
        }
    }
}

impl Samples {
    /// The next sample, if it is due. Until the last one it is what was told before: what is not told again has not changed.
    fn due(&mut self, rate: f64, now: Timestamp) -> Option<f64> {
        // The clock may be set back.
        self.at = self.at.min(now);
        if now.duration_since(self.at) < self.every {
            self.told = rate;
            return None;
        }
        self.at += self.every;
        Some(if now.duration_since(self.at) < self.every { rate } else { self.told })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: JobId = JobId(15);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    /// Told so at these milliseconds.
    fn told(looks: &[(i64, f64)]) -> Course {
        let mut speeds = Speeds::default();
        speeds.begin(JOB, at(0));
        for (millis, rate) in looks {
            speeds.see(JOB, *rate, at(*millis));
        }
        speeds.of(JOB).unwrap().clone()
    }

    #[test]
    fn there_is_a_sample_a_second_however_often_it_is_told() {
        let looks: Vec<(i64, f64)> = (0..35).map(|tenth| (100 * tenth, tenth as f64)).collect();
        let course = told(&looks);
        assert_eq!(course.lately(), [10.0, 20.0, 30.0]);
        assert_eq!(course.best(), Some(30.0), "of whole seconds");
        assert_eq!(course.whole().len(), 13, "closer at first");
        assert_eq!(told(&[(100, 700.0)]).best(), None);
    }

    #[test]
    fn what_is_not_told_again_has_not_changed() {
        assert_eq!(told(&[(1000, 50.0), (1900, 0.0), (4100, 9.0)]).lately(), [50.0, 0.0, 0.0, 9.0]);
    }

    #[test]
    fn the_minute_and_the_run_have_an_end_to_their_memory() {
        let looks: Vec<(i64, f64)> = (1..=3600).map(|second| (1000 * second, second as f64)).collect();
        let course = told(&looks);
        assert_eq!((course.lately().len(), course.lately().last()), (60, Some(&3600.0)));
        assert!((64..128).contains(&course.whole().len()), "{}", course.whole().len());
        assert!(course.whole().is_sorted(), "in their order");
        let mut course = course;
        course.see(7.0, at(1_000_000_000_000));
        assert_eq!((course.lately().len(), course.lately().last()), (60, Some(&7.0)));
        assert!(course.whole().len() < 128);
    }

    #[test]
    fn a_clock_that_is_set_back_and_a_pause_are_no_samples() {
        let mut speeds = Speeds::default();
        speeds.see(JOB, 5.0, at(0));
        speeds.see(JOB, 6.0, at(1000));
        speeds.see(JOB, 7.0, at(-900_000));
        speeds.begin(JOB, at(500_000));
        speeds.see(JOB, 8.0, at(501_000));
        assert_eq!(speeds.of(JOB).unwrap().lately(), [6.0, 8.0]);
    }
}
