//! `job export`: one row a recipient, to standard output or into a new file.

use super::args::{ExportArgs, ExportFormat};
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::progress::{Stand, watched, watched_beside_stdout};
use crate::dispatch::{self, ExportError, Format, NewFile};
use crate::domain::job::Job;
use crate::store::{DeliveryFilter, Store};
use crate::text::number;
use serde_json::json;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// Writes the rows that were asked for.
pub async fn export(context: &Context, store: &Store, job: &Job, args: &ExportArgs) -> Done {
    let filter = DeliveryFilter { state: args.state, errcode: args.errcode };
    let is_json = args.format.map_or(context.json, |format| format == ExportFormat::Json);
    let (seen, begun) = (AtomicU64::new(0), Instant::now());
    // How many pass a filter is known when they are counted.
    let total = if filter == DeliveryFilter::default() { job.counts.total } else { 0 };
    let part = context.texts().say("manners.rows");
    let stand = || Stand::since(part, (seen.load(Relaxed), total), 0, begun.elapsed());
    let Some(path) = &args.output else {
        let format = if is_json { Format::Json } else { Format::Csv };
        let work = dispatch::export_seen(store, job, filter, format, context.lang, io::stdout(), &seen);
        return match watched_beside_stdout(context, "manners.export_interrupted", stand, work).await? {
            Err(error) if error.is_reader_gone() => Ok(Exit::Fine),
            result => Ok(result.map(|_| Exit::Fine)?),
        };
    };
    let format = if is_json { Format::Json } else { Format::Spreadsheet };
    let mut file = NewFile::create(path)?;
    let work = dispatch::export_seen(store, job, filter, format, context.lang, &mut file, &seen);
    let rows = watched(context, "manners.export_interrupted", stand, work).await??;
    file.finish()?;
    let file = path.display().to_string();
    say(&context.texts().say_with("cli.exported", &[("rows", &number::thousands(rows)), ("file", &file)]));
    if context.json {
        print_json(&json!({ "rows": rows, "file": file }));
    }
    Ok(Exit::Fine)
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Write(_) => Self::of(Exit::Store, &error),
        }
    }
}
