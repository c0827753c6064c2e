//! Messages that WeChat held for review: what the screen asks, and what it tells.

use super::jobs::{sending, sends};
use super::pictures::pictures;
use crate::dispatch::{Blocked, Review};
use crate::domain::delivery::{Delivery, IN_REVIEW, REFUSED_IN_REVIEW, State};
use crate::domain::id::{JobId, OpenId, RowNo};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::effect::SendEffect;
use crate::tui::msg::SendMsg;
use crate::tui::testkit::{Bench, World, deliveries, job};

/// So many were held, and so many of them refused.
fn review(held: u64, refused: usize) -> Review {
    let blocked = (0..refused).map(|n| Blocked {
        row: RowNo(n as i64),
        openid: OpenId::trusted(format!("oRefused{n}")),
        sent_at: "2026-11-23T06:31:07Z".parse().unwrap(),
        title: "订单发货提醒".into(),
    });
    Review { held, blocked: blocked.collect() }
}

fn found(found: Result<Review, String>) -> SendMsg {
    SendMsg::Reviewed { job: JobId(15), found }
}

/// Two accepted rows in review.
fn held_rows() -> Vec<(Delivery, String)> {
    let mut rows = deliveries(15);
    for (row, _) in &mut rows {
        (row.state, row.errcode, row.errmsg) = (State::Accepted, Some(IN_REVIEW), Some("this template msg is in review".into()));
    }
    rows
}

/// A finished job with messages in review, one of which was found to be refused.
fn looked_up(lang: Lang, size: (u16, u16)) -> Bench {
    let jobs = vec![job(15, JobState::Done), job(14, JobState::Done)];
    let world = World { jobs, deliveries: held_rows(), ..World::default() };
    let mut bench = Bench::with(lang, world).size(size.0, size.1);
    bench.keys("7 v");
    let noted = format!("{REFUSED_IN_REVIEW}; this template msg is in review");
    bench.world().deliveries[0].0.errmsg = Some(noted);
    bench
}

#[test]
fn pictures_of_a_review() {
    pictures("review", |bench| _ = bench.msg(found(Ok(review(1300, 7)))), looked_up);
}

#[test]
fn it_is_looked_up_once_at_a_time_and_the_rows_in_review_are_listed() {
    let mut bench = looked_up(Lang::En, (120, 36));
    assert!(bench.footer().starts_with("Looking up what became of job 15's messages"), "{}", bench.footer());
    bench.keys("v");
    assert_eq!(sends(&mut bench), [SendEffect::ReviewJob { job: JobId(15) }]);
    bench.msg(found(Ok(review(2, 1)))).keys("esc");
    let screen = bench.screen();
    assert!(screen.contains("only 40252") && screen.contains("张三"), "{screen}");
    assert!(screen.contains("40252  WeChat took the message into a content review and refused it"), "{screen}");
    bench.keys("enter");
    assert!(bench.screen().contains("refused it there: it was not"), "{}", bench.screen());
    bench.keys("esc v");
    assert!(sends(&mut bench).contains(&SendEffect::ReviewJob { job: JobId(15) }), "the answer is here: it may be asked again");
}

#[test]
fn the_first_few_are_named_and_the_others_counted() {
    for (refused, named, more) in [(0, 0, None), (5, 5, None), (7, 5, Some("… and 2 more"))] {
        let mut bench = looked_up(Lang::En, (120, 36));
        bench.msg(found(Ok(review(1300, refused))));
        let screen = bench.screen();
        assert!(screen.contains("1 300 messages went into a content review"), "{screen}");
        assert_eq!(screen.matches("oRefused").count(), named, "{screen}");
        assert_eq!(screen.contains(" more"), more.is_some(), "{screen}");
        assert!(more.is_none_or(|more| screen.contains(more)), "{screen}");
    }
}

#[test]
fn a_job_without_reviews_and_one_that_cannot_be_looked_up_leave_the_rows_as_they_are() {
    for (answer, text) in [(Ok(review(0, 0)), "No message of this job went into"), (Err("timed out".into()), "timed out")] {
        let mut bench = sending(Lang::En, (80, 24));
        bench.keys("v");
        bench.asked();
        bench.msg(found(answer));
        let screen = bench.screen();
        assert!(screen.contains("Messages of job 15 in review") && screen.contains(text), "{screen}");
        bench.keys("esc");
        assert!(bench.screen().contains("no clear answer") && !bench.screen().contains("only 40252"), "{}", bench.screen());
        bench.keys("v");
        assert_eq!(sends(&mut bench), [SendEffect::ReviewJob { job: JobId(15) }]);
    }
}

#[test]
fn an_answer_for_another_job_is_told_and_moves_nothing() {
    let mut bench = looked_up(Lang::En, (120, 36));
    bench.keys("[").msg(found(Ok(review(2, 1)))).keys("esc");
    assert!(bench.screen().contains("Job 14 ") && !bench.screen().contains("only 40252"), "{}", bench.screen());
}
