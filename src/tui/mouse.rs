//! The mouse: what is under it, and what a press or the wheel does there. Everything it does, a key does too.

use super::app::App;
use super::areas::Areas;
use super::effect::SystemEffect;
use super::input::{Code, Key, Mouse, MouseKind};
use super::keys::Action;
use super::layers::Then;
use super::msg::Level;
use super::out::Out;
use super::panes::PaneId;
use super::widgets::Pressed;
use ratatui::layout::Position;

/// Rows that one step of the wheel moves by.
const STEP: isize = 3;

impl Areas {
    /// The pane at a place, and the line inside of its frame; no line on the frame itself.
    pub fn at(&self, column: u16, row: u16) -> Option<(PaneId, Option<usize>)> {
        let place = Position::new(column, row);
        let inside = |pane: &PaneId| self.inner(*pane).contains(place);
        if let Some(pane) = PaneId::ALL.into_iter().find(inside) {
            return Some((pane, Some(usize::from(row - self.inner(pane).y))));
        }
        let found = PaneId::ALL.into_iter().find(|pane| self.pane(*pane).contains(place));
        found.or_else(|| self.card.contains(place).then_some(PaneId::Preview)).map(|pane| (pane, None))
    }
}

impl App {
    /// Something was done with the mouse. A layer has all of it: what lies below cannot be reached.
    pub(super) fn on_mouse(&mut self, mouse: Mouse, out: &mut Out) {
        let place = Position::new(mouse.column, mouse.row);
        if let Some(layer) = self.layers.last_mut() {
            let then = match mouse.kind {
                MouseKind::Press => layer.press(place, self.window, &self.ctx, out),
                MouseKind::Wheel(by) => layer.wheel(isize::from(by) * STEP, &self.ctx, out),
                MouseKind::Drag | MouseKind::Release => Then::Stay,
            };
            if then == Then::Close {
                self.layers.pop();
            }
            return;
        }
        match mouse.kind {
            MouseKind::Press => self.dragged = self.areas.edge_at(mouse.column, mouse.row),
            MouseKind::Release => self.dragged = None,
            MouseKind::Drag => return self.drag(mouse),
            MouseKind::Wheel(_) => {}
        }
        match (mouse.kind, self.areas.at(mouse.column, mouse.row)) {
            (MouseKind::Press, Some((pane, line))) => {
                self.notices.dismiss();
                self.press(pane, line, out);
            }
            (MouseKind::Wheel(by), Some((pane, _))) => self.wheel(pane, by, out),
            _ => {}
        }
    }

    /// The line that was pressed follows the mouse.
    fn drag(&mut self, mouse: Mouse) {
        if let Some(edge) = self.dragged {
            self.splits.drag(edge, &self.areas, (mouse.column, mouse.row));
            // The next step counts from where the line is now.
            self.fit(self.window);
        }
    }

    /// Goes to a pane and to the row there; a press on the row where one is already does what enter does.
    fn press(&mut self, pane: PaneId, line: Option<usize>, out: &mut Out) {
        let was_here = pane == self.focus;
        if !was_here {
            self.stop_typing(out);
            self.focus_on(pane);
        }
        let Some(line) = line else { return };
        let pressed = match pane {
            PaneId::Accounts => self.accounts.press(line),
            PaneId::Templates => self.templates.press(line),
            PaneId::Tags => self.tags.press(line),
            PaneId::Users => self.users.press(line, out),
            PaneId::Compose => self.compose.press(line, self.areas.inner(PaneId::Compose), &self.ctx, out),
            PaneId::Preview => Pressed::Nothing,
            PaneId::Send => self.send.press(line, out),
        };
        if was_here && pressed == Pressed::Again {
            self.on_pane_action(pane, Action::Act, out);
        }
    }

    /// As tab leaves a search, and escape a field.
    fn stop_typing(&mut self, out: &mut Out) {
        if self.is_searching() {
            let leave = Key::plain(Code::Tab);
            match self.focus {
                PaneId::Templates => self.templates.on_key(leave, out),
                _ => self.users.on_key(leave, out),
            }
        } else if self.focus == PaneId::Compose && self.compose.is_typing() {
            self.on_pane_action(PaneId::Compose, Action::Back, out);
        }
    }

    /// Moves through what is under the mouse, wherever the keys go. Who writes in a field stays in it.
    fn wheel(&mut self, pane: PaneId, by: i8, out: &mut Out) {
        if pane == PaneId::Compose && self.compose.is_typing() {
            return;
        }
        let action = if by < 0 { Action::Up } else { Action::Down };
        (0..STEP).for_each(|_| self.on_pane_action(pane, action, out));
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn toggle_mouse(&mut self, out: &mut Out) {
        let on = !self.ctx.settings.mouse;
        self.ctx.settings.mouse = on;
        out.ask(SystemEffect::TakeMouse { on });
        let text = if on {
            self.ctx.say_with("mouse.on", &[("key", &self.ctx.key(Action::Mouse))])
        } else {
            self.ctx.say("mouse.off").to_owned()
        };
        self.say(Level::Info, text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::areas::{Splits, Wish};
    use super::*;
    use ratatui::layout::Rect;

    fn wish() -> Wish {
        let (focus, open) = (PaneId::Users, PaneId::Users);
        Wish { focus, open, rows: [2, 12, 8], splits: Splits::default(), zoomed: false }
    }

    #[test]
    fn every_pane_is_found_where_it_is_drawn() {
        for size in [(80, 24), (120, 36), (200, 60)] {
            let areas = Areas::divide(Rect::new(0, 0, size.0, size.1), wish());
            for pane in PaneId::ALL {
                let (area, inner) = (areas.pane(pane), areas.inner(pane));
                if inner.height > 0 && area.height > 1 {
                    assert_eq!(areas.at(inner.x, inner.y), Some((pane, Some(0))), "{pane:?} at {size:?}");
                    let last = usize::from(inner.height) - 1;
                    assert_eq!(areas.at(inner.right() - 1, inner.bottom() - 1), Some((pane, Some(last))));
                    assert_eq!(areas.at(area.x, inner.y), Some((pane, None)), "its frame");
                } else {
                    assert_eq!(areas.at(area.x + 2, area.y), Some((pane, None)), "a line of its own");
                }
            }
            assert_eq!(areas.at(5, 0), None, "the header");
            assert_eq!(areas.at(5, size.1 - 1), None, "the footer");
        }
        let wide = Areas::divide(Rect::new(0, 0, 120, 36), wish());
        assert_eq!(wide.at(wide.card.x + 3, wide.card.y + 3), Some((PaneId::Preview, None)), "the card");
        let none = Areas::divide(Rect::new(0, 0, 40, 10), wish());
        assert_eq!(none.at(5, 5), None, "too small for anything");
    }
}
