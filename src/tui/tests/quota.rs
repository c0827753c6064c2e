//! What is left of the day, setting it back, and who else sends.

use super::FILLED;
use super::pictures::is_of;
use crate::domain::account::QuotaSeen;
use crate::domain::audience::Reach;
use crate::domain::id::{AccountId, JobId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::manage::quota::ClearForm;
use crate::text::width;
use crate::tui::effect::{Effect, QuotaEffect, SendEffect};
use crate::tui::input::Input;
use crate::tui::msg::{QuotaMsg, SendMsg};
use crate::tui::testkit::{Bench, NOW, World, job};

const ACME: AccountId = AccountId(1);

fn seen(used: u64, limit: u64, at: &str) -> QuotaSeen {
    QuotaSeen { limit, used, at: at.parse().unwrap() }
}

fn look(account: AccountId) -> Effect {
    QuotaEffect::Look { account }.into()
}

/// A world in which WeChat does not answer, with what the first account saw before.
fn silent(before: Option<QuotaSeen>) -> World {
    let mut world = World { quota: None, ..World::default() };
    world.accounts[0].quota = before;
    world
}

fn pictures(lang: Lang, width: u16, height: u16) {
    let name = |moment: &str| format!("{}_{width}x{height}_{moment}", lang.as_str());
    let world = World { quota: Some(seen(99_500, 100_000, NOW)), elsewhere: vec![JobId(12), JobId(13)], ..World::default() };
    let mut bench = Bench::with(lang, world).size(width, height);
    bench.keys(FILLED).keys("s");
    insta::assert_snapshot!(name("confirm_short_of_quota"), bench.screen());
    bench.keys("esc 1 Q down Acme enter");
    is_of("clear_quota", &bench);
    insta::assert_snapshot!(name("clear_quota"), bench.screen());
}

#[test]
fn pictures_of_the_quota() {
    for lang in [Lang::En, Lang::Zh] {
        pictures(lang, 120, 36);
        pictures(lang, 80, 24);
    }
}

#[test]
fn the_header_tells_of_today_only() {
    for (at, told) in [(NOW, true), ("2026-11-22T16:00:00Z", true), ("2026-11-22T15:59:59Z", false)] {
        let mut bench = Bench::with(Lang::En, silent(Some(seen(1588, 100_000, at))));
        let screen = bench.screen();
        assert_eq!(screen.lines().next().unwrap().contains("today 1 588 / 100 000"), told, "{at}: {screen}");
    }
    assert!(!Bench::with(Lang::En, silent(None)).screen().contains("today"));
}

#[test]
fn a_narrow_header_keeps_what_is_worth_most() {
    let mut bench = Bench::with(Lang::En, silent(Some(seen(1588, 100_000, NOW)))).size(120, 24);
    for (width, words) in
        [(104, ["token", "today", "synced"].as_slice()), (100, &["today", "synced"]), (80, &["today"]), (64, &["today"])]
    {
        bench = bench.size(width, 24);
        let header = bench.screen().lines().next().unwrap().to_owned();
        for word in ["token", "today", "synced"] {
            assert_eq!(header.contains(word), words.contains(&word), "{width}: {header}");
        }
        assert!(header.ends_with("? help") && !header.contains("today 1 588 /…"), "{header}");
    }
}

#[test]
fn it_is_asked_for_when_a_send_is_confirmed_and_is_never_in_the_way() {
    let mut bench = Bench::with(Lang::En, World { reach: Reach { recipients: 3, ..Reach::default() }, ..silent(None) });
    bench.keys(FILLED).asked();
    bench.keys("s");
    assert_eq!(bench.asked(), [look(ACME)]);
    assert!(bench.screen().contains("asking WeChat…"), "{}", bench.screen());
    bench.msg(QuotaMsg::LookFailed { account: AccountId(2), text: "of another account".into() });
    bench.msg(QuotaMsg::LookFailed { account: ACME, text: "connection refused".into() });
    let screen = bench.screen();
    assert!(screen.contains("could not be read: connection refused") && !screen.contains("another account"), "{screen}");
    bench.keys("enter");
    assert!(matches!(bench.asked().as_slice(), [Effect::Send(SendEffect::StartSend { .. })]));
    bench.msg(QuotaMsg::LookFailed { account: ACME, text: "connection refused".into() });
    assert!(!bench.screen().contains("connection refused"), "nobody waits for it any more");
}

#[test]
fn what_was_seen_earlier_today_is_shown_until_it_is_told_anew() {
    let mut bench = Bench::with(Lang::En, silent(Some(seen(1588, 100_000, "2026-11-23T06:05:00Z"))));
    bench.keys(FILLED).keys("s");
    let screen = bench.screen();
    assert!(
        screen.contains("98 412 left of 100 000  as of 14:05  asking WeChat…") && !screen.contains("can go out today"),
        "{screen}"
    );
    bench.msg(QuotaMsg::Seen { account: ACME, quota: seen(99_129, 100_000, NOW) });
    let screen = bench.screen();
    assert!(screen.contains("99 129 used today, 871 left of 100 000") && !screen.contains("as of"), "{screen}");
    assert!(screen.contains("Only 871 of 872 can go out today"), "{screen}");
    bench.msg(QuotaMsg::Seen { account: ACME, quota: seen(99_128, 100_000, NOW) });
    assert!(!bench.screen().contains("can go out today"), "it is enough");
}

#[test]
fn after_a_job_it_is_asked_for_once_more() {
    let mut bench = Bench::with(Lang::En, silent(None));
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).asked();
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) });
    assert_eq!(bench.asked().into_iter().filter(|effect| *effect == look(ACME)).count(), 1);
    bench.msg(QuotaMsg::Seen { account: ACME, quota: seen(872, 100_000, NOW) });
    assert!(bench.screen().contains("today 872 / 100 000"));
    assert_eq!(bench.asked(), [], "and never by the clock");
}

#[test]
fn another_process_that_sends_is_named_before_a_send() {
    let mut bench = Bench::with(Lang::En, World { elsewhere: vec![JobId(12), JobId(13)], ..World::default() });
    bench.keys(FILLED).keys("s");
    let screen = bench.screen();
    assert!(screen.contains("! another process is sending for Acme 服务号 as well (job 12, 13)"), "{screen}");
    let mut bench = Bench::new();
    bench.keys(FILLED).keys("s");
    assert!(!bench.screen().contains("another process"));
}

#[test]
fn counters_are_set_back_once_the_name_is_typed() {
    for (keys, form) in [("", ClearForm::ByToken), ("down", ClearForm::BySecret), ("down up", ClearForm::ByToken)] {
        let mut bench = Bench::new();
        bench.keys("1 down Q").asked();
        let screen = bench.screen();
        assert!(screen.contains("ALL daily counters of Beta 商城 (wx0123456789abcdef)"), "the one under the cursor: {screen}");
        bench.keys("enter Acme enter");
        assert!(bench.screen().contains("not the name of the account"));
        assert_eq!(bench.asked(), []);
        bench.keys("ctrl-w").keys(keys);
        assert!(!bench.screen().contains("not the name"), "typing takes the error away");
        bench.input(Input::Paste("Beta 商城".into()));
        bench.keys("enter");
        assert_eq!(bench.asked(), [QuotaEffect::Clear { account: AccountId(2), form }.into()]);
        assert!(bench.footer().starts_with("Setting the counters of Beta 商城 back"), "{}", bench.footer());
    }
    let mut bench = Bench::new();
    bench.keys("1 Q esc").asked();
    bench.keys("x quota enter");
    assert!(bench.screen().contains("Type Acme 服务号 to do it:"), "the palette has it too: {}", bench.screen());
    bench.keys("ctrl-c");
    assert_eq!(bench.asked(), []);
}

#[test]
fn what_came_of_it_is_told() {
    let mut bench = Bench::new();
    let quota = seen(0, 100_000, NOW);
    bench.msg(QuotaMsg::Seen { account: ACME, quota });
    bench.msg(QuotaMsg::Cleared { name: "Acme 服务号".into(), left: Ok(quota) });
    let screen = bench.screen();
    assert!(
        screen.contains("All daily counters of Acme 服务号 are back at zero.") && screen.contains("100 000 left"),
        "{screen}"
    );
    bench.keys("esc").msg(QuotaMsg::Cleared { name: "Acme".into(), left: Err("timed out".into()) });
    assert!(bench.screen().contains("could not be read: timed out"));
    bench.keys("esc").msg(QuotaMsg::ClearRefused { text: "no answer".into(), code: None });
    assert!(bench.screen().contains("no answer"));
    for (lang, meaning) in [(Lang::En, "ten"), (Lang::Zh, "10")] {
        let mut bench = Bench::with(lang, World::default());
        let code = Some((48006, ClearForm::ByToken.path()));
        bench.msg(QuotaMsg::ClearRefused { text: "48006 forbid to clear quota".into(), code });
        let told = crate::domain::errcode::explain_on(48006, ClearForm::ByToken.path(), lang);
        let screen = bench.screen();
        for text in [&*told.meaning, &*told.remedy, "48006 forbid to clear quota"] {
            assert!(width::wrap(text, 64).iter().all(|line| screen.contains(line)), "{text}\n{screen}");
        }
        assert!(told.meaning.contains(meaning) || told.remedy.contains(meaning), "{told:?}");
    }
}
