use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;

/// The selected row of a list, and which rows are in view. It never looks at the rows themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The selected row.
    pub at: usize,
    offset: usize,
    height: usize,
}

impl Cursor {
    /// Moves by an action; whether it was one that moves.
    pub fn on_action(&mut self, action: Action, len: usize) -> bool {
        let page = self.height.max(2) - 1;
        self.at = match action {
            Action::Up => self.at.saturating_sub(1),
            Action::Down => self.at + 1,
            Action::PageUp => self.at.saturating_sub(page),
            Action::PageDown => self.at + page,
            Action::Top => 0,
            Action::Bottom => len,
            _ => return false,
        };
        self.clamp(len);
        true
    }

    /// Moves by a key, in a layer that is nothing but a list; whether it was one that moves. Other keys for the same were made
    /// into these on their way.
    pub fn on_key(&mut self, key: Key, len: usize) -> bool {
        let step = match key.code {
            Code::Up => Action::Up,
            Code::Down => Action::Down,
            Code::PageUp => Action::PageUp,
            Code::PageDown | Code::Char(' ') => Action::PageDown,
            Code::Home => Action::Top,
            Code::End => Action::Bottom,
            _ => return false,
        };
        self.on_action(step, len)
    }

    /// Keeps to the rows there are.
    pub fn clamp(&mut self, len: usize) {
        self.at = self.at.min(len.saturating_sub(1));
    }

    /// Scrolls no further than needed to have the selected row in view.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.height = height;
        self.clamp(len);
        let last_offset = len.saturating_sub(height);
        let low = (self.at + 1).saturating_sub(height);
        self.offset = self.offset.clamp(low, self.at.max(low)).min(last_offset);
    }

    /// The rows in view, each with its distance from the top.
    pub fn visible(&self, len: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let offset = self.offset;
        (offset..len.min(offset + self.height)).map(move |row| (row - offset, row))
    }

    /// Follows its row when rows before it were dropped (negative) or added.
    pub fn shift(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by);
        self.offset = self.offset.saturating_add_signed(by);
    }
}

/// What a press on a line of a list came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// There is no row.
    Nothing,
    /// The row is the selected one now.
    Selected,
    /// It was already.
    Again,
}

impl Cursor {
    /// Selects the row on a line of the view.
    pub fn press(&mut self, line: usize, len: usize) -> Pressed {
        match self.visible(len).find(|(at, _)| *at == line) {
            None => Pressed::Nothing,
            Some((_, row)) if row == self.at => Pressed::Again,
            Some((_, row)) => {
                self.at = row;
                Pressed::Selected
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_follows_the_selection_and_no_further() {
        let mut cursor = Cursor::default();
        cursor.fit(100, 10);
        for _ in 0..10 {
            cursor.on_action(Action::Down, 100);
            cursor.fit(100, 10);
        }
        assert_eq!((cursor.at, cursor.offset), (10, 1));
        cursor.on_action(Action::Up, 100);
        cursor.fit(100, 10);
        assert_eq!((cursor.at, cursor.offset), (9, 1));
        assert_eq!((cursor.press(2, 100), cursor.at), (Pressed::Selected, 3));
        assert_eq!((cursor.press(2, 100), cursor.press(10, 100), cursor.at), (Pressed::Again, Pressed::Nothing, 3));
        cursor.on_action(Action::Bottom, 100);
        cursor.fit(100, 10);
        assert_eq!((cursor.at, cursor.offset), (99, 90));
        cursor.fit(3, 10);
        assert_eq!((cursor.at, cursor.offset), (2, 0));
        assert_eq!(cursor.visible(3).collect::<Vec<_>>(), [(0, 0), (1, 1), (2, 2)]);
    }

    proptest::proptest! {
        #[test]
        fn the_selected_row_is_always_in_view(moves in proptest::collection::vec(0usize..6, 0..40), len in 0usize..50, height in 1usize..12) {
            let actions = [Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::Top, Action::Bottom];
            let mut cursor = Cursor::default();
            for step in moves {
                cursor.on_action(actions[step], len);
                cursor.fit(len, height);
                if len > 0 {
                    proptest::prop_assert!(cursor.visible(len).any(|(_, row)| row == cursor.at));
                }
            }
        }
    }
}
