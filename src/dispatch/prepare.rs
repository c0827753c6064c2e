//! From a message and an audience to a job in the ledger.

use super::DispatchError;
use super::judge::{self, Judge};
use super::waiting::random;
use crate::audience;
use crate::domain::account::{Account, PaceLimits};
use crate::domain::audience::{Audience, Excluded, Reach};
use crate::domain::delivery::State;
use crate::domain::id::AccountId;
use crate::domain::job::{Job, Nonce};
use crate::domain::message::Message;
use crate::domain::template::Template;
use crate::store::{Created, NewJob, Recipients, Store};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Most requests for one row, by default.
pub const ATTEMPTS: u32 = 3;

/// What was confirmed.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// What is sent.
    pub message: Message,
    /// Its template.
    pub template: Template,
    /// Where the day is told that a message may name.
    pub zone: TimeZone,
    /// Who gets it.
    pub audience: Audience,
    /// How fast.
    pub pace: PaceLimits,
    /// Most requests for one row, 1 to 10.
    pub attempts: u32,
    /// Even if the very same was sent within a day.
    pub again: bool,
    /// Whom the operator was told that it reaches, where that matters: nothing is sent if it is others by now.
    pub expected: Option<Reach>,
}

/// A job in the ledger, not running yet.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The job.
    pub job: Job,
    /// Who was left out.
    pub excluded: Excluded,
}

/// Writes the job and all its rows. Refuses the same again, and an audience of nobody.
pub async fn create(store: &Store, account: &Account, confirmed: Confirmed) -> Result<Prepared, DispatchError> {
    let Confirmed { message, template, zone, audience: who, pace, attempts, again, expected } = confirmed;
    let words = audience::words(store, account.id, &who).await?;
    let known = judge::known(store, account.id, &template, &who).await?;
    let judge = Judge::new(&template, &message, &zone, &known);
    let new = NewJob {
        nonce: Nonce(random()),
        account: account.id,
        fingerprint: fingerprint(account.id, &message, &who),
        message,
        title: template.title,
        recipients: Recipients::Audience(who),
        audience: words,
        expected,
        again,
        pace,
        attempts: attempts.clamp(1, 10),
    };
    let created = if judge.is_personal() {
        store.create_personal_job(new, Box::new(move |person| judge.freeze(person)), Timestamp::now()).await?
    } else {
        store.create_job(new, Timestamp::now()).await?
    };
    match created {
        Created::Job(job) => Ok(Prepared { excluded: job.excluded, job: *job }),
        Created::Same(job) => Err(DispatchError::Same(job)),
        Created::Nobody(excluded) => Err(DispatchError::Nobody(excluded)),
        Created::Changed(reach) => Err(DispatchError::Changed(reach)),
    }
}

/// A new job for the rows of an earlier one that stand in `state`, with the same message and pace.
pub async fn retry(store: &Store, of: &Job, state: State) -> Result<Prepared, DispatchError> {
    let new = NewJob {
        nonce: Nonce(random()),
        account: of.account,
        message: of.message.clone(),
        title: of.title.clone(),
        recipients: Recipients::Retry(of.id, state),
        audience: format!("job:{}:{state}", of.id),
        fingerprint: format!("retry:{}:{state}:{:x}", of.id, random()),
        expected: None,
        again: true,
        pace: of.pace,
        attempts: of.attempts,
    };
    match store.create_job(new, Timestamp::now()).await? {
        Created::Job(job) => Ok(Prepared { excluded: job.excluded, job: *job }),
        Created::Same(_) | Created::Nobody(_) | Created::Changed(_) => Err(DispatchError::NothingToRetry(of.id)),
    }
}

/// Account, message and audience in one short text. Two that agree in it are taken for the same, and asked about.
pub fn fingerprint(account: AccountId, message: &Message, audience: &Audience) -> String {
    let text = format!(
        "{account}\n{}\n{}",
        serde_json::to_string(message).unwrap_or_default(),
        serde_json::to_string(&audience.with_files_unnamed()).unwrap_or_default()
    );
    // FNV-1a: it is on disk, so it must be the same in every version of the program.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}-{}", text.len())
}
