//! Leaving a job to a process of its own, which outlives the terminal.

use super::{Detach, Performer, Services, lock};
use crate::dispatch::{self, Order};
use crate::domain::id::JobId;
use crate::domain::job::{JobState, StopReason};
use crate::domain::told::Sentence;
use crate::tui::msg::SendMsg;

impl Performer {
    /// Hands every running job over, when the screen is left. Gives which ones went, and why one did not.
    pub async fn hand_over_jobs(&self) -> Vec<(JobId, Result<(), String>)> {
        self.0.until_handed_over().await;
        let running: Vec<JobId> = lock(&self.0.jobs).keys().copied().collect();
        let mut handed_over = Vec::new();
        for job in running {
            match self.0.leave_to_another(job).await {
                Ok(true) => handed_over.push((job, Ok(()))),
                Ok(false) => {}
                Err(text) => handed_over.push((job, Err(text))),
            }
        }
        handed_over
    }
}

impl Services {
    pub(super) async fn hand_over(&self, job: JobId) {
        match self.leave_to_another(job).await {
            Ok(true) => self.tell(SendMsg::HandedOver { job }),
            // What became of it instead was told.
            Ok(false) => {}
            Err(text) => self.tell(SendMsg::NotHandedOver { job, text }),
        }
    }

    /// Waits until no job is on its way to another process.
    pub(super) async fn until_handed_over(&self) {
        let under_way = std::mem::take(&mut *lock(&self.handing_over));
        for task in under_way {
            let _ = task.await;
        }
    }

    /// Stops a job if this process works on it, so that it can be resumed, and has another one resume it. Whether there was
    /// anything left to resume.
    async fn leave_to_another(&self, id: JobId) -> Result<bool, String> {
        let Detach::With(home) = &self.detach else { return Err(self.said(&Sentence::of("error.screen", "ends_with_it"))) };
        let stopped = self.interrupt(id).await;
        let job = self.job(id).await?;
        match job.state {
            JobState::Done | JobState::Cancelled => return Ok(false),
            // Something else stopped it at the same moment, and would stop it again.
            JobState::Paused if stopped && job.reason != Some(StopReason::Interrupted) => return Ok(false),
            JobState::Paused | JobState::Running => {}
        }
        dispatch::hand_over(&self.store, id, home.as_deref()).await.map_err(|error| self.said(&error))?;
        Ok(true)
    }

    /// Stops a job of this process and waits for it; whether there was one.
    async fn interrupt(&self, id: JobId) -> bool {
        let Some(running) = lock(&self.jobs).remove(&id) else { return false };
        running.controller.order(Order::Interrupt);
        let _ = running.task.await;
        true
    }
}
