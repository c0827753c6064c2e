//! Colours, the title and the call of the window.

use crate::config::Notify;
use crate::domain::delivery::Counts;
use crate::domain::job::{JobState, StopReason};
use crate::domain::lang::Lang;
use crate::tui::context::Settings;
use crate::tui::effect::{Effect, SystemEffect};
use crate::tui::input::Input;
use crate::tui::msg::SendMsg;
use crate::tui::surroundings::{Background, Surroundings};
use crate::tui::testkit::{Bench, job, progress};
use crate::tui::theme::{Role, Theme, ThemeName, Themes};

fn calls(bench: &mut Bench) -> Vec<(Notify, String)> {
    let call = |effect| match effect {
        Effect::System(SystemEffect::Call { how, text }) => Some((how, text)),
        _ => None,
    };
    bench.asked().into_iter().filter_map(call).collect()
}

#[test]
fn the_key_names_the_theme_and_what_it_comes_to() {
    let mut bench = Bench::new();
    for said in ["Colours: dark", "light", "high contrast", "16 colours", "the terminal's own", "none", "automatic, now dark"] {
        assert!(bench.keys("T").footer().contains(said), "{said}: {}", bench.footer());
    }
    let around = Surroundings { no_color: true, ..Surroundings::default() };
    bench.app.ctx.settings.themes = Themes::new(Vec::new(), &around, Background::Dark);
    assert!(bench.keys("T").footer().contains("dark; NO_COLOR is set"), "{}", bench.footer());
}

#[test]
fn what_is_chosen_is_saved_and_not_what_it_comes_to() {
    let mut bench = Bench::new();
    bench.input(Input::Background(Background::Light));
    bench.asked();
    bench.keys("L");
    let theme = ThemeName::Auto;
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::SaveSettings { lang: Lang::Zh, theme })]);
}

#[test]
fn the_terminal_says_what_it_is_painted_on_and_the_colours_follow() {
    let mut bench = Bench::new();
    let accent = |bench: &Bench| bench.app.ctx.style(Role::Accent);
    let of = |name: &ThemeName| Themes::default().theme(name).style(Role::Accent);
    assert_eq!(accent(&bench), of(&ThemeName::Dark));
    bench.input(Input::Background(Background::Dark));
    assert_eq!(bench.asked(), [], "that is what was thought");
    bench.input(Input::Background(Background::Light));
    let background = Background::Light;
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::KeepBackground { background })]);
    assert_eq!(accent(&bench), of(&ThemeName::Light));
    bench.keys("T").input(Input::Background(Background::Light));
    assert_eq!(accent(&bench), of(&ThemeName::Dark), "whoever chose a theme has it");
}

#[test]
fn an_own_theme_is_one_of_them() {
    let plain = Theme::parse(include_str!("../../../assets/themes/mono.toml")).unwrap();
    let themes = Themes::new(vec![("夜".into(), plain)], &Surroundings::default(), Background::Dark);
    let settings = Settings { themes, theme: ThemeName::parse("夜"), ..Settings::default() };
    let ctx = crate::tui::context::Context::new(settings, crate::tui::keys::Keymap::standard());
    assert_eq!(ctx.theme_words(), "Colours: 夜");
    assert_eq!(ctx.style(Role::Ok).fg, None);
}

#[test]
fn the_title_says_how_far_the_job_is() {
    let mut bench = Bench::new();
    assert_eq!(bench.app.window_title(), "muban · Acme 服务号");
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
    assert_eq!(bench.app.window_title(), "muban · Acme 服务号 · job 15 70 %");
    let mut paused = job(15, JobState::Paused);
    paused.counts = Counts { total: 872, accepted: 436, ..Counts::default() };
    bench.msg(SendMsg::Ended { job: Box::new(paused) });
    assert_eq!(bench.app.window_title(), "muban · Acme 服务号 · job 15 paused at 50 %");
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) });
    assert_eq!(bench.app.window_title(), "muban · Acme 服务号");
}

#[test]
fn the_end_of_a_job_calls_whoever_looks_elsewhere() {
    let mut bench = Bench::new();
    let mut done = job(15, JobState::Done);
    done.counts = Counts { total: 872, accepted: 869, failed: 3, ..Counts::default() };
    let ended = |job: &crate::domain::job::Job| SendMsg::Ended { job: Box::new(job.clone()) };
    bench.msg(ended(&done));
    assert_eq!(calls(&mut bench), [], "the window is in front");
    bench.input(Input::Unfocused);
    bench.msg(ended(&done));
    let said = "muban: job 15 (订单发货提醒) is done: 869 of 872 accepted".to_owned();
    assert_eq!(calls(&mut bench), [(Notify::Bell, said.clone())]);
    bench.input(Input::Focused);
    bench.msg(ended(&done));
    assert_eq!(calls(&mut bench), []);
    bench.app.ctx.settings.notify = Some(Notify::Osc9);
    bench.msg(ended(&done));
    assert_eq!(calls(&mut bench), [(Notify::Osc9, said)], "whoever asked for it hears it always");
    bench.app.ctx.settings.notify = Some(Notify::None);
    bench.msg(ended(&done));
    assert_eq!(calls(&mut bench), []);
}

#[test]
fn a_halt_calls_unless_it_is_ones_own_doing() {
    let mut bench = Bench::new();
    bench.input(Input::Unfocused);
    for (state, reason, calls_back) in [
        (JobState::Paused, StopReason::Network { detail: "refused".into() }, true),
        (JobState::Paused, StopReason::Operator, false),
        (JobState::Paused, StopReason::Interrupted, false),
        (JobState::Cancelled, StopReason::Cancelled, false),
    ] {
        let mut stopped = job(15, state);
        stopped.reason = Some(reason);
        bench.msg(SendMsg::Ended { job: Box::new(stopped.clone()) });
        assert_eq!(calls(&mut bench).len(), usize::from(calls_back), "{:?}", stopped.reason);
    }
}
