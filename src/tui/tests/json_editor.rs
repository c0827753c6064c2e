//! The body as JSON: edited, pasted, loaded, and given to another editor.

use super::FILLED;
use super::pictures::pictures;
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, SystemEffect};
use crate::tui::input::Input;
use crate::tui::msg::SystemMsg;
use crate::tui::testkit::{Bench, World};

fn filled(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.keys(FILLED).keys("5").asked();
    bench
}

fn paste(bench: &mut Bench, text: &str) {
    bench.input(Input::Paste(text.into()));
}

#[test]
fn pictures_of_the_json_editor() {
    pictures("json_editor", |bench| _ = bench.keys("e down down ctrl-right"), filled);
    let broken = "{\"template_id\": \"Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM\", \"data\": {\r\n  \"thing2\": { \"value\": \"手冲咖啡壶\" }\r\n  \"amount3\": { \"value\": \"￥12.50\" }\r\n}}";
    pictures(
        "json_editor_error",
        |bench| {
            bench.keys("I");
            paste(bench, broken);
            bench.keys("up esc");
        },
        filled,
    );
    let notes = "{\"template_id\": \"Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM\", \"topcolor\": \"#FF0000\", \"client_msg_id\": \"a\",\n \"data\": {\"thing2\": {\"value\": \"茶\"}}}";
    pictures(
        "json_editor_notes",
        |bench| {
            bench.keys("I");
            paste(bench, notes);
        },
        filled,
    );
    pictures("json_editor_import", |bench| _ = bench.keys("I"), filled);
    pictures(
        "json_editor_file",
        |bench| {
            bench.keys("I ctrl-f ~/没有.json enter");
            let error = "No such file or directory (os error 2)".to_owned();
            bench.msg(SystemMsg::FileNotRead { trouble: crate::tui::files::FileTrouble::Unreadable(error) });
        },
        filled,
    );
}

#[test]
fn it_is_opened_between_the_fields_and_from_the_preview() {
    for place in ["5", "6"] {
        let mut bench = filled(Lang::En, (120, 36));
        bench.keys(place).keys("e");
        let screen = bench.screen();
        assert!(screen.contains("The request body as JSON") && screen.contains("as it is in the form"), "{screen}");
        assert!(
            screen.contains("\"thing2\": {") && !screen.lines().skip(1).any(|line| line.contains("│  \"touser\"")),
            "{screen}"
        );
        assert!(bench.cursor().is_some());
        bench.keys("esc I");
        assert!(bench.screen().contains("Paste or load a body"));
        bench.keys("esc v");
        let asked = bench.asked();
        let [Effect::System(SystemEffect::EditOutside { text })] = asked.as_slice() else { panic!("{asked:?}") };
        let body: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!((&body["data"]["thing2"]["value"], body.get("touser")), (&"手冲咖啡壶".into(), None));
    }
    let mut bench = filled(Lang::En, (120, 36));
    bench.keys("n E");
    assert!(!bench.screen().contains("The request body as JSON"), "the example has another key");
}

#[test]
fn without_a_template_there_is_a_skeleton() {
    let mut bench = Bench::new();
    bench.keys("6 e");
    assert!(bench.screen().contains("\"template_id\": \"\","), "{}", bench.screen());
    bench.keys("esc");
    assert!(!bench.screen().contains("The request body as JSON"));
}

#[test]
fn what_comes_back_from_outside_and_is_no_body_is_kept_to_be_mended() {
    let mut bench = filled(Lang::En, (120, 36));
    bench.msg(SystemMsg::EditedOutside { text: "{\"template_id\": }".into() });
    let screen = bench.screen();
    assert!(screen.contains("{\"template_id\": }") && screen.contains("✗ line 1, column"), "{screen}");
    bench.keys("esc");
    assert!(bench.screen().contains("esc again drops this text"));
    bench.keys("esc");
    assert!(!bench.screen().contains("The request body as JSON"));
    let body = "{\"template_id\": \"T\", \"data\": {\"thing2\": {\"value\": \"茶\"}}}";
    bench.msg(SystemMsg::EditedOutside { text: body.into() });
    assert!(!bench.screen().contains("The request body as JSON"), "a valid one goes straight into the form");
}

#[test]
fn the_cursor_is_where_the_text_goes() {
    let mut bench = filled(Lang::Zh, (80, 24));
    bench.keys("I 你好");
    let cursor = bench.cursor().unwrap();
    let screen = bench.screen();
    let line = screen.lines().nth(usize::from(cursor.y)).unwrap();
    assert!(crate::text::width::head(line, usize::from(cursor.x)).ends_with("你好"), "{screen}");
    bench.keys("ctrl-f 文");
    let cursor = bench.cursor().unwrap();
    let screen = bench.screen();
    let line = screen.lines().nth(usize::from(cursor.y)).unwrap();
    assert!(crate::text::width::head(line, usize::from(cursor.x)).ends_with("▸ 文"), "{screen}");
}

#[test]
fn it_can_be_drawn_at_every_size() {
    for (width, height) in [(60, 15), (61, 16), (79, 23), (300, 100)] {
        let mut bench = filled(Lang::Zh, (width, height));
        for keys in ["e", "ctrl-end backspace", "esc", "ctrl-f", "esc", "alt-a delete"] {
            bench.keys(keys);
            assert!(bench.screen().contains("请求体 JSON") && bench.cursor().is_some(), "{width}x{height} {keys}");
        }
    }
}

#[test]
fn a_field_that_is_full_says_so() {
    let mut bench = Bench::new();
    bench.keys("2 enter");
    paste(&mut bench, &"长".repeat(20_000));
    bench.keys("x");
    assert!(bench.screen().contains("20,000 characters at most"), "{}", bench.screen());
}

#[test]
fn what_is_selected_in_the_form_is_copied() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 ctrl-shift-left alt-c").asked();
    bench.keys("alt-x");
    assert_eq!(bench.asked(), [SystemEffect::CopyToClipboard { text: "M2023".into() }.into()]);
    assert!(!bench.screen().contains("M2023\""), "{}", bench.screen());
}
