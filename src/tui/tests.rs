//! The screen as a whole: pictures of it, and the ways through it.

mod aliases;
mod ambiguous;
mod audience;
mod compose;
mod cursors;
mod deliveries;
mod drafts;
mod export;
mod findings;
mod freshness;
mod gallery;
mod helps;
mod history;
mod jobs;
mod json_editor;
mod keys;
mod layout;
mod looks;
mod mixed;
mod mouse;
mod names;
mod notices;
mod people;
mod pictures;
mod progress;
mod reopen;
mod reports;
mod review;
mod search;
mod settings;
mod stops;
mod templates;
mod user_history;
mod users;

use super::effect::{AccountsEffect, Effect, RunningJobs, SendEffect, SyncEffect, SystemEffect};
use super::input::Input;
use super::msg::{AccountsMsg, Level, SendMsg, SyncMsg, SyncPart, SyncSummary, SystemMsg};
use super::testkit::{Bench, World, deliveries, job, progress};
use crate::domain::alias::Aliases;
use crate::domain::audience::{Audience, Reach, UserSet};
use crate::domain::id::{AccountId, JobId, OpenId, TagId};
use crate::domain::job::{JobState, StopReason};
use crate::domain::lang::Lang;
use ratatui::style::Color;

/// A filled form and a chosen tag.
const FILLED: &str = "2 enter M2023 tab 手冲咖啡壶 tab ￥12.50 tab 15:01 esc 3 down enter";

fn bench(lang: Lang, width: u16, height: u16) -> Bench {
    Bench::with(lang, World { deliveries: deliveries(15), ..World::default() }).size(width, height)
}

/// The same moments in each size and language.
fn pictures(lang: Lang, width: u16, height: u16) {
    let name = |moment: &str| format!("{}_{width}x{height}_{moment}", lang.as_str());
    let mut bench = bench(lang, width, height);
    insta::assert_snapshot!(name("start"), bench.screen());
    bench.keys("2 enter M2023 tab 手冲咖啡壶 tab 免费");
    insta::assert_snapshot!(name("compose"), bench.screen());
    bench.keys("backspace backspace 12.5 tab 15:01 esc 3 down enter");
    insta::assert_snapshot!(name("audience"), bench.screen());
    bench.keys("s");
    insta::assert_snapshot!(name("confirm"), bench.screen());
    bench.keys("esc");
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
    insta::assert_snapshot!(name("send"), bench.screen());
    bench.keys("enter");
    insta::assert_snapshot!(name("inspector"), bench.screen());
}

#[test]
fn pictures_of_a_large_screen() {
    pictures(Lang::En, 120, 36);
    pictures(Lang::Zh, 120, 36);
}

#[test]
fn pictures_of_a_small_screen() {
    pictures(Lang::En, 80, 24);
    pictures(Lang::Zh, 80, 24);
}

#[test]
fn pictures_of_the_layers() {
    for lang in [Lang::En, Lang::Zh] {
        let name = |layer: &str| format!("{}_{layer}", lang.as_str());
        let mut bench = bench(lang, 80, 24);
        bench.keys("?");
        insta::assert_snapshot!(name("help"), bench.screen());
        bench.keys("esc x");
        insta::assert_snapshot!(name("palette"), bench.screen());
        bench.keys("esc a Acme tab wx12 tab secret ctrl-s");
        insta::assert_snapshot!(name("add_account"), bench.screen());
        bench.keys("esc 5 enter down +");
        insta::assert_snapshot!(name("audience_layer"), bench.screen());
        bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
        bench.keys("esc q");
        insta::assert_snapshot!(name("quit"), bench.screen());
    }
}

#[test]
fn every_size_can_be_drawn() {
    for lang in [Lang::En, Lang::Zh] {
        let mut bench = bench(lang, 120, 36);
        bench.keys(FILLED).msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
        for (width, height) in
            [(1, 1), (10, 3), (59, 15), (60, 14), (60, 15), (79, 23), (109, 40), (110, 29), (110, 30), (300, 100)]
        {
            bench = bench.size(width, height);
            for keys in ["1", "2", "3", "4", "5", "6", "7", "?", "esc", "s", "esc", "5", "enter"] {
                bench.keys(keys);
                bench.screen();
            }
            bench.keys("esc esc");
        }
    }
    assert!(bench(Lang::En, 59, 20).screen().contains("60 × 15"));
}

#[test]
fn one_who_follows_the_screen_sends_to_a_tag() {
    let mut bench = Bench::new();
    assert!(bench.screen().contains("1. Choose a template: 2, then enter."));
    bench.keys("2 enter");
    assert!(bench.cursor().is_some(), "the cursor stands in the first field");
    bench.keys("ctrl-e tab ctrl-e tab ctrl-e tab ctrl-e esc");
    assert!(bench.footer().contains("3 choose who gets it"), "{}", bench.footer());
    bench.keys("3 down enter");
    assert!(bench.footer().contains("Press s to send"), "{}", bench.footer());
    bench.asked();
    bench.keys("s 872 enter");
    let asked = bench.asked();
    let [Effect::Send(SendEffect::StartSend { order, again, .. })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((order.account, &order.audience, *again), (AccountId(1), &Audience::of(UserSet::Tag(TagId(100))), false));
    assert_eq!(order.words, "tag:VIP");
    assert_eq!(order.message.value("thing2"), Some("手冲咖啡壶"));
}

#[test]
fn a_large_send_wants_its_count_typed() {
    let mut bench = Bench::new();
    bench.keys(FILLED).asked();
    bench.keys("s enter 87 enter");
    assert_eq!(bench.asked(), []);
    assert!(bench.cursor().is_some());
    bench.keys("2 enter");
    assert!(matches!(bench.asked().as_slice(), [Effect::Send(SendEffect::StartSend { .. })]));
}

#[test]
fn a_small_send_needs_one_key_and_the_same_again_is_said() {
    let world = World { reach: Reach { recipients: 3, ..Reach::default() }, same_as: Some(JobId(14)), ..World::default() };
    let mut bench = Bench::with(Lang::En, world);
    bench.keys(FILLED).keys("s");
    assert!(bench.screen().contains("Job 14 sends or just sent the same message"));
    bench.asked();
    bench.keys("enter");
    assert!(matches!(bench.asked().as_slice(), [Effect::Send(SendEffect::StartSend { again: true, .. })]));
}

#[test]
fn nothing_is_sent_to_nobody() {
    let mut bench = Bench::with(Lang::En, World { reach: Reach::default(), ..World::default() });
    bench.keys(FILLED).keys("s").asked();
    assert!(bench.screen().contains("Nobody is left to send to."));
    bench.keys("enter");
    assert_eq!(bench.asked(), []);
}

#[test]
fn what_is_missing_is_said_and_shown() {
    let mut bench = Bench::with(Lang::En, World::empty());
    assert!(bench.screen().contains("Press a to add one"));
    bench.keys("s");
    assert!(bench.screen().contains("There is no account yet"));
    let mut bench = Bench::new();
    bench.keys("s");
    assert!(bench.screen().contains("Choose a template first"));
    bench.keys("esc enter esc s");
    let screen = bench.screen();
    assert!(screen.contains("✗ error  订单号") && screen.contains("WeChat would refuse this message"), "{screen}");
    bench.keys("esc");
    assert!(bench.cursor().is_some(), "the cursor is in the field that is wrong");
    bench.keys("ctrl-e tab ctrl-e tab ctrl-e tab ctrl-e esc s");
    assert!(bench.screen().contains("Choose who gets it first"));
}

#[test]
fn a_new_account_is_stored_and_its_secret_leaves_the_dialog() {
    let mut bench = Bench::with(Lang::En, World::empty());
    bench.keys("a Acme tab wx0123456789abcdef tab").input(Input::Paste(" 0123456789abcdef0123456789abcdef\r\n".into()));
    assert!(bench.screen().contains("••••"));
    assert!(!bench.screen().contains("0123456789abcdef0123"));
    bench.keys("tab enter");
    let asked = bench.asked();
    let [Effect::Accounts(AccountsEffect::AddAccount { account, secret })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((account.name.as_str(), secret.0.expose()), ("Acme", "0123456789abcdef0123456789abcdef"));
    assert!(!format!("{asked:?} {:?}", bench.app).contains("0123456789abcdef0123"), "never in what is logged");
    assert!(!bench.screen().contains('•'));
    bench.keys("enter");
    assert_eq!(bench.asked(), [], "not twice");
    bench.msg(AccountsMsg::AddRefused { text: "there is one already".into() });
    assert!(bench.screen().contains("✗ there is one already"));
    bench.keys("esc");
    assert!(!bench.screen().contains("Add an account"));
}

#[test]
fn errors_of_the_dialog_stand_at_their_fields() {
    let mut bench = Bench::with(Lang::En, World::empty());
    bench.keys("a ctrl-s");
    let screen = bench.screen();
    for text in ["✗ the account needs a name", "✗ an AppID is wx and 16", "✗ an AppSecret is 32"] {
        assert!(screen.contains(text), "{screen}");
    }
    bench.keys("A");
    assert!(!bench.screen().contains("needs a name"), "typing takes the error away");
}

#[test]
fn a_sync_is_shown_and_can_be_stopped() {
    let mut bench = Bench::new();
    bench.keys("y");
    assert_eq!(bench.asked(), [Effect::Sync(SyncEffect::StartSync { account: AccountId(1) })]);
    let account = AccountId(1);
    bench.msg(SyncMsg::Started { account });
    bench.msg(SyncMsg::Advanced {
        account,
        part: SyncPart::Users,
        done: 12_000,
        total: Some(48_213),
        rate: Some(4_000),
        left: Some(std::time::Duration::from_secs(9)),
    });
    assert!(bench.screen().contains("Users 12 000 / 48 213 · 4 000/s · 9 s left  y stops"));
    bench.keys("y enter");
    assert_eq!(bench.asked(), [Effect::Sync(SyncEffect::CancelSync { account })]);
    bench.msg(SyncMsg::Finished { account, summary: SyncSummary { templates: 3, tags: 4, users: 5, ..SyncSummary::default() } });
    assert!(bench.footer().starts_with("Synced: 3 templates, 4 tags, 5 followers"));
    bench.msg(SyncMsg::Failed { account, text: "invalid ip".into(), standing: crate::domain::user::UserStanding::default() });
    assert!(bench.screen().contains("The sync failed: invalid ip"));
}

#[test]
fn quitting_asks_while_a_job_of_this_process_runs() {
    let mut bench = Bench::new();
    bench.keys("q");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::Quit { jobs: RunningJobs::Pause })]);
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
    bench.asked();
    bench.keys("q esc");
    assert_eq!(bench.asked(), []);
    bench.keys("q f");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::Quit { jobs: RunningJobs::Finish })]);
    bench.keys("q b");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::Quit { jobs: RunningJobs::HandOver })]);
    bench.keys("q enter");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::Quit { jobs: RunningJobs::Pause })], "the first is the harmless one");
    bench.keys("1 down enter");
    bench.asked();
    bench.keys("q up enter");
    assert_eq!(
        bench.asked(),
        [Effect::System(SystemEffect::Quit { jobs: RunningJobs::HandOver })],
        "it runs for another account"
    );
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) }).asked();
    bench.keys("ctrl-c");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::Quit { jobs: RunningJobs::Pause })]);
}

#[test]
fn an_interrupted_job_is_offered_to_be_resumed() {
    let mut cut_off = job(15, JobState::Paused);
    cut_off.reason = Some(StopReason::Interrupted);
    let mut bench = Bench::with(Lang::En, World { jobs: vec![cut_off], ..World::default() });
    assert!(bench.screen().contains("Job 15 (订单发货提醒) was interrupted: 872 messages"));
    bench.keys("enter");
    assert_eq!(bench.asked(), [Effect::Send(SendEffect::ResumeJob { job: JobId(15) })]);
}

#[test]
fn a_job_is_paused_retried_and_cancelled() {
    let mut bench = bench(Lang::En, 120, 36);
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
    bench.asked();
    bench.keys("p");
    assert_eq!(bench.asked(), [Effect::Send(SendEffect::PauseJob { job: JobId(15) })]);
    bench.keys("X");
    assert!(bench.screen().contains("260 messages will not be sent"));
    bench.keys("n");
    assert_eq!(bench.asked(), []);
    bench.keys("r y");
    let state = crate::domain::delivery::State::Failed;
    assert_eq!(bench.asked(), [Effect::Send(SendEffect::RetryJob { job: JobId(15), state })]);
    bench.keys("u");
    assert!(bench.screen().contains("get it twice"), "{}", bench.screen());
}

#[test]
fn users_are_marked_searched_and_sent_to() {
    let mut bench = Bench::new();
    bench.keys("4 space down space");
    assert!(bench.screen().contains("2 selected"));
    bench.keys("enter");
    assert!(bench.screen().contains("to  2 selected users"), "{}", bench.screen());
    bench.keys("c / 李 enter");
    let screen = bench.screen();
    assert!(screen.contains("李四") && !screen.contains("王小明"), "{screen}");
    bench.keys("enter");
    assert!(bench.screen().contains("to  oR5GjjgEhCMJmTPrQqRrMRJiaYwY"));
    bench.keys("esc");
    assert!(bench.screen().contains("王小明"), "esc shows all again");
    bench.keys("3 down f");
    assert!(bench.screen().contains("4 Users 2 · VIP"), "{}", bench.screen());
}

#[test]
fn sets_are_joined_in_the_order_of_the_keys() {
    let mut bench = Bench::new();
    bench.keys("3 down enter down -");
    assert!(bench.screen().contains("tag VIP - tag 内部员工"), "{}", bench.screen());
    bench.keys("5 end enter down down down + backspace & esc");
    let screen = bench.screen();
    assert!(screen.contains("tag VIP - tag 内部员工 & tag"), "{screen}");
    bench.keys("n");
    assert!(bench.screen().contains("nobody chosen yet"));
}

#[test]
fn language_and_theme_are_switched_and_remembered() {
    let mut bench = Bench::new();
    bench.keys("L");
    assert!(bench.screen().contains("公众号"));
    let asked = bench.asked();
    assert!(matches!(asked.as_slice(), [Effect::System(SystemEffect::SaveSettings { lang: Lang::Zh, .. })]), "{asked:?}");
    bench.keys("x 换配色 enter");
    let asked = bench.asked();
    assert!(
        matches!(asked.as_slice(), [Effect::System(SystemEffect::SaveSettings { .. })]),
        "the palette does it too: {asked:?}"
    );
}

#[test]
fn another_account_brings_its_own_lists() {
    let mut bench = Bench::new();
    bench.keys(FILLED).keys("1 down enter").asked();
    let screen = bench.screen();
    assert!(screen.contains("Beta 商城 wx01…cdef"), "{screen}");
    assert!(screen.contains("1. Choose a template"), "the form of the other account is gone");
}

#[test]
fn stale_answers_are_dropped() {
    let mut bench = Bench::new();
    bench.keys(FILLED);
    let before = bench.screen();
    let generation = super::msg::Generation(0);
    let reach = Reach { recipients: 7, ..Reach::default() };
    bench.msg(super::msg::AudienceMsg::Counted { generation, reach, first: None, columns: Vec::new() });
    bench.msg(super::msg::ListsMsg::TemplatesLoaded { generation, templates: Vec::new(), aliases: Aliases::default() });
    bench.msg(super::msg::ListsMsg::UsersLoaded { generation, page: super::msg::UsersPage::default() });
    bench.msg(SendMsg::JobsLoaded { generation, jobs: vec![job(3, JobState::Done)], more: false });
    assert_eq!(bench.screen(), before);
}

#[test]
fn letters_are_text_in_a_field_and_commands_beside_it() {
    let mut bench = Bench::new();
    bench.keys("enter sq123");
    assert!(bench.screen().contains("sq123"));
    assert_eq!(bench.asked(), []);
    bench.input(Input::Paste("甲\r\n乙".into()));
    assert!(bench.screen().contains("sq123甲 乙"));
    assert!(bench.footer().contains("joined"));
}

#[test]
fn bad_news_is_shown_until_a_key() {
    let mut bench = Bench::new();
    bench.msg(SystemMsg::Noted { level: Level::Error, text: "the disk is full".into() });
    assert!(bench.screen().contains("the disk is full"));
    bench.keys("space");
    assert!(!bench.screen().contains("the disk is full"));
}

#[test]
fn the_json_of_the_preview_is_copied_as_it_is_sent() {
    let mut bench = Bench::new();
    bench.keys("4 enter 2 enter X esc 6 c");
    let asked = bench.asked();
    let Some(Effect::System(SystemEffect::CopyToClipboard { text })) = asked.last() else { panic!("{asked:?}") };
    assert!(text.starts_with(&format!("{{\"touser\":\"{}\"", OpenId::trusted("oTD8i6Wz6jQZPSNJlzQv43ApodvI"))), "{text}");
    assert!(text.contains("\"character_string1\":{\"value\":\"X\"}"));
}

#[test]
fn without_colours_everything_is_still_told_apart() {
    let mut bench = bench(Lang::En, 120, 36);
    bench.keys("T T T T T T");
    bench.keys(FILLED).msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
    let (buf, _) = bench.buffer();
    assert!(buf.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    assert!(bench.screen().contains("▸ 张三"));
}

mod quota;
mod test_send;
mod trust;
