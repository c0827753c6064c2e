//! `job export`: one row a recipient, to standard output or into a new file.

use super::args::{ExportArgs, ExportFormat};
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use crate::dispatch::{self, ExportError, Format, NewFile};
use crate::domain::job::Job;
use crate::store::{DeliveryFilter, Store};
use crate::text::number;
use serde_json::json;
use std::io;

/// Writes the rows that were asked for.
pub async fn export(context: &Context, store: &Store, job: &Job, args: &ExportArgs) -> Done {
    let filter = DeliveryFilter { state: args.state, errcode: args.errcode };
    let is_json = args.format.map_or(context.json, |format| format == ExportFormat::Json);
    let Some(path) = &args.output else {
        let format = if is_json { Format::Json } else { Format::Csv };
        return match dispatch::export(store, job, filter, format, context.lang, io::stdout()).await {
            Err(error) if error.is_reader_gone() => Ok(Exit::Fine),
            result => Ok(result.map(|_| Exit::Fine)?),
        };
    };
    let format = if is_json { Format::Json } else { Format::Spreadsheet };
    let mut file = NewFile::create(path)?;
    let rows = dispatch::export(store, job, filter, format, context.lang, &mut file).await?;
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
