use super::{DeliveryFilter, SendOrder};
use crate::domain::audience::Audience;
use crate::domain::id::{AccountId, JobId};
use crate::tui::msg::Generation;

/// Looking ahead, and keeping what there is to know in files.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportsEffect {
    /// Judge everyone whom a send would reach; sends nothing.
    RunDry {
        /// For the answer.
        generation: Generation,
        /// What would be sent.
        order: SendOrder,
    },
    /// Write a file, which must not be there yet.
    SaveFile {
        /// What goes into it.
        what: Content,
        /// Its name as it was typed; `.json` in its end says how it is written where both ways are known.
        name: String,
    },
}

/// What is kept in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The deliveries of a job.
    Deliveries {
        /// Which job.
        job: JobId,
        /// Which of them.
        filter: DeliveryFilter,
    },
    /// A text as it is.
    Text {
        /// The text.
        text: String,
    },
    /// Everyone whom an audience names in vain.
    LeftOut {
        /// Of which account.
        account: AccountId,
        /// Whom.
        audience: Audience,
    },
    /// The verdict on everyone whom a send would reach.
    Verdicts {
        /// What would be sent.
        order: SendOrder,
    },
}
