//! The mouse in the form.

use super::Compose;
use super::form::Item;
use super::view::same_field;
use crate::tui::context::Context;
use crate::tui::out::Out;
use crate::tui::widgets::Pressed;
use ratatui::layout::Rect;

impl Compose {
    /// Goes to the field on a line; who was writing in another one writes on in this one.
    pub fn press(&mut self, line: usize, inner: Rect, ctx: &Context, out: &mut Out) -> Pressed {
        let Some(item) = self.item_at(line, inner, ctx) else { return Pressed::Nothing };
        if same_field(item, self.item) || self.form.is_none() {
            return if self.editing { Pressed::Selected } else { Pressed::Again };
        }
        let before = std::mem::replace(&mut self.item, item);
        self.editing &= item != Item::Audience;
        self.moved_from(before, out);
        Pressed::Selected
    }
}
