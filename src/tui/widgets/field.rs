use crate::text::{paste, width};
use crate::tui::input::{Code, Key};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

/// A text field of one line. The text area beneath keeps the text and its history; moving, deleting and drawing go by whole
/// graphemes here, since it counts characters.
#[derive(Debug, Clone)]
pub struct Field {
    area: TextArea<'static>,
}

/// What a key did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The text is another.
    Text,
    /// At most the cursor moved.
    Cursor,
    /// It was not a key for a field.
    None,
}

/// How a field is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'a> {
    /// The text.
    pub text: Style,
    /// What stands there while the field is empty.
    pub hint: &'a str,
    /// Its style.
    pub hint_style: Style,
    /// Whether the cursor is in it.
    pub focused: bool,
}

impl Default for Field {
    fn default() -> Self {
        Self::new("")
    }
}

impl Field {
    /// A field that holds a text; the cursor stands at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(vec![paste::one_line(text).0]);
        area.move_cursor(CursorMove::End);
        Self { area }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Characters before the cursor.
    pub fn column(&self) -> usize {
        self.cursor()
    }

    /// Puts the cursor behind so many characters, or as near to that as a grapheme begins.
    pub fn go_to(&mut self, column: usize) {
        let at = self.borders().into_iter().rev().find(|at| *at <= column).unwrap_or(0);
        self.jump(at);
    }

    /// Replaces the text; this can be undone.
    pub fn set(&mut self, text: &str) {
        self.jump(0);
        self.area.delete_str(self.text().chars().count());
        self.area.insert_str(paste::one_line(text).0);
    }

    /// Pastes; says whether lines had to be joined.
    pub fn paste(&mut self, text: &str) -> bool {
        let (text, joined) = paste::one_line(text);
        self.area.insert_str(text);
        joined
    }

    /// Types, deletes or moves.
    pub fn on_key(&mut self, key: Key) -> Change {
        let before = self.text().len();
        let changed = match (key.code, key.ctrl) {
            (Code::Char('u'), true) => self.area.undo(),
            (Code::Char('r'), true) => self.area.redo(),
            (Code::Char('k'), true) => self.delete(self.cursor(), self.text().chars().count()),
            (Code::Char('w'), true) => self.delete(self.word_start(), self.cursor()),
            (Code::Char('a'), true) | (Code::Home, _) => return self.move_to(0),
            (Code::End, _) => return self.move_to(self.text().chars().count()),
            (Code::Left, _) => return self.move_to(self.previous()),
            (Code::Right, _) => return self.move_to(self.next()),
            (Code::Backspace, _) => self.delete(self.previous(), self.cursor()),
            (Code::Delete, _) => self.delete(self.cursor(), self.next()),
            _ => match key.typed() {
                Some(c) => self.insert(c),
                None => return Change::None,
            },
        };
        if changed || self.text().len() != before { Change::Text } else { Change::Cursor }
    }

    /// Draws the text in one line so that the cursor is in view; gives where the cursor stands if the field is focused.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, look: Look) -> Option<Position> {
        if area.width == 0 || area.height == 0 {
            return None;
        }
        let room = usize::from(area.width);
        let cursor_column = width::columns(&self.text().chars().take(self.cursor()).collect::<String>());
        // One column stays free for the cursor behind the last character.
        let scroll = if look.focused { (cursor_column + 1).saturating_sub(room) } else { 0 };
        let (hidden, skipped) = skip_columns(self.text(), scroll);
        let shown = self.text().get(hidden..).unwrap_or_default();
        if self.text().is_empty() {
            buf.set_stringn(area.x, area.y, width::cut(look.hint, room), room, look.hint_style);
        } else if look.focused {
            buf.set_stringn(area.x, area.y, width::head(shown, room), room, look.text);
        } else {
            buf.set_stringn(area.x, area.y, width::cut(shown, room), room, look.text);
        }
        let x = area.x + (cursor_column - skipped.min(cursor_column)) as u16;
        look.focused.then(|| Position::new(x.min(area.right() - 1), area.y))
    }

    fn insert(&mut self, c: char) -> bool {
        self.area.insert_char(c);
        true
    }

    /// Place of the cursor, in characters.
    fn cursor(&self) -> usize {
        self.area.cursor().1
    }

    fn jump(&mut self, to: usize) {
        self.area.move_cursor(CursorMove::Jump(0, u16::try_from(to).unwrap_or(u16::MAX)));
    }

    fn move_to(&mut self, to: usize) -> Change {
        self.jump(to);
        Change::Cursor
    }

    fn delete(&mut self, from: usize, to: usize) -> bool {
        self.jump(from);
        self.area.delete_str(to.saturating_sub(from))
    }

    /// Where graphemes begin, in characters, and the end of the text.
    fn borders(&self) -> Vec<usize> {
        let mut at = 0;
        let mut borders = vec![0];
        for grapheme in self.text().graphemes(true) {
            at += grapheme.chars().count();
            borders.push(at);
        }
        borders
    }

    fn previous(&self) -> usize {
        self.borders().into_iter().rev().find(|at| *at < self.cursor()).unwrap_or(0)
    }

    fn next(&self) -> usize {
        self.borders().into_iter().find(|at| *at > self.cursor()).unwrap_or(self.cursor())
    }

    fn word_start(&self) -> usize {
        let mut at = 0;
        let mut start = 0;
        for word in self.text().split_word_bounds() {
            if at >= self.cursor() {
                break;
            }
            if !word.trim().is_empty() {
                start = at;
            }
            at += word.chars().count();
        }
        start
    }
}

/// Bytes of the graphemes that begin within the first `columns` columns, and how many columns these take.
fn skip_columns(text: &str, columns: usize) -> (usize, usize) {
    let (mut bytes, mut skipped) = (0, 0);
    for grapheme in text.graphemes(true) {
        if skipped >= columns {
            break;
        }
        bytes += grapheme.len();
        skipped += width::columns(grapheme);
    }
    (bytes, skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(field: &mut Field, keys: &str) {
        for key in keys.split(' ') {
            field.on_key(key.parse().unwrap());
        }
    }

    fn cursor_after(field: &Field, room: u16) -> (String, u16) {
        let area = Rect::new(0, 0, room, 1);
        let mut buf = Buffer::empty(area);
        let at = field.draw(area, &mut buf, Look { focused: true, ..Look::default() }).unwrap();
        (crate::tui::testkit::screen_text(&buf).trim_end().to_owned(), at.x)
    }

    #[test]
    fn whole_graphemes_are_moved_over_and_deleted() {
        for cluster in ["👨‍👩‍👧", "👍🏽", "❤️", "e\u{301}", "好", "🇨🇳"] {
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
    fn the_cursor_stays_in_view() {
        let mut field = Field::new("你好世界abc");
        assert_eq!(cursor_after(&field, 20), ("你好世界abc".into(), 11));
        assert_eq!(cursor_after(&field, 6), ("界abc".into(), 5));
        press(&mut field, "home");
        assert_eq!(cursor_after(&field, 6), ("你好世".into(), 0));
    }

    #[test]
    fn lines_are_joined_when_pasted_and_everything_can_be_undone() {
        let mut field = Field::new("x");
        assert!(field.paste("甲\r\n乙"));
        assert_eq!(field.text(), "x甲 乙");
        field.set("new");
        assert_eq!(field.text(), "new");
        press(&mut field, "ctrl-u ctrl-u");
        assert_eq!(field.text(), "x甲 乙");
        press(&mut field, "home ctrl-k");
        assert_eq!(field.text(), "");
    }

    #[test]
    fn words_are_deleted_backwards() {
        let mut field = Field::new("hello big world ");
        press(&mut field, "ctrl-w");
        assert_eq!(field.text(), "hello big ");
        press(&mut field, "ctrl-w ctrl-w");
        assert_eq!(field.text(), "");
        assert_eq!(field.on_key("enter".parse().unwrap()), Change::None);
    }

    proptest::proptest! {
        #[test]
        fn no_keys_can_break_it(start in "\\PC{0,12}", keys in proptest::collection::vec(0usize..9, 0..30)) {
            let names = ["left", "right", "home", "end", "backspace", "delete", "ctrl-w", "ctrl-u", "好"];
            let mut field = Field::new(&start);
            for key in keys {
                field.on_key(names[key].parse().unwrap());
                let borders = field.borders();
                proptest::prop_assert!(field.cursor() <= *borders.last().unwrap());
                let room = 8;
                proptest::prop_assert!(cursor_after(&field, room).1 < room);
            }
        }
    }
}
