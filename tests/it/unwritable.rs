//! A ledger that can no longer be written: nothing leaves that is not recorded, and nothing is lost.

use crate::home::{Home, MESSAGE, document, said};
use crate::scene::{SEND, Scene, fast, within};
use crate::witness::{Rows, each_got_it_once};
use muban::dispatch::{self, DispatchError};
use muban::domain::delivery::State;
use muban::domain::job::{Job, JobState, StopReason};
use muban::session::Sessions;
use muban::sim::{Sim, World};
use muban::store::{Store, StoreError};
use std::process::Command;
use std::time::Duration;

const RECIPIENTS: usize = 2_000;

/// Runs a command in a shell that lets no file grow beyond so many bytes, as a full disk does.
fn run_limited(home: &Home, args: &[&str], bytes: usize) -> std::process::Output {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", bytes / 512);
    command.args(["-c", &script, env!("CARGO_BIN_EXE_muban")]).args(args);
    command.env("MUBAN_HOME", home.dir.path()).env("LANG", "C").env_remove("LC_ALL").output().unwrap()
}

#[test]
fn a_full_disk_stops_it_before_anything_leaves_unrecorded() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
    let home = Home::synced(&sim);
    let send = [&["send", "--all", "--yes", "--json", "--rate", "0", "--concurrency", "16"], MESSAGE].concat();
    // Room to store the job, and not enough to finish it.
    let (summary, exit) = document(&run_limited(&home, &send, 400 << 10));
    assert_eq!((exit, &summary["state"], &summary["reason"]["class"]), (Some(5), &"paused".into(), &"store".into()), "{summary}");
    let reason = &summary["reason"];
    assert!(reason["errmsg"].as_str().unwrap().contains("disk"), "{reason}");
    assert!(reason["remedy"].as_str().unwrap().contains("Free some space"), "{reason}");
    let (rows, arrived) = (Rows::of(&home, 1), sim.delivered_count());
    assert!((1..RECIPIENTS).contains(&arrived) && rows.count(State::Accepted) < arrived, "{arrived} arrived");
    rows.agree_with(&sim.delivered());

    // Still full: it says so again, to people with how to go on, and nothing more leaves than what is recorded.
    let output = run_limited(&home, &["job", "resume", "1", "--rate", "0"], 60 << 10);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert!(said(&output).contains("Free some space") && said(&output).contains("muban job resume 1"), "{}", said(&output));
    Rows::of(&home, 1).agree_with(&sim.delivered());

    let (summary, exit) = home.resume(1);
    assert_eq!((exit, &summary["accepted"]), (Some(0), &RECIPIENTS.into()), "{summary}");
    assert_eq!(Rows::of(&home, 1).count(State::Accepted), RECIPIENTS);
    each_got_it_once(&sim, RECIPIENTS);
}

#[test]
fn a_job_that_does_not_fit_on_the_disk_is_not_made() {
    let sim = Sim::local(World::with_followers(RECIPIENTS, 1)).unwrap();
    let home = Home::synced(&sim);
    let send = [&["send", "--all", "--yes"], MESSAGE].concat();
    let output = run_limited(&home, &send, 60 << 10);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert!(said(&output).contains("disk") && said(&output).contains("nothing was lost"), "{}", said(&output));
    assert_eq!((home.fine(&["jobs", "--json"]), sim.calls(SEND)), (serde_json::Value::Array(Vec::new()), 0));
    let (summary, exit) = home.send(&["--all"]);
    assert_eq!((exit, &summary["accepted"]), (Some(0), &RECIPIENTS.into()), "{summary}");
}

#[tokio::test]
async fn a_ledger_that_somebody_holds_too_long_stops_it() {
    let mut scene = Scene::of(World::with_followers(1_000, 1)).await;
    // As patient as a test can be.
    scene.store = Store::open_with(Duration::from_millis(50), scene.dir.path()).unwrap();
    scene.sessions = Sessions::new(scene.store.clone());
    scene.sim.faults(|faults| faults.latency_ms = 50);
    let job = scene.prepare(scene.draft(scene.first(1_000), fast(8))).await.job;
    let run = scene.start(job.clone()).await;
    within(scene.sim.until(|sim| sim.delivered_count() >= 20)).await;
    let other = rusqlite::Connection::open(scene.dir.path().join("ledger.db")).unwrap();
    other.busy_timeout(Duration::from_mins(1)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = run.result().await.unwrap_err();
    assert!(matches!(error, DispatchError::Store(StoreError::Busy)), "{error}");
    assert!(error.to_string().contains("locked by another process") && error.to_string().contains("nothing was lost"), "{error}");
    let arrived = scene.sim.delivered_count();
    assert!(arrived < 1_000);
    let found = dispatch::as_found(&scene.store, scene.store.job(job.id).await.unwrap().unwrap());
    assert_eq!((found.state, found.reason), (JobState::Paused, Some(StopReason::Interrupted)), "not even that could be noted");

    other.execute_batch("ROLLBACK").unwrap();
    scene.sim.faults(|faults| faults.latency_ms = 0);
    scene.agrees(&job_of(&scene, &job).await).await;
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.accepted, scene.sim.delivered_count()), (JobState::Done, 1_000, 1_000));
    scene.agrees(&job).await;
}

async fn job_of(scene: &Scene, job: &Job) -> Job {
    scene.store.job(job.id).await.unwrap().unwrap()
}
