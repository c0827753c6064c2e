//! The deliveries of a job: filters, errors by code, one in full.

use super::jobs::{sending, sends};
use super::pictures::pictures;
use crate::domain::api_base::ApiBase;
use crate::domain::curl;
use crate::domain::delivery::{Counts, State};
use crate::domain::id::{JobId, RowNo};
use crate::domain::job::{Job, JobState};
use crate::domain::lang::Lang;
use crate::store::CodeCount;
use crate::tui::effect::{Effect, SendEffect, SystemEffect};
use crate::tui::msg::{Attempt, SendMsg};
use crate::tui::testkit::{Bench, World, deliveries, job};

/// What most jobs meet, and one that nobody has heard of.
fn codes() -> Vec<CodeCount> {
    [(43004, 1203), (43101, 87), (47003, 12), (-1, 3), (99_999, 1)].map(|(errcode, count)| CodeCount { errcode, count }).into()
}

/// A finished job with errors of many kinds.
fn with_errors(lang: Lang, size: (u16, u16)) -> Bench {
    let counts = Counts { total: 20_000, accepted: 18_689, failed: 1306, unknown: 5, skipped: 0 };
    let jobs = vec![Job { counts, ..job(15, JobState::Done) }];
    let mut bench = Bench::with(lang, World { jobs, deliveries: deliveries(15), ..World::default() }).size(size.0, size.1);
    bench.keys("7 e");
    bench
}

fn attempts() -> Vec<Attempt> {
    let attempt = |at: &str, millis, status, errcode, reply: &str| Attempt {
        at: at.parse().unwrap(),
        millis,
        status,
        errcode,
        reply: reply.into(),
    };
    vec![
        attempt("2026-11-23T06:31:05Z", 10_003, None, None, "timed out after 10 s"),
        attempt(
            "2026-11-23T06:31:06Z",
            38,
            Some(200),
            Some(43004),
            r#"{"errcode":43004,"errmsg":"require subscribe rid: 6560aa11-2b3c4d5e-6f708192"}"#,
        ),
    ]
}

/// One delivery with two requests.
fn inspected(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = sending(lang, size);
    bench.keys("enter").msg(SendMsg::AttemptsLoaded { job: JobId(15), row: RowNo(7), attempts: attempts() });
    bench
}

#[test]
fn pictures_of_errors_and_of_a_delivery() {
    let counted = |bench: &mut Bench| _ = bench.msg(SendMsg::ErrorsCounted { job: JobId(15), codes: codes() }).keys("down");
    pictures("errors", counted, with_errors);
    pictures("delivery", |_| {}, inspected);
}

#[test]
fn a_code_is_chosen_and_left_again() {
    let mut bench = with_errors(Lang::En, (120, 36));
    assert_eq!(sends(&mut bench), [SendEffect::CountErrors { job: JobId(15) }]);
    assert!(bench.screen().contains("counting…"));
    bench.msg(SendMsg::ErrorsCounted { job: JobId(14), codes: Vec::new() });
    assert!(bench.screen().contains("counting…"), "of another job");
    bench.msg(SendMsg::ErrorsCounted { job: JobId(15), codes: codes() });
    let screen = bench.screen();
    assert!(screen.contains("1 203   43004  The recipient does not follow"), "{screen}");
    assert!(screen.contains("5       -  without a code"), "1306 + 5 rows went wrong, 1306 have a code: {screen}");
    bench.keys("enter");
    let screen = bench.screen();
    assert!(screen.contains("Job 15 订单发货提醒 · done · only 43004"), "{screen}");
    assert!(screen.contains("▸ 张三") && !screen.contains("no clear answer"), "{screen}");
    bench.keys("f");
    let screen = bench.screen();
    assert!(!screen.contains("only 43004") && screen.contains("no clear answer"), "{screen}");
}

#[test]
fn a_job_without_errors_says_so() {
    let mut bench = sending(Lang::En, (80, 24));
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) }).keys("esc e");
    bench.msg(SendMsg::ErrorsCounted { job: JobId(15), codes: Vec::new() });
    assert!(bench.screen().contains("No message of this job ended with an error."), "{}", bench.screen());
    bench.keys("enter");
    assert!(!bench.screen().contains("only"), "nothing to list");
}

#[test]
fn the_filters_go_around_and_skipped_is_one_of_them() {
    let mut bench = sending(Lang::En, (120, 36));
    for word in ["all", "failed", "unknown", "skipped", "accepted", "queued", "failed and unknown"] {
        bench.keys("f");
        assert!(bench.screen().contains(&format!(" {word}  1/1 ")), "{word}: {}", bench.screen());
    }
}

#[test]
fn a_delivery_is_shown_and_copied_as_it_was_sent() {
    let mut bench = inspected(Lang::En, (120, 36));
    let screen = bench.screen();
    for text in [
        "request 1     2026-11-23 14:31:05  10 003 ms  no answer",
        "request 2     2026-11-23 14:31:06  38 ms  HTTP 200  errcode 43004",
        r#"{"errcode":43004,"errmsg":"require subscribe"#,
        r#""client_msg_id": "mb0000000000001234-7""#,
    ] {
        assert!(screen.contains(text), "{text}: {screen}");
    }
    bench.asked();
    bench.keys("c");
    assert!(bench.screen().contains("JSON copied to the clipboard"), "{}", bench.screen());
    bench.keys("u");
    assert!(bench.screen().contains("curl command copied"), "{}", bench.screen());
    let asked = bench.asked();
    let [Effect::System(SystemEffect::CopyToClipboard { text: json }), Effect::System(SystemEffect::CopyToClipboard { text })] =
        asked.as_slice()
    else {
        panic!("{asked:?}")
    };
    assert!(json.starts_with(r#"{"touser":"oTD8i6Wz6jQZPSNJlzQv43ApodvI""#), "{json}");
    assert!(json.ends_with(r#""client_msg_id":"mb0000000000001234-7"}"#), "{json}");
    assert_eq!(*text, curl::post(&ApiBase::default(), "/cgi-bin/message/template/send", json));
    assert!(text.contains("\"$ACCESS_TOKEN\""), "the token stays where it is");
    bench.keys("down");
    assert!(bench.screen().contains("u copy as curl"));
    bench.keys("esc");
    assert!(!bench.screen().contains("client_msg_id"));
}

#[test]
fn where_the_ledger_keeps_no_requests_it_says_so() {
    for (total, note) in [(872, false), (20_000, true)] {
        let counts = Counts { total, accepted: total, ..Counts::default() };
        let mut rows = deliveries(15);
        (rows[0].0.state, rows[0].0.errcode, rows[0].0.errmsg) = (State::Accepted, Some(0), None);
        let jobs = vec![Job { counts, ..job(15, JobState::Done) }];
        let mut bench = Bench::with(Lang::En, World { jobs, deliveries: rows, ..World::default() });
        bench.keys("7 f enter").msg(SendMsg::AttemptsLoaded { job: JobId(15), row: RowNo(7), attempts: Vec::new() });
        assert_eq!(bench.screen().contains("Not in the ledger: jobs of over 1 000"), note, "{}", bench.screen());
    }
}
