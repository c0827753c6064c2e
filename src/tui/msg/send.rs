use super::Generation;
use crate::domain::account::PaceLimits;
use crate::domain::audience::Reach;
use crate::domain::delivery::{Counts, Delivery};
use crate::domain::id::{JobId, RowNo};
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::user::User;
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
    /// The jobs of an account, newest first.
    JobsLoaded {
        /// Of the request.
        generation: Generation,
        /// The jobs.
        jobs: Vec<Job>,
    },
    /// One window of deliveries.
    DeliveriesLoaded {
        /// Of the request.
        generation: Generation,
        /// The rows.
        page: DeliveryPage,
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
}

/// What the confirmation shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    /// Whom it would reach.
    pub reach: Reach,
    /// The first recipient.
    pub first: Option<User>,
    /// The pace it would be sent at.
    pub pace: PaceLimits,
    /// An unfinished or recent job with the same message and audience.
    pub same_as: Option<JobId>,
    /// Jobs that other processes send for the same account.
    pub elsewhere: Vec<JobId>,
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
    /// Answers a second, lately.
    pub rate_per_sec: f64,
    /// Where the job stands.
    pub state: JobState,
    /// Why it is paused.
    pub reason: Option<StopReason>,
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
