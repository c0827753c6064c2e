//! Test sends: to one's own openids, at once.

use super::FILLED;
use super::pictures::is_of;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, TestSendEffect};
use crate::tui::input::Input;
use crate::tui::msg::{SendMsg, TestSendMsg};
use crate::tui::testkit::{Bench, World, job};

const ACME: AccountId = AccountId(1);
const ZHANG: &str = "oTD8i6Wz6jQZPSNJlzQv43ApodvI";
const LI: &str = "oR5GjjgEhCMJmTPrQqRrMRJiaYwY";
/// A filled form, and nobody chosen to send to.
const WRITTEN: &str = "2 enter M2023 tab 手冲咖啡壶 tab ￥12.50 tab 15:01 esc";

fn openids(texts: &[&str]) -> Vec<OpenId> {
    texts.iter().map(|text| OpenId::trusted(*text)).collect()
}

/// A world whose first account remembers these.
fn remembering(texts: &[&str]) -> World {
    let mut world = World::default();
    world.accounts[0].test_openids = openids(texts);
    world
}

fn with(lang: Lang, world: World) -> Bench {
    let mut bench = Bench::with(lang, world);
    bench.keys(WRITTEN).asked();
    bench
}

/// Whom a test was asked for; none if none was.
fn started(bench: &mut Bench) -> Option<Vec<OpenId>> {
    let asked = bench.asked();
    match asked.as_slice() {
        [] => None,
        [Effect::TestSend(TestSendEffect::Start { account: ACME, message, template, openids })] => {
            assert_eq!((message.value("thing2"), template.title.as_str()), (Some("手冲咖啡壶"), "订单发货提醒"));
            Some(openids.clone())
        }
        other => panic!("{other:?}"),
    }
}

fn paste(bench: &mut Bench, text: &str) {
    bench.input(Input::Paste(text.into()));
}

#[test]
fn pictures_of_a_test_send() {
    for lang in [Lang::En, Lang::Zh] {
        for (width, height) in [(120, 36), (80, 24)] {
            let name = |moment: &str| format!("{}_{width}x{height}_{moment}", lang.as_str());
            let mut bench = with(lang, remembering(&[ZHANG])).size(width, height);
            bench.keys("m ， oUpF8uMuAJO_M2pxb1Q9zNjWeS6o , oShort");
            is_of("test_send", &bench);
            insta::assert_snapshot!(name("test_send"), bench.screen());
            bench.keys("ctrl-w 张三");
            insta::assert_snapshot!(name("test_send_wrong"), bench.screen());
        }
    }
}

#[test]
fn it_goes_at_once_to_those_who_are_remembered() {
    for place in ["5", "6"] {
        let mut bench = with(Lang::En, remembering(&[ZHANG, LI]));
        bench.keys(place).keys("m");
        assert!(bench.screen().contains("2 in all, the first is 张三"), "{}", bench.screen());
        assert!(bench.cursor().is_some());
        bench.keys("enter");
        assert_eq!(started(&mut bench), Some(openids(&[ZHANG, LI])));
        bench.keys("enter");
        assert_eq!(started(&mut bench), None, "not twice");
        bench.msg(TestSendMsg::Begun { account: ACME, openids: openids(&[ZHANG, LI]) });
        assert!(!bench.screen().contains("Test send"));
        bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
        assert!(bench.screen().contains("Job 15"), "it is a job like any other: {}", bench.screen());
    }
}

#[test]
fn what_it_went_to_is_remembered_for_the_next() {
    let mut bench = with(Lang::En, World::default());
    bench.keys("m");
    assert!(bench.screen().contains("your own openids, separated by blanks or commas"), "{}", bench.screen());
    bench.keys("enter");
    assert_eq!(started(&mut bench), None);
    paste(&mut bench, &format!("{LI}\r\n{ZHANG}，{LI}；"));
    bench.keys("enter");
    assert_eq!(started(&mut bench), Some(openids(&[LI, ZHANG])), "each once");
    bench.msg(TestSendMsg::Begun { account: ACME, openids: openids(&[LI, ZHANG]) });
    bench.keys("m");
    paste(&mut bench, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");
    bench.keys("enter");
    let three = openids(&[LI, ZHANG, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"]);
    assert_eq!(started(&mut bench), Some(three), "what is pasted behind an openid is another one");
}

#[test]
fn users_are_put_into_the_field() {
    let mut bench = with(Lang::En, remembering(&[ZHANG]));
    bench.keys("4 down m enter");
    assert_eq!(started(&mut bench), Some(openids(&[ZHANG, LI])), "the one under the cursor");
    bench.keys("esc up m enter");
    assert_eq!(started(&mut bench), Some(openids(&[ZHANG])), "who is there already is not added");
    bench.keys("esc down space space m ctrl-w enter");
    assert_eq!(started(&mut bench), Some(openids(&[ZHANG, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"])), "the marked ones, but for one");
}

#[test]
fn what_is_wrong_is_said_as_one_types() {
    let mut bench = with(Lang::En, World::default());
    bench.keys("m 张三");
    assert!(bench.screen().contains("✗ 张三 is not an openid: it has only letters"), "{}", bench.screen());
    bench.keys("enter backspace backspace");
    assert!(!bench.screen().contains("is not an openid"), "{}", bench.screen());
    paste(&mut bench, &(0..21).map(|n| format!("o{n:027}")).collect::<Vec<_>>().join(" "));
    assert!(bench.screen().contains("✗ at most 20 openids; these are 21"), "{}", bench.screen());
    bench.keys("enter ctrl-w");
    assert!(
        bench.screen().contains("20 in all") && bench.screen().contains("! left out: 20 not followers"),
        "{}",
        bench.screen()
    );
    bench.keys("enter");
    assert!(bench.screen().contains("✗ None of them can be sent to."));
    assert_eq!(started(&mut bench), None);
    bench.keys("home ctrl-k oShort");
    assert!(bench.screen().contains("! oShort does not have the usual 28 characters"), "{}", bench.screen());
}

#[test]
fn answers_about_another_list_are_stale() {
    let mut bench = with(Lang::En, remembering(&[ZHANG]));
    bench.keys("m");
    let before = bench.screen();
    let late = |account, texts: &[&str]| TestSendMsg::LookedUp {
        account,
        openids: openids(texts),
        first: "王五".into(),
        reach: crate::domain::audience::Reach::default(),
    };
    bench.msg(late(ACME, &[LI])).msg(late(AccountId(2), &[ZHANG]));
    assert_eq!(bench.screen(), before);
    bench.msg(late(ACME, &[ZHANG]));
    assert!(bench.screen().contains("the first is 王五"));
}

#[test]
fn a_refusal_loses_nothing_that_was_typed() {
    let mut bench = with(Lang::En, World::default());
    bench.keys("m").keys(LI).keys("enter");
    assert!(started(&mut bench).is_some());
    bench.msg(TestSendMsg::Refused { text: "no access token".into() });
    let screen = bench.screen();
    assert!(screen.contains("✗ no access token") && screen.contains(LI), "{screen}");
    bench.keys("enter");
    assert!(started(&mut bench).is_some());
    bench.keys("esc").msg(TestSendMsg::Refused { text: "no access token".into() });
    assert!(bench.screen().contains("Something went wrong"), "told although nobody waits any more");
}

#[test]
fn a_message_that_wechat_would_refuse_is_not_tested() {
    let mut bench = Bench::new();
    bench.keys("6 m");
    assert!(bench.screen().contains("Choose a template first"));
    bench.keys("esc 2 enter esc m");
    assert!(bench.screen().contains("WeChat would refuse this message as it is."), "{}", bench.screen());
    assert!(!bench.screen().contains("Test send"));
    let mut bench = Bench::with(Lang::En, World::empty());
    bench.keys("6 m");
    assert!(bench.screen().contains("There is no account yet"));
}

#[test]
fn in_a_field_its_key_is_a_letter_and_the_palette_has_it() {
    let mut bench = Bench::new();
    bench.keys("2 enter m");
    assert!(!bench.screen().contains("Test send"));
    let mut bench = with(Lang::En, World::default());
    bench.keys("x test enter");
    assert!(bench.screen().contains("Test send"), "{}", bench.screen());
    let mut bench = with(Lang::En, remembering(&[ZHANG]));
    bench.keys(FILLED).keys("3").asked();
    bench.keys("m");
    assert_eq!(bench.asked(), [], "nowhere else");
}
