//! The job on the screen: its gauge and its deliveries.

mod view;

pub use view::{SEND_CALL, state_word};

use crate::domain::delivery::{Delivery, State};
use crate::domain::id::{AccountId, JobId, RowNo};
use crate::domain::job::{Job, JobState, StopReason};
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::{DeliveryFilter, SendEffect};
use crate::tui::keys::Action;
use crate::tui::layers::{Inspector, Layer, Question};
use crate::tui::msg::{AccountsMsg, DeliveryPage, Generation, JobProgress, Msg, SendMsg};
use crate::tui::out::Out;
use crate::tui::widgets::Cursor;
use std::collections::BTreeSet;

/// Rows asked for at once.
const PAGE: u32 = 200;

/// The job on the screen: its gauge and its deliveries.
#[derive(Debug, Default)]
pub struct Send {
    account: Option<AccountId>,
    jobs: Vec<Job>,
    jobs_generation: Generation,
    /// Which of the jobs is shown.
    shown: usize,
    progress: Option<JobProgress>,
    rows: Vec<(Delivery, String)>,
    more: bool,
    filter: DeliveryFilter,
    cursor: Cursor,
    generation: Generation,
    request: Request,
    /// Jobs that this process works on.
    ours: BTreeSet<JobId>,
    /// Whether the operator was asked about an interrupted job.
    offered: bool,
    /// Which list was asked for last.
    asked: Option<(JobId, DeliveryFilter)>,
}

/// At most one request for deliveries is on its way; what happens meanwhile asks for one more afterwards.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Request {
    #[default]
    None,
    First,
    Next,
    FirstAgain,
}

impl Send {
    /// The job on the screen.
    pub fn job(&self) -> Option<&Job> {
        self.jobs.get(self.shown)
    }

    /// A job that this very process works on, if there is one.
    pub fn running(&self) -> Option<&Job> {
        self.jobs.iter().find(|job| job.state == JobState::Running && self.ours.contains(&job.id))
    }

    /// Moves, filters, inspects, or does something to the job.
    pub fn on_action(&mut self, action: Action, ctx: &Context, out: &mut Out) {
        if self.cursor.on_action(action, self.rows.len()) {
            return self.load_margin(out);
        }
        let Some(job) = self.job().cloned() else { return };
        match action {
            Action::Act => self.inspect(&job, out),
            Action::Filter => {
                self.filter = next_filter(self.filter);
                self.load_first(out);
            }
            Action::RetryFailed => retry(&job, State::Failed, ctx, out),
            Action::RetryUnknown => retry(&job, State::Unknown, ctx, out),
            Action::Pause => match job.state {
                JobState::Running => out.ask(SendEffect::PauseJob { job: job.id }),
                JobState::Paused => out.ask(SendEffect::ResumeJob { job: job.id }),
                JobState::Done | JobState::Cancelled => {}
            },
            Action::CancelJob if matches!(job.state, JobState::Running | JobState::Paused) => {
                let text = ctx.say_with("send.cancel_question", &[("count", &number::thousands(job.counts.queued()))]);
                out.open(Layer::Question(Question::new(text, SendEffect::CancelJob { job: job.id })));
            }
            Action::OlderJob => self.show(self.shown + 1, out),
            Action::NewerJob => self.show(self.shown.saturating_sub(1), out),
            _ => {}
        }
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, ctx: &Context, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                *self = Self {
                    account: Some(account.id),
                    jobs_generation: self.jobs_generation,
                    generation: self.generation,
                    ours: std::mem::take(&mut self.ours),
                    ..Self::default()
                };
                let generation = self.jobs_generation.advance();
                out.ask(SendEffect::LoadJobs { generation, account: account.id });
            }
            Msg::Send(SendMsg::JobsLoaded { generation, jobs }) if *generation == self.jobs_generation => {
                self.jobs.clone_from(jobs);
                self.show(0, out);
                self.offer_to_resume(ctx, out);
            }
            Msg::Send(SendMsg::Started { job } | SendMsg::Ended { job }) if Some(job.account) == self.account => {
                self.take_job(job, matches!(msg, Msg::Send(SendMsg::Started { .. })), out);
            }
            Msg::Send(SendMsg::Progressed(progress)) => self.take_progress(progress, out),
            Msg::Send(SendMsg::DeliveriesLoaded { generation, page }) if *generation == self.generation => {
                self.take_page(page.clone(), out);
            }
            _ => {}
        }
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, height: usize) {
        self.cursor.fit(self.rows.len(), height.saturating_sub(1));
    }

    fn inspect(&self, job: &Job, out: &mut Out) {
        if let Some((delivery, name)) = self.rows.get(self.cursor.at) {
            out.ask(SendEffect::LoadAttempts { job: job.id, row: delivery.row });
            let client_msg_id = job.nonce.client_msg_id(delivery.row);
            let inspector = Inspector::new(delivery.clone(), name.clone(), job.message.body(&delivery.openid), client_msg_id);
            out.open(Layer::Inspector(Box::new(inspector)));
        }
    }

    fn show(&mut self, index: usize, out: &mut Out) {
        self.shown = index.min(self.jobs.len().saturating_sub(1));
        self.filter = DeliveryFilter::default();
        self.load_first(out);
    }

    fn take_job(&mut self, job: &Job, started: bool, out: &mut Out) {
        match self.jobs.iter().position(|known| known.id == job.id) {
            Some(index) => self.jobs[index] = job.clone(),
            None => self.jobs.insert(0, job.clone()),
        }
        if !started {
            self.ours.remove(&job.id);
        }
        if started {
            self.ours.insert(job.id);
            self.shown = self.jobs.iter().position(|known| known.id == job.id).unwrap_or(0);
            self.filter = DeliveryFilter::Problems;
        }
        if self.job().is_some_and(|shown| shown.id == job.id) {
            self.load_first(out);
        }
    }

    /// A job that was cut off waits for a word; asked once an account.
    fn offer_to_resume(&mut self, ctx: &Context, out: &mut Out) {
        let cut_off = |job: &&Job| job.state == JobState::Paused && job.reason == Some(StopReason::Interrupted);
        let Some(job) = self.jobs.first().filter(cut_off).filter(|_| !self.offered) else { return };
        let (id, count) = (job.id.to_string(), number::thousands(job.counts.queued()));
        let text = ctx.say_with("send.resume_question", &[("id", &id), ("title", &job.title), ("count", &count)]);
        out.open(Layer::Question(Question::new(text, SendEffect::ResumeJob { job: job.id })));
        self.offered = true;
    }

    fn take_progress(&mut self, progress: &JobProgress, out: &mut Out) {
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == progress.job) else { return };
        let problems = |job: &Job| job.counts.failed + job.counts.unknown;
        let before = problems(job);
        (job.counts, job.state) = (progress.counts, progress.state);
        job.reason.clone_from(&progress.reason);
        let has_more_problems = problems(job) != before;
        if self.job().is_some_and(|job| job.id == progress.job) {
            self.progress = Some(progress.clone());
            // The list follows the job only while its first row is selected: rows must not move under a reading eye.
            if has_more_problems && self.cursor.at == 0 {
                self.load_first(out);
            }
        }
    }

    fn load_first(&mut self, out: &mut Out) {
        match self.request {
            // Something is on its way: what it brings may already be old, so ask again when it is here.
            Request::First | Request::FirstAgain if self.same_list_is_asked() => self.request = Request::FirstAgain,
            _ => {
                self.request = Request::First;
                self.load(None, out);
            }
        }
    }

    fn load(&mut self, after: Option<RowNo>, out: &mut Out) {
        let Some((account, job)) = self.job().map(|job| (job.account, job.id)) else {
            self.rows.clear();
            self.request = Request::None;
            return;
        };
        let generation = self.generation.advance();
        self.asked = Some((job, self.filter));
        out.ask(SendEffect::LoadDeliveries { generation, account, job, filter: self.filter, after, count: PAGE });
    }

    fn same_list_is_asked(&self) -> bool {
        self.asked == self.job().map(|job| (job.id, self.filter))
    }

    fn load_margin(&mut self, out: &mut Out) {
        let near_end = self.cursor.at + 20 >= self.rows.len();
        if self.more && near_end && self.request == Request::None {
            self.request = Request::Next;
            self.load(self.rows.last().map(|(delivery, _)| delivery.row), out);
        }
    }

    fn take_page(&mut self, page: DeliveryPage, out: &mut Out) {
        let request = std::mem::take(&mut self.request);
        self.more = page.more;
        if request == Request::Next {
            self.rows.extend(page.rows);
        } else {
            self.rows = page.rows;
            self.cursor.clamp(self.rows.len());
        }
        if request == Request::FirstAgain {
            self.load_first(out);
        }
    }
}

fn retry(job: &Job, state: State, ctx: &Context, out: &mut Out) {
    let effect = SendEffect::RetryJob { job: job.id, state };
    let (count, key) = match state {
        State::Unknown => (job.counts.unknown, "send.retry_unknown_question"),
        _ => (job.counts.failed, "send.retry_failed_question"),
    };
    if count > 0 {
        out.open(Layer::Question(Question::new(ctx.say_with(key, &[("count", &number::thousands(count))]), effect)));
    }
}

fn next_filter(filter: DeliveryFilter) -> DeliveryFilter {
    match filter {
        DeliveryFilter::Problems => DeliveryFilter::All,
        DeliveryFilter::All => DeliveryFilter::Only(State::Failed),
        DeliveryFilter::Only(State::Failed) => DeliveryFilter::Only(State::Unknown),
        DeliveryFilter::Only(State::Unknown) => DeliveryFilter::Only(State::Accepted),
        DeliveryFilter::Only(State::Accepted) => DeliveryFilter::Only(State::Queued),
        DeliveryFilter::Only(_) => DeliveryFilter::Problems,
    }
}
