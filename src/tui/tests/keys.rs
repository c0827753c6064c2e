//! Keys of the operator's own, chords, the palette, the help, and the way back.

use super::{FILLED, bench};
use crate::domain::lang::Lang;
use crate::tui::context::{Context, Settings};
use crate::tui::effect::{Effect, SystemEffect};
use crate::tui::input::{Code, Input, Key};
use crate::tui::keys::{Action, Found, Keymap, Place};
use crate::tui::msg::{AudienceMsg, ComposeMsg};
use crate::tui::out::Out;
use crate::tui::panes::PaneId;
use crate::tui::testkit::{Bench, World};
use proptest::prelude::*;

#[test]
fn own_keys_move_in_panes_and_in_everything_on_top() {
    let mut bench = Bench::of_keys("[list]\ndown = ['ctrl-n']\n[popup]\ndown = ['ctrl-n']\nback = ['ctrl-g']\n");
    bench.keys("4");
    let first = bench.app.users.current().unwrap().openid.clone();
    bench.keys("j down");
    assert_eq!(bench.app.users.current().unwrap().openid, first, "keys that were taken away do nothing");
    bench.keys("ctrl-n");
    assert_ne!(bench.app.users.current().unwrap().openid, first);
    bench.keys("?");
    let top = bench.screen();
    bench.keys("ctrl-n");
    assert_ne!(bench.screen(), top, "the help goes down");
    bench.keys("q");
    bench.keys("esc ctrl-g");
    assert!(bench.app.layers.is_empty(), "{}", bench.screen());
    bench.keys("x ctrl-n");
    let second = bench.screen().lines().find(|line| line.contains('▸') && line.contains("│  ▸")).map(str::to_owned);
    assert!(second.is_some(), "{}", bench.screen());
}

#[test]
fn a_chord_shows_what_can_follow_and_is_dropped_by_what_cannot() {
    let mut bench = Bench::of_keys("[everywhere]\npalette = ['x', 'z p']\nsync = ['z s']\n[users]\nselect = ['z space']\n");
    bench.keys("4 z");
    let footer = bench.footer();
    for words in ["z …", "p actions", "s sync", "space"] {
        assert!(footer.contains(words), "{words}: {footer}");
    }
    assert!(bench.app.layers.is_empty() && bench.asked().is_empty(), "nothing happens before its end");
    bench.keys("3");
    assert!(bench.footer().contains("z 3: nothing has these keys"), "{}", bench.footer());
    assert_eq!(bench.app.focus, PaneId::Users, "a key that was dropped does nothing by itself");
    bench.keys("z esc");
    assert!(bench.footer().contains("z esc: nothing"), "{}", bench.footer());
    bench.keys("z p");
    assert!(bench.screen().contains("Actions"), "{}", bench.screen());
}

#[test]
fn a_chord_in_a_field_loses_no_letter() {
    let mut bench = Bench::of_keys("[edit]\nexample = ['ctrl-x e']\n");
    bench.keys("2 enter 你 ctrl-x 好");
    assert!(bench.footer().contains("ctrl-x 好: nothing"), "{}", bench.footer());
    assert!(bench.screen().contains("你好"), "{}", bench.screen());
    bench.keys("backspace backspace ctrl-x e");
    assert!(bench.screen().contains("M202311092196630"), "{}", bench.screen());
}

#[test]
fn what_is_wrong_with_own_keys_is_told_at_the_start() {
    for lang in [Lang::En, Lang::Zh] {
        for (width, height) in [(60, 15), (100, 30)] {
            let (keys, mistakes) = Keymap::with("[users]\nselekt = ['v']\njoin = ['?']\n[edit]\ncolor = ['c']\n");
            let mut bench = Bench::keyed(lang, World::default(), keys).size(width, height);
            bench.app.tell_of_keys(&mistakes, "/home/lin/.config/muban/keys.toml");
            insta::assert_snapshot!(format!("{}_{width}x{height}_own_keys", lang.as_str()), bench.screen());
            bench.keys("enter 4");
            assert_eq!(bench.app.focus, PaneId::Users, "and everything works");
        }
    }
}

/// Every action by its name: what reading an unknown one would have taken.
fn actions() -> Vec<Action> {
    let error = serde_json::from_str::<Action>("\"none\"").unwrap_err().to_string();
    let known = error.split_once("expected one of").unwrap().1.to_owned();
    known.split('`').skip(1).step_by(2).map(|name| Action::named(name).unwrap()).collect()
}

#[test]
fn every_action_is_in_the_palette_but_for_those_that_only_move() {
    let moving = [
        Action::Up,
        Action::Down,
        Action::PageUp,
        Action::PageDown,
        Action::Top,
        Action::Bottom,
        Action::NextField,
        Action::PreviousField,
        Action::Back,
        Action::Palette,
    ];
    let mut bench = Bench::new().size(120, 60);
    bench.keys("x");
    let crate::tui::layers::Layer::Palette(palette) = bench.app.layers.last().unwrap() else { panic!() };
    let listed = palette.actions();
    assert!(actions().len() > 80);
    for action in actions() {
        assert_ne!(listed.contains(&action), moving.contains(&action), "{action:?}");
    }
}

#[test]
fn the_palette_finds_by_letters_of_both_languages_and_goes_there_first() {
    for (lang, wanted) in [(Lang::En, "dtg"), (Lang::Zh, "删标"), (Lang::Zh, "deltag")] {
        let mut bench = Bench::with(lang, World::default());
        bench.keys("3 down down 5 x").keys(wanted);
        let row = bench.screen().lines().find(|line| line.contains("│  ▸")).unwrap_or_default().to_owned();
        let sentence = if lang == Lang::En { "delete the tag" } else { "删除标签" };
        assert!(row.contains(sentence), "{wanted}: {}", bench.screen());
        bench.keys("enter");
        assert_eq!(bench.app.focus, PaneId::Tags);
        assert!(format!("{:?}", bench.asked()).contains("FindUses"));
    }
}

#[test]
fn what_cannot_be_done_says_why_in_the_palette_and_at_its_key() {
    let mut bench = Bench::new();
    bench.keys("x retry");
    let row = bench.screen().lines().find(|line| line.contains("retry failed")).unwrap_or_default().to_owned();
    assert!(row.contains("no job is selected: H lists them"), "{}", bench.screen());
    bench.keys("esc 7 r");
    assert!(bench.footer().contains("no job is selected"), "{}", bench.footer());
    bench.keys("ctrl-o ctrl-o ctrl-o ctrl-o");
    assert!(bench.footer().contains("you jumped nowhere yet"), "{}", bench.footer());
}

#[test]
fn what_was_done_last_comes_first() {
    let mut bench = Bench::new();
    bench.keys("x theme enter x");
    let row = bench.screen().lines().find(|line| line.contains("│  ▸")).unwrap_or_default().to_owned();
    assert!(row.contains("theme") || row.contains("colours"), "{}", bench.screen());
}

/// What can be done does something, and what cannot says so: there is no key without an answer.
#[test]
fn no_key_is_met_with_silence() {
    let starts: [(&str, &str); 3] = [("empty", ""), ("filled", FILLED), ("searched", "4 / 张 enter")];
    let mut silent = Vec::new();
    for (start, before) in starts {
        for row in Keymap::standard().rows() {
            // What moves may have nowhere to go, and stepping back nothing to step out of.
            if row.action.only_moves() || matches!(row.place, Place::Popup | Place::Edit) {
                continue;
            }
            let mut bench = Bench::new();
            bench.keys(before).keys("esc esc");
            let pane = PaneId::ALL.into_iter().find(|pane| row.place.name() == format!("{pane:?}").to_lowercase());
            bench.app.focus_on(pane.unwrap_or(PaneId::Users));
            bench.app.notices.dismiss();
            bench.asked();
            let was = format!("{:?}", bench.app);
            let mut out = Out::default();
            let obstacle = bench.app.obstacle(bench.app.place(), row.action);
            bench.app.pick(row.place, row.action, &mut out);
            let focuses = format!("{:?}", row.action).starts_with("Focus");
            let mut now = bench.app.recent.clone();
            now.clear();
            bench.app.recent = now;
            if out.is_empty() && format!("{:?}", bench.app) == was && !focuses {
                silent.push(format!("{start}: {} in {}: {obstacle:?}", row.name, row.place.name()));
            }
            if obstacle.is_some() && !out.effects.is_empty() && row.action != Action::WhichOne {
                silent.push(format!("{start}: {} in {} is done in spite of {obstacle:?}", row.name, row.place.name()));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_way_back_leads_to_what_was_selected() {
    let mut bench = Bench::new();
    bench.keys("4 down down");
    let user = bench.app.users.current().unwrap().openid.clone();
    bench.keys("2 3 down");
    let tag = bench.app.tags.selected().unwrap().id;
    bench.keys("4 up up ctrl-o");
    assert_eq!(bench.app.focus, PaneId::Tags);
    bench.keys("up ctrl-o ctrl-o");
    assert_eq!((bench.app.focus, &bench.app.users.current().unwrap().openid), (PaneId::Users, &user));
    bench.keys("alt-o alt-o");
    assert_eq!(bench.app.focus, PaneId::Tags);
    assert_ne!(bench.app.tags.selected().map(|selected| selected.id), Some(tag), "where it was left the last time");
    bench.keys("tab ctrl-o");
    assert_eq!(bench.app.focus, PaneId::Templates, "a step to the next pane is no jump");
}

#[test]
fn the_help_is_searched() {
    for lang in [Lang::En, Lang::Zh] {
        let mut bench = bench(lang, 60, 15);
        bench.keys("? /").keys(if lang == Lang::En { "tag" } else { "标签" });
        insta::assert_snapshot!(format!("{}_60x15_help_search", lang.as_str()), bench.screen());
        bench.keys("enter esc");
        assert!(!bench.app.layers.is_empty(), "the search goes first");
        bench.keys("esc");
        assert!(bench.app.layers.is_empty());
    }
    let mut bench = Bench::of_keys("[users]\nselect = ['space', 'z s']\nblock_users = []\n").size(120, 60);
    bench.keys("4 ?");
    let help = bench.screen();
    assert!(help.contains("space, z s") && help.contains("(none)"), "{help}");
}

fn any_key() -> impl Strategy<Value = Key> {
    let codes = prop_oneof![
        6 => proptest::char::range(' ', '~').prop_map(Code::Char),
        1 => proptest::char::range('\u{4e00}', '\u{9fff}').prop_map(Code::Char),
        3 => proptest::sample::select(vec![
            Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Backspace, Code::Delete, Code::Up, Code::Down, Code::Left,
            Code::Right, Code::Home, Code::End, Code::PageUp, Code::PageDown, Code::F(1), Code::F(12),
        ]),
    ];
    (codes, proptest::bool::weighted(0.1), proptest::bool::weighted(0.1)).prop_map(|(code, ctrl, alt)| Key {
        code,
        ctrl,
        alt,
        shift: false,
    })
}

/// Rows of the operator's: actions of random places on random keys and chords.
fn any_keymap() -> impl Strategy<Value = String> {
    let standard = Keymap::standard();
    let rows: Vec<(&'static str, String)> = standard.rows().iter().map(|row| (row.place.name(), row.name.clone())).collect();
    let keys = proptest::collection::vec(proptest::collection::vec(any_key(), 1..3), 0..3);
    proptest::collection::vec((proptest::sample::select(rows), keys), 0..12).prop_map(|rows| {
        let mut toml = String::new();
        for place in Place::ALL.map(Place::name) {
            let mut here: Vec<String> = Vec::new();
            for ((_, action), keys) in rows.iter().filter(|((of, _), _)| *of == place) {
                if here.iter().any(|row| row.starts_with(&format!("{action} "))) {
                    continue;
                }
                let keys: Vec<String> =
                    keys.iter().map(|keys| keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")).collect();
                here.push(format!("{action} = {}\n", serde_json::json!(keys)));
            }
            toml.extend([format!("[{place}]\n"), here.concat()]);
        }
        toml
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_keys_under_any_keymap_leave_a_screen(own in any_keymap(), keys in proptest::collection::vec(any_key(), 0..60)) {
        let mut bench = Bench::keyed(Lang::Zh, World::default(), Keymap::with(&own).0).size(80, 24);
        for key in keys {
            bench.input(Input::Key(key));
        }
        prop_assert!(!bench.screen().is_empty());
    }
}

proptest! {
    // Each types some four hundred letters.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn text_types_itself_in_every_field_whatever_the_keymap(own in any_keymap(), han in proptest::char::range('\u{4e00}', '\u{9fff}')) {
        let text: String = (' '..='~').chain([han]).collect();
        let type_it = |bench: &mut Bench| text.chars().for_each(|c| bench.input(Input::Key(Key::plain(Code::Char(c)))));
        let mut bench = Bench::keyed(Lang::En, World::default(), Keymap::with(&own).0);
        // A field of the form.
        let template = bench.app.templates.selected().unwrap().clone();
        bench.msg(ComposeMsg::TemplateChosen { template });
        type_it(&mut bench);
        let body: serde_json::Value = serde_json::from_str(&bench.app.compose.body(None).unwrap()).unwrap();
        let typed = body["data"].as_object().unwrap().values().any(|field| field["value"] == text.as_str());
        prop_assert!(typed, "{body}");
        // A search, a dialog, and the palette.
        bench.keys("esc");
        let mut out = Out::default();
        bench.app.pick(Place::Users, Action::Search, &mut out);
        type_it(&mut bench);
        let quoted = format!("{text:?}");
        let users = format!("{:?}", bench.app.users);
        prop_assert!(users.contains(&quoted), "the search");
        for open in [Action::AddAccount, Action::Palette] {
            let mut out = Out::default();
            bench.app.on_action(open, &mut out);
            bench.app.layers.append(&mut out.layers);
            type_it(&mut bench);
            let layers = format!("{:?}", bench.app.layers);
            prop_assert!(layers.contains(&quoted), "{:?}", open);
        }
    }
}

#[test]
fn a_search_that_is_typed_can_still_be_left_for_good() {
    let mut bench = Bench::of_keys("[edit]\nquit = ['ctrl-q']\n");
    bench.keys("4 / 张 ctrl-q");
    assert!(bench.asked().iter().any(|effect| matches!(effect, Effect::System(SystemEffect::Quit { .. }))));
}

#[test]
fn the_keys_on_the_screen_are_the_operators() {
    let (keys, _) = Keymap::with("[everywhere]\nhelp = ['f9']\n");
    assert_eq!(keys.find(Place::Users, &["?".parse().unwrap()]), Found::Nothing);
    let ctx = Context::new(Settings::default(), keys);
    assert_eq!(ctx.key(Action::Help), "f9");
    let mut bench = Bench::of_keys("[everywhere]\nhelp = ['f9']\nsync = ['Y']\n");
    bench.msg(AudienceMsg::Cleared);
    let screen = bench.screen();
    assert!(screen.lines().next().unwrap().contains("f9 help") && screen.lines().last().unwrap().contains("Y sync"), "{screen}");
}

#[test]
fn what_is_held_beside_a_key_gets_to_an_editor() {
    let after = |keys: &str| {
        let mut bench = Bench::new();
        bench.keys("2 enter esc e ctrl-home").keys(keys).keys("backspace");
        bench.screen()
    };
    assert!(after("down").contains("\"template_id\"") && after("shift-down").contains("\"template_id\""));
    assert_ne!(after("down"), after("shift-down"), "shift selects the line, which then goes");
}
