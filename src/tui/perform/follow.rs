//! Jobs that another process works on: their counts are read from the ledger, which is all that is known of them here.

use super::speed::Speed;
use super::{Services, lock};
use crate::dispatch;
use crate::domain::id::JobId;
use crate::domain::job::{Job, JobState};
use crate::tui::msg::{JobProgress, SendMsg};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often the ledger is read.
const READ_EVERY: Duration = Duration::from_millis(500);

impl Services {
    /// Tells how far a job is until nobody works on it any more, in a task of its own.
    pub(super) fn follow(self: &Arc<Self>, id: JobId) {
        let services = Arc::clone(self);
        let task = tokio::spawn(async move { services.follow_to_end(id).await });
        if let Some(before) = lock(&self.followed).insert(id, task.abort_handle()) {
            before.abort();
        }
    }

    /// Nobody looks at these jobs any more.
    pub(super) fn unfollow_all(&self) {
        for (_, task) in lock(&self.followed).drain() {
            task.abort();
        }
    }

    async fn follow_to_end(&self, id: JobId) {
        let mut look = tokio::time::interval(READ_EVERY);
        let (mut speed, mut last) = (Speed::default(), None);
        loop {
            let now = look.tick().await;
            // First whether it is at work, then where it stands: what is read of one that has ended is then its end.
            let at_work = dispatch::is_running(&self.store, id);
            let Ok(job) = self.job(id).await else { return };
            let job = if at_work { job } else { dispatch::as_found(&self.store, job) };
            if !at_work && job.state != JobState::Running {
                return self.tell(SendMsg::Ended { job: Box::new(job) });
            }
            let progress = read(&job, &mut speed, now);
            if last.as_ref() != Some(&progress) {
                self.tell(SendMsg::Progressed(progress.clone()));
            }
            last = Some(progress);
        }
    }
}

fn read(job: &Job, speed: &mut Speed, now: Instant) -> JobProgress {
    JobProgress {
        job: job.id,
        counts: job.counts,
        in_flight: 0,
        retrying: 0,
        rate_per_sec: speed.seen(now, job.counts.settled()),
        pace: job.pace,
        allowed: job.pace,
        hold: None,
        state: JobState::Running,
        reason: None,
    }
}
