use super::{LOOK_EVERY, Running, Services, lock};
use crate::dispatch::{self, Controller, Draft, Order, Progress};
use crate::domain::delivery::{Delivery, State};
use crate::domain::id::{AccountId, JobId, RowNo};
use crate::domain::job::{Job, JobState};
use crate::domain::user::PageAt;
use crate::session::Session;
use crate::store::{DeliveryFilter as Rows, StoreResult, Wish};
use crate::tui::effect::{DeliveryFilter, SendEffect, SendOrder};
use crate::tui::msg::{Attempt, DeliveryPage, JobProgress, Preflight, SendMsg};
use jiff::Timestamp;
use std::sync::Arc;

/// Most jobs that can be leafed through.
const JOBS: u32 = 50;

impl Services {
    pub(super) async fn send(self: Arc<Self>, effect: SendEffect) {
        let done = match effect {
            SendEffect::PrepareSend { generation, order } => self.prepare(order).await.map(|preflight| {
                self.tell(SendMsg::Prepared { generation, preflight: Box::new(preflight) });
            }),
            SendEffect::StartSend { order, again } => Arc::clone(&self).start_send(order, again).await,
            SendEffect::RetryJob { job, state } => Arc::clone(&self).retry(job, state).await,
            SendEffect::ResumeJob { job } => Arc::clone(&self).resume(job).await,
            // A job that another process works on is asked through the ledger.
            SendEffect::PauseJob { job } if !self.order(job, Order::Pause) => {
                self.store.wish(job, Wish::Pause).await.map_err(|error| error.to_string())
            }
            SendEffect::PauseJob { .. } => Ok(()),
            SendEffect::CancelJob { job } => self.cancel(job).await,
            SendEffect::LoadJobs { generation, account } => {
                self.jobs(account).await.map_err(|error| error.to_string()).map(|jobs| {
                    self.tell(SendMsg::JobsLoaded { generation, jobs });
                })
            }
            SendEffect::LoadDeliveries { generation, account, job, filter, after, count } => {
                let page = self.deliveries(account, job, filter, (after, count)).await.map_err(|error| error.to_string());
                page.map(|page| self.tell(SendMsg::DeliveriesLoaded { generation, page }))
            }
            SendEffect::LoadAttempts { job, row } => self.attempts(job, row).await.map_err(|error| error.to_string()),
        };
        if let Err(text) = done {
            self.tell(SendMsg::Refused { text });
        }
    }

    async fn prepare(&self, order: SendOrder) -> Result<Preflight, String> {
        let account = self.account(order.account).await?;
        let fingerprint = dispatch::fingerprint(account.id, &order.message, &order.audience);
        let found = async {
            let same_as = self.store.same_job(fingerprint, Timestamp::now()).await?;
            let (reach, first) = self.count(account.id, order.audience).await?;
            let ours: Vec<JobId> = lock(&self.jobs).keys().copied().collect();
            let elsewhere = dispatch::sending_elsewhere(&self.store, account.id, &ours).await?;
            StoreResult::Ok(Preflight { reach, first, pace: account.pace, same_as, elsewhere })
        };
        found.await.map_err(|error| error.to_string())
    }

    async fn start_send(self: Arc<Self>, order: SendOrder, again: bool) -> Result<(), String> {
        let account = self.account(order.account).await?;
        let (pace, attempts) = (account.pace, dispatch::ATTEMPTS);
        let draft = Draft { message: order.message, title: order.title, audience: order.audience, pace, attempts, again };
        let prepared = dispatch::create(&self.store, &account, draft).await.map_err(|error| error.to_string())?;
        self.work(prepared.job).await
    }

    async fn retry(self: Arc<Self>, job: JobId, state: State) -> Result<(), String> {
        let of = self.job(job).await?;
        let prepared = dispatch::retry(&self.store, &of, state).await.map_err(|error| error.to_string())?;
        self.work(prepared.job).await
    }

    async fn resume(self: Arc<Self>, job: JobId) -> Result<(), String> {
        let job = self.job(job).await?;
        self.work(job).await
    }

    async fn cancel(&self, job: JobId) -> Result<(), String> {
        if self.order(job, Order::Cancel) {
            return Ok(());
        }
        let job = self.job(job).await?;
        let job = dispatch::cancel(&self.store, job).await.map_err(|error| error.to_string())?;
        self.tell(SendMsg::Ended { job: Box::new(job) });
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
        let finished = loop {
            tokio::select! {
                finished = &mut running => break finished,
                _ = look.tick() => self.tell(SendMsg::Progressed(seen(id, progress))),
            }
        };
        lock(&self.jobs).remove(&id);
        let job = match finished {
            Ok(finished) => Some(finished.job),
            Err(error) => {
                self.tell(SendMsg::Refused { text: error.to_string() });
                self.job(id).await.ok()
            }
        };
        if let Some(job) = job {
            self.tell(SendMsg::Ended { job: Box::new(job) });
        }
        self.tell_token(session.account().id, session).await;
    }

    async fn job(&self, id: JobId) -> Result<Job, String> {
        let found = self.store.job(id).await.map_err(|error| error.to_string())?;
        found.ok_or_else(|| format!("job {id} is no longer there"))
    }

    /// The jobs of an account. One that the ledger calls running, though no process works on it, was cut off.
    async fn jobs(&self, account: AccountId) -> StoreResult<Vec<Job>> {
        let jobs = self.store.jobs(Some(account), JOBS).await?;
        Ok(jobs.into_iter().map(|job| dispatch::as_found(&self.store, job)).collect())
    }

    async fn deliveries(
        &self,
        account: AccountId,
        job: JobId,
        filter: DeliveryFilter,
        (after, count): (Option<RowNo>, u32),
    ) -> StoreResult<DeliveryPage> {
        let states: &[Option<State>] = match filter {
            DeliveryFilter::All => &[None],
            DeliveryFilter::Problems => &[Some(State::Failed), Some(State::Unknown)],
            DeliveryFilter::Only(state) => &[Some(state)],
        };
        let at = after.map_or(PageAt::First, PageAt::After);
        let mut rows: Vec<(Delivery, String)> = Vec::new();
        for state in states {
            rows.extend(self.store.deliveries(account, job, Rows { state: *state, errcode: None }, at, count).await?);
        }
        // Two lists in order of rows become one; what does not fit any more comes with the next page.
        rows.sort_by_key(|(delivery, _)| delivery.row);
        let more = rows.len() >= count as usize;
        rows.truncate(count as usize);
        Ok(DeliveryPage { rows, more })
    }

    async fn attempts(&self, job: JobId, row: RowNo) -> StoreResult<()> {
        let found = self.store.attempts(job, row).await?.into_iter();
        let attempts = found.map(|attempt| Attempt {
            at: attempt.started_at,
            millis: attempt.elapsed_ms,
            status: attempt.http_status,
            errcode: attempt.errcode,
            reply: attempt.reply,
        });
        self.tell(SendMsg::AttemptsLoaded { job, row, attempts: attempts.collect() });
        Ok(())
    }
}

fn seen(job: JobId, progress: &Progress) -> JobProgress {
    let view = progress.view();
    JobProgress {
        job,
        counts: view.counts,
        in_flight: view.in_flight,
        retrying: view.waiting,
        rate_per_sec: view.rate,
        state: JobState::Running,
        reason: None,
    }
}
