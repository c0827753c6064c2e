//! A job row by row, for spreadsheets and for programs (the columns are a contract).

use super::report::explanation;
use super::sheet::{Cell, ReadBy, Sheet};
use crate::domain::delivery::Delivery;
use crate::domain::job::Job;
use crate::domain::lang::Lang;
use crate::domain::reply::ErrmsgParts;
use crate::domain::told::{Sentence, Told};
use crate::store::{DeliveryFilter, Store, StoreError};
use crate::text::told::in_english;
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use thiserror::Error;

/// Rows fetched at a time, so that memory does not grow with the job, and no reading keeps the ledger's log from being folded in.
const PAGE: u32 = 2000;

const HEADER: [&str; 10] =
    ["openid", "state", "attempts", "errcode", "errmsg", "explanation", "msgid", "client_msg_id", "rid", "updated_at"];

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma separated with a header, each text as it is.
    Csv,
    /// The same as a spreadsheet wants it: see [`ReadBy::Spreadsheet`]. For files.
    Spreadsheet,
    /// One array of objects.
    Json,
}

/// Why an export did not come to its end.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The ledger could not be read.
    Store(#[from] StoreError),
    /// What came out could not be written.
    Write(#[from] io::Error),
}

impl Told for ExportError {
    fn told(&self) -> Sentence {
        match self {
            Self::Store(error) => error.told(),
            Self::Write(error) => Sentence::of("error.export", "write").with("why", error),
        }
    }
}

in_english!(ExportError);

impl ExportError {
    /// Whether whoever read the rows had enough of them.
    pub fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// One row; the order of its members is that of the header. `msgid` is a text: it does not fit the numbers of most programs
/// (`wechat-api.md §1.3`).
#[derive(Serialize)]
struct Row<'a> {
    openid: &'a str,
    state: &'static str,
    attempts: u32,
    errcode: Option<i64>,
    errmsg: Option<&'a str>,
    explanation: Option<String>,
    msgid: Option<String>,
    client_msg_id: String,
    rid: Option<&'a str>,
    updated_at: Option<String>,
}

/// Writes the rows of a job that the filter lets through, in their order. Gives how many.
pub async fn export(
    store: &Store,
    job: &Job,
    filter: DeliveryFilter,
    format: Format,
    lang: Lang,
    out: impl Write + Send,
) -> Result<u64, ExportError> {
    export_seen(store, job, filter, format, lang, out, &AtomicU64::new(0)).await
}

/// The same, and how many are written is to be seen meanwhile.
pub async fn export_seen(
    store: &Store,
    job: &Job,
    filter: DeliveryFilter,
    format: Format,
    lang: Lang,
    out: impl Write + Send,
    seen: &AtomicU64,
) -> Result<u64, ExportError> {
    let mut out = Out::begin(format, out)?;
    let (mut written, mut last) = (0, None);
    loop {
        let page = store.scan_deliveries(job.id, filter, last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.row);
        for delivery in &page {
            out.row(&row(job, delivery, lang))?;
        }
        written += page.len() as u64;
        seen.store(written, Relaxed);
    }
    out.end()?;
    Ok(written)
}

fn row<'a>(job: &Job, delivery: &'a Delivery, lang: Lang) -> Row<'a> {
    let errmsg = delivery.errmsg.as_deref();
    Row {
        openid: delivery.openid.as_str(),
        state: delivery.state.as_str(),
        attempts: delivery.attempts,
        errcode: delivery.errcode,
        errmsg,
        explanation: explanation(delivery, lang),
        msgid: delivery.msgid.map(|msgid| msgid.to_string()),
        client_msg_id: job.nonce.client_msg_id(delivery.row),
        rid: errmsg.and_then(|errmsg| ErrmsgParts::read(errmsg).rid),
        updated_at: delivery.updated_at.map(|at| at.to_string()),
    }
}

/// Where the rows go.
enum Out<'a> {
    Sheet(Box<Sheet<'a>>),
    Json { out: BufWriter<Box<dyn Write + Send + 'a>>, first: bool },
}

impl<'a> Out<'a> {
    fn begin(format: Format, out: impl Write + Send + 'a) -> io::Result<Self> {
        match format {
            Format::Csv => Ok(Self::Sheet(Box::new(Sheet::begin(out, ReadBy::Program, &HEADER)?))),
            Format::Spreadsheet => Ok(Self::Sheet(Box::new(Sheet::begin(out, ReadBy::Spreadsheet, &HEADER)?))),
            Format::Json => {
                let mut out = BufWriter::new(Box::new(out) as Box<dyn Write + Send + 'a>);
                out.write_all(b"[")?;
                Ok(Self::Json { out, first: true })
            }
        }
    }

    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        match self {
            Self::Sheet(sheet) => sheet.row(&[
                Cell::Text(row.openid),
                Cell::Text(row.state),
                Cell::Number(row.attempts.into()),
                row.errcode.map_or(Cell::Nothing, Cell::Number),
                Cell::maybe(row.errmsg),
                Cell::maybe(row.explanation.as_deref()),
                Cell::maybe(row.msgid.as_deref()),
                Cell::Text(&row.client_msg_id),
                Cell::maybe(row.rid),
                Cell::maybe(row.updated_at.as_deref()),
            ]),
            Self::Json { out, first } => {
                let comma: &[u8] = if std::mem::take(first) { b"\n" } else { b",\n" };
                out.write_all(comma)?;
                Ok(serde_json::to_writer(out, row)?)
            }
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Sheet(sheet) => sheet.end(),
            Self::Json { mut out, .. } => {
                out.write_all(b"\n]\n")?;
                out.flush()
            }
        }
    }
}
