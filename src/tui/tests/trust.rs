//! What is shown before a send is what is sent to: changes since, and data that is old, are told.

use super::FILLED;
use super::pictures::pictures;
use crate::domain::audience::{Excluded, Reach, Stale};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, SendEffect};
use crate::tui::msg::{Preflight, SendMsg};
use crate::tui::testkit::{Bench, World, job};

fn stale() -> World {
    World { stale: Some(Stale::Since("2026-11-20T06:00:00Z".parse().unwrap())), ..World::default() }
}

fn changed() -> SendMsg {
    let excluded = Excluded { unsubscribed: 321, ..Excluded::default() };
    let preflight = Preflight {
        reach: Reach { recipients: 871, excluded },
        first: None,
        pace: crate::domain::account::PaceLimits::default(),
        same_as: None,
        elsewhere: Vec::new(),
        stale: None,
    };
    SendMsg::Changed { preflight: Box::new(preflight) }
}

#[test]
fn pictures_of_an_old_list_and_of_a_changed_audience() {
    let start = |lang, (width, height)| {
        let mut bench = Bench::with(lang, stale()).size(width, height);
        bench.keys(FILLED).asked();
        bench
    };
    pictures("confirm_stale", |bench| _ = bench.keys("s"), start);
    pictures("confirm_changed", |bench| _ = bench.keys("s 872 enter").msg(changed()), start);
}

#[test]
fn an_audience_that_changed_is_confirmed_anew() {
    let mut bench = Bench::new();
    bench.keys(FILLED).keys("s 872").asked();
    bench.keys("enter");
    let expected = |bench: &mut Bench| match bench.asked().as_slice() {
        [Effect::Send(SendEffect::StartSend { expected: Some(expected), .. })] => expected.recipients,
        other => panic!("{other:?}"),
    };
    assert_eq!(expected(&mut bench), 872);
    bench.msg(changed());
    assert!(bench.screen().contains("it reached 872, now it reaches 871"), "{}", bench.screen());
    bench.keys("enter");
    assert_eq!(bench.asked(), [], "the new number has to be typed");
    bench.keys("871 enter");
    assert_eq!(expected(&mut bench), 871);
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
    assert!(!bench.screen().contains("Starting"), "{}", bench.screen());
}

#[test]
fn a_list_that_was_never_synced_says_so() {
    let world = World { stale: Some(Stale::Never), ..World::default() };
    let mut bench = Bench::with(Lang::En, world);
    bench.keys(FILLED).keys("s");
    assert!(bench.screen().contains("never synced as a whole"), "{}", bench.screen());
}

#[test]
fn a_wrong_number_is_told_and_sends_nothing() {
    let mut bench = Bench::new();
    bench.keys(super::FILLED).keys("s 8 7 3 enter");
    assert!(bench.screen().contains("✗ not that number"), "{}", bench.screen());
    assert!(!bench.asked().iter().any(|effect| matches!(effect, Effect::Send(SendEffect::StartSend { .. }))));
    bench.keys("backspace");
    assert!(!bench.screen().contains("✗ not that number"));
    bench.keys("2 enter");
    assert!(bench.asked().iter().any(|effect| matches!(effect, Effect::Send(SendEffect::StartSend { .. }))));
}
