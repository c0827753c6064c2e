//! The settings on the screen, and in their file.

use super::pictures::pictures;
use crate::config;
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, SystemEffect};
use crate::tui::msg::SystemMsg;
use crate::tui::testkit::{Bench, World};

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    Bench::with(lang, World::default()).size(width, height)
}

fn read(settings: config::Settings, changed: Option<&'static str>) -> SystemMsg {
    SystemMsg::SettingsRead { settings: Box::new(settings), file: "~/.config/muban/config.toml".into(), changed }
}

fn opened(bench: &mut Bench) {
    bench.keys("O");
    let lang = Some(bench.app.ctx.settings.lang);
    bench.msg(read(config::Settings { lang, confirm_above: 50, ..config::Settings::default() }, None));
}

#[test]
fn pictures_of_the_settings() {
    pictures("settings", opened, bench);
}

#[test]
fn a_choice_is_written_at_once_and_holds() {
    let mut bench = Bench::new();
    opened(&mut bench);
    assert_eq!(bench.asked(), [Effect::from(SystemEffect::ReadSettings)]);
    bench.keys("right");
    let wanted = |key, value: Option<&str>| Effect::from(SystemEffect::ChangeSetting { key, value: value.map(Into::into) });
    assert_eq!(bench.asked(), [wanted("lang", Some("\"zh\""))]);
    bench.msg(read(config::Settings { lang: Some(Lang::Zh), confirm_above: 50, ..config::Settings::default() }, Some("lang")));
    assert!(bench.screen().contains("设置") && bench.screen().contains("模板"), "{}", bench.screen());
    bench.keys("left left");
    assert_eq!(bench.asked(), [wanted("lang", Some("\"en\"")), wanted("lang", None)]);
    bench.keys("j j right");
    assert_eq!(bench.asked(), [wanted("mouse", Some("true"))]);
    bench.msg(read(config::Settings { lang: Some(Lang::En), mouse: true, ..config::Settings::default() }, Some("mouse")));
    assert!(bench.screen().contains("设置"), "the language is another setting");
    assert_eq!(bench.asked(), [Effect::from(SystemEffect::TakeMouse { on: true })]);
}

#[test]
fn what_was_written_by_hand_is_one_of_the_choices_and_what_is_not_taken_is_not_shown() {
    let mut bench = Bench::new();
    opened(&mut bench);
    bench.asked();
    assert!(bench.screen().contains("50"), "{}", bench.screen());
    bench.keys("j j j j left");
    let value = Some("10000".to_owned());
    assert_eq!(bench.asked(), [Effect::from(SystemEffect::ChangeSetting { key: "confirm_above", value })]);
    bench.msg(read(config::Settings { confirm_above: 50, ..config::Settings::default() }, Some("confirm_above")));
    assert!(bench.screen().lines().any(|line| line.contains("count above") && line.contains(" 50 ")), "{}", bench.screen());
    bench.keys("G right");
    assert!(bench.screen().contains("What you changed holds from the next start on"), "{}", bench.screen());
    bench.keys("esc");
    assert!(!bench.screen().contains("config.toml"));
}
