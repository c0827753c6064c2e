//! What is left of the day, and setting the day's counters back: only ever at an operator's word.

use crate::home::{Home, MESSAGE, SECRET, said};
use crate::scene::{SEND, Scene};
use crate::terminal::Terminal;
use crate::tui::fill;
use crate::witness::until_delivered;
use muban::domain::lang::Lang;
use muban::manage::quota::{self, ClearForm};
use muban::session::SessionError;
use muban::sim::{Action, Sim, World};
use serde_json::json;

const CLEARS: [&str; 2] = ["/cgi-bin/clear_quota", "/cgi-bin/clear_quota/v2"];

fn clears(sim: &Sim) -> [u64; 2] {
    CLEARS.map(|path| sim.calls(path))
}

#[tokio::test]
async fn what_is_left_is_asked_for_and_remembered() {
    let scene = Scene::of(World::with_followers(30, 1)).await;
    scene.act(Action::SetQuota { path: SEND.into(), limit: 50 });
    assert_eq!(scene.account.quota, None);
    scene.send(scene.first(30), 8).await;
    let seen = quota::look(&*scene.session().await, &scene.store).await.unwrap();
    assert_eq!((seen.limit, seen.used, seen.remain()), (50, 30, 20));
    let kept = scene.store.account(scene.account.id).await.unwrap().unwrap().quota.unwrap();
    assert_eq!((kept.limit, kept.used, kept.at.as_millisecond()), (50, 30, seen.at.as_millisecond()));
    scene.sim.faults(|faults| (faults.everywhere, faults.busy) = (true, muban::sim::Chance::percent(100.0)));
    assert_eq!(quota::look(&*scene.session().await, &scene.store).await.unwrap_err().errcode(), Some(-1));
    assert_eq!(scene.store.account(scene.account.id).await.unwrap().unwrap().quota, Some(kept), "what was seen stays");
}

#[tokio::test]
async fn both_forms_set_it_back_and_share_the_ten_times_a_month() {
    let scene = Scene::of(World::with_followers(4, 1)).await;
    let session = scene.session().await;
    for form in [ClearForm::ByToken, ClearForm::BySecret].into_iter().cycle().take(10) {
        scene.send(scene.first(4), 2).await;
        assert_eq!(quota::look(&session, &scene.store).await.unwrap().used, 4);
        quota::clear(&session, form).await.unwrap();
        assert_eq!(quota::look(&session, &scene.store).await.unwrap().used, 0, "{form:?}");
    }
    assert_eq!(clears(&scene.sim), [5, 5]);
    for form in [ClearForm::ByToken, ClearForm::BySecret] {
        let error = quota::clear(&session, form).await.unwrap_err();
        assert!(matches!(error, SessionError::Call(_)) && error.errcode() == Some(48006), "{error}");
    }
    scene.act(Action::Advance { seconds: 40 * 86_400 });
    quota::clear(&session, ClearForm::BySecret).await.unwrap();
}

#[tokio::test]
async fn by_secret_it_goes_even_where_no_token_can_be_had() {
    let scene = Scene::of(World::with_followers(1, 1)).await;
    scene.act(Action::SetQuota { path: "/cgi-bin/stable_token".into(), limit: 0 });
    let session = scene.session().await;
    let error = quota::clear(&session, ClearForm::ByToken).await.unwrap_err();
    assert!(matches!(error, SessionError::Token(_)) && error.errcode() == Some(45009), "{error}");
    quota::clear(&session, ClearForm::BySecret).await.unwrap();
    assert_eq!(clears(&scene.sim), [0, 1]);
}

const CLEAR: [&str; 3] = ["account", "clear-quota", "Acme"];

fn clear(home: &Home, options: &[&str]) -> std::process::Output {
    home.run(&[&CLEAR, options].concat())
}

#[test]
fn it_asks_for_the_name_and_without_a_terminal_for_the_option() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    for (options, names) in [(&[][..], "--confirm"), (&["--confirm", "acme"], "Acme"), (&["--confirm", ""], "Acme")] {
        let output = clear(&home, options);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(names) && said(&output).contains("ALL daily counters"), "{}", said(&output));
    }
    for (lang, all) in [("en", "ALL daily counters"), ("zh", "全部接口调用次数")] {
        let mut terminal = Terminal::start(
            env!("CARGO_BIN_EXE_muban"),
            &[&CLEAR[..], &["--lang", lang]].concat(),
            (120, 24),
            home.dir.path(),
            &[],
        );
        terminal.wait_for(all).wait_for("Acme").keys("yes\r");
        assert_eq!(terminal.end().0, 2);
    }
    assert_eq!(clears(&sim), [0, 0]);
    let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &CLEAR, (120, 24), home.dir.path(), &[]);
    terminal.wait_for("Type Acme").keys("Acme\r").wait_for("100 000 left");
    assert_eq!((terminal.end().0, clears(&sim)), (0, [1, 0]));
}

#[test]
fn a_refusal_is_explained_in_both_languages_and_says_no_secret() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let by_secret = ["--by-secret", "--confirm", "Acme", "--json"];
    for options in [&by_secret[1..], &by_secret].into_iter().cycle().take(10) {
        let document: serde_json::Value = serde_json::from_slice(&clear(&home, options).stdout).unwrap();
        assert_eq!(document, json!({ "cleared": true, "quota": { "limit": 100_000, "used": 0, "remain": 100_000 } }));
    }
    let refused = |options: &[&str], code: i64, call: &str| {
        for lang in Lang::ALL {
            let output = clear(&home, &[options, &["--lang", lang.as_str()]].concat());
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b""[..]), "{stderr}");
            let explained = muban::domain::errcode::explain_on(code, call, lang);
            assert!(stderr.contains(&code.to_string()), "{stderr}");
            assert!(stderr.contains(&*explained.meaning) && stderr.contains(&*explained.remedy), "{stderr}");
            assert!(!said(&output).contains(SECRET), "{stderr}");
        }
    };
    refused(&by_secret, 48006, CLEARS[1]);
    refused(&by_secret[1..], 48006, CLEARS[0]);
    sim.world(|world| world.act(None, Action::RevokeSecret).unwrap());
    refused(&by_secret, 40125, CLEARS[1]);
    // A token that is not this AppID's own, as if the vault of another account had been copied here.
    let output = home.run(&["account", "set", "Acme", "--appid", "wx00000000000000aa"]);
    assert!(output.status.success(), "{}", said(&output));
    refused(&by_secret, 40013, CLEARS[1]);
    refused(&by_secret[1..], 40013, "/cgi-bin/stable_token");
    assert!(home.files().iter().all(|(_, bytes)| !bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())));
}

#[test]
fn a_job_whose_day_is_spent_says_when_it_is_expected_to_go_on_and_may_be_tried_at_any_time() {
    let sim = Sim::local(World::with_followers(30, 1)).unwrap();
    let home = Home::synced(&sim);
    let act = |action| sim.world(|world| world.act(None, action)).unwrap();
    act(Action::SetQuota { path: SEND.into(), limit: 12 });
    let (summary, exit) = home.send(&["--all", "--concurrency", "4"]);
    assert_eq!((exit, summary["accepted"].as_u64(), summary["queued"].as_u64()), (Some(3), Some(12), Some(18)), "{summary}");
    for (lang, expected, unconfirmed) in
        [("en", "after 00:00 UTC+8", "WeChat has not confirmed"), ("zh", "（UTC+8）00:00 之后", "微信未确认")]
    {
        let shown = home.run(&["job", "show", "1", "--lang", lang]);
        let document = home.fine(&["job", "show", "1", "--lang", lang, "--json"]);
        let remedy = document["reason"]["remedy"].as_str().unwrap().to_owned();
        assert_eq!((shown.status.code(), document["reason"]["errcode"].as_i64()), (Some(0), Some(45009)));
        for text in [said(&shown), remedy] {
            assert!(text.contains(expected) && text.contains(unconfirmed) && text.contains("clear-quota"), "{text}");
        }
    }
    let resume = || home.run(&["job", "resume", "1", "--json"]);
    assert_eq!((resume().status.code(), sim.delivered_count()), (Some(3), 12), "tried, and refused as before");
    act(Action::NextDay);
    act(Action::SetQuota { path: SEND.into(), limit: 100 });
    let resumed = resume();
    assert_eq!(resumed.status.code(), Some(0), "{}", said(&resumed));
    assert_eq!((sim.delivered_count(), sim.world(|world| world.recipient_count())), (30, 30));
}

#[test]
fn the_screen_tells_of_it_before_a_send_and_sets_it_back_when_the_name_is_typed() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    sim.world(|world| world.act(None, Action::SetQuota { path: SEND.into(), limit: 50 })).unwrap();
    let mut other = home.start(&[&["send", "--yes", "--rate", "1", "--tag", "内部"], MESSAGE].concat());
    until_delivered(&sim, 1);
    let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &[], (120, 36), home.dir.path(), &[]);
    terminal.wait_for("订单发货通知").wait_for("Users 2 000");
    fill(&mut terminal);
    terminal.keys("s").wait_for("of 120 can go out today").wait_for("another process is sending for Acme as well (job 1)");
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(sim.calls("/cgi-bin/openapi/quota/get"), 1);
    terminal.keys("\x1b").wait_gone("another process").keys("1Q").wait_for("ALL daily counters");
    terminal.keys("acme\r").wait_for("not the name");
    assert_eq!(clears(&sim), [0, 0]);
    terminal.keys("\x7f\x7f\x7f\x7fAcme\r").wait_for("All daily counters of Acme are back at zero").wait_for("50 left");
    assert_eq!(clears(&sim), [1, 0]);
    terminal.keys(" ").wait_gone("back at zero").wait_for("today 0 / 50");
    sim.world(|world| world.act(None, Action::RevokeSecret).unwrap());
    terminal.keys("Q").wait_for("ALL daily counters").keys("\tAcme\r").wait_for("40125").wait_for("Something went wrong");
    terminal.keys(" ").wait_gone("40125").keys("\x03");
    let (code, bytes) = terminal.end();
    assert!(code == 0 && !String::from_utf8_lossy(&bytes).contains(SECRET));
}
