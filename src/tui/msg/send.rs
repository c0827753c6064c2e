use super::Generation;
use crate::dispatch::Review;
use crate::domain::account::PaceLimits;
use crate::domain::audience::{Reach, Stale};
use crate::domain::delivery::{Counts, Delivery};
use crate::domain::id::{AccountId, JobId, OpenId, RowNo};
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::message::Message;
use crate::domain::user::User;
use crate::store::{CodeCount, PastDelivery};
use jiff::Timestamp;

/// What happened to a send.
#[derive(Debug, Clone, PartialEq)]
pub enum SendMsg {
    /// Everything that has to be known before a confirmation was found out.
    Prepared {
        /// Of the request.
        generation: Generation,
        /// What was found out.
        preflight: Box<Preflight>,
    },
    /// It was not started, since it reaches others than the operator was told.
    Changed {
        /// What there is to confirm now.
        preflight: Box<Preflight>,
    },
    /// It could not be prepared or started.
    Refused {
        /// Why, for people.
        text: String,
    },
    /// A job began, or began again.
    Started {
        /// The job.
        job: Box<Job>,
    },
    /// A look at the counters.
    Progressed(JobProgress),
    /// A job came to its end, a pause or a cancellation.
    Ended {
        /// As the ledger has it now.
        job: Box<Job>,
    },
    /// A job got another pace.
    PaceChanged {
        /// Which job.
        job: JobId,
        /// How fast it goes from now on.
        pace: PaceLimits,
    },
    /// A job goes on in a process of its own.
    HandedOver {
        /// Which job.
        job: JobId,
    },
    /// It could not be handed over and stays paused.
    NotHandedOver {
        /// Which job.
        job: JobId,
        /// Why, for people.
        text: String,
    },
    /// The jobs of an account, newest first.
    JobsLoaded {
        /// Of the request.
        generation: Generation,
        /// The jobs.
        jobs: Vec<Job>,
        /// Whether there may be older ones.
        more: bool,
    },
    /// A look at older jobs is wanted than those that were read (from the history).
    OlderJobsWanted,
    /// A job was chosen to be shown (from the history, or from that of a user).
    JobChosen {
        /// Which.
        job: JobId,
    },
    /// One window of deliveries.
    DeliveriesLoaded {
        /// Of the request.
        generation: Generation,
        /// The rows.
        page: DeliveryPage,
    },
    /// The codes that rows of a job ended with, other than accepted.
    ErrorsCounted {
        /// Of which job.
        job: JobId,
        /// The most frequent first.
        codes: Vec<CodeCount>,
    },
    /// The rows with one code are to be listed (from the errors layer).
    CodeChosen {
        /// Which code.
        errcode: i64,
    },
    /// Every request that was made for one row.
    AttemptsLoaded {
        /// Of which job.
        job: JobId,
        /// Of which row.
        row: RowNo,
        /// In order of time; empty where the ledger keeps none.
        attempts: Vec<Attempt>,
    },
    /// What became of a job's messages in review was looked up.
    Reviewed {
        /// Which job.
        job: JobId,
        /// What was found and noted; or why nothing could be, for people.
        found: Result<Review, String>,
    },
    /// All jobs were gone through for what one user was sent.
    DeliveriesToLoaded {
        /// Whose jobs.
        account: AccountId,
        /// To whom.
        openid: OpenId,
        /// The newest first; or why they could not be read, for people.
        found: Result<Vec<PastDelivery>, String>,
    },
}

/// What the confirmation shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    /// Whom it would reach.
    pub reach: Reach,
    /// The first recipient, and the message they would get.
    pub first: Option<(User, Message)>,
    /// The pace it would be sent at.
    pub pace: PaceLimits,
    /// An unfinished or recent job with the same message and audience.
    pub same_as: Option<JobId>,
    /// Jobs that other processes send for the same account.
    pub elsewhere: Vec<JobId>,
    /// That what is known of the followers is old.
    pub stale: Option<Stale>,
}

/// The counters of a job at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct JobProgress {
    /// Which job.
    pub job: JobId,
    /// How many stand where.
    pub counts: Counts,
    /// Requests on their way.
    pub in_flight: u64,
    /// Rows waiting to be tried again.
    pub retrying: u64,
    /// Rows settled a second, lately.
    pub rate_per_sec: f64,
    /// How fast it was asked to go.
    pub pace: PaceLimits,
    /// How fast it may go now; less where WeChat was busy.
    pub allowed: PaceLimits,
    /// What nothing gets past at present.
    pub hold: Option<Hold>,
    /// Where the job stands.
    pub state: JobState,
    /// Why it is paused.
    pub reason: Option<StopReason>,
}

/// What nothing gets past at present.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// When it is tried again.
    pub until: Timestamp,
    /// What it is; it would be the reason if the job stopped for it.
    pub why: StopReason,
}

/// Rows of a job, in the order of the job.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeliveryPage {
    /// The rows, each with the name of the recipient where there is one.
    pub rows: Vec<(Delivery, String)>,
    /// Whether there are more after the last.
    pub more: bool,
}

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// When it left.
    pub at: Timestamp,
    /// How long it took.
    pub millis: u64,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The code, if there was one.
    pub errcode: Option<i64>,
    /// The raw answer, without anything secret.
    pub reply: String,
}
