//! `jobs` and `job …`: running, showing and ending jobs.

use super::args::{AccountArg, JobCommand};
use super::context::{Context, print, print_json, say};
use super::export::export;
use super::failure::{Done, Exit, Failure, on_command};
use super::review::review;
use super::send::pace;
use crate::dispatch::{self, Controller, DispatchError, Order, Progress, Summary};
use crate::domain::account::Account;
use crate::domain::delivery::State;
use crate::domain::id::{AccountId, JobId};
use crate::domain::job::{Job, JobState, StopReason};
use crate::session::Session;
use crate::store::{Store, StoreError, Wish};
use crate::text::number::{self, thousands};
use crate::text::width::pad;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

/// Jobs that `jobs` lists.
const LISTED: u32 = 200;
/// How often the line of progress is drawn anew.
const REDRAWN_EVERY: Duration = Duration::from_millis(200);

/// Does what is asked with a job.
pub async fn run(context: &Context, command: JobCommand) -> Done {
    let store = context.store()?;
    match command {
        JobCommand::Show { id } => show(context, &store, id).await,
        JobCommand::Resume { id, pace: args, detached } => {
            if detached {
                dispatch::leave_terminal();
            }
            let mut job = find(context, &store, id).await?;
            job.pace = pace(&args, job.pace);
            job.attempts = args.attempts.unwrap_or(job.attempts);
            let session = context.session(&store, &account_of(context, &store, job.account).await?).await?;
            work(context, &store, session, job).await
        }
        JobCommand::Pause { id } => {
            let job = find(context, &store, id).await?;
            dispatch::stop_elsewhere(&store, &job, Wish::Pause).await?;
            show(context, &store, id).await
        }
        JobCommand::Pace { id, pace: args } => {
            let job = find(context, &store, id).await?;
            store.set_job_pace(job.id, pace(&args, job.pace)).await?;
            show(context, &store, id).await
        }
        JobCommand::Prune { older_than } => prune(context, &store, older_than).await,
        JobCommand::Retry { id, state, pace: args } => {
            if !matches!(state, State::Failed | State::Unknown) {
                return Err(Failure::usage(context.texts().say("cli.retry_state")));
            }
            let of = find(context, &store, id).await?;
            let session = context.session(&store, &account_of(context, &store, of.account).await?).await?;
            let mut job = dispatch::retry(&store, &of, state).await?.job;
            job.pace = pace(&args, job.pace);
            job.attempts = args.attempts.unwrap_or(job.attempts);
            work(context, &store, session, job).await
        }
        JobCommand::Cancel { id } => {
            let job = find(context, &store, id).await?;
            dispatch::stop_elsewhere(&store, &job, Wish::Cancel).await?;
            let job = find(context, &store, id).await?;
            if job.state != JobState::Cancelled {
                dispatch::cancel(&store, job).await?;
            }
            show(context, &store, id).await
        }
        JobCommand::Review { id } => {
            let job = find(context, &store, id).await?;
            let session = context.session(&store, &account_of(context, &store, job.account).await?).await?;
            review(context, &session, &store, &job).await
        }
        JobCommand::Export(args) => {
            let job = find(context, &store, args.id).await?;
            export(context, &store, &job, &args).await
        }
    }
}

/// Shows a job as it truly stands.
pub async fn show(context: &Context, store: &Store, id: i64) -> Done {
    let job = dispatch::as_found(store, find(context, store, id).await?);
    tell(context, store, &job).await?;
    Ok(Exit::Fine)
}

async fn prune(context: &Context, store: &Store, days: u32) -> Done {
    let before = Timestamp::now() - SignedDuration::from_hours(24 * i64::from(days));
    let (jobs, rows) = store.prune_jobs(before).await?;
    say(&context.texts().say_with("cli.pruned", &[("jobs", &thousands(jobs)), ("rows", &thousands(rows))]));
    if context.json {
        print_json(&json!({ "jobs": jobs, "rows": rows }));
    }
    Ok(Exit::Fine)
}

/// Lists the jobs, newest first.
pub async fn list(context: &Context, args: &AccountArg) -> Done {
    let store = context.store()?;
    let account = match args.account.as_deref() {
        Some(name) => Some(context.account(&store, Some(name)).await?.id),
        None => None,
    };
    let jobs = store.jobs(account, LISTED).await?;
    let jobs: Vec<Job> = jobs.into_iter().map(|job| dispatch::as_found(&store, job)).collect();
    let mut names: HashMap<AccountId, String> = HashMap::new();
    for job in &jobs {
        if let Entry::Vacant(place) = names.entry(job.account) {
            let account = store.account(job.account).await?;
            place.insert(account.map(|account| account.name).unwrap_or_default());
        }
    }
    let name = |job: &Job| names.get(&job.account).map(String::as_str).unwrap_or_default().to_owned();
    if context.json {
        print_json(&jobs.iter().map(|job| row(context, job, &name(job))).collect::<Vec<_>>());
        return Ok(Exit::Fine);
    }
    for job in &jobs {
        let counts = job.counts;
        let state = context.texts().say(job_key(job.state));
        print(&format!(
            "{}  {}  {}  {}/{} ✓  {} ✗  {}",
            pad(&job.id.to_string(), 5),
            pad(state, 10),
            pad(&name(job), 20),
            thousands(counts.accepted),
            thousands(counts.total),
            thousands(counts.failed),
            job.title
        ));
    }
    Ok(Exit::Fine)
}

/// Runs a job to its end or to where it stops, listening to SIGINT and its kin.
pub async fn work(context: &Context, store: &Store, session: Arc<Session>, job: Job) -> Done {
    warn_elsewhere(context, store, session.account(), job.id).await?;
    let (id, progress) = (job.id, Arc::new(Progress::new(job.counts)));
    let (controller, control) = Controller::new();
    let mut running = std::pin::pin!(dispatch::run(session, store.clone(), job, Arc::clone(&progress), control));
    let mut signals = Signals::listen()?;
    let mut tick = tokio::time::interval(REDRAWN_EVERY);
    let shows = std::io::stderr().is_terminal();
    let mut asked = 0;
    let finished = loop {
        tokio::select! {
            finished = &mut running => break finished,
            () = signals.next() => {
                asked += 1;
                // First: finish what is in flight. Second: at once.
                controller.order(if asked == 1 { Order::Interrupt } else { Order::Abort });
                if asked == 1 {
                    say(context.texts().say("cli.interrupting"));
                }
            }
            _ = tick.tick(), if shows => draw(context, &progress),
        }
    };
    if shows {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    let job = match finished {
        Err(DispatchError::Store(error)) => stopped_by_store(context, store, id, error).await?,
        finished => finished?.job,
    };
    let summary = tell(context, store, &job).await?;
    Ok(exit_of(&job, &summary))
}

/// The job as it stands after the ledger failed. Mostly it can still be read, though not even that could be noted in it.
async fn stopped_by_store(context: &Context, store: &Store, id: JobId, error: StoreError) -> Result<Job, Failure> {
    let detail = error.to_string();
    match find(context, store, id.0).await {
        Ok(job) => Ok(Job { state: JobState::Paused, reason: Some(StopReason::Store { detail }), ..job }),
        Err(_) => Err(error.into()),
    }
}

/// Says which jobs of the account other processes send at the same time.
pub async fn warn_elsewhere(context: &Context, store: &Store, account: &Account, ours: JobId) -> Result<(), Failure> {
    let others = dispatch::sending_elsewhere(store, account.id, &[ours]).await?;
    if !others.is_empty() {
        let jobs = others.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let texts = context.texts();
        let text = texts.say_with("cli.sending_elsewhere", &[("name", &account.name), ("jobs", &jobs)]);
        say(&texts.say_with("cli.warning", &[("text", &text)]));
    }
    Ok(())
}

fn exit_of(job: &Job, summary: &Summary) -> Exit {
    match (job.state, &job.reason) {
        (JobState::Done, _) if summary.accepted == summary.total => Exit::Fine,
        (JobState::Done | JobState::Cancelled, _) => Exit::NotAll,
        (_, Some(StopReason::Interrupted | StopReason::Operator)) => Exit::Interrupted,
        (_, Some(StopReason::Store { .. })) => Exit::Store,
        _ => Exit::Stopped,
    }
}

fn draw(context: &Context, progress: &Progress) {
    let view = progress.view();
    let [done, total, failed] = [view.counts.settled(), view.counts.total, view.counts.failed].map(thousands);
    let rate = number::rate(view.rate, context.lang);
    let args = [("done", done.as_str()), ("total", &total), ("rate", &rate), ("failed", &failed)];
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "\r\x1b[K{}", context.texts().say_with("cli.progress", &args));
    let _ = stderr.flush();
}

/// Prints what a job came to.
async fn tell(context: &Context, store: &Store, job: &Job) -> Result<Summary, Failure> {
    let summary = dispatch::summary(store, job, context.lang).await?;
    if context.json {
        print_json(&summary);
        return Ok(summary);
    }
    let texts = context.texts();
    let numbers = [summary.accepted, summary.failed, summary.unknown, summary.skipped, summary.queued].map(thousands);
    let [accepted, failed, unknown, skipped, queued] = numbers.each_ref().map(String::as_str);
    let id = job.id.to_string();
    let args = [
        ("job", id.as_str()),
        ("state", texts.say(job_key(job.state))),
        ("accepted", accepted),
        ("failed", failed),
        ("unknown", unknown),
        ("skipped", skipped),
        ("queued", queued),
    ];
    say(&texts.say_with("cli.summary", &args));
    for error in &summary.errors {
        say(&format!("  {} × {}: {}", thousands(error.count), error.errcode, error.meaning));
    }
    if let Some(reason) = &summary.reason {
        say(&format!("{} {} {}", reason.meaning, reason.remedy, reason.errmsg));
    }
    if job.state == JobState::Paused {
        say(&texts.say_with("cli.resume_hint", &[("job", &id)]));
    }
    Ok(summary)
}

fn row(context: &Context, job: &Job, account: &str) -> Value {
    let counts = job.counts;
    json!({
        "job": job.id,
        "account": account,
        "template_id": job.message.template_id,
        "title": job.title,
        "state": job.state,
        "total": counts.total,
        "accepted": counts.accepted,
        "failed": counts.failed,
        "unknown": counts.unknown,
        "skipped": counts.skipped,
        "queued": counts.queued(),
        "created_at": job.created_at.to_string(),
        "reason": job.reason.as_ref().map(|why| dispatch::reason(why, context.lang)),
    })
}

fn job_key(state: JobState) -> &'static str {
    match state {
        JobState::Running => "cli.job_running",
        JobState::Paused => "cli.job_paused",
        JobState::Done => "cli.job_done",
        JobState::Cancelled => "cli.job_cancelled",
    }
}

async fn find(context: &Context, store: &Store, id: i64) -> Result<Job, Failure> {
    let unknown = || Failure::usage(context.texts().say_with("cli.unknown_job", &[("job", &id.to_string())]));
    store.job(JobId(id)).await?.ok_or_else(unknown)
}

async fn account_of(context: &Context, store: &Store, id: AccountId) -> Result<Account, Failure> {
    let accounts = store.accounts().await?;
    accounts.into_iter().find(|a| a.id == id).ok_or_else(|| Failure::usage(context.texts().say("cli.account_gone")))
}

/// The signals that ask a program to end.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| Failure::of(Exit::Store, &on_command("signals").with("why", error)));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}
