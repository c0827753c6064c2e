//! Text fields and the editor: what keys do, and what no keys can break.

mod anything;

use super::document::Change;
use super::{Editor, Field, Look, Pasted};
use crate::text::width;
use crate::tui::context::{Context, Settings};
use crate::tui::effect::{Effect, SystemEffect};
use crate::tui::keys::Keymap;
use crate::tui::out::Out;
use crate::tui::testkit::screen_text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

fn press(field: &mut Field, keys: &str) -> Vec<String> {
    let mut out = Out::default();
    for key in keys.split(' ') {
        field.edit(key.parse().unwrap(), &mut out);
    }
    copied(out)
}

fn type_into(editor: &mut Editor, keys: &str) -> Vec<String> {
    let mut out = Out::default();
    for key in keys.split(' ') {
        editor.edit(key.parse().unwrap(), &mut out);
    }
    copied(out)
}

fn copied(out: Out) -> Vec<String> {
    let text = |effect| match effect {
        Effect::System(SystemEffect::CopyToClipboard { text }) => text,
        other => panic!("{other:?}"),
    };
    out.effects.into_iter().map(text).collect()
}

fn cursor_after(field: &Field, room: u16) -> (String, u16) {
    let area = Rect::new(0, 0, room, 1);
    let mut buf = Buffer::empty(area);
    let at = field.draw(area, &mut buf, Look { focused: true, ..Look::default() }).unwrap();
    (screen_text(&buf).trim_end().to_owned(), at.x)
}

/// What is drawn reversed.
fn reversed(buf: &Buffer) -> String {
    let shown = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
    buf.content.iter().filter(shown).map(ratatui::buffer::Cell::symbol).collect()
}

fn editor(text: &str) -> Editor {
    Editor::new(text).unwrap()
}

fn drawn(editor: &mut Editor, size: (u16, u16)) -> (String, (u16, u16)) {
    let (area, ctx) = (Rect::new(0, 0, size.0, size.1), Context::new(Settings::default(), Keymap::standard()));
    let mut buf = Buffer::empty(area);
    editor.fit(area);
    let at = editor.draw(area, None, &mut buf, &ctx).unwrap();
    (screen_text(&buf), (at.x, at.y))
}

#[test]
fn whole_graphemes_are_moved_over_and_deleted() {
    for cluster in ["👨‍👩‍👧", "👍🏽", "❤️", "e\u{301}", "好", "🇨🇳", "ｶﾞ", "क्षि", "한"] {
        let mut field = Field::new(&format!("a{cluster}b"));
        press(&mut field, "left left");
        assert_eq!(cursor_after(&field, 20).1, 1, "{cluster}");
        press(&mut field, "right");
        assert_eq!(usize::from(cursor_after(&field, 20).1), 1 + width::columns(cluster), "{cluster}");
        press(&mut field, "backspace");
        assert_eq!(field.text(), "ab", "{cluster}");
        press(&mut field, "ctrl-u");
        assert_eq!(field.text(), format!("a{cluster}b"));
        press(&mut field, "home right delete");
        assert_eq!(field.text(), "ab", "{cluster}");
    }
}

#[test]
fn what_joins_with_its_neighbour_takes_the_cursor_along() {
    let mut field = Field::new("\u{301}x");
    press(&mut field, "home e");
    assert_eq!((field.text(), cursor_after(&field, 20).1), ("e\u{301}x", 1), "behind the letter with its accent");
    press(&mut field, "backspace");
    assert_eq!(field.text(), "x");
    let mut flags = Field::new("🇨a🇳b");
    press(&mut flags, "left left left delete delete");
    assert_eq!((flags.text(), cursor_after(&flags, 20).1), ("🇨🇳", 2));
    press(&mut flags, "ctrl-u ctrl-u");
    assert_eq!(flags.text(), "🇨a🇳b");
}

#[test]
fn the_cursor_stays_in_view_with_some_of_what_follows() {
    let mut field = Field::new("你好世界abc");
    assert_eq!(cursor_after(&field, 20), ("你好世界abc".into(), 11));
    assert_eq!(cursor_after(&field, 6), ("界abc".into(), 5));
    press(&mut field, "left left left");
    assert_eq!(cursor_after(&field, 8), (" 世界abc".into(), 5), "a blank stands for half of a character");
    press(&mut field, "home");
    assert_eq!(cursor_after(&field, 6), ("你好世".into(), 0));
}

#[test]
fn lines_are_joined_when_pasted_and_everything_can_be_undone() {
    let mut field = Field::new("x");
    assert_eq!(field.paste("甲\r\n乙"), Pasted::Joined);
    assert_eq!(field.text(), "x甲 乙");
    field.set("new");
    assert_eq!(field.text(), "new");
    press(&mut field, "ctrl-u");
    assert_eq!(field.text(), "x甲 乙");
    press(&mut field, "home ctrl-k");
    assert_eq!(field.text(), "");
    press(&mut field, "ctrl-_ ctrl-7 ctrl-7");
    assert_eq!(field.text(), "x");
    press(&mut field, "ctrl-r ctrl-r ctrl-r ctrl-r");
    assert_eq!(field.text(), "");
}

#[test]
fn a_word_is_undone_as_it_was_typed() {
    let mut field = Field::default();
    press(&mut field, "o n e space t w o 你 好 left x");
    for text in ["one two你好", "one two你", "one two", "one ", "one", ""] {
        press(&mut field, "ctrl-u");
        assert_eq!(field.text(), text);
    }
}

#[test]
fn words_are_deleted_and_moved_over() {
    let mut field = Field::new("hello big world ");
    press(&mut field, "ctrl-w");
    assert_eq!(field.text(), "hello big ");
    press(&mut field, "alt-backspace ctrl-backspace");
    assert_eq!(field.text(), "");
    assert_eq!(field.on_key("enter".parse().unwrap()), Change::None);
    press(&mut field, "ctrl-u ctrl-u home alt-f");
    assert_eq!(cursor_after(&field, 20).1, 5);
    press(&mut field, "alt-right ctrl-right alt-b ctrl-left alt-d");
    assert_eq!(field.text(), " big ");
    press(&mut field, "ctrl-delete end ctrl-h");
    assert_eq!(field.text(), "");
}

#[test]
fn what_is_selected_is_replaced_copied_and_cut() {
    let mut field = Field::new("订单 M2023 已发货");
    assert_eq!(
        press(&mut field, "alt-c home shift-right shift-right alt-c"),
        ["订单"],
        "nothing is copied where nothing is selected"
    );
    press(&mut field, "收");
    assert_eq!(field.text(), "收 M2023 已发货");
    press(&mut field, "ctrl-u");
    assert_eq!(field.text(), "订单 M2023 已发货");
    assert_eq!(press(&mut field, "ctrl-shift-right alt-x"), [" M2023"]);
    assert_eq!(field.text(), "订单 已发货");
    press(&mut field, "shift-end shift-home backspace");
    assert_eq!(field.text(), " 已发货", "home goes on from where the selection began");
    assert_eq!(press(&mut field, "alt-a alt-c"), [" 已发货"]);
    assert_eq!(field.paste("新"), Pasted::Whole);
    assert_eq!(field.text(), "新");
    press(&mut field, "a b c alt-a left x");
    assert_eq!(field.text(), "x新abc", "the selection is left at its beginning");
    press(&mut field, "alt-a right x shift-left left y");
    assert_eq!(field.text(), "x新abcyx");
}

#[test]
fn the_selection_is_drawn_reversed() {
    let mut field = Field::new("你好 👍🏽!");
    press(&mut field, "shift-left shift-left");
    let area = Rect::new(0, 0, 20, 1);
    let mut buf = Buffer::empty(area);
    let look = Look { focused: true, selection: Style::new().reversed(), ..Look::default() };
    field.draw(area, &mut buf, look);
    assert_eq!(reversed(&buf), "👍🏽!");
}

#[test]
fn a_text_does_not_grow_without_end() {
    let mut field = Field::new(&"长".repeat(30_000));
    assert_eq!(field.text().chars().count(), 20_000);
    assert_eq!(field.on_key("x".parse().unwrap()), Change::Full);
    assert_eq!(field.paste("xx"), Pasted::TooLong);
    press(&mut field, "backspace x");
    assert_eq!(field.text().chars().count(), 20_000);
    assert!(cursor_after(&field, 10).1 < 10);

    let mut editor = editor(&"a".repeat(60_000));
    type_into(&mut editor, "end");
    assert_eq!(editor.paste("b"), Change::Full);
    assert_eq!(editor.paste("\nb"), Change::Text);
    type_into(&mut editor, "home");
    let mut out = Out::default();
    assert_eq!(editor.edit("backspace".parse().unwrap(), &mut out), Change::Full, "the lines together are too long");
    assert_eq!(editor.paste(&"\n".repeat(70_000)), Change::Full);
    assert_eq!(editor.paste(&"x\n".repeat(50_000)), Change::Text);
    assert_eq!(editor.place(), (50_002, 1));
    type_into(&mut editor, "ctrl-u ctrl-u");
    assert_eq!(editor.text().len(), 60_000);
    assert!(Editor::new(&"y\n".repeat(600_000)).is_err() && Editor::new(&"y".repeat(60_001)).is_err());
}

#[test]
fn what_was_done_long_ago_is_not_undone_by_halves() {
    let mut field = Field::default();
    for _ in 0..1_001 {
        press(&mut field, "好");
    }
    // Each of these is two changes: what was selected goes, and another comes.
    press(&mut field, "shift-left 茶");
    while field.on_key("ctrl-u".parse().unwrap()) == Change::Text {}
    assert_eq!(field.text(), "好好好");
    while field.on_key("ctrl-r".parse().unwrap()) == Change::Text {}
    assert_eq!(field.text(), format!("{}茶", "好".repeat(1_000)));
}

#[test]
fn a_large_paste_is_taken_in_and_scrolled_through() {
    let line = "  \"thing1\": { \"value\": \"您的订单已发货，请注意查收。\" },";
    let text = vec![line; 2000].join("\r\n");
    assert!(text.len() > 100_000);
    let mut editor = editor("");
    assert_eq!(editor.paste(&text), Change::Text);
    assert_eq!(editor.place().0, 2000);
    let (screen, at) = drawn(&mut editor, (40, 10));
    assert_eq!(at.1, 9);
    assert!(screen.lines().last().unwrap().ends_with(','), "{screen}");
    type_into(&mut editor, "ctrl-home");
    drawn(&mut editor, (40, 10));
    type_into(&mut editor, "pagedown pagedown");
    assert_eq!(drawn(&mut editor, (40, 10)).1, (0, 9));
    assert_eq!(editor.place().0, 19);
    type_into(&mut editor, "ctrl-end alt-a delete");
    assert_eq!(editor.text(), "");
    type_into(&mut editor, "ctrl-u");
    assert_eq!(editor.text(), text.replace('\r', ""));
}

#[test]
fn up_and_down_keep_the_column_that_is_seen() {
    let mut editor = editor("一二三四\nab\n\nabcdefgh");
    type_into(&mut editor, "right right right");
    assert_eq!(drawn(&mut editor, (30, 5)).1, (6, 0));
    for (keys, column) in [("down", 2), ("down", 0), ("down", 6), ("up up up", 6), ("down left down", 0), ("down", 1)] {
        type_into(&mut editor, keys);
        assert_eq!(drawn(&mut editor, (30, 5)).1.0, column, "{keys}");
    }
    assert_eq!(type_into(&mut editor, "shift-up shift-up alt-c"), ["b\n\na"]);
    type_into(&mut editor, "pageup");
    assert_eq!(editor.place(), (1, 1));
}

#[test]
fn lines_are_indented_as_json_is() {
    let mut editor = editor("");
    type_into(&mut editor, "{ enter \" a \" : { }");
    assert_eq!(editor.text(), "{\n  \"a\":{}");
    type_into(&mut editor, "left enter \" b \" : 1 , enter \" c \" : 2");
    assert_eq!(editor.text(), "{\n  \"a\":{\n    \"b\":1,\n    \"c\":2\n  }");
    type_into(&mut editor, "down end enter }");
    assert_eq!(editor.text(), "{\n  \"a\":{\n    \"b\":1,\n    \"c\":2\n  }\n}");
    type_into(&mut editor, "home enter up tab x ctrl-k");
    assert_eq!(editor.text(), "{\n  \"a\":{\n    \"b\":1,\n    \"c\":2\n  }\n  x}");
}

#[test]
fn long_lines_are_scrolled_through_and_numbered_where_there_is_room() {
    let mut editor = editor("{\n  \"value\": \"您的订单已发货，请注意查收。感谢您的支持\"\n}");
    type_into(&mut editor, "down end left");
    let (screen, at) = drawn(&mut editor, (20, 4));
    assert!(screen.lines().nth(1).unwrap().ends_with("支持\""), "{screen}");
    assert_eq!(width::columns(screen.lines().nth(1).unwrap()), usize::from(at.0) + 1);
    type_into(&mut editor, "home");
    let (screen, at) = drawn(&mut editor, (60, 4));
    assert_eq!((screen.lines().next().unwrap(), at), (" 1 {", (3, 1)));
    assert!(screen.lines().nth(1).unwrap().starts_with(" 2   \"value\": \"您的"), "{screen}");
}
