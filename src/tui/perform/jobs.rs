use super::speed::Speed;
use super::{LOOK_EVERY, Running, Services, lock};
use crate::audience;
use crate::dispatch::{self, Confirmed, Controller, DispatchError, Intent, Order, Progress};
use crate::domain::account::PaceLimits;
use crate::domain::audience::Reach;
use crate::domain::delivery::State;
use crate::domain::id::JobId;
use crate::domain::job::{Call, Job, JobState, StopReason};
use crate::session::Session;
use crate::store::{StoreResult, Wish};
use crate::tui::effect::{SendEffect, SendOrder};
use crate::tui::msg::{Hold, JobProgress, Preflight, SendMsg};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::time::Instant;

impl Services {
    pub(super) async fn send(self: Arc<Self>, effect: SendEffect) {
        let done = match effect {
            SendEffect::PrepareSend { generation, order } => self.prepare(order).await.map(|preflight| {
                self.tell(SendMsg::Prepared { generation, preflight: Box::new(preflight) });
            }),
            SendEffect::StartSend { order, again, expected } => Arc::clone(&self).start_send(order, again, expected).await,
            SendEffect::RetryJob { job, state } => Arc::clone(&self).retry(job, state).await,
            SendEffect::ResumeJob { job } => Arc::clone(&self).resume(job).await,
            SendEffect::PauseJob { job } => self.stop(job, Order::Pause, Wish::Pause).await.map(drop),
            SendEffect::CancelJob { job } => self.cancel(job).await,
            SendEffect::SetPace { job, pace } => self.set_pace(job, pace).await,
            SendEffect::HandOver { job } => {
                self.hand_over(job).await;
                Ok(())
            }
            SendEffect::FollowJob { job } => {
                self.follow(job);
                Ok(())
            }
            SendEffect::UnfollowJobs => {
                self.unfollow_all();
                Ok(())
            }
            SendEffect::LoadJobs { generation, account, count } => {
                self.jobs(account, count).await.map_err(|error| self.said(&error)).map(|jobs| {
                    let more = jobs.len() == count as usize;
                    self.tell(SendMsg::JobsLoaded { generation, jobs, more });
                })
            }
            SendEffect::LoadDeliveries { generation, account, job, filter, after, count } => {
                let page = self.deliveries(account, job, filter, (after, count)).await.map_err(|error| self.said(&error));
                page.map(|page| self.tell(SendMsg::DeliveriesLoaded { generation, page }))
            }
            SendEffect::CountErrors { job } => self.count_errors(job).await.map_err(|error| self.said(&error)),
            SendEffect::LoadAttempts { job, row } => self.attempts(job, row).await.map_err(|error| self.said(&error)),
            SendEffect::ReviewJob { job } => {
                let found = self.review(job).await;
                self.tell(SendMsg::Reviewed { job, found });
                Ok(())
            }
            SendEffect::LoadDeliveriesTo { account, openid, count } => {
                self.deliveries_to(account, openid, count).await;
                Ok(())
            }
        };
        if let Err(text) = done {
            self.tell(SendMsg::Refused { text });
        }
    }

    async fn prepare(&self, order: SendOrder) -> Result<Preflight, String> {
        let account = self.account(order.account).await?;
        let fingerprint = dispatch::fingerprint(account.id, &order.message, &order.audience);
        let intent = Intent {
            account: account.id,
            template: &order.template,
            message: &order.message,
            audience: &order.audience,
            zone: &self.zone(),
        };
        let dispatch::Ahead { reach, first } =
            dispatch::look_ahead(&self.store, intent).await.map_err(|error| self.said(&error))?;
        let found = async {
            let same_as = self.store.same_job(fingerprint, Timestamp::now()).await?;
            let first = match first {
                Some((openid, message)) => Some((self.user(account.id, openid).await?, message)),
                None => None,
            };
            let ours: Vec<JobId> = lock(&self.jobs).keys().copied().collect();
            let elsewhere = dispatch::sending_elsewhere(&self.store, account.id, &ours).await?;
            let hours = self.settings().stale_after;
            let stale = audience::stale(&self.store, account.id, &order.audience, hours, Timestamp::now()).await?;
            StoreResult::Ok(Preflight { reach, first, pace: account.pace, same_as, elsewhere, stale })
        };
        found.await.map_err(|error| self.said(&error))
    }

    async fn start_send(self: Arc<Self>, order: SendOrder, again: bool, expected: Option<Reach>) -> Result<(), String> {
        let account = self.account(order.account).await?;
        let SendOrder { message, template, audience, .. } = order.clone();
        let template = *template;
        let (pace, attempts, zone) = (account.pace, dispatch::ATTEMPTS, self.zone());
        let confirmed = Confirmed { message, template, zone, audience, pace, attempts, again, expected };
        match dispatch::create(&self.store, &account, confirmed).await {
            Ok(prepared) => self.work(prepared.job).await,
            Err(DispatchError::Changed(_)) => {
                let preflight = Box::new(self.prepare(order).await?);
                self.tell(SendMsg::Changed { preflight });
                Ok(())
            }
            Err(error) => Err(self.said(&error)),
        }
    }

    async fn retry(self: Arc<Self>, job: JobId, state: State) -> Result<(), String> {
        let of = self.job(job).await?;
        let prepared = dispatch::retry(&self.store, &of, state).await.map_err(|error| self.said(&error))?;
        self.work(prepared.job).await
    }

    async fn resume(self: Arc<Self>, job: JobId) -> Result<(), String> {
        let job = self.job(job).await?;
        self.work(job).await
    }

    /// Tells a job of this process; one that another process works on is asked through the ledger, and waited for. Whether it is
    /// one of this process.
    async fn stop(&self, id: JobId, order: Order, wish: Wish) -> Result<bool, String> {
        if self.order(id, order) {
            return Ok(true);
        }
        let job = self.job(id).await?;
        dispatch::stop_elsewhere(&self.store, &job, wish).await.map_err(|error| self.said(&error))?;
        Ok(false)
    }

    async fn cancel(&self, id: JobId) -> Result<(), String> {
        if self.stop(id, Order::Cancel, Wish::Cancel).await? {
            return Ok(());
        }
        let mut job = self.job(id).await?;
        // It may have been paused a moment before it was asked.
        if !matches!(job.state, JobState::Done | JobState::Cancelled) {
            job = dispatch::cancel(&self.store, job).await.map_err(|error| self.said(&error))?;
        }
        self.tell(SendMsg::Ended { job: Box::new(job) });
        Ok(())
    }

    async fn review(&self, id: JobId) -> Result<dispatch::Review, String> {
        let job = self.job(id).await?;
        let session = self.session(job.account).await?;
        let found = dispatch::review(&session, &self.store, &job).await.map_err(|error| self.said(&error));
        self.tell_token(job.account, &session).await;
        found
    }

    /// Asks through the ledger, whichever process works on the job.
    async fn set_pace(&self, job: JobId, pace: PaceLimits) -> Result<(), String> {
        self.store.set_job_pace(job, pace).await.map_err(|error| self.said(&error))?;
        // All jobs of an account share one pace here: another one may have changed it since this job last did.
        if let Some(running) = lock(&self.jobs).get(&job) {
            running.controller.set_pace(pace);
        }
        self.tell(SendMsg::PaceChanged { job, pace });
        Ok(())
    }

    /// Tells a job that this process works on; whether there is one.
    fn order(&self, job: JobId, order: Order) -> bool {
        lock(&self.jobs).get(&job).is_some_and(|running| {
            running.controller.order(order);
            true
        })
    }

    /// Runs a job in a task of its own, and looks at its counters while it runs.
    pub(super) async fn work(self: Arc<Self>, job: Job) -> Result<(), String> {
        let session = self.session(job.account).await?;
        if lock(&self.jobs).contains_key(&job.id) {
            return Ok(());
        }
        let begun = Job { state: JobState::Running, reason: None, ..job.clone() };
        self.tell(SendMsg::Started { job: Box::new(begun) });
        let (controller, control) = Controller::new();
        let progress = Arc::new(Progress::new(job.counts));
        let id = job.id;
        // The lock is held until the task is entered, so that it cannot end before.
        let mut jobs = lock(&self.jobs);
        let services = Arc::clone(&self);
        let task = tokio::spawn(async move {
            let running = dispatch::run(Arc::clone(&session), services.store.clone(), job, Arc::clone(&progress), control);
            services.watch(id, &session, &progress, running).await;
        });
        jobs.insert(id, Running { controller, task });
        Ok(())
    }

    async fn watch(
        &self,
        id: JobId,
        session: &Session,
        progress: &Progress,
        running: impl Future<Output = Result<dispatch::Finished, dispatch::DispatchError>>,
    ) {
        let mut running = std::pin::pin!(running);
        let mut look = tokio::time::interval(LOOK_EVERY);
        let (mut speed, mut last) = (Speed::default(), None);
        let finished = loop {
            tokio::select! {
                finished = &mut running => break finished,
                now = look.tick() => {
                    let progress = seen(id, session, progress, &mut speed, now);
                    if last.as_ref() != Some(&progress) {
                        self.tell(SendMsg::Progressed(progress.clone()));
                    }
                    last = Some(progress);
                }
            }
        };
        lock(&self.jobs).remove(&id);
        let job = match finished {
            Ok(finished) => Some(finished.job),
            Err(error) => {
                self.tell(SendMsg::Refused { text: self.said(&error) });
                self.job(id).await.ok().map(|job| dispatch::as_found(&self.store, job))
            }
        };
        if let Some(job) = job {
            self.tell(SendMsg::Ended { job: Box::new(job) });
        }
        self.tell_token(session.account().id, session).await;
    }
}

fn seen(job: JobId, session: &Session, progress: &Progress, speed: &mut Speed, now: Instant) -> JobProgress {
    let (view, pace) = (progress.view(), session.pace().view());
    let hold = progress.held().map(|(until, why)| Hold { until, why });
    JobProgress {
        job,
        counts: view.counts,
        in_flight: view.in_flight,
        retrying: view.waiting,
        rate_per_sec: speed.seen(now, view.counts.settled()),
        pace: pace.limits,
        allowed: pace.now,
        hold: hold.or_else(|| blocked(pace.blocked_until?, now)),
        state: JobState::Running,
        reason: None,
    }
}

/// Another job of the account met the end of the minute's quota, which is the end for all of them.
fn blocked(until: Instant, now: Instant) -> Option<Hold> {
    let left = until.checked_duration_since(now)?;
    Some(Hold {
        until: Timestamp::now() + left,
        why: StopReason::Refused { errcode: 45011, errmsg: String::new(), call: Call::Send },
    })
}
