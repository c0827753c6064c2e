//! `jobs` and `job …`: running, showing and ending jobs.

use super::args::{AccountArg, JobCommand};
use super::context::{Context, print, print_json, say};
use super::export::export;
use super::failure::{Done, Exit, Failure};
use super::progress::{Line, Stand};
use super::review::review;
use super::send::pace;
use super::signals::Signals;
use super::voice::{Tone, insist, on_stderr, on_stdout};
use crate::dispatch::{self, Controller, DispatchError, Order, Progress, Summary};
use crate::domain::account::Account;
use crate::domain::delivery::State;
use crate::domain::id::{AccountId, JobId};
use crate::domain::job::{Job, JobState, StopReason};
use crate::session::Session;
use crate::store::{Store, StoreError, Wish};
use crate::text::number::thousands;
use crate::text::width::pad;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Jobs that `jobs` lists.
const LISTED: u32 = 200;

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
            on_stdout(tone_of(job.state), &pad(state, 10)),
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
    let (id, before, progress) = (job.id, job.counts.settled(), Arc::new(Progress::new(job.counts)));
    let (controller, control) = Controller::new();
    let mut running = std::pin::pin!(dispatch::run(session, store.clone(), job, Arc::clone(&progress), control));
    let mut signals = Signals::to_end_or_hangup()?;
    let mut line = Line::new(context);
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
            () = line.due() => line.show(|| stand(context, id, &progress, before)),
        }
    };
    drop(line);
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
        context.warn(&text);
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

fn stand(context: &Context, job: JobId, progress: &Progress, before: u64) -> Stand {
    let (view, texts) = (progress.view(), context.texts());
    let part = texts.say_with("manners.job", &[("job", &job.to_string())]);
    let mut stand = Stand::since(&part, (view.counts.settled(), view.counts.total), before, view.elapsed);
    for (count, key) in [(view.counts.failed, "manners.failed"), (view.waiting, "manners.retrying")] {
        if count > 0 {
            stand.notes.push(texts.say_with(key, &[("count", &thousands(count))]));
        }
    }
    stand
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
        ("state", &on_stderr(tone_of(job.state), texts.say(job_key(job.state)))),
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
        let tone = if reason.class == "interrupted" { Tone::Warning } else { Tone::Bad };
        insist(&format!("{} {} {}", on_stderr(tone, &reason.meaning), reason.remedy, reason.errmsg));
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

fn tone_of(state: JobState) -> Tone {
    match state {
        JobState::Running | JobState::Paused => Tone::Warning,
        JobState::Done => Tone::Good,
        JobState::Cancelled => Tone::Faint,
    }
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
