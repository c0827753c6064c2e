use super::Services;
use crate::dispatch::{self, DryRun, ExportError, Format, Intent, NewFile, ReadBy, Report};
use crate::store::DeliveryFilter as Rows;
use crate::tui::effect::{Content, DeliveryFilter, ReportsEffect, SendOrder};
use crate::tui::msg::ReportsMsg;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

impl Services {
    pub(super) async fn reports(&self, effect: ReportsEffect) {
        let msg = match effect {
            ReportsEffect::RunDry { generation, order } => match self.run_dry(&order, None).await {
                Ok(run) => ReportsMsg::RanDry { generation, run: Box::new(run) },
                Err(text) => ReportsMsg::DryRunFailed { generation, text },
            },
            ReportsEffect::SaveFile { what, name } => match self.save(&what, &in_full(&name)).await {
                Ok((path, rows)) => ReportsMsg::Saved { path: path.display().to_string(), rows },
                Err(text) => ReportsMsg::NotSaved { text },
            },
        };
        self.tell(msg);
    }

    async fn run_dry(&self, order: &SendOrder, report: Option<Report<'_>>) -> Result<DryRun, String> {
        let SendOrder { account, template, message, audience, .. } = order;
        let intent = Intent { account: *account, template, message, audience, zone: &self.zone() };
        dispatch::dry_run(&self.store, intent, report).await.map_err(|error| self.said(&error))
    }

    /// Writes the file; gives where it lies and how many rows it has, if it is no text.
    async fn save(&self, what: &Content, path: &Path) -> Result<(PathBuf, Option<u64>), String> {
        let mut file = NewFile::create(path).map_err(|error| self.said(&error))?;
        let lang = self.language();
        let unwritten = |error: io::Error| self.said(&ExportError::from(error));
        let rows = match what {
            Content::Deliveries { job, filter } => {
                let job = self.job(*job).await?;
                let format = if is_json(path) { Format::Json } else { Format::Spreadsheet };
                let written = dispatch::export(&self.store, &job, rows(*filter), format, lang, &mut file).await;
                Some(written.map_err(|error| self.said(&error))?)
            }
            Content::Text { text } => {
                file.write_all(text.as_bytes()).map_err(unwritten)?;
                None
            }
            Content::LeftOut { account, audience } => {
                let written = dispatch::left_out(&self.store, *account, audience, lang, &mut file).await;
                Some(written.map_err(|error| self.said(&error))?)
            }
            Content::Verdicts { order } => {
                let report = Report::begin(&mut file, ReadBy::Spreadsheet, lang);
                let report = report.map_err(unwritten)?;
                let run = self.run_dry(order, Some(report)).await?;
                Some(run.reach.recipients + run.reach.excluded.total())
            }
        };
        file.flush().map_err(unwritten)?;
        file.finish().map_err(|error| self.said(&error))?;
        Ok((std::path::absolute(path).unwrap_or_else(|_| path.to_owned()), rows))
    }
}

/// The rows of a filter. There is none for troubled rows alone: with them goes everything.
fn rows(filter: DeliveryFilter) -> Rows {
    match filter {
        DeliveryFilter::All | DeliveryFilter::Problems => Rows::default(),
        DeliveryFilter::Only(state) => Rows { state: Some(state), errcode: None },
        DeliveryFilter::Code(errcode) => Rows { state: None, errcode: Some(errcode) },
    }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// A name as a shell would take it: `~/` is the home folder, anything else counts from the current one.
pub(super) fn in_full(name: &str) -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    match (name.trim().strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(name.trim()),
    }
}
