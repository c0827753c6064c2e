//! `job export`: one row a recipient, streamed.

use super::args::ExportFormat;
use super::context::Context;
use super::failure::{Done, Exit, Failure};
use crate::domain::delivery::{Delivery, State};
use crate::domain::errcode;
use crate::domain::job::Job;
use crate::domain::reply::ErrmsgParts;
use crate::domain::user::PageAt;
use crate::store::{DeliveryFilter, Store};
use serde::Serialize;
use std::io::{self, BufWriter, Write};

/// Rows fetched at a time, so that memory does not grow with the job.
const PAGE: u32 = 2000;

/// One row of an export; the order of its members is the header.
#[derive(Serialize)]
struct Row {
    openid: String,
    state: &'static str,
    attempts: u32,
    errcode: Option<i64>,
    errmsg: Option<String>,
    explanation: Option<String>,
    msgid: Option<String>,
    client_msg_id: String,
    rid: Option<String>,
    updated_at: Option<String>,
}

/// Writes all rows of a job, or those in one state.
pub async fn export(context: &Context, store: &Store, job: &Job, format: ExportFormat, state: Option<State>) -> Done {
    let mut out = Out::new(format);
    let filter = DeliveryFilter { state, errcode: None };
    let mut at = PageAt::First;
    out.begin()?;
    loop {
        let page = store.deliveries(job.account, job.id, filter, at, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        at = PageAt::After(last.row);
        for (delivery, _) in &page {
            out.row(&row(context, job, delivery))?;
        }
    }
    out.end()?;
    Ok(Exit::Fine)
}

fn row(context: &Context, job: &Job, delivery: &Delivery) -> Row {
    let failed = delivery.errcode.filter(|code| *code != 0);
    let rid = delivery.errmsg.as_deref().and_then(|errmsg| ErrmsgParts::read(errmsg).rid).map(ToOwned::to_owned);
    Row {
        openid: delivery.openid.to_string(),
        state: delivery.state.as_str(),
        attempts: delivery.attempts,
        errcode: delivery.errcode,
        errmsg: delivery.errmsg.clone(),
        explanation: failed.map(|code| {
            let explanation = errcode::explain(code, context.lang);
            format!("{} {}", explanation.meaning, explanation.remedy)
        }),
        // As text: it does not fit the numbers of a spreadsheet (`wechat-api.md §1.3`).
        msgid: delivery.msgid.map(|msgid| msgid.to_string()),
        client_msg_id: job.nonce.client_msg_id(delivery.row),
        rid,
        updated_at: delivery.updated_at.map(|at| at.to_string()),
    }
}

/// Where the rows go.
enum Out {
    Csv(Box<csv::Writer<io::Stdout>>),
    Json { out: BufWriter<io::Stdout>, first: bool },
}

impl Out {
    fn new(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(io::stdout()))),
            ExportFormat::Json => Self::Json { out: BufWriter::new(io::stdout()), first: true },
        }
    }

    fn begin(&mut self) -> Result<(), Failure> {
        match self {
            Self::Csv(_) => Ok(()),
            Self::Json { out, .. } => out.write_all(b"[").map_err(|error| broken(&error)),
        }
    }

    fn row(&mut self, row: &Row) -> Result<(), Failure> {
        match self {
            Self::Csv(writer) => writer.serialize(row).map_err(|error| broken(&error)),
            Self::Json { out, first } => {
                let comma: &[u8] = if std::mem::take(first) { b"\n" } else { b",\n" };
                out.write_all(comma).map_err(|error| broken(&error))?;
                serde_json::to_writer(out, row).map_err(|error| broken(&error))
            }
        }
    }

    fn end(&mut self) -> Result<(), Failure> {
        match self {
            Self::Csv(writer) => writer.flush().map_err(|error| broken(&error)),
            Self::Json { out, .. } => out.write_all(b"\n]\n").and_then(|()| out.flush()).map_err(|error| broken(&error)),
        }
    }
}

fn broken(error: &impl ToString) -> Failure {
    Failure { exit: Exit::Store, message: format!("the export could not be written: {}", error.to_string()) }
}
