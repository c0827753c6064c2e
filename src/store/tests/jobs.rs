//! Jobs: stored whole or not at all, the guard against the same again, how a run ends.

use super::*;
use crate::domain::account::Rate;
use crate::domain::delivery::{Counts, State};
use crate::domain::id::{JobId, RowNo};
use crate::domain::job::{JobState, StopReason};
use crate::domain::user::PageAt;
use jiff::SignedDuration;

fn change(row: i64, state: State) -> Change {
    Change { row: RowNo(row), state, attempts: 1, ambiguous: false, errcode: Some(0), errmsg: None, msgid: None, at: at(2) }
}

async fn settle(store: &Store, job: JobId, changes: Vec<Change>) {
    store.turn(job, Turn { changes, ..Turn::default() }).await.unwrap();
}

async fn counts(store: &Store, job: JobId) -> Counts {
    store.job(job).await.unwrap().unwrap().counts
}

#[tokio::test]
async fn a_job_comes_back_as_it_was_stored() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let mut new = new_job(id, Audience::of(UserSet::Users(openids(&["a", "b"]))));
    new.message.url = Some("https://example.com/订单".into());
    let job = created(store.create_job(new.clone(), at(0)).await.unwrap());
    assert_eq!((job.nonce, &job.message, &job.title), (new.nonce, &new.message, &new.title));
    assert_eq!((job.state, job.created_at, job.counts.total), (JobState::Running, at(0), 2));
    assert_eq!(store.job(job.id).await.unwrap(), Some(job.clone()));
    assert_eq!(store.job(JobId(99)).await.unwrap(), None);
    let other = job_of(&store, id, 1).await;
    assert_eq!(store.jobs(Some(id), 9).await.unwrap().iter().map(|job| job.id).collect::<Vec<_>>(), [other.id, job.id]);
    assert_eq!(store.jobs(None, 1).await.unwrap().len(), 1);
    assert_eq!(store.jobs(Some(AccountId(9)), 9).await.unwrap(), []);
    assert_eq!(store.unfinished_job(id).await.unwrap(), Some(job.id));
}

#[tokio::test]
async fn nobody_to_send_to_stores_nothing() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let nobody = store.create_job(new_job(id, Audience::of(UserSet::All)), at(0)).await.unwrap();
    assert!(matches!(nobody, Created::Nobody(_)));
    let retry = NewJob { recipients: Recipients::Retry(JobId(7), State::Failed), ..new_job(id, Audience::default()) };
    assert!(store.create_job(retry, at(0)).await.is_err(), "a job to retry has to be there");
    assert_eq!(store.jobs(None, 9).await.unwrap(), []);
    assert_eq!(job_of(&store, id, 1).await.id, JobId(1), "not even a number is used up");
}

#[tokio::test]
async fn the_same_again_is_refused_while_it_may_have_arrived() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let new = NewJob { again: false, ..new_job(id, Audience::of(UserSet::Users(openids(&["a", "b"])))) };
    let again = async |seconds| store.create_job(new.clone(), at(seconds)).await.unwrap();
    let first = created(again(0).await);
    assert_eq!(again(1).await, Created::Same(first.id), "running");
    assert_eq!(store.same_job("f".into(), at(1)).await.unwrap(), Some(first.id));
    assert_eq!(store.same_job("g".into(), at(1)).await.unwrap(), None);
    store.stop_job(first.id, JobState::Paused, Some(StopReason::Operator), 1, at(2)).await.unwrap();
    assert_eq!(again(999_999).await, Created::Same(first.id), "paused, however long ago");
    store.stop_job(first.id, JobState::Done, None, 1, at(10)).await.unwrap();
    let day = SignedDuration::from_hours(24).as_secs();
    assert_eq!(again(10 + day - 1).await, Created::Same(first.id), "done within a day");
    let second = created(again(10 + day + 1).await);
    store.stop_job(second.id, JobState::Cancelled, Some(StopReason::Cancelled), 1, at(11 + day)).await.unwrap();
    let third = created(again(12 + day).await);
    settle(&store, third.id, vec![change(0, State::Accepted)]).await;
    store.stop_job(third.id, JobState::Cancelled, Some(StopReason::Cancelled), 1, at(13 + day)).await.unwrap();
    assert_eq!(again(14 + day).await, Created::Same(third.id), "cancelled after one had got it");
}

#[tokio::test]
async fn a_retry_takes_the_rows_of_one_state_only() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let of = job_of(&store, id, 5).await;
    settle(&store, of.id, vec![change(1, State::Failed), change(2, State::Unknown), change(4, State::Failed)]).await;
    let new = NewJob { recipients: Recipients::Retry(of.id, State::Failed), ..new_job(id, Audience::default()) };
    let job = created(store.create_job(new, at(0)).await.unwrap());
    assert_eq!((job.retry_of, job.counts), (Some(of.id), Counts { total: 2, ..Counts::default() }));
    let rows = store.deliveries(id, job.id, DeliveryFilter::default(), PageAt::First, 9).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(row, _)| (row.row.0, row.openid.as_str(), row.attempts)).collect();
    assert_eq!(rows, [(0, "o0001", 0), (1, "o0004", 0)]);
}

#[tokio::test]
async fn what_reaches_others_than_the_operator_was_told_is_not_stored() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let people = |names: &[&str]| names.iter().map(|name| detail(name, "", 0, &[])).collect::<Vec<_>>();
    sync_of(&store, id, people(&["a", "b"])).await;
    let all = Audience::of(UserSet::All);
    let expected = Some(store.reach(id, all.clone()).await.unwrap());
    let new = NewJob { expected, ..new_job(id, all.clone()) };
    sync_of(&store, id, people(&["a", "b", "c"])).await;
    let now = store.reach(id, all).await.unwrap();
    assert_eq!(store.create_job(new.clone(), at(0)).await.unwrap(), Created::Changed(now));
    assert_eq!(store.jobs(Some(id), 9).await.unwrap(), []);
    created(store.create_job(NewJob { expected: Some(now), ..new }, at(0)).await.unwrap());
}

async fn try_retry(store: &Store, account: AccountId, of: &Job, state: State) -> Option<Job> {
    let new = NewJob { recipients: Recipients::Retry(of.id, state), ..new_job(account, Audience::default()) };
    match store.create_job(new, at(0)).await.unwrap() {
        Created::Job(job) => Some(*job),
        Created::Nobody(_) => None,
        other @ (Created::Same(_) | Created::Changed(_)) => panic!("{other:?}"),
    }
}

/// The openids of a retry, which are all that is left.
async fn retry(store: &Store, account: AccountId, of: &Job, state: State) -> (Job, Vec<String>) {
    let job = try_retry(store, account, of, state).await.unwrap();
    let rows = store.deliveries(account, job.id, DeliveryFilter::default(), PageAt::First, 9).await.unwrap();
    (job, rows.into_iter().map(|(row, _)| row.openid.to_string()).collect())
}

#[tokio::test]
async fn a_retry_leaves_out_whom_a_later_one_took_up() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let all = job_of(&store, id, 6).await;
    settle(&store, all.id, (0..4).map(|row| change(row, State::Failed)).collect()).await;
    let (first, openids) = retry(&store, id, &all, State::Failed).await;
    assert_eq!(openids, ["o0000", "o0001", "o0002", "o0003"]);
    assert_eq!(try_retry(&store, id, &all, State::Failed).await, None, "typed twice: they are queued");
    let claim = Claim { limit: 1, at: Some(at(1)), ..Claim::default() };
    store.turn(first.id, Turn { claim, ..Turn::default() }).await.unwrap();
    assert_eq!(try_retry(&store, id, &all, State::Failed).await, None, "or on their way");

    let ended = [State::Accepted, State::Failed, State::Unknown, State::Failed];
    settle(&store, first.id, (0..).zip(ended).map(|(row, state)| change(row, state)).collect()).await;
    let (second, openids) = retry(&store, id, &all, State::Failed).await;
    assert_eq!(openids, ["o0001", "o0003"], "those who failed again, from the first job");
    assert_eq!(try_retry(&store, id, &first, State::Failed).await, None, "the first retry's are taken up by the second");
    settle(&store, second.id, vec![change(0, State::Accepted), change(1, State::Failed)]).await;
    let (third, openids) = retry(&store, id, &first, State::Failed).await;
    assert_eq!(openids, ["o0003"], "or from the retry");
    settle(&store, third.id, vec![change(0, State::Accepted)]).await;
    for job in [&all, &first, &second, &third] {
        assert_eq!(try_retry(&store, id, job, State::Failed).await, None, "of job {}", job.id);
    }
    let (_, openids) = retry(&store, id, &first, State::Unknown).await;
    assert_eq!(openids, ["o0002"], "an unknown one is another question");
}

#[tokio::test]
async fn a_retry_of_unknown_rows_is_no_different() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let all = job_of(&store, id, 4).await;
    let ended = [State::Unknown, State::Unknown, State::Unknown, State::Failed];
    settle(&store, all.id, (0..).zip(ended).map(|(row, state)| change(row, state)).collect()).await;
    let (first, openids) = retry(&store, id, &all, State::Unknown).await;
    assert_eq!(openids, ["o0000", "o0001", "o0002"]);
    assert_eq!(try_retry(&store, id, &all, State::Unknown).await, None);
    assert_eq!(retry(&store, id, &all, State::Failed).await.1, ["o0003"]);
    settle(&store, first.id, vec![change(0, State::Accepted), change(1, State::Unknown)]).await;
    store.stop_job(first.id, JobState::Cancelled, Some(StopReason::Cancelled), 1, at(1)).await.unwrap();
    assert_eq!(retry(&store, id, &first, State::Unknown).await.1, ["o0001"], "asked for in so many words");
    assert_eq!(retry(&store, id, &all, State::Unknown).await.1, ["o0002"], "who was skipped got nothing");
}

#[tokio::test]
async fn a_job_is_kept_for_as_long_as_its_retries() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let ends = async |job: &Job, seconds| store.stop_job(job.id, JobState::Done, None, 1, at(seconds)).await.unwrap();
    let (lonely, all) = (job_of(&store, id, 3).await, job_of(&store, id, 3).await);
    settle(&store, all.id, (0..3).map(|row| change(row, State::Failed)).collect()).await;
    let first = retry(&store, id, &all, State::Failed).await.0;
    settle(&store, first.id, vec![change(0, State::Accepted), change(1, State::Failed), change(2, State::Failed)]).await;
    let second = retry(&store, id, &all, State::Failed).await.0;
    settle(&store, second.id, (0..2).map(|row| change(row, State::Accepted)).collect()).await;
    for (job, seconds) in [(&lonely, 5), (&all, 5), (&first, 6), (&second, 50)] {
        ends(job, seconds).await;
    }
    assert_eq!(store.prune_jobs(at(20)).await.unwrap(), (1, 3));
    assert_eq!(store.job(lonely.id).await.unwrap(), None);
    assert_eq!(try_retry(&store, id, &first, State::Failed).await, None, "it is still known who got it from the second");
    assert_eq!(store.prune_jobs(at(60)).await.unwrap(), (3, 8));
    assert_eq!(store.jobs(None, 9).await.unwrap(), []);
}

#[tokio::test]
async fn cancelling_skips_what_was_not_sent_and_owns_up_to_what_may_have_been() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let job = job_of(&store, id, 5).await;
    let claim = Claim { limit: 2, at: Some(at(1)), ..Claim::default() };
    store.turn(job.id, Turn { claim, ..Turn::default() }).await.unwrap();
    let waiting = Change { ambiguous: true, ..change(2, State::Queued) };
    settle(&store, job.id, vec![change(0, State::Accepted), waiting]).await;
    store.stop_job(job.id, JobState::Cancelled, Some(StopReason::Cancelled), 5, at(9)).await.unwrap();
    let job = store.job(job.id).await.unwrap().unwrap();
    assert_eq!(job.counts, Counts { total: 5, accepted: 1, failed: 0, unknown: 2, skipped: 2 });
    assert_eq!((job.state, job.reason, job.running_ms), (JobState::Cancelled, Some(StopReason::Cancelled), 5));
    assert_eq!(store.unfinished_job(id).await.unwrap(), None);
}

#[tokio::test]
async fn a_run_is_noted_with_its_pace_and_what_stopped_it() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let job = job_of(&store, id, 2).await;
    let pace = PaceLimits { rate: Rate(7), concurrency: 3 };
    assert!(store.start_job(job.id, pace, 5).await.unwrap().is_empty());
    let same = |errcode| Some(StopReason::SameFailure { errcode, errmsg: "no".into(), times: 20 });
    store.stop_job(job.id, JobState::Paused, same(43004), 100, at(1)).await.unwrap();
    let paused = store.job(job.id).await.unwrap().unwrap();
    assert_eq!((paused.state, paused.reason, paused.pace, paused.attempts), (JobState::Paused, same(43004), pace, 5));
    assert_eq!(store.start_job(job.id, pace, 5).await.unwrap(), [43004], "seen, and gone on");
    store.stop_job(job.id, JobState::Paused, Some(StopReason::Operator), 100, at(2)).await.unwrap();
    assert_eq!(store.start_job(job.id, pace, 5).await.unwrap(), [43004], "in every later run too");
    let running = store.job(job.id).await.unwrap().unwrap();
    assert_eq!((running.state, running.reason, running.finished_at, running.running_ms), (JobState::Running, None, None, 200));
    assert_eq!(counts(&store, job.id).await.queued(), 2);
}

#[tokio::test]
async fn a_job_that_stopped_leaves_no_log_to_go_through_and_one_that_is_read_keeps_it() {
    let (dir, store) = open();
    let id = account(&store).await;
    let log = || std::fs::metadata(dir.path().join("ledger.db-wal")).unwrap().len();
    let job = job_of(&store, id, 500).await;
    let stop = |state| store.stop_job(job.id, state, None, 5, at(3));
    assert!(log() > 0);
    stop(JobState::Paused).await.unwrap();
    assert_eq!(log(), 0);
    // Somebody reads meanwhile: nothing waits for that, and nothing is lost by it.
    settle(&store, job.id, vec![change(0, State::Accepted)]).await;
    let mut other = rusqlite::Connection::open(dir.path().join("ledger.db")).unwrap();
    let reading = other.transaction().unwrap();
    let accepted = |db: &rusqlite::Connection| db.query_row("SELECT accepted FROM jobs", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(accepted(&reading), 1);
    stop(JobState::Done).await.unwrap();
    assert!(log() > 0);
    drop(reading);
    assert_eq!(store.job(job.id).await.unwrap().unwrap().state, JobState::Done);
}
