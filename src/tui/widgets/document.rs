use super::clusters::{self, Way};
use crate::text::paste;
use crate::tui::effect::SystemEffect;
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use std::collections::VecDeque;
use tui_textarea::{CursorMove, TextArea};

/// How large a text may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Characters of a line. The text area beneath finds no place behind the 65,535th.
    pub line: usize,
    /// Lines, with the same bound.
    pub lines: usize,
    /// Bytes, with a line end for each line.
    pub bytes: usize,
}

/// Changes that can be undone.
const KEPT: usize = 1_000;

/// A text that is being edited, with cursor, selection and history; of one line or of many. The text area beneath keeps them, but
/// counts characters: moving and deleting go by whole graphemes here, and so do both ends of the selection.
#[derive(Debug, Clone)]
pub struct Document {
    area: TextArea<'static>,
    steps: Steps,
    limits: Limits,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spot {
    /// Line, from 0.
    pub row: usize,
    /// Characters before it in this line.
    pub at: usize,
}

/// What a key did to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The text is another.
    Text,
    /// At most the cursor or the selection is another.
    Cursor,
    /// Nothing: the text would have grown beyond what can be edited.
    Full,
    /// It was not a key for a text.
    None,
}

/// How many changes of the text area make up each step that a person undoes.
#[derive(Debug, Clone, Default)]
struct Steps {
    done: VecDeque<usize>,
    undone: Vec<usize>,
    /// Whether the next letter belongs to the word whose typing is the last step.
    open: bool,
}

impl Document {
    /// A text to begin with, as much of it as fits; the cursor stands at its end.
    pub fn new(text: &str, limits: Limits) -> Self {
        let mut room = limits.bytes;
        let cut = |line: &str| line.chars().take(limits.line).collect::<String>();
        let fits = |line: &String| {
            let rest = room.checked_sub(line.len() + 1);
            room = rest.unwrap_or(room);
            rest.is_some()
        };
        let mut area = TextArea::new(text.split('\n').take(limits.lines).map(cut).take_while(fits).collect());
        area.set_max_histories(KEPT);
        let mut document = Self { area, steps: Steps::default(), limits };
        document.jump(document.end());
        document
    }

    /// The lines; at least one.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// One line; beyond the last there is nothing.
    pub fn line(&self, row: usize) -> &str {
        self.lines().get(row).map_or("", String::as_str)
    }

    /// Where the cursor is.
    pub fn cursor(&self) -> Spot {
        let at = self.area.cursor();
        Spot { row: at.0, at: at.1 }
    }

    /// The place behind the last character.
    pub fn end(&self) -> Spot {
        let row = self.lines().len() - 1;
        Spot { row, at: self.length(row) }
    }

    /// Both ends of the text.
    pub fn all(&self) -> (Spot, Spot) {
        (Spot::default(), self.end())
    }

    /// Both ends of what is selected, if anything is.
    pub fn selection(&self) -> Option<(Spot, Spot)> {
        let ((from, at), (to, end)) = self.area.selection_range()?;
        let ends = (Spot { row: from, at }, Spot { row: to, at: end });
        (ends.0 < ends.1).then_some(ends)
    }

    /// What is selected.
    pub fn selected(&self) -> Option<String> {
        self.selection().map(|(from, to)| self.between(from, to))
    }

    /// Moves the cursor to a place, the next border of a grapheme if it is inside of one; whether the selection goes with it.
    pub fn go(&mut self, to: Spot, selecting: bool) -> Change {
        self.steps.open = false;
        if !selecting {
            self.area.cancel_selection();
        } else if self.area.selection_range().is_none() {
            self.area.start_selection();
        }
        self.jump(to);
        Change::Cursor
    }

    /// Puts a text in the place of another, as one step to be undone. Lines end in LF.
    pub fn replace(&mut self, (from, to): (Spot, Spot), with: &str) -> Change {
        self.steps.open = false;
        self.change((from, to), with, false)
    }

    /// Puts a text in the place of what is selected, or else at the cursor.
    pub fn insert(&mut self, text: &str) -> Change {
        self.replace(self.selection().unwrap_or((self.cursor(), self.cursor())), text)
    }

    /// Does what a key does in any text; copying goes to the terminal's clipboard.
    pub fn edit(&mut self, key: Key, out: &mut Out) -> Change {
        let cuts = match key.code {
            Code::Char('c') if key.alt && !key.ctrl => false,
            Code::Char('x') if key.alt && !key.ctrl => true,
            _ => return self.on_key(key),
        };
        let Some(text) = self.selected() else { return Change::Cursor };
        out.ask(SystemEffect::CopyToClipboard { text });
        if cuts { self.insert("") } else { Change::Cursor }
    }

    /// The same, but for copying.
    pub fn on_key(&mut self, key: Key) -> Change {
        match (key.code, key.ctrl, key.alt) {
            // What ctrl-_ and ctrl-/ send is read as ctrl-7.
            (Code::Char('u' | '_' | '7'), true, false) => self.undo(),
            (Code::Char('r'), true, false) => self.redo(),
            (Code::Char('k'), true, false) => self.delete(self.line_end_or_next()),
            (Code::Char('w'), true, false) => self.delete(self.word(Way::Back)),
            (Code::Char('d'), false, true) => self.delete(self.word(Way::On)),
            (Code::Char('h'), true, false) => self.delete(self.step(Way::Back)),
            (Code::Backspace, ctrl, alt) => self.delete(if ctrl || alt { self.word(Way::Back) } else { self.step(Way::Back) }),
            (Code::Delete, ctrl, alt) => self.delete(if ctrl || alt { self.word(Way::On) } else { self.step(Way::On) }),
            (Code::Char('a'), false, true) => self.select_all(),
            (Code::Char('a'), true, false) | (Code::Home, false, _) => self.go(Spot { at: 0, ..self.cursor() }, key.shift),
            (Code::Char('e'), true, false) | (Code::End, false, _) => self.go(self.line_end(), key.shift),
            (Code::Home, true, _) => self.go(Spot::default(), key.shift),
            (Code::End, true, _) => self.go(self.end(), key.shift),
            (Code::Char('b'), false, true) => self.go(self.word(Way::Back), false),
            (Code::Char('f'), false, true) => self.go(self.word(Way::On), false),
            (Code::Left, ctrl, alt) => self.sideways(Way::Back, ctrl || alt, key.shift),
            (Code::Right, ctrl, alt) => self.sideways(Way::On, ctrl || alt, key.shift),
            _ => key.typed().filter(|c| paste::is_kept(*c)).map_or(Change::None, |c| self.type_in(c)),
        }
    }

    /// A letter goes on with the word before it, as far as undoing is concerned.
    fn type_in(&mut self, c: char) -> Change {
        let selection = self.selection();
        let at = selection.unwrap_or((self.cursor(), self.cursor()));
        let joins = self.steps.open && selection.is_none() && c.is_ascii_alphanumeric();
        let change = self.change(at, c.encode_utf8(&mut [0; 4]), joins);
        self.steps.open = change == Change::Text && c.is_ascii_alphanumeric();
        change
    }

    fn sideways(&mut self, way: Way, by_words: bool, selecting: bool) -> Change {
        let to = match self.selection() {
            // What was selected is left at that end of it.
            Some((from, to)) if !selecting && !by_words => way.of(from, to),
            _ if by_words => self.word(way),
            _ => self.step(way),
        };
        self.go(to, selecting)
    }

    fn select_all(&mut self) -> Change {
        self.go(Spot::default(), false);
        self.go(self.end(), true)
    }

    /// Deletes what is selected, or else as far as a place.
    fn delete(&mut self, to: Spot) -> Change {
        let at = self.cursor();
        self.replace(self.selection().unwrap_or((at.min(to), at.max(to))), "")
    }

    fn undo(&mut self) -> Change {
        self.steps.open = false;
        let Some(count) = self.steps.done.pop_back() else { return Change::Cursor };
        (0..count).for_each(|_| _ = self.area.undo());
        self.steps.undone.push(count);
        self.jump(self.cursor());
        Change::Text
    }

    fn redo(&mut self) -> Change {
        self.steps.open = false;
        let Some(count) = self.steps.undone.pop() else { return Change::Cursor };
        (0..count).for_each(|_| _ = self.area.redo());
        self.steps.done.push_back(count);
        self.jump(self.cursor());
        Change::Text
    }

    fn change(&mut self, (from, to): (Spot, Spot), with: &str, joins: bool) -> Change {
        let gone = self.between(from, to);
        if gone == with {
            return self.go(to, false);
        }
        if !self.has_room(from, to, gone.len(), with) {
            return Change::Full;
        }
        self.area.cancel_selection();
        self.jump(from);
        let deleted = self.area.delete_str(gone.chars().count());
        let inserted = !with.is_empty() && self.area.insert_str(with);
        self.steps.add(usize::from(deleted) + usize::from(inserted), joins);
        // What stands side by side now may have become one grapheme.
        self.jump(self.cursor());
        Change::Text
    }

    fn has_room(&self, from: Spot, to: Spot, gone: usize, with: &str) -> bool {
        let before: usize = self.lines().iter().map(|line| line.len() + 1).sum();
        let rows = self.lines().len() + with.matches('\n').count() - (to.row - from.row);
        let last = with.split('\n').count() - 1;
        let behind = self.length(to.row).saturating_sub(to.at);
        let is_short = |(row, line): (usize, &str)| {
            let around = (if row == 0 { from.at } else { 0 }) + if row == last { behind } else { 0 };
            line.chars().count() + around <= self.limits.line
        };
        before + with.len() <= self.limits.bytes + gone && rows <= self.limits.lines && with.split('\n').enumerate().all(is_short)
    }

    /// Never into the midst of a grapheme.
    fn jump(&mut self, to: Spot) {
        let row = to.row.min(self.lines().len() - 1);
        let at = clusters::border(self.line(row), to.at);
        let [row, at] = [row, at].map(|number| u16::try_from(number).unwrap_or(u16::MAX));
        self.area.move_cursor(CursorMove::Jump(row, at));
    }

    fn between(&self, from: Spot, to: Spot) -> String {
        let mut text = String::new();
        for row in from.row..=to.row {
            let start = if row == from.row { from.at } else { 0 };
            let end = if row == to.row { to.at } else { usize::MAX };
            text.extend(self.line(row).chars().skip(start).take(end.saturating_sub(start)));
            text.push_str(if row < to.row { "\n" } else { "" });
        }
        text
    }

    /// Characters of a line.
    fn length(&self, row: usize) -> usize {
        self.line(row).chars().count()
    }

    fn line_end(&self) -> Spot {
        let row = self.cursor().row;
        Spot { row, at: self.length(row) }
    }

    /// The end of the line; from there, the beginning of the next.
    fn line_end_or_next(&self) -> Spot {
        let end = self.line_end();
        if end == self.cursor() { self.step(Way::On) } else { end }
    }

    /// One grapheme on or back, into the neighbouring line at the end of this one.
    fn step(&self, way: Way) -> Spot {
        self.nearest(way, clusters::step)
    }

    fn word(&self, way: Way) -> Spot {
        self.nearest(way, clusters::word)
    }

    fn nearest(&self, way: Way, within: fn(&str, usize, Way) -> Option<usize>) -> Spot {
        let Spot { row, at } = self.cursor();
        match within(self.line(row), at, way) {
            Some(at) => Spot { row, at },
            None if way == Way::On && row + 1 < self.lines().len() => Spot { row: row + 1, at: 0 },
            None if way == Way::Back && row > 0 => Spot { row: row - 1, at: self.length(row - 1) },
            None => Spot { row, at },
        }
    }
}

impl Steps {
    /// The text area forgets its oldest changes; a step that is not whole any more is forgotten with them.
    fn add(&mut self, changes: usize, joins: bool) {
        self.undone.clear();
        match self.done.back_mut().filter(|_| joins) {
            Some(last) => *last += changes,
            None => self.done.push_back(changes),
        }
        while self.done.iter().sum::<usize>() > KEPT {
            self.done.pop_front();
        }
    }
}
