//! Any sequence of edits on any text.

use super::super::clusters::clusters;
use super::super::document::{Change, Document, Spot};
use super::super::{Editor, Field, Line, Look};
use crate::text::{paste, width};
use crate::tui::context::{Context, Settings};
use crate::tui::input::Key;
use crate::tui::keys::Keymap;
use crate::tui::out::Out;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

/// What grapheme rules are about: joiners, marks, flags, jamo, conjuncts, what stands before a digit, what has no width.
const PIECES: &[&str] = &[
    "a",
    "B",
    "7",
    " ",
    "  ",
    "\"",
    "{",
    "}",
    "\n",
    "好",
    "，",
    "é",
    "e",
    "\u{301}",
    "\u{200d}",
    "\u{fe0f}",
    "👨",
    "👩",
    "👧",
    "👍",
    "🏽",
    "❤",
    "🇨",
    "🇳",
    "\u{200b}",
    "א",
    "ב",
    "م",
    "ﷺ",
    "\u{600}",
    "한",
    "ᄒ",
    "ᅡ",
    "ᆫ",
    "क",
    "्",
    "ष",
    "ि",
    "ก",
    "ำ",
    "ｶ",
    "ﾞ",
    "ﾟ",
    "…",
    "①",
    "→",
    "👨‍👩‍👧",
    "🏴\u{e0067}\u{e007f}",
    "\u{2028}",
    "\t",
    "\r\n",
    "\u{202e}",
    "\u{ad}",
    "\u{115f}",
];

/// Keys that a text knows, and some that it does not.
const KEYS: &[&str] = &[
    "left",
    "right",
    "up",
    "down",
    "home",
    "end",
    "pageup",
    "pagedown",
    "ctrl-home",
    "ctrl-end",
    "ctrl-left",
    "ctrl-right",
    "alt-b",
    "alt-f",
    "shift-left",
    "shift-right",
    "shift-up",
    "shift-down",
    "shift-home",
    "shift-end",
    "ctrl-shift-left",
    "ctrl-shift-right",
    "ctrl-shift-home",
    "ctrl-shift-end",
    "backspace",
    "delete",
    "ctrl-w",
    "alt-d",
    "alt-backspace",
    "ctrl-delete",
    "ctrl-k",
    "ctrl-h",
    "ctrl-u",
    "ctrl-r",
    "ctrl-_",
    "alt-a",
    "alt-c",
    "alt-x",
    "enter",
    "tab",
    "ctrl-a",
    "ctrl-e",
    "f5",
    "}",
];

#[derive(Debug, Clone)]
enum Edit {
    Press(&'static str),
    Type(char),
    Paste(String),
    Set(String),
}

fn texts(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

/// Columns of a line as a terminal gets it, cell by cell.
fn screen_columns(buf: &Buffer) -> usize {
    let (mut x, mut columns) = (0, 0);
    while x < buf.area.width {
        let symbol = buf[(x, 0)].symbol();
        assert!(!symbol.contains(char::is_control), "{symbol:?}");
        columns += width::columns(symbol);
        x += width::columns(symbol) as u16;
    }
    columns
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        6 => prop::sample::select(KEYS).prop_map(Edit::Press),
        2 => prop::sample::select(PIECES).prop_map(|piece| Edit::Type(piece.chars().next().unwrap())),
        2 => any::<char>().prop_map(Edit::Type),
        1 => texts(6).prop_map(Edit::Paste),
        1 => texts(4).prop_map(Edit::Set),
    ];
    prop::collection::vec(edit, 0..40)
}

/// A field or the editor.
trait Writing {
    fn press(&mut self, key: Key) -> Change;
    fn put(&mut self, edit: &Edit);
    fn document(&self) -> &Document;
    fn draw(&mut self, size: (u16, u16)) -> (Buffer, Position);
}

impl Writing for Field {
    fn press(&mut self, key: Key) -> Change {
        self.edit(key, &mut Out::default())
    }

    fn put(&mut self, edit: &Edit) {
        match edit {
            Edit::Press(name) => _ = self.press(name.parse().unwrap()),
            Edit::Type(c) => _ = self.press(c.to_string().parse().unwrap()),
            Edit::Paste(text) => _ = self.paste(text),
            Edit::Set(text) => self.set(text),
        }
    }

    fn document(&self) -> &Document {
        self.document()
    }

    fn draw(&mut self, size: (u16, u16)) -> (Buffer, Position) {
        let area = Rect::new(0, 0, size.0, 1);
        let mut buf = Buffer::empty(area);
        let look = Look { focused: true, hint: "…", ..Look::default() };
        let at = Self::draw(self, area, &mut buf, look).unwrap();
        (buf, at)
    }
}

/// An editor and what it is drawn with.
struct Desk(Editor, Context);

impl Writing for Desk {
    fn press(&mut self, key: Key) -> Change {
        self.0.edit(key, &mut Out::default())
    }

    fn put(&mut self, edit: &Edit) {
        match edit {
            Edit::Press(name) => _ = self.press(name.parse().unwrap()),
            Edit::Type(c) => _ = self.press(c.to_string().parse().unwrap()),
            Edit::Paste(text) => _ = self.0.paste(text),
            Edit::Set(text) => _ = self.0.set(text),
        }
    }

    fn document(&self) -> &Document {
        self.0.document()
    }

    fn draw(&mut self, size: (u16, u16)) -> (Buffer, Position) {
        let area = Rect::new(0, 0, size.0, size.1);
        let mut buf = Buffer::empty(area);
        self.0.fit(area);
        let at = self.0.draw(area, Some((1, 2)), &mut buf, &self.1).unwrap();
        (buf, at)
    }
}

fn is_border(document: &Document, spot: Spot) -> bool {
    let line = document.line(spot.row);
    let mut borders = line.grapheme_indices(true).map(|(at, _)| at).chain([line.len()]);
    let byte = line.char_indices().nth(spot.at).map_or(line.len(), |(at, _)| at);
    spot.row < document.lines().len() && spot.at <= line.chars().count() && borders.any(|border| border == byte)
}

/// The text around what the next key takes away or puts something in the place of.
fn around(document: &Document) -> (String, String) {
    let at = document.cursor();
    let (from, to) = document.selection().unwrap_or((at, at));
    let side = |spot: Spot, before: bool| {
        let rows = document.lines().iter().enumerate();
        let kept = rows.filter(|(row, _)| if before { *row <= spot.row } else { *row >= spot.row });
        let part = |(row, line): (usize, &String)| match (row == spot.row, before) {
            (true, true) => line.chars().take(spot.at).collect(),
            (true, false) => line.chars().skip(spot.at).collect(),
            _ => line.clone(),
        };
        kept.map(part).collect::<Vec<String>>().join("\n")
    };
    (side(from, true), side(to, false))
}

/// What a key of which that can be told must leave.
fn expected(document: &Document, edit: &Edit) -> Option<String> {
    let (before, behind) = around(document);
    let selected = document.selection().is_some();
    let last = |text: &str| text.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
    match edit {
        Edit::Type(c) if !paste::is_kept(*c) => Some(document.lines().join("\n")),
        Edit::Type(c) if *c != '}' && *c != ']' => Some(format!("{before}{c}{behind}")),
        Edit::Press("backspace" | "ctrl-h") if !selected => Some(format!("{}{behind}", before.split_at(last(&before)).0)),
        Edit::Press("delete") if !selected => Some(format!("{before}{}", behind.graphemes(true).skip(1).collect::<String>())),
        Edit::Press("backspace" | "delete" | "ctrl-w" | "alt-d" | "ctrl-k" | "alt-x") if selected => {
            Some(format!("{before}{behind}"))
        }
        _ => None,
    }
}

/// The cursor is where the text before it ends on the screen.
fn drawn_in_place(writing: &mut impl Writing, size: (u16, u16)) -> Result<(), TestCaseError> {
    let (buf, at) = writing.draw(size);
    prop_assert!(at.x < size.0 && at.y < size.1, "{at:?} in {size:?}");
    let gutter = if size.0 >= 60 { 3 } else { 0 };
    let (mut seen, mut x) = (Vec::new(), gutter);
    while x < at.x {
        let symbol = buf[(x, at.y)].symbol();
        seen.push(symbol);
        x += (width::columns(symbol) as u16).max(1);
    }
    prop_assert_eq!(x, at.x, "the cursor stands on the right half of a character");
    let document = writing.document();
    let cursor = document.cursor();
    let before = || clusters(document.line(cursor.row)).take_while(|cluster| cluster.at < cursor.at);
    let hidden = before().map(|cluster| cluster.columns).sum::<usize>() - usize::from(at.x - gutter);
    // Where the left edge cuts a wide character there are blanks.
    let cut = before().find(|cluster| cluster.column < hidden && cluster.column + cluster.columns > hidden);
    let blanks = cut.map_or(0, |cut| cut.column + cut.columns - hidden);
    let shown = before().filter(|cluster| cluster.column >= hidden && cluster.columns > 0).map(|cluster| cluster.text);
    prop_assert_eq!(seen, vec![" "; blanks].into_iter().chain(shown).collect::<Vec<_>>());
    Ok(())
}

fn holds(mut writing: impl Writing, edits: &[Edit], size: (u16, u16)) -> Result<(), TestCaseError> {
    let start = writing.document().lines().to_vec();
    for edit in edits {
        let expected = expected(writing.document(), edit);
        writing.put(edit);
        let document = writing.document();
        prop_assert!(is_border(document, document.cursor()), "{:?} after {edit:?}", document.cursor());
        if let Some((from, to)) = document.selection() {
            prop_assert!(from < to && is_border(document, from) && is_border(document, to));
        }
        if let Some(expected) = expected {
            prop_assert_eq!(document.lines().join("\n"), expected, "{:?}", edit);
        }
        prop_assert!(document.lines().iter().all(|line| line.chars().all(paste::is_kept)));
        drawn_in_place(&mut writing, size)?;
    }
    let end = writing.document().lines().to_vec();
    while writing.press("ctrl-r".parse().unwrap()) == Change::Text {}
    let last = writing.document().lines().to_vec();
    while writing.press("ctrl-u".parse().unwrap()) == Change::Text {}
    prop_assert_eq!(writing.document().lines(), &start[..], "everything undone");
    while writing.press("ctrl-r".parse().unwrap()) == Change::Text {}
    prop_assert_eq!(writing.document().lines(), &last[..], "and done again");
    let undoes = |edit: &Edit| matches!(edit, Edit::Press("ctrl-u" | "ctrl-_"));
    prop_assert!(end == last || edits.iter().any(undoes));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Of whatever is put side by side, what stands behind is where it was counted to be.
    #[test]
    fn what_follows_a_column_stands_where_it_should(text in texts(12), columns in 0usize..30, wide in any::<bool>()) {
        let draw = || {
            let area = Rect::new(0, 0, 40, 1);
            let mut buf = Buffer::empty(area);
            let style = ratatui::style::Style::new();
            let x = Line::new(&mut buf, area, 0).column(&text, columns, style).put("|", style).x();
            let seen: usize = screen_columns(&buf);
            (x, buf[(columns as u16, 0)].symbol().to_owned(), seen)
        };
        let (x, mark, seen) = if wide { width::with_ambiguous_wide(draw) } else { draw() };
        prop_assert_eq!((usize::from(x), mark.as_str(), seen), (columns + 1, "|", 40));
    }

    #[test]
    fn no_edits_break_a_field(start in texts(12), edits in edits(), columns in 1u16..40) {
        holds(Field::new(&start), &edits, (columns, 1))?;
    }

    #[test]
    fn no_edits_break_the_editor(start in texts(30), edits in edits(), columns in 1u16..80, rows in 1u16..6) {
        holds(Desk(Editor::new(&start).unwrap(), Context::new(Settings::default(), Keymap::standard())), &edits, (columns, rows))?;
    }
}
