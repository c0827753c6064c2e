//! Drafts: kept as one types, taken up again where one was, listed, named, copied, dropped and had back.

use super::pictures::pictures;
use crate::domain::audience::{Audience, UserSet};
use crate::domain::draft::{Draft, Spot};
use crate::domain::id::{AccountId, TagId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::domain::message::{FieldValue, Message};
use crate::domain::template::Template;
use crate::tui::effect::{DraftsEffect, Effect};
use crate::tui::input::Input;
use crate::tui::msg::{DraftsMsg, SendMsg};
use crate::tui::testkit::{Bench, World, job};

/// What there would be after a restart.
fn restarted(mut bench: Bench) -> Bench {
    let drafts = std::mem::take(&mut bench.world().drafts);
    Bench::with(Lang::En, World { drafts, ..World::default() })
}

fn kept(bench: &mut Bench) -> Vec<Draft> {
    bench.world().drafts.iter().map(|(_, draft)| draft.clone()).collect()
}

#[test]
fn what_is_typed_is_kept_and_taken_up_again_where_one_was() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 tab 手冲咖啡壶 left left");
    let [draft] = kept(&mut bench).try_into().unwrap();
    assert_eq!((draft.title.as_str(), draft.texts.field("thing2").unwrap().value.as_str()), ("订单发货提醒", "手冲咖啡壶"));
    assert_eq!((draft.place.spot, draft.place.column, draft.place.typing), (Spot::Value("thing2".into()), 3, true));
    let cursor = bench.cursor();
    let mut again = restarted(bench);
    assert_eq!(again.cursor(), cursor, "{}", again.screen());
    again.keys("新");
    assert!(again.screen().contains("手冲咖新啡壶"), "{}", again.screen());
    assert_eq!(kept(&mut again).len(), 1, "it is the same draft");
}

#[test]
fn message_and_audience_are_kept_together_with_the_pane() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 esc 3 down enter");
    let [draft] = kept(&mut bench).try_into().unwrap();
    assert_eq!((draft.audience.clone(), draft.place.pane), (Audience::of(UserSet::Tag(TagId(100))), 3));
    let mut again = restarted(bench);
    let screen = again.screen();
    assert!(screen.contains("to  tag VIP") && screen.contains("872 recipients"), "{screen}");
    again.keys("down down enter");
    assert!(again.screen().contains("to  tag 内部员工"), "the tags have the keys: {}", again.screen());
}

#[test]
fn nothing_is_kept_of_an_empty_form() {
    let mut bench = Bench::new();
    bench.keys("2 enter tab tab esc 3 down enter");
    assert_eq!(kept(&mut bench), []);
}

#[test]
fn a_template_goes_on_with_its_nameless_draft() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 esc 2 down enter 某公司 esc 2 up enter");
    assert!(bench.screen().contains("M2023"), "{}", bench.screen());
    assert_eq!(kept(&mut bench).len(), 2);
    bench.keys("esc N M9 esc");
    let titles: Vec<_> = kept(&mut bench).iter().map(|draft| draft.texts.first_words().to_owned()).collect();
    assert_eq!(titles, ["M9", "M2023", "某公司"], "a new message leaves the other one where it is");
}

#[test]
fn drafts_are_named_copied_dropped_and_had_back() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 esc o r 双十一 enter");
    assert!(bench.screen().contains("双十一"), "{}", bench.screen());
    bench.keys("c");
    assert!(bench.screen().contains("copy of 双十一"), "{}", bench.screen());
    bench.keys("D");
    assert!(!bench.screen().contains("copy of") && bench.screen().contains("u undo"), "{}", bench.screen());
    let asked = bench.asked();
    let [Effect::Drafts(DraftsEffect::DeleteDraft { draft })] = asked.as_slice() else { panic!("{asked:?}") };
    bench.keys("u");
    assert!(bench.screen().contains("copy of 双十一"));
    assert_eq!(kept(&mut bench)[0].id, *draft, "it is the same one");
    bench.keys("enter esc");
    assert!(bench.screen().contains("Compose · 订单发货提醒"));
    bench.keys("o D esc");
    assert!(!bench.screen().contains("M2023"), "the one in the form goes from it: {}", bench.screen());
    bench.keys("o enter");
    assert!(bench.screen().contains("M2023"), "{}", bench.screen());
}

#[test]
fn a_job_is_written_on_with() {
    let mut bench = Bench::new();
    let value = |key: &str, value: &str| FieldValue { key: key.into(), value: value.into(), color: None };
    let mut sent = job(15, JobState::Done);
    sent.message = Message { values: vec![value("thing2", "旧壶"), value("thing9", "多余")], ..sent.message };
    sent.terms = Some(Audience::of(UserSet::All));
    bench.msg(SendMsg::Started { job: Box::new(sent.clone()) }).keys("H o");
    let screen = bench.screen();
    assert!(screen.contains("旧壶") && screen.contains("to  all followers"), "{screen}");
    assert!(screen.contains("多余") && screen.contains("thing9"), "nothing of it is lost: {screen}");
    assert_eq!(kept(&mut bench)[0].name, "job 15: 订单发货提醒");
    bench.world().templates.clear();
    let mut gone = Bench::with(Lang::En, World { templates: Vec::<Template>::new(), ..World::default() });
    gone.msg(DraftsMsg::JobTaken { job: Box::new(sent) });
    assert!(gone.screen().contains("no longer among"), "{}", gone.screen());
}

#[test]
fn drafts_of_another_account_and_failures() {
    let mut bench = Bench::new();
    bench.msg(DraftsMsg::Loaded { account: AccountId(9), drafts: Vec::new() });
    bench.msg(DraftsMsg::NotSaved { text: "disk full".into() });
    assert!(bench.screen().contains("could not be kept: disk full"), "{}", bench.screen());
}

#[test]
fn pictures_of_drafts() {
    let start = |lang, size: (u16, u16)| {
        let mut bench = Bench::with(lang, World::default()).size(size.0, size.1);
        bench.keys("2 enter M2023 esc 3 down enter 2 down enter");
        bench.input(Input::Paste("某某物业公司（北京）".into()));
        bench.keys("esc o r 双十一 enter c D");
        bench
    };
    pictures("drafts", |_| {}, start);
}
