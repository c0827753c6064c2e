//! All that is known of one user, and everything they were ever sent.

use super::jobs::{sending, sends};
use super::pictures::pictures;
use crate::domain::delivery::{Delivery, IN_REVIEW, REFUSED_IN_REVIEW, State};
use crate::domain::id::{AccountId, JobId, OpenId, RowNo, TagId, TemplateId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::domain::profile::{Profile, Read};
use crate::domain::user::User;
use crate::store::PastDelivery;
use crate::sync::LookedUp;
use crate::tui::effect::{Effect, ProfileEffect, SendEffect, SystemEffect};
use crate::tui::msg::{ProfileMsg, Refusal, SendMsg};
use crate::tui::testkit::{Bench, IN_DOUBT, World, deliveries, job};
use crate::wechat::USER_INFO_PATH;

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
        past(41, "订单发货提醒", "2026-10-02T01:00:00Z", State::Unknown, None, Some(IN_DOUBT)),
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

fn profile() -> Profile {
    let user = World::default().users.remove(0);
    Profile {
        user: User { subscribe_time: Some("2023-11-09T07:01:00Z".parse().unwrap()), ..user },
        name: Some("张小三".into()),
        tags: vec![(TagId(100), "VIP".into()), (TagId(109), String::new())],
        unionid: Some("o6_bmasdasdsad6_2sgVt7hMZOPfL".into()),
        language: "zh_CN".into(),
        scene: "ADD_SCENE_QR_CODE".into(),
        read: Read::LastSync(Some("2026-11-23T06:05:00Z".parse().unwrap())),
    }
}

fn known(profile: Profile) -> ProfileMsg {
    let found = Ok(Some(Box::new(profile)));
    ProfileMsg::Loaded { account: AccountId(1), openid: OpenId::trusted(OPENID), found }
}

fn told(profile: Profile, qr: &str) -> ProfileMsg {
    let found = Ok(Box::new(LookedUp { profile, qr: Some(qr.to_owned()) }));
    ProfileMsg::LookedUp { account: AccountId(1), openid: OpenId::trusted(OPENID), found }
}

fn look_up() -> Effect {
    ProfileEffect::LookUp { account: AccountId(1), openid: OpenId::trusted(OPENID) }.into()
}

#[test]
fn pictures_of_one_who_left_and_was_looked_up() {
    let happen = |bench: &mut Bench| {
        let gone = profile();
        let user = User { subscribed: false, blacklisted: true, remark: String::new(), ..gone.user };
        let read = Read::Now("2026-11-23T07:00:00Z".parse().unwrap());
        bench.msg(loaded(OPENID, Ok(Vec::new()))).keys("r").msg(told(Profile { user, read, name: None, ..gone }, "98765"));
    };
    pictures("user_looked_up", happen, opened);
}

#[test]
fn all_of_it_is_read_and_asked_of_wechat_once_a_time() {
    let mut bench = opened(Lang::En, (80, 24));
    let load = ProfileEffect::Load { account: AccountId(1), openid: OpenId::trusted(OPENID) };
    assert!(bench.asked().contains(&load.into()));
    bench.msg(known(Profile { read: Read::Never, scene: "ADD_SCENE_NEW".into(), ..profile() }));
    for text in [OPENID, "张小三 (imported)", "yes, since 2023-11-09 15:01:00", "VIP · 109", "ADD_SCENE_NEW", "never: no more"]
    {
        assert!(bench.screen().contains(text), "{text}: {}", bench.screen());
    }
    bench.keys("r r");
    assert_eq!(bench.asked(), [look_up()], "not twice");
    assert!(bench.screen().contains("asking WeChat…"), "{}", bench.screen());
    let refusal =
        Refusal { text: "WeChat answered 48001: api unauthorized".into(), code: Some((48001, USER_INFO_PATH)), unsure: false };
    let refused = |openid: &str| ProfileMsg::LookedUp {
        account: AccountId(1),
        openid: OpenId::trusted(openid),
        found: Err(refusal.clone()),
    };
    bench.msg(refused("oR5GjjgEhCMJmTPrQqRrMRJiaYwY"));
    assert!(bench.screen().contains("asking WeChat…"), "about another one");
    bench.msg(refused(OPENID));
    assert!(bench.screen().contains("✗ WeChat answered 48001") && bench.screen().contains("张小三"), "{}", bench.screen());
    bench.keys("r").msg(told(Profile { read: Read::Now("2026-11-23T07:00:00Z".parse().unwrap()), ..profile() }, "spring"));
    for text in ["just now at WeChat, 15:00", "QR code     spring"] {
        assert!(bench.screen().contains(text) && !bench.screen().contains('✗'), "{text}: {}", bench.screen());
    }
    bench.asked();
    bench.msg(known(Profile { read: Read::Earlier, ..profile() }));
    assert!(bench.screen().contains("just now at WeChat"), "what came late is older: {}", bench.screen());
    let renamed = Profile { user: User { remark: "张三丰".into(), ..profile().user }, ..profile() };
    bench.keys("r").msg(told(renamed, "")).asked();
    bench.keys("c");
    assert_eq!(bench.asked(), [SystemEffect::CopyToClipboard { text: OPENID.into() }.into()]);
    assert!(bench.screen().contains("The openid is in the clipboard."), "{}", bench.screen());
    bench.keys("esc");
    assert!(bench.screen().contains("▸   张三丰"), "the list has it too: {}", bench.screen());
}

#[test]
fn one_whom_the_cache_does_not_have_can_be_asked_for() {
    let mut bench = opened(Lang::En, (80, 24));
    let of = |found| ProfileMsg::Loaded { account: AccountId(1), openid: OpenId::trusted(OPENID), found };
    bench.msg(of(Ok(None)));
    assert!(bench.screen().contains("The cache does not know this openid"), "{}", bench.screen());
    let mut bench = opened(Lang::En, (80, 24));
    bench.msg(of(Err("disk error".into()))).msg(loaded(OPENID, Ok(past())));
    assert!(bench.screen().contains("disk error") && bench.screen().contains("订单发货提醒"), "{}", bench.screen());
}

#[test]
fn where_there_is_little_room_both_scroll_as_one() {
    let mut bench = opened(Lang::En, (60, 15));
    bench.msg(known(profile())).msg(loaded(OPENID, Ok(past())));
    let sees = |bench: &mut Bench, yes: &[&str], no: &[&str]| {
        let screen = bench.screen();
        assert!(yes.iter().all(|text| screen.contains(text)) && !no.iter().any(|text| screen.contains(text)), "{screen}");
    };
    sees(&mut bench, &[OPENID, "remark", "message 1 of 5"], &["unionid", "▸   261"]);
    bench.keys("down");
    sees(&mut bench, &["remark"], &[OPENID]);
    bench.keys("pagedown pagedown");
    sees(&mut bench, &["▸   261", "message 1 of 5"], &["remark"]);
    bench.keys("down down");
    sees(&mut bench, &["message 3 of 5"], &["unionid"]);
    bench.keys("up up up up");
    sees(&mut bench, &["message 1 of 5", "unionid"], &[OPENID]);
    bench.keys("g");
    sees(&mut bench, &[OPENID], &["unionid"]);
    bench.keys("G");
    sees(&mut bench, &["message 5 of 5", "▸     3"], &["unionid"]);
    for _ in 0..40 {
        bench.keys("k");
    }
    sees(&mut bench, &[OPENID, "message 1 of 5"], &[]);
}

#[test]
fn pictures_of_the_history_of_a_user() {
    let happen = |bench: &mut Bench| {
        bench.msg(known(profile())).msg(loaded(OPENID, Ok(past()))).keys("down");
    };
    pictures("user_history", happen, opened);
}

#[test]
fn it_reads_says_so_and_takes_only_the_answer_for_its_user() {
    let mut bench = opened(Lang::En, (80, 24));
    assert_eq!(sends(&mut bench), [ask(OPENID)]);
    let screen = bench.screen();
    assert!(screen.contains("─ User 张三 ─") && screen.contains("going through all jobs…"), "{screen}");
    let another = SendMsg::DeliveriesToLoaded { account: AccountId(2), openid: OpenId::trusted(OPENID), found: Ok(past()) };
    bench.msg(loaded("oR5GjjgEhCMJmTPrQqRrMRJiaYwY", Ok(past()))).msg(another);
    assert!(bench.screen().contains("going through all jobs…"), "{}", bench.screen());
    bench.msg(loaded(OPENID, Ok(past())));
    let screen = bench.screen();
    assert!(screen.contains("User 张三: message 1 of 5") && !screen.contains("going through"), "{screen}");
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
    assert!(screen.contains("Job 260 ") && screen.contains("641/800") && !screen.contains("User 张三"), "{screen}");
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
    assert!(bench.screen().contains("User 张三: message 1 of 5"), "{}", bench.screen());
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
    assert!(bench.screen().contains("User o6_bmjrPTlm6_2sgVt7hMZOPfL2M"), "{}", bench.screen());
    bench.keys("v");
    assert!(!bench.screen().contains("─ User "), "the key that opened it closes it");
}
