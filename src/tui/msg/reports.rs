use super::Generation;
use crate::dispatch::DryRun;

/// What came of looking ahead, and of keeping things in files.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportsMsg {
    /// Everyone was judged.
    RanDry {
        /// Of the request.
        generation: Generation,
        /// The verdicts, counted.
        run: Box<DryRun>,
    },
    /// They could not be judged.
    DryRunFailed {
        /// Of the request.
        generation: Generation,
        /// Why, for people.
        text: String,
    },
    /// A file is written.
    Saved {
        /// Where it lies.
        path: String,
        /// How many rows it has; none if it is a text.
        rows: Option<u64>,
    },
    /// It is not.
    NotSaved {
        /// Why, for people.
        text: String,
    },
}
