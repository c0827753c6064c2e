//! Everything that one user was ever sent.

use super::jobs::{sending, sends};
use super::pictures::pictures;
use crate::domain::delivery::{Delivery, IN_REVIEW, REFUSED_IN_REVIEW, State};
use crate::domain::id::{AccountId, JobId, OpenId, RowNo, TemplateId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::store::PastDelivery;
use crate::tui::effect::SendEffect;
use crate::tui::msg::SendMsg;
use crate::tui::testkit::{Bench, World, deliveries, job};

const OPENID: &str = "oTD8i6Wz6jQZPSNJlzQv43ApodvI";

/// What 张三 was sent: in every state, of several templates, and by one job twice.
fn past() -> Vec<PastDelivery> {
    let refused = format!("{REFUSED_IN_REVIEW}; this template msg is in review");
    let past = |job, title: &str, at: &str, state, errcode, errmsg: Option<&str>| PastDelivery {
        delivery: Delivery {
            job: JobId(job),
            row: RowNo(7),
            openid: OpenId::trusted(OPENID),
            state,
            attempts: 1,
            ambiguous: false,
            errcode,
            errmsg: errmsg.map(Into::into),
            msgid: None,
            updated_at: (!at.is_empty()).then(|| at.parse().unwrap()),
            params: None,
        },
        title: title.into(),
        template_id: TemplateId::trusted("Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM"),
    };
    vec![
        past(261, "订单发货提醒", "", State::Queued, None, None),
        past(260, "会员积分变动通知", "2026-11-23T06:31:07Z", State::Failed, Some(43101), Some("user refuse to accept the msg")),
        past(260, "会员积分变动通知", "2026-11-23T06:31:02Z", State::Accepted, Some(0), None),
        past(41, "订单发货提醒", "2026-10-02T01:00:00Z", State::Unknown, None, Some("timed out after 10 s")),
        past(3, "隐患整改工单已超期", "2025-09-30T12:15:00Z", State::Accepted, Some(IN_REVIEW), Some(&refused)),
    ]
}

fn loaded(openid: &str, found: Result<Vec<PastDelivery>, String>) -> SendMsg {
    SendMsg::DeliveriesToLoaded { account: AccountId(1), openid: OpenId::trusted(openid), found }
}

/// A ledger of 900 jobs, of which the newest 200 were read, and the history of the first user.
fn opened(lang: Lang, size: (u16, u16)) -> Bench {
    let jobs = (1..=900).rev().map(|id| job(id, JobState::Done)).collect();
    let mut bench = Bench::with(lang, World { jobs, ..World::default() }).size(size.0, size.1);
    bench.asked();
    bench.keys("4 v");
    bench
}

fn ask(openid: &str) -> SendEffect {
    SendEffect::LoadDeliveriesTo { account: AccountId(1), openid: OpenId::trusted(openid), count: 500 }
}

#[test]
fn pictures_of_the_history_of_a_user() {
    pictures("user_history", |bench| _ = bench.msg(loaded(OPENID, Ok(past()))).keys("down"), opened);
}

#[test]
fn it_reads_says_so_and_takes_only_the_answer_for_its_user() {
    let mut bench = opened(Lang::En, (80, 24));
    assert_eq!(sends(&mut bench), [ask(OPENID)]);
    let screen = bench.screen();
    assert!(screen.contains("Sent to 张三") && screen.contains("going through all jobs…"), "{screen}");
    let another = SendMsg::DeliveriesToLoaded { account: AccountId(2), openid: OpenId::trusted(OPENID), found: Ok(past()) };
    bench.msg(loaded("oR5GjjgEhCMJmTPrQqRrMRJiaYwY", Ok(past()))).msg(another);
    assert!(bench.screen().contains("going through all jobs…"), "{}", bench.screen());
    bench.msg(loaded(OPENID, Ok(past())));
    let screen = bench.screen();
    assert!(screen.contains("Sent to 张三: 1 of 5") && !screen.contains("going through"), "{screen}");
    bench.keys("G");
    let screen = bench.screen();
    assert!(
        screen.contains("2025-09-30 20:15:00") && screen.contains("WeChat took the message into a content review"),
        "{screen}"
    );
}

#[test]
fn who_was_never_sent_anything_is_told_apart_from_a_ledger_that_cannot_be_read() {
    for (found, text) in [(Ok(Vec::new()), "Nothing was ever sent to this user"), (Err("disk error".into()), "disk error")] {
        let mut bench = opened(Lang::En, (80, 24));
        bench.msg(loaded(OPENID, found));
        assert!(bench.screen().contains(text), "{}", bench.screen());
        bench.keys("enter");
        assert!(!bench.screen().contains(text), "nothing to show, so it closes");
        assert!(bench.screen().contains("▸   张三"), "in the list, as before: {}", bench.screen());
    }
}

#[test]
fn enter_shows_the_job_however_old_it_is() {
    let mut bench = opened(Lang::En, (120, 36));
    bench.msg(loaded(OPENID, Ok(past()))).keys("down enter");
    let screen = bench.screen();
    assert!(screen.contains("Job 260 ") && screen.contains("641/800") && !screen.contains("Sent to"), "{screen}");
    bench.keys("4 v").msg(loaded(OPENID, Ok(past()))).keys("G enter");
    assert!(bench.screen().contains("Job 3 ") && bench.screen().contains("898/900"), "{}", bench.screen());
}

#[test]
fn a_job_that_another_process_made_meanwhile_is_shown_and_a_deleted_one_is_not() {
    let mut bench = opened(Lang::En, (120, 36));
    bench.world().jobs.truncate(100);
    bench.world().jobs.insert(0, job(901, JobState::Done));
    let mut newer = past();
    newer[0].delivery.job = JobId(901);
    bench.msg(loaded(OPENID, Ok(newer))).keys("enter");
    assert!(bench.screen().contains("Job 901 ") && bench.screen().contains("1/101"), "{}", bench.screen());
    bench.keys("4 v").msg(loaded(OPENID, Ok(past()))).keys("G enter");
    assert!(bench.screen().contains("Job 901 ") && bench.screen().contains("1/101"), "{}", bench.screen());
}

#[test]
fn it_opens_from_a_delivery_which_makes_way_for_the_chosen_job() {
    let mut bench = sending(Lang::En, (120, 36));
    bench.world().jobs.push(job(3, JobState::Done));
    bench.world().deliveries = deliveries(3);
    bench.keys("enter");
    bench.asked();
    bench.keys("h");
    assert_eq!(sends(&mut bench), [ask(OPENID)]);
    bench.msg(loaded(OPENID, Ok(past())));
    assert!(bench.screen().contains("Sent to 张三: 1 of 5"), "{}", bench.screen());
    bench.keys("esc");
    assert!(bench.screen().contains("client_msg_id"), "the delivery is still there: {}", bench.screen());
    bench.keys("h").msg(loaded(OPENID, Ok(past()))).keys("G enter");
    let screen = bench.screen();
    assert!(screen.contains("Job 3 ") && !screen.contains("client_msg_id"), "{screen}");
}

#[test]
fn a_user_without_a_name_is_called_by_the_openid() {
    let mut bench = Bench::new();
    bench.keys("4 down down v");
    assert!(bench.screen().contains("Sent to o6_bmjrPTlm6_2sgVt7hMZOPfL2M"), "{}", bench.screen());
    bench.keys("v");
    assert!(!bench.screen().contains("Sent to"), "the key that opened it closes it");
}
