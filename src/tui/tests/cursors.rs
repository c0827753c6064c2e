//! Where the cursor stands in every field there is: an input method shows there what is being composed.

use super::*;
use crate::text::width;
use crate::tui::input::{Code, Key};
use crate::tui::testkit::screen_text;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use std::path::Path;

/// Each field: the file that draws it, and the keys that lead into it from a bench on which a message is written and a job runs.
const FIELDS: &[(&str, &str)] = &[
    ("layers/palette.rs", "x"),
    ("layers/add_account.rs", "a"),
    ("layers/add_account.rs", "a tab"),
    ("layers/add_account.rs", "a tab tab tab"),
    ("layers/clear_quota.rs", "1 Q down"),
    ("layers/typed.rs", "2 D enter"),
    ("layers/add_template.rs", "2 n"),
    ("layers/add_template.rs", "2 n 1 tab"),
    ("layers/template_alias.rs", "2 A"),
    ("layers/set_industries.rs", "2 I s"),
    ("panes/templates.rs", "2 /"),
    ("layers/tag_name.rs", "3 n"),
    ("panes/users/view.rs", "4 /"),
    ("layers/go_to.rs", "4 :"),
    ("layers/remark_user.rs", "4 r"),
    ("layers/import_names.rs", "4 I"),
    ("layers/import_names.rs", "4 I tab"),
    ("panes/compose/view.rs", "5 home enter"),
    ("panes/compose/view.rs", "5 home enter tab tab tab tab"),
    ("layers/audience/view.rs", "5 end enter /"),
    ("layers/audience/view.rs", "5 end enter s"),
    ("layers/read_file.rs", "5 end enter f"),
    ("layers/json_editor/view.rs", "5 I ctrl-f"),
    ("layers/json_editor/view.rs", "5 I"),
    ("layers/test_send.rs", "5 m"),
    ("layers/drafts.rs", "5 o r"),
    ("layers/save.rs", "5 w w"),
    ("layers/confirm.rs", "s"),
    ("layers/pace.rs", "7 t"),
    ("layers/pace.rs", "7 t tab"),
    ("layers/catalogue.rs", "K"),
    ("layers/help.rs", "? /"),
    ("widgets/finder.rs", "1 /"),
    ("widgets/finder.rs", "3 /"),
    ("widgets/finder.rs", "7 /"),
    ("widgets/finder.rs", "H /"),
    ("widgets/finder.rs", "5 o /"),
];

fn before(buf: &Buffer, at: Position, columns: u16) -> &str {
    at.x.checked_sub(columns).map_or("", |x| buf[(x, at.y)].symbol())
}

fn typed(bench: &mut Bench, text: &str) {
    for c in text.chars() {
        bench.input(Input::Key(Key::plain(Code::Char(c))));
    }
}

#[test]
fn the_cursor_stands_behind_what_is_typed_in_every_field() {
    for (width, height) in [(80, 24), (120, 36)] {
        for (file, keys) in FIELDS {
            let mut bench = bench(Lang::Zh, width, height);
            bench.keys(FILLED).msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
            bench.keys(keys);
            let shown = |bench: &mut Bench| {
                let (buf, cursor) = bench.buffer();
                let cursor = cursor.unwrap_or_else(|| panic!("{file}, {keys}: no cursor\n{}", screen_text(&buf)));
                (buf, cursor)
            };
            shown(&mut bench);
            // One column, two, none of its own, and a family of two columns.
            for (text, columns) in [("b", 1), ("好", 2), ("e\u{301}", 1), ("👨‍👩‍👧", 2)] {
                typed(&mut bench, text);
                let (buf, cursor) = shown(&mut bench);
                assert_eq!(before(&buf, cursor, columns), text, "{file}, {keys}\n{}", screen_text(&buf));
            }
            // Far more than there is room for: it scrolls, and stays on the screen.
            typed(&mut bench, &"好".repeat(200));
            let (buf, cursor) = shown(&mut bench);
            assert!(cursor.x < width && cursor.y < height, "{file}, {keys}: {cursor:?}");
            assert_eq!(before(&buf, cursor, 2), "好", "{file}, {keys}\n{}", screen_text(&buf));
            // In its midst it stands on what it is before.
            bench.keys("left left");
            let (buf, cursor) = shown(&mut bench);
            assert_eq!((buf[cursor].symbol(), before(&buf, cursor, 2)), ("好", "好"), "{file}, {keys}\n{}", screen_text(&buf));
            assert_eq!(width::columns(buf[cursor].symbol()), 2);
        }
    }
}

#[test]
fn a_secret_has_its_cursor_behind_the_dots() {
    let mut bench = bench(Lang::Zh, 80, 24);
    bench.keys("a tab tab");
    let (_, empty) = bench.buffer();
    bench.keys("0123");
    let (buf, cursor) = bench.buffer();
    let cursor = cursor.unwrap();
    assert_eq!(cursor, Position { x: empty.unwrap().x + 4, ..cursor });
    assert_ne!(before(&buf, cursor, 1), " ");
}

#[test]
fn no_field_is_missing_above() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui");
    let (mut dirs, mut seen) = (vec![src.join("layers"), src.join("panes")], 0);
    while let Some(dir) = dirs.pop() {
        for path in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("Look::new(") {
                let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
                assert!(FIELDS.iter().any(|(file, _)| *file == name), "{name}");
                seen += 1;
            }
        }
    }
    assert!(seen > 15, "{seen}");
}
