//! How far a sync is, and how old what it brought is.

use super::pictures::pictures;
use crate::domain::audience::Stale;
use crate::domain::id::AccountId;
use crate::domain::lang::Lang;
use crate::domain::user::Listed;
use crate::sync::{Cut, Step};
use crate::tui::msg::{SyncMsg, SyncPart, SyncSummary};
use crate::tui::testkit::{Bench, World};
use std::time::Duration;

const ACME: AccountId = AccountId(1);

fn bench(lang: Lang, size: (u16, u16)) -> Bench {
    Bench::with(lang, World::default()).size(size.0, size.1)
}

fn listed(at: &str, whole: bool) -> SyncMsg {
    let at = (!at.is_empty()).then(|| at.parse().unwrap());
    SyncMsg::Listed { account: ACME, listed: Listed { at, whole } }
}

fn syncing() -> SyncMsg {
    let (rate, left) = (Some(62_000), Some(Duration::from_secs(11)));
    SyncMsg::Advanced { account: ACME, part: SyncPart::Users, done: 340_000, total: Some(1_000_000), rate, left }
}

fn cut(step: Step) -> SyncMsg {
    let cut = Some(Cut { step, done: 420_000, total: 1_000_000, errcode: 45009 });
    SyncMsg::Finished { account: ACME, summary: SyncSummary { cut, ..SyncSummary::default() } }
}

#[test]
fn pictures_of_a_sync() {
    pictures("syncing", |bench| _ = bench.msg(syncing()), bench);
    pictures("sync_cut", |bench| _ = bench.msg(cut(Step::Details)), bench);
}

#[test]
fn the_line_tells_as_much_as_is_known() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.msg(SyncMsg::Started { account: ACME }).msg(syncing());
    assert!(bench.screen().contains("Users 340 000 / 1 000 000 · 62 000/s · 11 s left  y stops"), "{}", bench.screen());
    bench.msg(SyncMsg::Advanced { account: ACME, part: SyncPart::Members, done: 7, total: None, rate: None, left: None });
    assert!(bench.screen().contains("tags of users 7  y stops"), "{}", bench.screen());
    for (step, what) in
        [(Step::Openids, "listing followers"), (Step::Members, "reading tags"), (Step::Blacklist, "the blacklist")]
    {
        bench.keys("esc").msg(cut(step));
        assert!(bench.screen().contains(what), "{}", bench.screen());
    }
}

#[test]
fn an_old_list_is_told_in_the_header() {
    let mut bench = bench(Lang::En, (80, 24));
    for (told, header) in [
        (listed("2026-11-20T06:00:00Z", true), "followers 3 d old"),
        (listed("2026-11-23T06:00:00Z", false), "followers not all synced"),
        (listed("", false), "never synced"),
        (listed("2026-11-23T06:00:00Z", true), "synced 11-23 14:00"),
    ] {
        bench.msg(told);
        let screen = bench.screen();
        assert!(screen.lines().next().unwrap().contains(header), "{screen}");
    }
    bench.msg(listed("2026-11-20T06:00:00Z", true)).msg(syncing());
    let screen = bench.screen();
    assert!(!screen.contains("3 d old") && screen.contains("Users 34 % · 11 s left  y stops"), "{screen}");
}

#[test]
fn a_sync_that_did_not_come_to_its_end_is_told_before_a_send() {
    let stale = Some(Stale::CutOff("2026-11-23T06:00:00Z".parse().unwrap()));
    let mut bench = Bench::with(Lang::En, World { stale, ..World::default() });
    bench.keys("2 enter M2023 tab 手冲咖啡壶 tab ￥12.50 tab 15:01 esc 3 down enter s");
    let screen = bench.screen();
    assert!(screen.contains("! The last sync of followers (1 h ago) did not come to its end"), "{screen}");
}
