//! A send as it is watched, and what is said of it at its end.

use super::jobs::{bench, sending, sends};
use super::pictures::pictures_in;
use crate::domain::audience::Excluded;
use crate::domain::delivery::{Counts, State};
use crate::domain::id::JobId;
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::lang::Lang;
use crate::store::CodeCount;
use crate::tui::effect::SendEffect;
use crate::tui::msg::{JobProgress, SendMsg};
use crate::tui::testkit::{Bench, job, progress};
use jiff::SignedDuration;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (60, 15)];

/// A minute passes with a look at the counters each half a second: the job gets faster, is held up for a while, and goes on.
fn watch(bench: &mut Bench) {
    for half in 1..=40_i32 {
        bench.app.ctx.now += SignedDuration::from_millis(500);
        let rate = match half {
            1..12 => f64::from(half * 5),
            20..26 => 0.0,
            _ => 49.0 + f64::from(half % 5),
        };
        bench.msg(SendMsg::Progressed(JobProgress { rate_per_sec: rate, ..progress(15) }));
    }
}

fn counts() -> Counts {
    Counts { total: 872, accepted: 860, failed: 8, unknown: 3, skipped: 1 }
}

fn ended(state: JobState, counts: Counts) -> Job {
    let finished_at = Some("2026-11-23T06:30:21Z".parse().unwrap());
    let excluded = Excluded { unsubscribed: 11, ..Excluded::default() };
    Job { counts, finished_at, excluded, running_ms: 20_400, ..job(15, state) }
}

fn ends(bench: &mut Bench, state: JobState, counts: Counts) {
    bench.msg(SendMsg::Ended { job: Box::new(ended(state, counts)) });
}

/// A job that ended with a few errors, watched to its end.
fn summed_up(bench: &mut Bench) {
    watch(bench);
    ends(bench, JobState::Done, counts());
    let codes = [(43004, 5), (43101, 2), (-1, 1)].map(|(errcode, count)| CodeCount { errcode, count });
    bench.msg(SendMsg::ErrorsCounted { job: JobId(15), codes: codes.into() });
}

#[test]
fn pictures_of_the_speed() {
    pictures_in(&SIZES, "speed", watch, sending);
    let folded = |bench: &mut Bench| {
        watch(bench);
        bench.keys("2");
    };
    pictures_in(&[(109, 28)], "speed_folded", folded, sending);
}

#[test]
fn pictures_of_the_summary() {
    pictures_in(&SIZES, "summary", summed_up, sending);
    let well = |bench: &mut Bench| {
        watch(bench);
        ends(bench, JobState::Done, Counts { total: 872, accepted: 872, ..Counts::default() });
    };
    pictures_in(&SIZES, "summary_all_well", well, sending);
}

#[test]
fn the_speed_changes_once_a_second_and_only_while_it_is_told() {
    let mut bench = sending(Lang::En, (120, 36));
    watch(&mut bench);
    let course = |bench: &mut Bench| bench.screen().lines().find(|line| line.contains("peak")).map(str::to_owned);
    let before = course(&mut bench).unwrap();
    assert!(before.contains("▁▁▁") && before.contains("peak 53/s") && before.contains("50/s, 20 in flight"), "{before}");
    for tenth in 1..10 {
        bench.app.ctx.now += SignedDuration::from_millis(100);
        bench.msg(SendMsg::Progressed(JobProgress { rate_per_sec: f64::from(tenth), ..progress(15) }));
        assert_eq!(course(&mut bench).as_deref(), Some(&*before), "after {tenth} tenths");
    }
    bench.app.ctx.now += SignedDuration::from_millis(100);
    assert_eq!(course(&mut bench).as_deref(), Some(&*before), "nothing ticks by itself");
    bench.msg(SendMsg::Progressed(progress(15)));
    assert_ne!(course(&mut bench).unwrap(), before);
    bench.app.ctx.settings.ascii = true;
    assert!(course(&mut bench).unwrap().contains("___"), "{}", bench.screen());
}

#[test]
fn the_end_of_a_job_opens_its_summary_and_any_way_out_closes_it() {
    for key in ["esc", "enter", "i", "q"] {
        let mut bench = sending(Lang::En, (80, 24));
        summed_up(&mut bench);
        assert_eq!(sends(&mut bench), [SendEffect::CountErrors { job: JobId(15) }]);
        let screen = bench.screen();
        for text in ["Job 15 · done", "860/872   98.6 %", "✗ failed 8", "43/s on average", "53/s at best", "43004", "11 left out"]
        {
            assert!(screen.contains(text), "{text}: {screen}");
        }
        bench.keys(key);
        assert!(!bench.screen().contains("on average"), "{key}");
    }
}

#[test]
fn only_the_end_of_our_own_work_opens_it() {
    let stopped = |state, reason| Job { reason: Some(reason), ..ended(state, counts()) };
    for job in [stopped(JobState::Paused, StopReason::Operator), stopped(JobState::Cancelled, StopReason::Cancelled)] {
        let mut bench = sending(Lang::En, (80, 24));
        bench.msg(SendMsg::Ended { job: Box::new(job) });
        assert!(!bench.screen().contains("on average"), "{}", bench.screen());
    }
    let mut bench = bench(Lang::En, (80, 24));
    ends(&mut bench, JobState::Done, counts());
    assert!(!bench.screen().contains("on average"), "another process did it");
}

#[test]
fn nobody_is_interrupted_by_it_and_the_key_shows_it_later() {
    for keys in ["2 enter M20", "4 / 李", "2 ?", "X"] {
        let mut bench = sending(Lang::En, (120, 36));
        bench.keys(keys);
        ends(&mut bench, JobState::Done, counts());
        let screen = bench.screen();
        assert!(!screen.contains("on average"), "{keys}: {screen}");
        let told = bench.app.notices.toasts().map(|note| note.text.clone()).collect::<Vec<_>>();
        assert_eq!(told, ["Job 15 is done: 860 of 872 accepted. i shows how it went."], "{keys}");
    }
    let mut bench = bench(Lang::En, (80, 24));
    ends(&mut bench, JobState::Cancelled, counts());
    bench.keys("7 i");
    assert!(bench.screen().contains("Job 15 · cancelled") && bench.screen().contains("43/s on average"), "{}", bench.screen());
    let mut bench = sending(Lang::En, (80, 24));
    bench.keys("i");
    assert!(bench.screen().contains("Job 15 has not come to its end yet"), "{}", bench.screen());
}

#[test]
fn what_to_do_next_is_a_key_away() {
    for (key, text) in [
        ("r", "Send the 8 failed messages once more"),
        ("u", "Send the 3 messages of unknown outcome once more"),
        ("e", "Errors of job 15, by code"),
        ("w", "muban-job-15.csv"),
    ] {
        let mut bench = sending(Lang::En, (80, 24));
        bench.keys("2");
        summed_up(&mut bench);
        bench.keys(key);
        let screen = bench.screen();
        assert!(screen.contains(text) && !screen.contains("on average"), "{key}: {screen}");
    }
    let mut bench = sending(Lang::En, (80, 24));
    summed_up(&mut bench);
    bench.asked();
    bench.keys("r y");
    assert!(sends(&mut bench).contains(&SendEffect::RetryJob { job: JobId(15), state: State::Failed }));
    let mut bench = sending(Lang::En, (80, 24));
    ends(&mut bench, JobState::Done, Counts { total: 872, accepted: 872, ..Counts::default() });
    assert_eq!(sends(&mut bench), [], "there are no codes to be counted");
    bench.keys("r u e");
    let screen = bench.screen();
    assert!(screen.contains("nothing is left to do") && !screen.contains("retry"), "{screen}");
}

#[test]
fn more_codes_than_there_is_room_for_are_added_up() {
    let mut bench = sending(Lang::En, (60, 15));
    ends(&mut bench, JobState::Done, Counts { total: 872, accepted: 772, failed: 90, unknown: 10, skipped: 0 });
    let codes = [43004, 43101, 47003, 40003, 40036].map(|errcode| CodeCount { errcode, count: 18 });
    bench.msg(SendMsg::ErrorsCounted { job: JobId(15), codes: codes.into() });
    let screen = bench.screen();
    let counted = |text: &str| screen.lines().any(|line| line.contains(text));
    assert!(counted("43004") && counted("82  with other codes"), "{screen}");
    assert!(screen.contains("r retry failed") && screen.contains("enter or esc close"), "{screen}");
}
