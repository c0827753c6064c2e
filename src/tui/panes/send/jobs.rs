//! The jobs of an account, and which of them this process works on.

use crate::domain::account::PaceLimits;
use crate::domain::id::{AccountId, JobId};
use crate::domain::job::{Job, JobState};
use crate::tui::effect::SendEffect;
use crate::tui::msg::{Generation, JobProgress};
use crate::tui::out::Out;
use std::collections::{BTreeMap, BTreeSet};

/// Jobs read at once; so many more when somebody goes further back.
const READ_AT_ONCE: u32 = 200;

/// The jobs of an account, newest first.
#[derive(Debug)]
pub struct Jobs {
    account: Option<AccountId>,
    list: Vec<Job>,
    generation: Generation,
    /// How many are read at most.
    count: u32,
    /// Which of them is shown.
    shown: usize,
    /// Jobs that this process works on, whatever their account, with what is still to be sent.
    ours: BTreeMap<JobId, u64>,
    /// Jobs that other processes work on, and that are being followed.
    followed: BTreeSet<JobId>,
    /// One to show that was not among them: they are read again, further back, until it is.
    wanted: Option<JobId>,
    /// Whether they were read once.
    loaded: bool,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            account: None,
            list: Vec::new(),
            generation: Generation::default(),
            count: READ_AT_ONCE,
            shown: 0,
            ours: BTreeMap::new(),
            followed: BTreeSet::new(),
            wanted: None,
            loaded: false,
        }
    }
}

/// What reading the jobs changed for the one that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// They were read for the first time.
    First,
    /// It stands otherwise than before.
    Changed,
    /// Nothing, or the answer was stale.
    Nothing,
}

impl Jobs {
    /// Turns to another account: its jobs are asked for.
    pub fn of(&mut self, account: AccountId, out: &mut Out) {
        if !self.followed.is_empty() {
            out.ask(SendEffect::UnfollowJobs);
        }
        let ours = std::mem::take(&mut self.ours);
        *self = Self { account: Some(account), ours, generation: self.generation, ..Self::default() };
        self.load(out);
    }

    /// The job on the screen.
    pub fn shown(&self) -> Option<&Job> {
        self.list.get(self.shown)
    }

    /// Its place, from 1, and how many there are.
    pub fn place(&self) -> (usize, usize) {
        (self.shown + 1, self.list.len())
    }

    /// All of them, newest first.
    pub fn list(&self) -> &[Job] {
        &self.list
    }

    /// Whether this is the account they are of.
    pub fn are_of(&self, account: AccountId) -> bool {
        self.account == Some(account)
    }

    /// How many messages the jobs of this process still have to send; none if there are none: a job that only waits for its
    /// last word keeps nobody.
    pub fn to_be_sent_here(&self) -> Option<u64> {
        Some(self.ours.values().sum()).filter(|left| *left > 0)
    }

    /// Shows this one, however old it is.
    pub fn choose(&mut self, id: JobId, out: &mut Out) {
        self.wanted = Some(id);
        if self.list.iter().any(|job| job.id == id) {
            self.show_wanted(out);
        } else {
            self.load(out);
        }
    }

    fn show_wanted(&mut self, out: &mut Out) {
        let Some(id) = self.wanted else { return };
        let place = self.list.iter().position(|job| job.id == id);
        if place.is_none() && self.list.len() >= self.count as usize {
            self.count *= 2;
            return self.load(out);
        }
        // Where it is not among all of them, it was deleted meanwhile.
        self.shown = place.unwrap_or(self.shown);
        self.wanted = None;
    }

    /// Shows an older or a newer one.
    pub fn step(&mut self, by: isize) {
        self.wanted = None;
        self.shown = self.shown.saturating_add_signed(by).min(self.list.len().saturating_sub(1));
    }

    /// Whether another process works on a job.
    pub fn runs_elsewhere(&self, job: &Job) -> bool {
        job.state == JobState::Running && !self.ours.contains_key(&job.id)
    }

    /// Whether this process works on a job.
    pub fn is_ours(&self, id: JobId) -> bool {
        self.ours.contains_key(&id)
    }

    /// Takes in what was read, unless it answers an older request.
    pub fn take_all(&mut self, generation: Generation, jobs: &[Job], out: &mut Out) -> Taken {
        if generation != self.generation {
            return Taken::Nothing;
        }
        let before = std::mem::replace(&mut self.list, jobs.to_vec());
        let shown = before.get(self.shown);
        // Of our own jobs we know more than the ledger does, down to one that it had not yet when it was read.
        for job in &before {
            if self.ours.contains_key(&job.id) {
                self.put(job);
            }
        }
        self.shown = shown.and_then(|shown| self.list.iter().position(|job| job.id == shown.id)).unwrap_or(0);
        self.show_wanted(out);
        self.follow(out);
        match (std::mem::replace(&mut self.loaded, true), self.shown() == shown) {
            (false, _) => Taken::First,
            (true, true) => Taken::Nothing,
            (true, false) => Taken::Changed,
        }
    }

    /// A job of this process began, or began again: it is the one to show.
    pub fn begin(&mut self, job: &Job) {
        self.ours.insert(job.id, job.counts.queued());
        if self.are_of(job.account) {
            self.put(job);
            self.shown = self.list.iter().position(|known| known.id == job.id).unwrap_or(0);
        }
    }

    /// A job came to a halt; whether this process worked on it.
    pub fn end(&mut self, job: &Job, out: &mut Out) -> bool {
        let was_ours = self.ours.remove(&job.id).is_some();
        self.followed.remove(&job.id);
        if self.are_of(job.account) {
            self.put(job);
            self.follow(out);
        }
        was_ours
    }

    /// Another process works on a job from now on.
    pub fn handed_over(&mut self, id: JobId, out: &mut Out) {
        if self.list.iter().any(|job| job.id == id) && self.followed.insert(id) {
            out.ask(SendEffect::FollowJob { job: id });
        }
    }

    /// A job got another pace.
    pub fn set_pace(&mut self, id: JobId, pace: PaceLimits) {
        if let Some(job) = self.list.iter_mut().find(|job| job.id == id) {
            job.pace = pace;
        }
    }

    /// A job got further; whether it has more failed or unknown rows than before.
    pub fn advance(&mut self, progress: &JobProgress) -> bool {
        if let Some(left) = self.ours.get_mut(&progress.job) {
            *left = progress.counts.queued();
        }
        let Some(job) = self.list.iter_mut().find(|job| job.id == progress.job) else { return false };
        let problems = |job: &Job| job.counts.failed + job.counts.unknown;
        let before = problems(job);
        (job.counts, job.state, job.pace) = (progress.counts, progress.state, progress.pace);
        job.reason.clone_from(&progress.reason);
        problems(job) != before
    }

    fn put(&mut self, job: &Job) {
        if let Some(known) = self.list.iter_mut().find(|known| known.id == job.id) {
            return known.clone_from(job);
        }
        let at = self.list.partition_point(|known| known.id > job.id);
        // Who looks at an older one goes on looking at it.
        self.shown += usize::from(at <= self.shown && !self.list.is_empty());
        self.list.insert(at, job.clone());
    }

    /// Jobs that other processes work on are followed, each once.
    fn follow(&mut self, out: &mut Out) {
        for job in &self.list {
            if self.runs_elsewhere(job) && self.followed.insert(job.id) {
                out.ask(SendEffect::FollowJob { job: job.id });
            }
        }
    }

    /// Reads older ones as well.
    pub fn load_more(&mut self, out: &mut Out) {
        self.count += READ_AT_ONCE;
        self.load(out);
    }

    /// Reads them again: other processes may have made some, or gone on with some.
    pub fn load(&mut self, out: &mut Out) {
        let Some(account) = self.account else { return };
        let generation = self.generation.advance();
        out.ask(SendEffect::LoadJobs { generation, account, count: self.count });
    }
}
