use crate::domain::account::PaceLimits;
use crate::domain::audience::{Audience, Reach};
use crate::domain::delivery::State;
use crate::domain::id::{AccountId, JobId, OpenId, RowNo};
use crate::domain::message::Message;
use crate::domain::template::Template;
use crate::tui::msg::Generation;

/// About sending.
#[derive(Debug, Clone, PartialEq)]
pub enum SendEffect {
    /// Find out what a confirmation has to show; sends nothing.
    PrepareSend {
        /// For the answer.
        generation: Generation,
        /// What would be sent.
        order: SendOrder,
    },
    /// The operator confirmed: make the job and begin.
    StartSend {
        /// What.
        order: SendOrder,
        /// Although the same was just sent, or is being sent.
        again: bool,
        /// Whom the operator was told that it reaches, if they are many.
        expected: Option<Reach>,
    },
    /// Send the rows of a job that ended so once more, as a new job.
    RetryJob {
        /// Which job.
        job: JobId,
        /// Failed or unknown.
        state: State,
    },
    /// Finish what is in flight, then hold.
    PauseJob {
        /// Which job.
        job: JobId,
    },
    /// Go on.
    ResumeJob {
        /// Which job.
        job: JobId,
    },
    /// Stop for good; what is still queued becomes skipped.
    CancelJob {
        /// Which job.
        job: JobId,
    },
    /// Send faster or slower from now on, whoever works on it.
    SetPace {
        /// Which job.
        job: JobId,
        /// How fast.
        pace: PaceLimits,
    },
    /// Leave it to a process of its own, whether it runs here or is paused.
    HandOver {
        /// Which job.
        job: JobId,
    },
    /// Tell how far a job is that another process works on, until it has ended.
    FollowJob {
        /// Which job.
        job: JobId,
    },
    /// Follow no job any more.
    UnfollowJobs,
    /// The jobs of an account, newest first.
    LoadJobs {
        /// For the answer.
        generation: Generation,
        /// Whose.
        account: AccountId,
        /// At most so many.
        count: u32,
    },
    /// One window of deliveries.
    LoadDeliveries {
        /// For the answer.
        generation: Generation,
        /// Whose: for the names of the recipients.
        account: AccountId,
        /// Of which job.
        job: JobId,
        /// Which of them.
        filter: DeliveryFilter,
        /// Those after this row; none: from the first.
        after: Option<RowNo>,
        /// At most so many.
        count: u32,
    },
    /// Count the codes that rows of a job ended with.
    CountErrors {
        /// Of which job.
        job: JobId,
    },
    /// Every request that was made for one row.
    LoadAttempts {
        /// Of which job.
        job: JobId,
        /// Of which row.
        row: RowNo,
    },
    /// Look up at WeChat what became of a job's messages in review, and note it on their rows.
    ReviewJob {
        /// Which job.
        job: JobId,
    },
    /// Go through all jobs for what one user was sent; an earlier request of this kind is given up.
    LoadDeliveriesTo {
        /// Whose jobs.
        account: AccountId,
        /// To whom.
        openid: OpenId,
        /// At most so many, the newest.
        count: u32,
    },
}

/// What is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SendOrder {
    /// From which account.
    pub account: AccountId,
    /// What.
    pub message: Message,
    /// The template that it fills in.
    pub template: Box<Template>,
    /// To whom.
    pub audience: Audience,
    /// The same in words, with tags by name.
    pub words: String,
}

/// Which deliveries to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeliveryFilter {
    /// Failed and unknown.
    #[default]
    Problems,
    /// All of them.
    All,
    /// Those in one state.
    Only(State),
    /// Those that ended with this code other than accepted; in review: those that are accepted all the same.
    Code(i64),
}
