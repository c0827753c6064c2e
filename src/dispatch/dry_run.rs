//! A send without sending: what would become of each recipient, and why.

use super::export::ExportError;
use super::judge::{self, Judge};
use super::sheet::{Cell, ReadBy, Sheet};
use crate::domain::audience::{Audience, Exclusion, Reach};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::lang::Lang;
use crate::domain::message::Message;
use crate::domain::placeholders::fields_with_any;
use crate::domain::rules::{self, Finding, Level, Rule};
use crate::domain::template::Template;
use crate::store::{Judged, Store};
use crate::text::lang::Texts;
use jiff::tz::TimeZone;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Findings that are kept; in a list of a million all may have the same.
const LISTED: usize = 100;

/// The report's verdict on who would get the message.
const OK: &str = "ok";

/// What would be sent, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Intent<'a> {
    /// From this account.
    pub account: AccountId,
    /// The template as it is known.
    pub template: &'a Template,
    /// The template filled in.
    pub message: &'a Message,
    /// Who is named.
    pub audience: &'a Audience,
    /// Where the day is told that a message may name.
    pub zone: &'a TimeZone,
}

/// How many it would reach, and the first of them with the message they would get.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ahead {
    /// The numbers of a send.
    pub reach: Reach,
    /// Nobody if nobody would get it.
    pub first: Option<(OpenId, Message)>,
}

/// What would come of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DryRun {
    /// Who would get it, and who would not for which reason. Without errors in the message these are the numbers of a send.
    pub reach: Reach,
    /// The first hundred things to know, those of the message itself before those of single recipients.
    pub findings: Vec<Noticed>,
    /// How many more there are.
    pub more_findings: u64,
    /// Who would be the first to get it, and what.
    pub first: Option<(OpenId, Message)>,
}

/// Something to know before sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noticed {
    /// Whom it is about; nobody in particular if it is the message.
    pub openid: Option<OpenId>,
    /// The row they have in a file of the audience.
    pub row: Option<u64>,
    /// What it is.
    pub finding: Finding,
}

/// The verdict on everyone, row by row: `openid,name,verdict,detail,row`; the row is that of a file of the audience.
pub struct Report<'a> {
    sheet: Sheet<'a>,
    lang: Lang,
}

impl<'a> Report<'a> {
    /// Begins a report in this language.
    pub fn begin(out: impl Write + Send + 'a, by: ReadBy, lang: Lang) -> io::Result<Self> {
        Ok(Self { sheet: Sheet::begin(out, by, &["openid", "name", "verdict", "detail", "row"])?, lang })
    }

    fn row(&mut self, judged: &Judged, verdict: &Verdict<'_>) -> io::Result<()> {
        let texts = Texts::of(self.lang);
        let said = |finding: &Finding| {
            let text = texts.finding(finding);
            finding.field.as_ref().map_or_else(|| text.clone(), |field| format!("{field}: {text}"))
        };
        let detail: Vec<String> = verdict.about_message.iter().copied().chain(&verdict.about_them).map(said).collect();
        self.sheet.row(&[
            Cell::Text(judged.openid.as_str()),
            Cell::Text(judged.name()),
            Cell::Text(verdict.left_out.map_or(OK, Exclusion::as_str)),
            Cell::Text(&detail.join("; ")),
            Cell::row(judged.row),
        ])
    }
}

/// Counts whom a send would reach. Everyone is judged only where the message differs from one to the next: otherwise there is no
/// need to look at each.
pub async fn look_ahead(store: &Store, intent: Intent<'_>) -> Result<Ahead, ExportError> {
    if !fields_with_any(intent.message).is_empty() {
        let run = dry_run(store, intent, None).await?;
        return Ok(Ahead { reach: run.reach, first: run.first });
    }
    let reach = store.reach(intent.account, intent.audience.clone()).await?;
    let first = store.first_recipient(intent.account, intent.audience.clone()).await?;
    Ok(Ahead { reach, first: first.map(|openid| (openid, intent.message.clone())) })
}

/// The next recipient after an openid of whose message there is something to say; nobody if there is none up to the end.
pub async fn next_flawed(store: &Store, intent: Intent<'_>, after: OpenId) -> Result<Option<OpenId>, ExportError> {
    let known = judge::known(store, intent.account, intent.template, intent.audience).await?;
    let judge = Judge::new(intent.template, intent.message, intent.zone, &known);
    let mut everyone = store.scan_recipients(intent.account, intent.audience.clone(), after)?;
    while let Some(page) = everyone.next().await {
        if let Some(flawed) = page?.into_iter().find(|person| !judge.findings(person).is_empty()) {
            return Ok(Some(flawed.openid));
        }
    }
    Ok(None)
}

/// Judges everyone whom the audience names. Memory does not grow with them.
pub async fn dry_run(store: &Store, intent: Intent<'_>, report: Option<Report<'_>>) -> Result<DryRun, ExportError> {
    dry_run_seen(store, intent, report, &AtomicU64::new(0)).await
}

/// The same, and how many were judged is to be seen meanwhile.
pub async fn dry_run_seen(
    store: &Store,
    intent: Intent<'_>,
    report: Option<Report<'_>>,
    seen: &AtomicU64,
) -> Result<DryRun, ExportError> {
    let known = judge::known(store, intent.account, intent.template, intent.audience).await?;
    let judge = Judge::new(intent.template, intent.message, intent.zone, &known);
    let mut run = DryRun::default();
    for finding in judge.of_message() {
        run.notice(None, None, finding);
    }
    let mut report = report;
    let mut everyone = store.scan_audience(intent.account, intent.audience.clone())?;
    while let Some(page) = everyone.next().await {
        let page = page?;
        seen.fetch_add(page.len() as u64, Relaxed);
        for judged in page {
            let verdict = Verdict::on(&judged, &judge);
            match verdict.left_out {
                None => {
                    run.reach.recipients += 1;
                    if run.first.is_none() {
                        run.first = Some((judged.openid.clone(), judge.message_to(&judged, intent.message)));
                    }
                }
                Some(reason) => run.reach.excluded.add(reason, 1),
            }
            for finding in &verdict.about_them {
                run.notice(Some(&judged.openid), judged.row, finding);
            }
            if let Some(report) = &mut report {
                report.row(&judged, &verdict)?;
            }
        }
    }
    if let Some(report) = report {
        report.sheet.end()?;
    }
    Ok(run)
}

impl DryRun {
    fn notice(&mut self, openid: Option<&OpenId>, row: Option<u64>, finding: &Finding) {
        if self.findings.len() < LISTED {
            self.findings.push(Noticed { openid: openid.cloned(), row, finding: finding.clone() });
        } else {
            self.more_findings += 1;
        }
    }
}

/// What would become of one recipient.
struct Verdict<'a> {
    left_out: Option<Exclusion>,
    /// Errors of the message; they are the same for everyone, so they are told of those whom they keep from getting it.
    about_message: Vec<&'a Finding>,
    /// What holds for this recipient alone.
    about_them: Vec<Finding>,
}

impl<'a> Verdict<'a> {
    fn on(judged: &Judged, judge: &'a Judge) -> Self {
        match judged.left_out {
            None => {
                let is_error = |finding: &&Finding| finding.level == Level::Error;
                let about_message: Vec<_> = judge.of_message().iter().filter(is_error).collect();
                let mut about_them = judge.findings(judged);
                let fits = about_message.is_empty() && !about_them.iter().any(|finding| is_error(&finding));
                about_them.extend(rules::check_openid(&judged.openid));
                Self { left_out: (!fits).then_some(Exclusion::Invalid), about_message, about_them }
            }
            Some(reason) => {
                let malformed = || Finding { level: Level::Error, field: None, rule: Rule::OpenIdShape };
                let about_them = (reason == Exclusion::Invalid).then(malformed).into_iter().collect();
                Self { left_out: Some(reason), about_message: Vec::new(), about_them }
            }
        }
    }
}
