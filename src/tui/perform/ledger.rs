//! What the ledger knows of jobs, for the lists and layers.

use super::Services;
use crate::dispatch;
use crate::domain::delivery::{Delivery, IN_REVIEW, State};
use crate::domain::id::{AccountId, JobId, OpenId, RowNo};
use crate::domain::job::Job;
use crate::domain::told::Sentence;
use crate::domain::user::PageAt;
use crate::store::{DeliveryFilter as Rows, StoreResult};
use crate::tui::effect::DeliveryFilter;
use crate::tui::msg::{Attempt, DeliveryPage, SendMsg};

impl Services {
    /// One job.
    pub(super) async fn job(&self, id: JobId) -> Result<Job, String> {
        let found = self.store.job(id).await.map_err(|error| self.said(&error))?;
        found.ok_or_else(|| self.said(&Sentence::of("error.screen", "job_gone").with("id", id)))
    }

    /// The jobs of an account. One that the ledger calls running, though no process works on it, was cut off.
    pub(super) async fn jobs(&self, account: AccountId, count: u32) -> StoreResult<Vec<Job>> {
        let jobs = self.store.jobs(Some(account), count).await?;
        Ok(jobs.into_iter().map(|job| dispatch::as_found(&self.store, job)).collect())
    }

    pub(super) async fn deliveries(
        &self,
        account: AccountId,
        job: JobId,
        filter: DeliveryFilter,
        (after, count): (Option<RowNo>, u32),
    ) -> StoreResult<DeliveryPage> {
        let (states, errcode): (&[Option<State>], _) = match filter {
            DeliveryFilter::All => (&[None], None),
            DeliveryFilter::Problems => (&[Some(State::Failed), Some(State::Unknown)], None),
            DeliveryFilter::Only(state) => (&[Some(state)], None),
            DeliveryFilter::Code(IN_REVIEW) => (&[Some(State::Accepted)], Some(IN_REVIEW)),
            // By state as well: for these states there is an index.
            DeliveryFilter::Code(code) => (&[Some(State::Failed), Some(State::Unknown), Some(State::Skipped)], Some(code)),
        };
        let at = after.map_or(PageAt::First, PageAt::After);
        let mut rows: Vec<(Delivery, String)> = Vec::new();
        for state in states {
            rows.extend(self.store.deliveries(account, job, Rows { state: *state, errcode }, at, count).await?);
        }
        // Several lists in order of rows become one; what does not fit any more comes with the next page.
        rows.sort_by_key(|(delivery, _)| delivery.row);
        let more = rows.len() >= count as usize;
        rows.truncate(count as usize);
        Ok(DeliveryPage { rows, more })
    }

    pub(super) async fn count_errors(&self, job: JobId) -> StoreResult<()> {
        let codes = self.store.error_counts(job).await?;
        self.tell(SendMsg::ErrorsCounted { job, codes });
        Ok(())
    }

    pub(super) async fn deliveries_to(&self, account: AccountId, openid: OpenId, count: u32) {
        let found = self.store.deliveries_to(account, &openid, count).await.map_err(|error| self.said(&error));
        self.tell(SendMsg::DeliveriesToLoaded { account, openid, found });
    }

    pub(super) async fn attempts(&self, job: JobId, row: RowNo) -> StoreResult<()> {
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
