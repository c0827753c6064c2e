//! Options of `job …`.

use super::PaceArgs;
use crate::domain::delivery::State;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What to do with a job.
#[derive(Debug, Subcommand)]
pub enum JobCommand {
    /// What became of a job
    Show {
        /// Its number
        id: i64,
    },
    /// Go on with a paused or interrupted job
    Resume {
        /// Its number
        id: i64,
        #[command(flatten)]
        pace: PaceArgs,
        /// This process was started by another one, for this job alone
        #[arg(long, hide = true)]
        detached: bool,
    },
    /// Pause a job that runs in another process
    Pause {
        /// Its number
        id: i64,
    },
    /// Change the pace of a job, running or not
    Pace {
        /// Its number
        id: i64,
        #[command(flatten)]
        pace: PaceArgs,
    },
    /// Delete the rows of jobs that ended long ago
    Prune {
        /// Only jobs that ended more than so many days ago
        #[arg(long, value_name = "DAYS")]
        older_than: u32,
    },
    /// Send again, as a new job, to those who did not get it
    Retry {
        /// Its number
        id: i64,
        /// Rows in this state: failed, or unknown (who may get it twice)
        #[arg(long, default_value = "failed")]
        state: State,
        #[command(flatten)]
        pace: PaceArgs,
    },
    /// Give up what is left of a job, running or not
    Cancel {
        /// Its number
        id: i64,
    },
    /// Ask WeChat which messages of a job were refused after a content review (40252)
    Review {
        /// Its number
        id: i64,
    },
    /// One row a recipient, on standard output or into a file
    Export(ExportArgs),
}

/// Options of `job export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Number of the job
    pub id: i64,
    /// csv (unless --json was given) or json
    #[arg(long, value_enum)]
    pub format: Option<ExportFormat>,
    /// Only rows in this state
    #[arg(long)]
    pub state: Option<State>,
    /// Only rows whose last errcode was this one
    #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
    pub errcode: Option<i64>,
    /// Into a new file, which a spreadsheet opens with its Chinese intact
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma separated, with a header
    Csv,
    /// One array of objects
    Json,
}
