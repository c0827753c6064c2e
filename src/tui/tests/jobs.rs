//! What can be done with jobs on the screen: keys in, effects and pictures out.

use super::super::effect::{Effect, SendEffect};
use super::super::msg::{Hold, JobProgress, SendMsg};
use super::super::testkit::{Bench, World, deliveries, job, progress};
use super::pictures::pictures;
use crate::domain::account::{PaceLimits, Rate};
use crate::domain::id::JobId;
use crate::domain::job::{Call, Job, JobState, StopReason};
use crate::domain::lang::Lang;

pub fn bench(lang: Lang, size: (u16, u16)) -> Bench {
    Bench::with(lang, World { deliveries: deliveries(15), ..World::default() }).size(size.0, size.1)
}

/// A screen with a job in the middle of its work, in this process.
pub fn sending(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = bench(lang, size);
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
    bench.asked();
    bench
}

/// What was asked of the sending services since the last look.
pub fn sends(bench: &mut Bench) -> Vec<SendEffect> {
    let sends = |effect| if let Effect::Send(effect) = effect { Some(effect) } else { None };
    bench.asked().into_iter().filter_map(sends).collect()
}

pub fn paused(id: i64, reason: StopReason) -> Job {
    Job { reason: Some(reason), ..job(id, JobState::Paused) }
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
    let minute = StopReason::Refused { errcode: 45011, errmsg: "reach limit".into(), call: Call::Send };
    let network = StopReason::Network { detail: "connection refused".into() };
    let template = StopReason::Refused { errcode: 40037, errmsg: "invalid template_id".into(), call: Call::Send };
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
pub fn following(lang: Lang, size: (u16, u16)) -> Bench {
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
    let screen = bench.screen();
    assert!(screen.contains("Job 16") && screen.contains("no clear answer"), "{screen}");
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

#[test]
fn the_recipients_of_a_job_are_joined_to_the_audience() {
    let mut bench = Bench::new();
    let mut sent = job(15, JobState::Done);
    sent.counts.accepted = 872;
    bench.msg(SendMsg::Started { job: Box::new(sent.clone()) }).msg(SendMsg::Ended { job: Box::new(sent) });
    bench.keys("esc 3 down enter H -");
    assert!(bench.screen().contains("to  tag VIP - job 15 sent"), "{}", bench.screen());
    bench.keys("7 +");
    assert!(bench.screen().contains("- job 15 sent + job 15 failed"), "{}", bench.screen());
}
