//! What can be done with jobs on the screen: keys in, effects and pictures out.

use super::super::effect::{Effect, SendEffect};
use super::super::msg::{Hold, JobProgress, SendMsg};
use super::super::testkit::{Bench, World, deliveries, job, progress};
use crate::domain::account::{PaceLimits, Rate};
use crate::domain::delivery::Counts;
use crate::domain::id::JobId;
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::lang::Lang;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];

fn bench(lang: Lang, size: (u16, u16)) -> Bench {
    Bench::with(lang, World { deliveries: deliveries(15), ..World::default() }).size(size.0, size.1)
}

/// A screen with a job in the middle of its work, in this process.
fn sending(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = bench(lang, size);
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
    bench.asked();
    bench
}

/// What was asked of the sending services since the last look.
fn sends(bench: &mut Bench) -> Vec<SendEffect> {
    let sends = |effect| if let Effect::Send(effect) = effect { Some(effect) } else { None };
    bench.asked().into_iter().filter_map(sends).collect()
}

fn paused(id: i64, reason: StopReason) -> Job {
    Job { reason: Some(reason), ..job(id, JobState::Paused) }
}

/// The same moment in each language and size.
fn pictures(moment: &str, show: impl Fn(&mut Bench), start: impl Fn(Lang, (u16, u16)) -> Bench) {
    for lang in [Lang::En, Lang::Zh] {
        for size in SIZES {
            let mut bench = start(lang, size);
            show(&mut bench);
            insta::assert_snapshot!(format!("{}_{}x{}_{moment}", lang.as_str(), size.0, size.1), bench.screen());
        }
    }
}

#[test]
fn pictures_of_the_pace() {
    pictures("pace", |bench| _ = bench.keys("t"), sending);
}

#[test]
fn the_pace_is_changed_while_a_job_runs() {
    let mut bench = sending(Lang::En, (120, 36));
    assert!(bench.screen().contains("50/s, 20 in flight"), "{}", bench.screen());
    bench.keys("t 25 tab 8 enter");
    let pace = PaceLimits { rate: Rate(25), concurrency: 8 };
    assert_eq!(bench.asked(), [Effect::Send(SendEffect::SetPace { job: JobId(15), pace })]);
    bench.msg(SendMsg::PaceChanged { job: JobId(15), pace });
    assert!(bench.footer().starts_with("Job 15: 25/s, 8 in flight"), "{}", bench.footer());
    assert_eq!(bench.screen().matches("25/s, 8 in flight").count(), 2, "in the pane too: {}", bench.screen());
}

#[test]
fn a_paused_job_has_a_pace_and_a_finished_one_has_none() {
    let mut bench = bench(Lang::En, (80, 24));
    bench.msg(SendMsg::Ended { job: Box::new(paused(15, StopReason::Operator)) }).keys("7 t 0 enter");
    let pace = PaceLimits { rate: Rate::UNLIMITED, concurrency: 20 };
    assert_eq!(bench.asked(), [Effect::Send(SendEffect::SetPace { job: JobId(15), pace })]);
    bench.msg(SendMsg::PaceChanged { job: JobId(15), pace });
    assert!(bench.screen().contains("paused by you") && bench.screen().contains("no limit, 20 in flight"), "{}", bench.screen());
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) }).keys("t");
    assert!(bench.screen().contains("Job 15 has come to its end"), "{}", bench.screen());
}

#[test]
fn a_pace_that_is_none_is_shown_at_its_field() {
    let mut bench = sending(Lang::En, (80, 24));
    bench.keys("t fast tab backspace 2000 enter");
    assert_eq!(bench.asked(), []);
    let screen = bench.screen();
    assert!(screen.contains("✗ 0 means no limit") && screen.contains("✗ 1 to 1024"), "{screen}");
    bench.keys("backspace backspace backspace backspace 50 tab backspace backspace enter");
    let pace = PaceLimits { rate: Rate(50), concurrency: 20 };
    assert_eq!(bench.asked(), [Effect::Send(SendEffect::SetPace { job: JobId(15), pace })]);
    bench.keys("t esc");
    assert_eq!(bench.asked(), []);
}

/// That job with WeChat busy.
fn slowed() -> JobProgress {
    JobProgress { allowed: PaceLimits { rate: Rate(25), concurrency: 10 }, ..progress(15) }
}

fn held(why: StopReason) -> JobProgress {
    let until = "2026-11-23T08:25:01Z".parse().unwrap();
    JobProgress { hold: Some(Hold { until, why }), ..slowed() }
}

#[test]
fn pictures_of_a_job_that_was_slowed_down() {
    pictures("slowed", |bench| _ = bench.msg(SendMsg::Progressed(slowed())), sending);
}

#[test]
fn what_holds_a_job_up_is_said_also_in_the_folded_line() {
    let minute = StopReason::Refused { errcode: 45011, errmsg: "reach limit".into() };
    let network = StopReason::Network { detail: "connection refused".into() };
    let template = StopReason::Refused { errcode: 40037, errmsg: "invalid template_id".into() };
    for (progress, text) in [
        (slowed(), "slowed to 25/s of 50/s, 10 of 20 in flight: WeChat"),
        (held(minute), "waiting for the next minute, until 16:25"),
        (held(network), "WeChat cannot be reached, trying again: conn"),
        (held(template), "trying one row again: 40037: This account has"),
    ] {
        let mut bench = sending(Lang::En, (80, 24));
        bench.msg(SendMsg::Progressed(progress));
        assert!(bench.screen().contains(text), "{}", bench.screen());
        bench.keys("2");
        assert!(bench.screen().contains(text), "{}", bench.screen());
    }
    let mut bench = sending(Lang::En, (80, 24));
    let (pace, allowed) =
        (PaceLimits { rate: Rate::UNLIMITED, concurrency: 64 }, PaceLimits { rate: Rate::UNLIMITED, concurrency: 32 });
    bench.msg(SendMsg::Progressed(JobProgress { pace, allowed, ..progress(15) }));
    assert!(bench.screen().contains("slowed to 32 of 64 in flight: WeChat is busy"), "{}", bench.screen());
    assert!(bench.screen().contains("no limit, 64 in flight"));
}

/// A screen over a ledger in which another process works on a job.
fn following(lang: Lang, size: (u16, u16)) -> Bench {
    let jobs = vec![job(15, JobState::Running), job(14, JobState::Done)];
    Bench::with(lang, World { jobs, deliveries: deliveries(15), ..World::default() }).size(size.0, size.1)
}

#[test]
fn pictures_of_a_job_of_another_process() {
    pictures("elsewhere", |bench| _ = bench.keys("7").msg(SendMsg::Progressed(progress(15))), following);
}

#[test]
fn a_job_of_another_process_is_followed_until_the_account_changes() {
    let mut bench = following(Lang::En, (120, 36));
    assert_eq!(sends(&mut bench), [SendEffect::FollowJob { job: JobId(15) }]);
    bench.keys("7");
    assert_eq!(sends(&mut bench), [], "once is enough, however often the jobs are read");
    bench.msg(SendMsg::Progressed(progress(15)));
    assert!(bench.screen().contains("in another process") && bench.screen().contains("612/872  49/s"));
    bench.keys("p X y");
    assert_eq!(sends(&mut bench), [SendEffect::PauseJob { job: JobId(15) }, SendEffect::CancelJob { job: JobId(15) }]);
    bench.keys("q");
    assert!(!bench.screen().contains("A job is running"), "leaving does not stop it");
    let mut bench = following(Lang::En, (120, 36));
    bench.asked();
    bench.keys("1 down enter");
    assert_eq!(sends(&mut bench).first(), Some(&SendEffect::UnfollowJobs));
}

#[test]
fn what_the_command_line_began_meanwhile_is_there_when_one_looks() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.world().jobs = vec![job(16, JobState::Running)];
    bench.keys("7");
    assert!(bench.screen().contains("Job 16"), "{}", bench.screen());
    assert_eq!(sends(&mut bench), [SendEffect::FollowJob { job: JobId(16) }]);
    bench.world().jobs.insert(0, job(17, JobState::Done));
    bench.keys("2 7");
    assert!(
        bench.screen().contains("Job 16") && bench.screen().contains("2/2"),
        "the same one stays in view: {}",
        bench.screen()
    );
}

#[test]
fn our_own_jobs_are_known_better_than_the_ledger_knows_them() {
    let mut bench = sending(Lang::En, (120, 36));
    // Read a moment before it had the job, or before somebody was at work on it.
    bench.world().jobs = vec![];
    bench.keys("2 7");
    assert!(bench.screen().contains("612/872  49/s"), "{}", bench.screen());
    bench.world().jobs = vec![paused(15, StopReason::Interrupted)];
    bench.keys("2 7");
    assert!(bench.screen().contains("612/872  49/s"), "{}", bench.screen());
    assert_eq!(sends(&mut bench), []);
}

#[test]
fn a_job_that_ended_here_and_runs_elsewhere_is_followed() {
    let mut bench = sending(Lang::En, (120, 36));
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Running)) });
    assert_eq!(sends(&mut bench), [SendEffect::FollowJob { job: JobId(15) }]);
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) });
    assert!(bench.screen().contains("done"));
}

#[test]
fn a_job_is_handed_over_and_followed() {
    let mut bench = sending(Lang::En, (120, 36));
    bench.keys("b");
    assert_eq!(sends(&mut bench), [SendEffect::HandOver { job: JobId(15) }]);
    assert!(bench.footer().starts_with("Job 15 is being handed over"), "{}", bench.footer());
    bench.msg(SendMsg::Ended { job: Box::new(paused(15, StopReason::Interrupted)) });
    assert!(!bench.screen().contains("Go on now?"), "it does go on");
    bench.msg(SendMsg::HandedOver { job: JobId(15) });
    assert_eq!(sends(&mut bench), [SendEffect::FollowJob { job: JobId(15) }]);
    bench.msg(SendMsg::Progressed(progress(15)));
    assert!(bench.screen().contains("in another process") && bench.footer().starts_with("Job 15 goes on"));
    bench.keys("b");
    assert!(bench.screen().contains("Job 15 already goes on in a process of its own"), "{}", bench.screen());
    assert_eq!(sends(&mut bench), []);
}

#[test]
fn a_paused_job_begins_in_a_process_of_its_own_and_a_failure_is_told() {
    let mut bench = bench(Lang::En, (80, 24));
    bench.msg(SendMsg::Ended { job: Box::new(paused(15, StopReason::Operator)) }).keys("7 b");
    assert_eq!(sends(&mut bench), [SendEffect::HandOver { job: JobId(15) }]);
    bench.msg(SendMsg::NotHandedOver { job: JobId(15), text: "no such file".into() });
    let screen = bench.screen();
    assert!(screen.contains("Job 15 was not handed over") && screen.contains("no such file"), "{screen}");
    bench.keys("esc");
    assert!(bench.screen().contains("· paused"), "{}", bench.screen());
}

#[test]
fn in_the_demo_it_is_said_why_a_job_cannot_be_handed_over() {
    let mut bench = sending(Lang::En, (80, 24));
    bench.app.ctx.settings.can_hand_over = false;
    bench.keys("b");
    assert!(bench.screen().contains("In the demo a job cannot go on"), "{}", bench.screen());
    bench.keys("esc q");
    let screen = bench.screen();
    assert!(screen.contains("In the demo a job") && !screen.contains(" b  "), "{screen}");
    bench.keys("b");
    assert_eq!(bench.asked(), []);
}

#[test]
fn what_is_at_its_end_says_so_to_every_key() {
    for key in ["p", "X", "t", "b"] {
        let mut bench = bench(Lang::En, (80, 24));
        bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) }).keys("7").keys(key);
        assert!(bench.screen().contains("Job 15 has come to its end"), "{key}: {}", bench.screen());
        assert_eq!(bench.asked(), []);
    }
}

/// That job, stopped for this reason at half past two.
fn stopped(bench: &mut Bench, reason: StopReason) {
    let counts = progress(15).counts;
    let finished_at = Some("2026-11-23T06:31:00Z".parse().unwrap());
    bench.msg(SendMsg::Ended { job: Box::new(Job { counts, finished_at, ..paused(15, reason) }) });
}

fn same_failure() -> StopReason {
    StopReason::SameFailure { errcode: 43004, errmsg: "require subscribe rid: 6560aa11-2b3c4d5e-6f708192".into(), times: 20 }
}

fn wrong_ip() -> StopReason {
    let errmsg = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6560aa11-2b3c4d5e-6f708192";
    StopReason::Refused { errcode: 40164, errmsg: errmsg.into() }
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
    let quota = StopReason::Refused { errcode: 45009, errmsg: "reach max api daily quota limit".into() };
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
