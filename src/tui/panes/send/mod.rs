//! The job on the screen: its gauge and its deliveries.

mod gauge;
mod jobs;
mod reopen;
mod review;
mod rows;
mod speeds;
mod stops;
mod sum;
mod view;
mod words;

pub use words::{audience_of, delivery_role, job_role, job_sign, job_state_word, meaning, state_word, stop_words, told};

use crate::domain::api_base::ApiBase;
use crate::domain::audience::{Join, Outcome, UserSet};
use crate::domain::delivery::{IN_REVIEW, State};
use crate::domain::id::JobId;
use crate::domain::job::{Job, JobState};
use crate::domain::template::Template;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::{Content, DeliveryFilter, SendEffect};
use crate::tui::input::Key;
use crate::tui::keys::Action;
use crate::tui::layers::{Errors, History, Inspector, Layer, Notice, Pace, Question, Save};
use crate::tui::msg::{AccountsMsg, AudienceMsg, JobProgress, Level, ListsMsg, Msg, SendMsg, SystemMsg};
use crate::tui::out::Out;
use crate::tui::widgets::Pressed;
use jobs::{Jobs, Taken};
use rows::Rows;
use speeds::Speeds;
use std::collections::BTreeSet;
use words::{filter_words, pace_words};

/// The job on the screen: its gauge and its deliveries.
#[derive(Debug, Default)]
pub struct Send {
    jobs: Jobs,
    /// Of the shown job, while it runs.
    progress: Option<JobProgress>,
    speeds: Speeds,
    rows: Rows,
    /// Those of the account, by which fields have their labels.
    templates: Vec<Template>,
    /// Which recipients are listed first: those that were when the account was left.
    reopened: Option<DeliveryFilter>,
    /// API host of the account.
    base: ApiBase,
    /// What the account is called.
    account: String,
    /// Jobs whose messages in review are being looked up.
    reviewing: BTreeSet<JobId>,
}

impl Send {
    /// The job on the screen.
    pub fn job(&self) -> Option<&Job> {
        self.jobs.shown()
    }

    /// Whether a delivery is under the cursor.
    pub fn has_row(&self) -> bool {
        self.rows.current().is_some()
    }

    /// Whether there is a job before the one on the screen.
    pub fn has_older(&self) -> bool {
        self.jobs.place().0 < self.jobs.place().1
    }

    /// Whether there is one after it.
    pub fn has_newer(&self) -> bool {
        self.jobs.place().0 > 1
    }

    /// How many messages the jobs of this very process still have to send; none if there are none.
    pub fn to_be_sent_here(&self) -> Option<u64> {
        self.jobs.to_be_sent_here()
    }

    /// Reads the jobs again: other processes may have made some, or gone on with some.
    pub fn reload(&mut self, out: &mut Out) {
        self.jobs.load(out);
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.rows.finder.is_typing()
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        self.rows.on_key(key, out);
    }

    /// Pasted while searching.
    pub fn on_paste(&mut self, text: &str) {
        self.rows.finder.paste(text);
        self.rows.narrow();
    }

    /// Makes the recipients that are listed part of the audience.
    fn join_rows(&self, join: Join, job: JobId, ctx: &Context, out: &mut Out) {
        let outcome = match self.rows.filter {
            DeliveryFilter::All => Outcome::All,
            DeliveryFilter::Problems => Outcome::Problems,
            DeliveryFilter::Only(state) => Outcome::Only(state),
            DeliveryFilter::Code(_) => {
                let text = ctx.say("send.no_set").to_owned();
                return out.tell(SystemMsg::Noted { level: Level::Info, text });
            }
        };
        out.tell(AudienceMsg::Joined { join, set: UserSet::Job(job, outcome) });
    }

    /// Opens the history: what is known of it by now, and then what the ledger says.
    pub fn open_history(&mut self, out: &mut Out) {
        let shown = self.job().map(|job| job.id);
        out.open(Layer::History(Box::new(History::new(self.jobs.list(), shown))));
        self.reload(out);
    }

    /// Moves, filters, inspects, or does something to the job.
    pub fn on_action(&mut self, action: Action, ctx: &Context, out: &mut Out) {
        if self.rows.on_action(action, out) {
            return;
        }
        let Some(job) = self.job().cloned() else { return };
        match action {
            Action::Act => self.inspect(&job, out),
            Action::Search => self.rows.finder.begin(),
            Action::Back if self.rows.finder.clear() => self.rows.narrow(),
            Action::Filter => self.rows.next_filter(out),
            Action::Errors => {
                out.open(Layer::Errors(Errors::new(&job)));
                out.ask(SendEffect::CountErrors { job: job.id });
            }
            Action::Save => self.save(&job, ctx, out),
            Action::Join => self.join_rows(Join::Union, job.id, ctx, out),
            Action::Subtract => self.join_rows(Join::Difference, job.id, ctx, out),
            Action::Intersect => self.join_rows(Join::Intersection, job.id, ctx, out),
            Action::Review => self.review(&job, ctx, out),
            Action::Summary => self.sum_up(&job, ctx, out),
            Action::RetryFailed => retry(&job, State::Failed, ctx, out),
            Action::RetryUnknown => retry(&job, State::Unknown, ctx, out),
            Action::OlderJob => self.step(1, out),
            Action::NewerJob => self.step(-1, out),
            Action::Pause | Action::CancelJob | Action::Pace | Action::HandOver => self.control(action, &job, ctx, out),
            _ => {}
        }
    }

    /// What is in view goes into a file; from the view of trouble alone, everything does.
    fn save(&self, job: &Job, ctx: &Context, out: &mut Out) {
        let (filter, id) = (self.rows.filter, job.id.to_string());
        let about = match filter {
            DeliveryFilter::Problems | DeliveryFilter::All => {
                ctx.say_with("save.deliveries", &[("job", &id), ("count", &number::thousands(job.counts.total))])
            }
            _ => ctx.say_with("save.deliveries_only", &[("job", &id), ("filter", &filter_words(filter, ctx))]),
        };
        let what = Content::Deliveries { job: job.id, filter };
        out.open(Layer::Save(Box::new(Save::new(what, about, &format!("muban-job-{id}.csv")))));
    }

    /// Looks up at WeChat what became of messages in review; once at a time.
    fn review(&mut self, job: &Job, ctx: &Context, out: &mut Out) {
        if self.reviewing.insert(job.id) {
            out.ask(SendEffect::ReviewJob { job: job.id });
        }
        note(ctx.say_with("review.looking", &[("id", &job.id.to_string())]), out);
    }

    /// Does something to a job that is not at its end, or says why not.
    fn control(&self, action: Action, job: &Job, ctx: &Context, out: &mut Out) {
        let (id, running) = (job.id.to_string(), job.state == JobState::Running);
        let why_not = match action {
            _ if matches!(job.state, JobState::Done | JobState::Cancelled) => {
                Some(ctx.say_with("send.ended_already", &[("id", &id), ("key", &ctx.key(Action::RetryFailed))]))
            }
            Action::HandOver if !ctx.settings.can_hand_over => Some(ctx.say("send.no_hand_over").to_owned()),
            Action::HandOver if self.jobs.runs_elsewhere(job) => Some(ctx.say_with("send.elsewhere_already", &[("id", &id)])),
            _ => None,
        };
        if let Some(text) = why_not {
            return out.open(Layer::Notice(Notice::new(Level::Info, text)));
        }
        match action {
            Action::Pause if running => out.ask(SendEffect::PauseJob { job: job.id }),
            Action::Pause => out.ask(SendEffect::ResumeJob { job: job.id }),
            Action::Pace => out.open(Layer::Pace(Box::new(Pace::new(job.id, job.pace)))),
            Action::HandOver => {
                out.ask(SendEffect::HandOver { job: job.id });
                note(ctx.say_with("send.handing_over", &[("id", &id)]), out);
            }
            _ => {
                let text = ctx.say_with("send.cancel_question", &[("count", &number::thousands(job.counts.queued()))]);
                out.open(Layer::Question(Question::new(text, SendEffect::CancelJob { job: job.id })));
            }
        }
    }

    /// Selects the row on a line; the gauge is above the rows.
    pub fn press(&mut self, line: usize, out: &mut Out) -> Pressed {
        line.checked_sub(self.head_lines()).map_or(Pressed::Nothing, |row| self.rows.press(row, out))
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, ctx: &Context, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                let rows = self.rows.emptied();
                let base = account.api_base.clone();
                let account_name = format!("{} {}", account.name, account.appid.short());
                let (jobs, speeds) = (std::mem::take(&mut self.jobs), std::mem::take(&mut self.speeds));
                *self = Self { jobs, speeds, rows, base, account: account_name, ..Self::default() };
                self.jobs.of(account.id, out);
            }
            Msg::Lists(ListsMsg::TemplatesLoaded { templates, .. }) => self.templates.clone_from(templates),
            Msg::System(SystemMsg::Reopened { view }) => self.reopen(view, out),
            Msg::Send(msg) => self.on_send_msg(msg, ctx, out),
            _ => {}
        }
    }

    fn on_send_msg(&mut self, msg: &SendMsg, ctx: &Context, out: &mut Out) {
        match msg {
            SendMsg::JobsLoaded { generation, jobs, .. } => match self.jobs.take_all(*generation, jobs, out) {
                Taken::First => {
                    self.show(out);
                    out.layers.extend(stops::offer_to_resume(self.jobs.list(), ctx));
                }
                Taken::Changed if self.shows_its_rows() => self.rows.follow(out),
                Taken::Changed => self.show(out),
                Taken::Nothing => {}
            },
            SendMsg::CodeChosen { errcode } => self.rows.set_filter(DeliveryFilter::Code(*errcode), out),
            SendMsg::OlderJobsWanted => self.jobs.load_more(out),
            SendMsg::JobChosen { job } => {
                self.jobs.choose(*job, out);
                self.show(out);
            }
            SendMsg::Started { job } => {
                self.jobs.begin(job);
                self.speeds.begin(job.id, ctx.now);
                if self.is_shown(job) {
                    self.show(out);
                }
            }
            SendMsg::Ended { job } => {
                if self.jobs.end(job, out) {
                    out.layers.extend(stops::at_stop(job, ctx));
                }
                if self.is_shown(job) && self.shows_its_rows() {
                    self.rows.load_first(out);
                } else if self.is_shown(job) {
                    self.show(out);
                }
            }
            SendMsg::Reviewed { job: id, found } => {
                self.reviewing.remove(id);
                out.open(review::told(*id, found, ctx));
                let of = self.job().filter(|job| job.id == *id).map(|job| (job.account, job.id));
                if of.is_some() && found.as_ref().is_ok_and(|review| review.held > 0) {
                    self.rows.show(of, DeliveryFilter::Code(IN_REVIEW), out);
                }
            }
            SendMsg::PaceChanged { job, pace } => {
                self.jobs.set_pace(*job, *pace);
                let (id, pace) = (job.to_string(), pace_words(*pace, ctx));
                note(ctx.say_with("send.pace_changed", &[("id", &id), ("pace", &pace)]), out);
            }
            SendMsg::HandedOver { job } => {
                self.jobs.handed_over(*job, out);
                note(ctx.say_with("send.handed_over", &[("id", &job.to_string())]), out);
            }
            SendMsg::NotHandedOver { job, text } => {
                let text = ctx.say_with("send.not_handed_over", &[("id", &job.to_string()), ("text", text)]);
                out.open(Layer::Notice(Notice::new(Level::Error, text)));
            }
            SendMsg::Progressed(progress) => {
                self.speeds.see(progress.job, progress.rate_per_sec, ctx.now);
                self.take_progress(progress, out);
            }
            SendMsg::DeliveriesLoaded { generation, page } => self.rows.take_page(*generation, page.clone(), out),
            _ => {}
        }
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, height: usize) {
        let head = self.head_lines() + usize::from(self.rows.finder.is_shown());
        self.rows.cursor.fit(self.rows.shown.len(), height.saturating_sub(head));
    }

    fn is_shown(&self, job: &Job) -> bool {
        self.job().is_some_and(|shown| shown.id == job.id)
    }

    /// Whether the deliveries asked for are those of the job on the screen: it may have become another one.
    fn shows_its_rows(&self) -> bool {
        self.job().map(|job| job.id) == self.rows.job()
    }

    fn inspect(&self, job: &Job, out: &mut Out) {
        // Rows of the job before may still be in view.
        if let Some((delivery, name)) = self.rows.current().filter(|(delivery, _)| delivery.job == job.id) {
            out.ask(SendEffect::LoadAttempts { job: job.id, row: delivery.row });
            let template = self.template_of(job).cloned();
            let inspector = Inspector::new(job.clone(), template, delivery.clone(), name.clone(), self.base.clone());
            out.open(Layer::Inspector(Box::new(inspector)));
        }
    }

    fn template_of(&self, job: &Job) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == job.message.template_id)
    }

    fn step(&mut self, by: isize, out: &mut Out) {
        self.jobs.step(by);
        self.show(out);
    }

    /// Shows what went wrong in the job that is now the shown one.
    fn show(&mut self, out: &mut Out) {
        let of = self.job().map(|job| (job.account, job.id));
        // An account may have no jobs yet when it is turned to.
        let filter = of.and_then(|_| self.reopened.take()).unwrap_or_default();
        self.rows.show(of, filter, out);
    }

    fn take_progress(&mut self, progress: &JobProgress, out: &mut Out) {
        let has_more_problems = self.jobs.advance(progress);
        if self.job().is_some_and(|job| job.id == progress.job) {
            self.progress = Some(progress.clone());
            if has_more_problems {
                self.rows.follow(out);
            }
        }
    }
}

/// Good news for the footer.
fn note(text: String, out: &mut Out) {
    out.tell(SystemMsg::Noted { level: Level::Info, text });
}

/// Asks whether rows that ended so shall be sent once more.
pub fn retry(job: &Job, state: State, ctx: &Context, out: &mut Out) {
    let effect = SendEffect::RetryJob { job: job.id, state };
    let (count, key) = match state {
        State::Unknown => (job.counts.unknown, "send.retry_unknown_question"),
        _ => (job.counts.failed, "send.retry_failed_question"),
    };
    if count > 0 {
        out.open(Layer::Question(Question::new(ctx.say_with(key, &[("count", &number::thousands(count))]), effect)));
    }
}
