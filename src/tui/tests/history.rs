//! The history of jobs.

use super::jobs::sending;
use super::pictures::pictures;
use super::stops::{same_failure, wrong_ip};
use crate::domain::delivery::Counts;
use crate::domain::id::JobId;
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::lang::Lang;
use crate::tui::msg::SendMsg;
use crate::tui::testkit::{Bench, World, deliveries, job, progress};

/// A ledger of many jobs in every state, the newest with number 260.
fn long_ledger() -> Vec<Job> {
    let reasons = [StopReason::Operator, same_failure(), wrong_ip(), StopReason::Network { detail: "dns error".into() }];
    (1..=260)
        .rev()
        .map(|id| {
            let state = [JobState::Done, JobState::Paused, JobState::Cancelled, JobState::Done][id as usize % 4];
            let settled = Counts { total: 872, accepted: 860, failed: 11, unknown: 1, skipped: 0 };
            let reason = (state == JobState::Paused).then(|| reasons[id as usize / 4 % 4].clone());
            let counts = if state == JobState::Paused { progress(id).counts } else { settled };
            let mut job = Job { reason, counts, ..job(id, state) };
            if id == 259 {
                (job.retry_of, job.audience) = (Some(JobId(256)), "job:256:failed".into());
                job.counts = Counts { total: 11, accepted: 11, ..Counts::default() };
            }
            job
        })
        .collect()
}

fn with_history(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World { jobs: long_ledger(), deliveries: deliveries(260), ..World::default() });
    bench.asked();
    bench.size(size.0, size.1)
}

#[test]
fn pictures_of_the_history() {
    pictures("history", |bench| _ = bench.keys("H down"), with_history);
}

#[test]
fn the_history_goes_back_to_the_first_job_and_shows_any() {
    let mut bench = with_history(Lang::En, (80, 24));
    bench.keys("H");
    assert!(bench.screen().contains("Jobs 1 of 200"), "{}", bench.screen());
    bench.keys("G");
    assert!(bench.screen().contains("Jobs 200 of 260"), "more are read near the end: {}", bench.screen());
    bench.keys("G");
    let screen = bench.screen();
    assert!(screen.contains("▸     1  11-23 14:30") && screen.contains("Jobs 260 of 260"), "{screen}");
    bench.keys("k k enter");
    assert!(bench.screen().contains("7 Job 3 订单发货提醒 · done"), "{}", bench.screen());
    bench.keys("H");
    assert!(bench.screen().contains("▸     3"), "it opens at the job that is shown: {}", bench.screen());
    bench.keys("esc 2 H j q");
    assert!(bench.screen().contains(" 7 Send"), "the pane stays folded: {}", bench.screen());
}

#[test]
fn a_retry_names_the_job_that_it_retries() {
    for (lang, words) in [(Lang::En, "failed ones of job 256"), (Lang::Zh, "任务 256 中失败的")] {
        let mut bench = with_history(lang, (80, 24));
        bench.keys("H j");
        assert!(bench.screen().contains(words), "{}", bench.screen());
    }
}

#[test]
fn a_history_of_nothing_counts_none() {
    let mut bench = Bench::new();
    bench.keys("H");
    assert!(bench.screen().contains("Jobs 0 of 0"), "{}", bench.screen());
}

#[test]
fn the_history_moves_with_a_job_that_runs() {
    let mut bench = sending(Lang::En, (80, 24));
    bench.keys("H").msg(SendMsg::Progressed(progress(15)));
    assert!(bench.screen().contains("» running    608/872 3✗ 1?"), "{}", bench.screen());
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) });
    assert!(bench.screen().contains("✓ done"), "{}", bench.screen());
    let mut empty = Bench::new();
    empty.keys("H enter");
    assert!(empty.screen().contains("1. Choose a template"), "nothing to show, nothing shown");
}
