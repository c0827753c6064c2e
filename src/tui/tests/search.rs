//! `/` in every list: the same line, the same keys.

use super::super::testkit::{Bench, World, deliveries, job};
use crate::domain::id::{AccountId, JobId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::panes::PaneId;

fn rows_with(bench: &mut Bench, words: &str) -> usize {
    bench.screen().lines().filter(|line| line.contains(words)).count()
}

#[test]
fn tags_are_narrowed_and_everyone_is_never_found_by_a_name() {
    let mut bench = Bench::new();
    bench.keys("3 / vip");
    assert_eq!(bench.app.tags.selected().unwrap().name, "VIP");
    assert!(bench.cursor().is_some(), "an input method opens at the search");
    assert_eq!(rows_with(&mut bench, "All followers"), 0);
    bench.keys("enter esc");
    assert_eq!(rows_with(&mut bench, "All followers"), 1, "escape shows everything");
    bench.keys("/ zzz enter enter");
    assert!(bench.app.compose.has_no_audience(), "what was not found is not everyone");
    assert!(bench.footer().contains("nothing here has what you search for"), "{}", bench.footer());
    bench.keys("esc / vip enter enter");
    assert!(!bench.app.compose.has_no_audience());
    assert!(bench.app.compose.words().contains("VIP"));
}

#[test]
fn accounts_are_found_by_name_and_appid() {
    for wanted in ["beta", "wx01"] {
        let mut bench = Bench::new();
        bench.keys("1 /").keys(wanted).keys("enter");
        assert_eq!(bench.app.accounts.active().unwrap().id, AccountId(1));
        bench.keys("enter");
        assert_eq!(bench.app.accounts.active().unwrap().id, AccountId(2), "{wanted}");
    }
}

#[test]
fn recipients_are_found_among_the_rows_by_name_openid_and_code() {
    let world = World { jobs: vec![job(15, JobState::Done)], deliveries: deliveries(15), ..World::default() };
    let mut bench = Bench::with(Lang::En, world);
    bench.keys("7 / 张");
    // Every row says how often it was tried.
    assert_eq!((rows_with(&mut bench, "1×"), rows_with(&mut bench, "43004")), (1, 1), "{}", bench.screen());
    bench.keys("esc");
    assert_eq!(rows_with(&mut bench, "1×"), 2);
    bench.keys("/ o6_b enter enter");
    assert!(bench.screen().contains("o6_bmjrPTlm6_2sgVt7hMZOPfL2M"), "the one that was found is opened: {}", bench.screen());
    bench.keys("esc esc / 43004");
    assert_eq!(rows_with(&mut bench, "1×"), 1);
    bench.keys("zzz");
    assert_eq!(rows_with(&mut bench, "1×"), 0);
    bench.keys("enter enter");
    assert!(bench.app.layers.is_empty(), "and nobody is opened");
    assert!(bench.footer().contains("no recipient is listed"), "{}", bench.footer());
}

#[test]
fn jobs_are_found_in_the_history() {
    let jobs = [("会员积分变动通知", 15), ("订单发货提醒", 14), ("缴费通知", 13)].map(|(title, id)| {
        let mut job = job(id, JobState::Done);
        job.title = title.into();
        job
    });
    let mut bench = Bench::with(Lang::En, World { jobs: jobs.to_vec(), ..World::default() }).size(80, 24);
    bench.keys("H / 缴费");
    insta::assert_snapshot!("en_80x24_history_search", bench.screen());
    bench.keys("enter enter");
    assert_eq!((bench.app.focus, bench.app.send.job().unwrap().id), (PaneId::Send, JobId(13)));
    bench.keys("H / zzz enter enter");
    assert_eq!(bench.app.send.job().unwrap().id, JobId(13));
}

#[test]
fn drafts_are_found_by_what_is_written() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 esc").keys("N 2 down enter 消防通道 esc").keys("o / m20");
    assert_eq!((rows_with(&mut bench, "M2023"), bench.app.layers.len()), (1, 1), "{}", bench.screen());
    bench.keys("enter enter");
    assert!(bench.app.layers.is_empty());
    assert_eq!(bench.app.compose.title(), Some("订单发货提醒"));
    bench.keys("o / zzz enter D esc");
    assert!(!bench.app.layers.is_empty(), "the search goes first, and nothing was deleted");
    assert!(bench.screen().contains("M2023"), "{}", bench.screen());
}
