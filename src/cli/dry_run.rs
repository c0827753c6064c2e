//! `send --dry-run`: everything but the sending.

use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::message::{self, Written};
use super::progress::{Stand, watched, watched_beside_stdout};
use super::voice::{Tone, insist, on_stderr};
use crate::dispatch::{self, DryRun, Intent, NewFile, Noticed, ReadBy, Report, Summary};
use crate::domain::account::Account;
use crate::domain::audience::{Audience, Exclusion, Reach};
use crate::domain::rules::Level;
use crate::store::Store;
use crate::text::number::thousands;
use crate::text::width::pad_left;
use serde::Serialize;
use serde_json::{Value, json};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// Said when it is asked to end early.
const INTERRUPTED: &str = "manners.dry_run_interrupted";

/// Judges every recipient, tells what came of it, and writes the verdicts if a file is named.
pub async fn dry_run(
    context: &Context,
    store: &Store,
    account: &Account,
    audience: &Audience,
    written: &Written,
    report: Option<&Path>,
) -> Done {
    let intent = Intent {
        account: account.id,
        template: &written.template,
        message: &written.message,
        audience,
        zone: &context.settings.zone(),
    };
    let (seen, begun) = (AtomicU64::new(0), Instant::now());
    let part = context.texts().say("manners.recipients");
    // How many there are is what a dry run is to find out.
    let stand = || Stand::since(part, (seen.load(Relaxed), 0), 0, begun.elapsed());
    let run = match report {
        None => watched(context, INTERRUPTED, stand, dispatch::dry_run_seen(store, intent, None, &seen)).await??,
        Some(path) if path == Path::new("-") => {
            if context.json {
                return Err(Failure::usage(context.texts().say("cli.report_and_json")));
            }
            let report = begin(io::stdout(), ReadBy::Program, context)?;
            match watched_beside_stdout(context, INTERRUPTED, stand, dispatch::dry_run_seen(store, intent, Some(report), &seen))
                .await?
            {
                Err(error) if error.is_reader_gone() => return Ok(Exit::Fine),
                run => run?,
            }
        }
        Some(path) => {
            let mut file = NewFile::create(path)?;
            let report = begin(&mut file, ReadBy::Spreadsheet, context)?;
            let work = dispatch::dry_run_seen(store, intent, Some(report), &seen);
            let run = watched(context, INTERRUPTED, stand, work).await??;
            file.finish()?;
            run
        }
    };
    tell(context, &run);
    Ok(if run.reach.recipients == 0 { Exit::Usage } else { Exit::Fine })
}

fn begin<'a>(out: impl io::Write + Send + 'a, by: ReadBy, context: &Context) -> Result<Report<'a>, Failure> {
    Ok(Report::begin(out, by, context.lang).map_err(dispatch::ExportError::Write)?)
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    summary: Summary,
    findings: Vec<Value>,
}

fn tell(context: &Context, run: &DryRun) {
    if context.json {
        let findings = run.findings.iter().map(|noticed| row(context, noticed)).collect();
        print_json(&Document { summary: not_run(run.reach), findings });
        return;
    }
    let texts = context.texts();
    for noticed in &run.findings {
        let text = message::line(context, &noticed.finding);
        let text = noticed.openid.as_ref().map_or_else(|| text.clone(), |openid| format!("{openid}: {text}"));
        let text = match noticed.row {
            Some(row) => texts.say_with("cli.in_row", &[("row", &row.to_string()), ("text", &text)]),
            None => text,
        };
        match noticed.finding.level {
            Level::Warning => context.warn(&text),
            Level::Error => insist(&on_stderr(Tone::Bad, &text)),
        }
    }
    if run.more_findings > 0 {
        say(&texts.say_with("cli.more_findings", &[("count", &thousands(run.more_findings))]));
    }
    let verdict = |count: u64, key: &str, tone| {
        say(&format!("{}  {}", pad_left(&thousands(count), 10), on_stderr(tone, texts.say(key))));
    };
    verdict(run.reach.recipients, "cli.verdict_ok", Tone::Good);
    for reason in Exclusion::ALL {
        let count = run.reach.excluded.of(reason);
        if count > 0 {
            verdict(count, &format!("cli.verdict_{}", reason.as_str()), Tone::Warning);
        }
    }
}

fn row(context: &Context, noticed: &Noticed) -> Value {
    let finding = &noticed.finding;
    let text = context.texts().finding(finding);
    json!({ "level": finding.level, "field": finding.field, "openid": noticed.openid, "row": noticed.row, "message": text })
}

fn not_run(reach: Reach) -> Summary {
    Summary {
        job: None,
        total: reach.recipients,
        accepted: 0,
        failed: 0,
        unknown: 0,
        skipped: 0,
        queued: reach.recipients,
        excluded: reach.excluded,
        seconds: 0.0,
        rate: 0.0,
        state: "dry_run".to_owned(),
        reason: None,
        errors: Vec::new(),
    }
}
