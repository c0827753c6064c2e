//! Outbox → WeChat → ledger: a confirmed message goes to each of its recipients, every step durable before it is taken.

mod control;
mod detach;
mod dry_run;
mod engine;
mod error;
mod export;
mod judge;
mod left_out;
mod new_file;
mod outbox;
mod prepare;
mod progress;
mod report;
mod review;
mod run;
mod sheet;
mod waiting;
mod wishes;

pub use crate::session::Pauses;
pub use control::{Control, Controller, Order};
pub use detach::{HandOverError, hand_over, leave_terminal};
pub use dry_run::{Ahead, DryRun, Intent, Noticed, Report, dry_run, dry_run_seen, look_ahead, next_flawed};
pub use error::DispatchError;
pub use export::{ExportError, Format, export, export_seen};
pub use judge::known;
pub use left_out::left_out;
pub use new_file::{NewFile, NewFileError};
pub use prepare::{ATTEMPTS, Confirmed, Prepared, create, fingerprint, retry};
pub use progress::{JobView, Progress};
pub use report::{ErrorCount, Reason, Summary, explanation, reason, summary};
pub use review::{Blocked, Review, review};
pub use run::{Finished, as_found, cancel, is_running, run, run_with, sending_elsewhere, stop_elsewhere};
pub use sheet::{Cell, ReadBy, Sheet};

#[cfg(test)]
mod tests;
