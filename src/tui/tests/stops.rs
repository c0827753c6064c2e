//! What is asked and told when a job stops, or is found stopped.

use super::jobs::{following, paused, sending, sends};
use super::pictures::pictures;
use crate::domain::id::JobId;
use crate::domain::job::{Call, Job, JobState, StopReason};
use crate::domain::lang::Lang;
use crate::tui::effect::SendEffect;
use crate::tui::msg::SendMsg;
use crate::tui::testkit::{Bench, World, job, progress};

/// That job, stopped for this reason at half past two.
fn stopped(bench: &mut Bench, reason: StopReason) {
    let counts = progress(15).counts;
    let finished_at = Some("2026-11-23T06:31:00Z".parse().unwrap());
    bench.msg(SendMsg::Ended { job: Box::new(Job { counts, finished_at, ..paused(15, reason) }) });
}

pub fn same_failure() -> StopReason {
    StopReason::SameFailure { errcode: 43004, errmsg: "require subscribe rid: 6560aa11-2b3c4d5e-6f708192".into(), times: 20 }
}

pub fn wrong_ip() -> StopReason {
    let errmsg = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6560aa11-2b3c4d5e-6f708192";
    StopReason::Refused { errcode: 40164, errmsg: errmsg.into(), call: Call::Send }
}

#[test]
fn pictures_of_stops() {
    pictures("same_failure", |bench| stopped(bench, same_failure()), sending);
    pictures("wrong_ip", |bench| stopped(bench, wrong_ip()), sending);
}

#[test]
fn twenty_of_a_kind_are_asked_about_and_the_harmless_answer_comes_first() {
    let mut bench = sending(Lang::En, (120, 36));
    stopped(&mut bench, same_failure());
    let screen = bench.screen();
    assert!(screen.contains("43004 came 20 times in a row") && screen.contains("does not follow this account"), "{screen}");
    bench.keys("enter");
    assert_eq!(sends(&mut bench), []);
    for keys in ["g", "down enter"] {
        let mut bench = sending(Lang::En, (120, 36));
        stopped(&mut bench, same_failure());
        bench.keys(keys);
        assert_eq!(sends(&mut bench), [SendEffect::ResumeJob { job: JobId(15) }], "{keys}");
    }
}

#[test]
fn a_stop_is_told_with_what_helps_to_mend_it() {
    let quota = StopReason::Refused { errcode: 45009, errmsg: "reach max api daily quota limit".into(), call: Call::Send };
    for (reason, texts) in [
        (wrong_ip(), ["The address to allow: 203.0.113.7", "IP whitelist"]),
        (quota, ["Expected to pass at 11-24 00:00", "p resumes it at any time"]),
        (
            StopReason::Network { detail: "connection refused".into() },
            ["could not be reached", "What happened: connection refused"],
        ),
        (
            StopReason::Secret { detail: "WX_SECRET is not set".into() },
            ["The AppSecret could not be had", "WX_SECRET is not set"],
        ),
        (StopReason::Store { detail: "disk is full".into() }, ["The ledger could not be written", "disk is full"]),
    ] {
        let mut bench = sending(Lang::En, (120, 36));
        stopped(&mut bench, reason);
        let screen = bench.screen();
        assert!(screen.contains("Job 15 (订单发货提醒) paused"), "{screen}");
        assert!(texts.iter().all(|text| screen.contains(text)), "{screen}");
        bench.keys("esc");
        assert!(!bench.screen().contains("(订单发货提醒) paused"));
    }
}

#[test]
fn what_the_operator_did_and_what_other_processes_do_is_not_told_as_news() {
    for reason in [StopReason::Operator, StopReason::Interrupted] {
        let mut bench = sending(Lang::En, (120, 36));
        stopped(&mut bench, reason);
        assert!(!bench.screen().contains("(订单发货提醒) paused"), "{}", bench.screen());
    }
    let mut bench = following(Lang::En, (120, 36));
    stopped(&mut bench, wrong_ip());
    bench.keys("7");
    let screen = bench.screen();
    assert!(!screen.contains("(订单发货提醒) paused") && screen.contains("40164: The public IP address"), "{screen}");
}

#[test]
fn any_job_that_was_cut_off_is_offered_and_the_others_are_counted() {
    let newest_done = |cut_off: &[i64]| {
        let mut jobs = vec![job(20, JobState::Done)];
        jobs.extend(cut_off.iter().map(|id| paused(*id, StopReason::Interrupted)));
        jobs.push(paused(2, StopReason::Operator));
        Bench::with(Lang::En, World { jobs, ..World::default() }).size(80, 24)
    };
    let mut bench = newest_done(&[18]);
    assert!(bench.screen().contains("Job 18 (订单发货提醒) was interrupted: 872") && !bench.screen().contains("as well"));
    bench.keys("enter");
    assert_eq!(sends(&mut bench), [SendEffect::ResumeJob { job: JobId(18) }]);
    let mut bench = newest_done(&[18, 17, 5]);
    assert!(bench.screen().contains("Interrupted as well: 2 more. H shows all jobs."), "{}", bench.screen());
    bench.keys("n H");
    assert!(bench.screen().contains("! paused") && bench.screen().contains("Jobs 1 of 5"), "{}", bench.screen());
    bench.keys("esc 7 2 7");
    assert!(!bench.screen().contains("Go on now?"), "asked once");
    assert!(!newest_done(&[]).screen().contains("Go on now?"));
}
