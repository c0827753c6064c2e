//! Where each pane is: how a window is divided.

use super::panes::PaneId;
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};

/// Below this nothing useful fits.
pub const SMALLEST: (u16, u16) = (60, 15);
/// From here on everything is shown at once.
const WIDE: (u16, u16) = (110, 30);
/// Below this width three columns have no room beside each other.
const THREE: u16 = 76;
/// Per cent of the window that one press moves an edge by, and the most that it can be moved.
const STEP: i8 = 4;
const MOST: i8 = 24;

/// How far the operator moved the edges of the panes, in per cent of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Splits {
    /// The lists are wider by so much.
    pub left: i8,
    /// The preview is wider by so much.
    pub right: i8,
    /// The send pane is higher by so much.
    pub send: i8,
}

impl Splits {
    /// The same, no further than edges can be moved.
    pub fn within(self) -> Self {
        let within = |edge: i8| edge.clamp(-MOST, MOST);
        Self { left: within(self.left), right: within(self.right), send: within(self.send) }
    }

    /// Moves a line to a place, as near as it can be.
    pub fn drag(&mut self, edge: Edge, areas: &Areas, (column, row): (u16, u16)) {
        let whole = if edge == Edge::Send { areas.footer.y } else { areas.footer.width };
        let to = if edge == Edge::Send { row } else { column };
        let by = (i32::from(to) - i32::from(areas.place_of(edge))) * 100 / i32::from(whole.max(1));
        // What is left or above grows on one side, what is right or below on the other.
        let (split, by) = match edge {
            Edge::Left => (&mut self.left, by),
            Edge::Right => (&mut self.right, -by),
            Edge::Send => (&mut self.send, -by),
        };
        *split = (i32::from(*split) + by).clamp(i32::from(-MOST), i32::from(MOST)) as i8;
    }

    /// Gives the pane more room (`by` 1) or less (-1).
    pub fn resize(&mut self, pane: PaneId, by: i8) {
        let moved = |edge: &mut i8, by: i8| *edge = (*edge + by * STEP).clamp(-MOST, MOST);
        match pane {
            PaneId::Accounts | PaneId::Templates | PaneId::Tags | PaneId::Users => moved(&mut self.left, by),
            PaneId::Preview => moved(&mut self.right, by),
            PaneId::Send => moved(&mut self.send, by),
            // In the middle: what it gains, both sides lose.
            PaneId::Compose => {
                moved(&mut self.left, -by);
                moved(&mut self.right, -by);
            }
        }
    }
}

/// A line between panes that can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Between the lists and the form.
    Left,
    /// Between the form and the preview.
    Right,
    /// Above the send pane.
    Send,
}

/// What a division depends on beside the size of the window.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The pane that keys go to; in a small window it gets more room.
    pub focus: PaneId,
    /// The list that is open where only one can be.
    pub open: PaneId,
    /// Rows of accounts, templates and tags: a list gets no more room than it has rows.
    pub rows: [usize; 3],
    /// How far the edges were moved.
    pub splits: Splits,
    /// Whether the focused pane has all the room for itself.
    pub zoomed: bool,
}

/// The areas of one size of the window. An area without height is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    panes: [Rect; 7],
    /// The card below the JSON, where both are shown.
    pub card: Rect,
    /// The first line.
    pub header: Rect,
    /// The last line.
    pub footer: Rect,
    /// Whether everything is shown at once.
    pub wide: bool,
}

impl Areas {
    /// Divides a window.
    pub fn divide(window: Rect, wish: Wish) -> Self {
        if is_too_small(window) {
            return Self::default();
        }
        let header = Rect { height: 1, ..window };
        let footer = Rect { y: window.bottom().saturating_sub(1), height: 1, ..window };
        let main = Rect { y: window.y + 1, height: window.height.saturating_sub(2), ..window };
        let wide = window.width >= WIDE.0 && window.height >= WIDE.1;
        let mut areas = Self { header, footer, wide: wide && !wish.zoomed, ..Self::default() };
        match (wish.zoomed, wide) {
            (true, _) => {
                areas.set(wish.focus, main);
                areas.card = main;
            }
            (false, true) => areas.divide_wide(main, wish),
            (false, false) => areas.divide_small(main, wish),
        }
        areas
    }

    /// Where a pane is.
    pub fn pane(&self, pane: PaneId) -> Rect {
        self.panes[pane as usize]
    }

    /// The room inside of a pane's frame.
    pub fn inner(&self, pane: PaneId) -> Rect {
        let area = self.pane(pane);
        Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height.saturating_sub(2) }
    }

    /// The line that can be moved at a place, which is both frames that meet there.
    pub fn edge_at(&self, column: u16, row: u16) -> Option<Edge> {
        let (compose, preview, send) = (self.pane(PaneId::Compose), self.pane(PaneId::Preview), self.pane(PaneId::Send));
        let beside = |pane: Rect| {
            let here = pane.height > 1 && pane.x > 0 && (pane.y..pane.bottom()).contains(&row);
            here && (column == pane.x || column + 1 == pane.x)
        };
        match () {
            () if send.height > 1 && send.y > 1 && row == send.y => Some(Edge::Send),
            () if beside(preview) && compose.height > 0 => Some(Edge::Right),
            () if beside(if compose.height > 0 { compose } else { preview }) => Some(Edge::Left),
            () => None,
        }
    }

    /// Where such a line is: its column, or its row.
    fn place_of(&self, edge: Edge) -> u16 {
        match edge {
            Edge::Left if self.pane(PaneId::Compose).height > 0 => self.pane(PaneId::Compose).x,
            Edge::Left | Edge::Right => self.pane(PaneId::Preview).x,
            Edge::Send => self.pane(PaneId::Send).y,
        }
    }

    fn set(&mut self, pane: PaneId, area: Rect) {
        self.panes[pane as usize] = area;
    }

    fn divide_wide(&mut self, main: Rect, wish: Wish) {
        let send_height = moved(main.height / 4, wish.splits.send, main.height).clamp(8, (main.height / 2).max(16));
        let top = Rect { height: main.height - send_height, ..main };
        self.set(PaneId::Send, Rect { y: top.bottom(), height: send_height, ..main });
        let left = moved((main.width * 27 / 100).clamp(30, 52), wish.splits.left, main.width).max(22);
        let right = moved((main.width * 32 / 100).clamp(36, 64), wish.splits.right, main.width).max(24);
        let columns = columns(top, left, right);
        self.divide_lists(columns[0], wish.rows);
        self.set(PaneId::Compose, columns[1]);
        let card_height = (top.height * 2 / 5).max(9);
        let json = Rect { height: top.height - card_height + 1, ..columns[2] };
        self.set(PaneId::Preview, json);
        self.card = Rect { y: json.bottom() - 1, height: card_height, ..columns[2] };
    }

    /// Four lists on each other; neighbours share a line. What the others do not need is for the users.
    fn divide_lists(&mut self, column: Rect, rows: [usize; 3]) {
        let needs = |rows: usize, least: u16, most: u16| (rows as u16 + 2).clamp(least, most.max(least));
        let accounts = needs(rows[0].clamp(1, 4), 3, 6);
        let rest = column.height - (accounts - 1);
        let templates = needs(rows[1], 5, rest * 36 / 100);
        let tags = needs(rows[2], 5, rest * 30 / 100);
        let mut y = column.y;
        for (pane, height) in [
            (PaneId::Accounts, accounts),
            (PaneId::Templates, templates),
            (PaneId::Tags, tags),
            (PaneId::Users, rest + 2 - templates - tags),
        ] {
            self.set(pane, Rect { y, height, ..column });
            y += height - 1;
        }
    }

    fn divide_small(&mut self, main: Rect, wish: Wish) {
        let focus = wish.focus;
        let half = moved((main.height / 2).max(8), wish.splits.send, main.height).clamp(5, main.height - 5);
        let send_height = if focus == PaneId::Send { half } else { 1 };
        let top = Rect { height: main.height - send_height, ..main };
        self.set(PaneId::Send, Rect { y: top.bottom(), height: send_height, ..main });
        let [left, right] = if main.width < THREE { two_parts(focus) } else { three_parts(focus) };
        let left = moved(main.width * left / 100, wish.splits.left, main.width).max(12);
        let right = if right == 0 { 0 } else { moved(main.width * right / 100, wish.splits.right, main.width).max(12) };
        let columns = columns(top, left, right);
        self.divide_accordion(columns[0], wish.open);
        // Where there is room for one of the two, the preview is shown when it is looked at.
        let (compose, preview) = match (right, focus) {
            (0, PaneId::Preview) => (Rect::default(), columns[1]),
            (0, _) => (columns[1], Rect::default()),
            _ => (columns[1], columns[2]),
        };
        self.set(PaneId::Compose, compose);
        self.set(PaneId::Preview, preview);
        self.card = preview;
    }

    /// One list is open, of the others there is a line each.
    fn divide_accordion(&mut self, column: Rect, open: PaneId) {
        let lists = [PaneId::Accounts, PaneId::Templates, PaneId::Tags, PaneId::Users];
        let mut y = column.y;
        for pane in lists {
            let height = if pane == open { column.height.saturating_sub(3) } else { 1 };
            self.set(pane, Rect { y, height, ..column });
            y += height;
        }
    }
}

/// Whether there is no room to show anything.
pub fn is_too_small(window: Rect) -> bool {
    window.width < SMALLEST.0 || window.height < SMALLEST.1
}

/// Per cent of the width for the lists and for the preview.
fn three_parts(focus: PaneId) -> [u16; 2] {
    match focus {
        PaneId::Compose | PaneId::Send => [22, 32],
        PaneId::Preview => [22, 44],
        _ => [38, 28],
    }
}

fn two_parts(focus: PaneId) -> [u16; 2] {
    match focus {
        PaneId::Compose | PaneId::Send | PaneId::Preview => [32, 0],
        _ => [52, 0],
    }
}

/// A length with its edge moved by so many per cent of the whole.
fn moved(length: u16, by: i8, whole: u16) -> u16 {
    (i32::from(length) + i32::from(whole) * i32::from(by) / 100).clamp(1, i32::from(whole)) as u16
}

/// Lists, form and preview side by side; the form keeps some room whatever the others want.
fn columns(area: Rect, left: u16, right: u16) -> [Rect; 3] {
    let middle = area.width / 4;
    let left = left.min(area.width - middle);
    let right = right.min(area.width - middle - left);
    let mut x = area.x;
    [left, area.width - left - right, right].map(|width| {
        let part = Rect { x, width, ..area };
        x += width;
        part
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn panes_fill_any_window_and_never_overlap_or_stick_out(
            width in 60u16..260, height in 15u16..90, focus in 0usize..7, open in 0usize..4, zoomed: bool,
            rows in prop::array::uniform3(0usize..40), left in -24i8..=24, right in -24i8..=24, send in -24i8..=24,
        ) {
            let window = Rect::new(0, 0, width, height);
            let focus = PaneId::ALL[focus];
            let wish = Wish { focus, open: PaneId::ALL[open], rows, splits: Splits { left, right, send }, zoomed };
            let areas = Areas::divide(window, wish);
            let shown: Vec<Rect> = PaneId::ALL.into_iter().map(|pane| areas.pane(pane)).filter(|area| area.height > 0).collect();
            prop_assert!(areas.pane(focus).height > 0 || focus < PaneId::Compose, "{areas:?}");
            for (at, area) in shown.iter().enumerate() {
                prop_assert!(area.right() <= width && area.bottom() < height && area.y > 0 && area.width > 0, "{areas:?}");
                for other in &shown[at + 1..] {
                    // Lists and the card share a line with their neighbour.
                    let shared = area.intersection(*other);
                    prop_assert!(shared.width == 0 || shared.height <= 1, "{areas:?}");
                }
            }
            // The form, the one pane that is written in, is never squeezed.
            let compose = areas.pane(PaneId::Compose);
            prop_assert!(compose.height == 0 || compose.width >= width / 4, "{areas:?}");
        }
    }

    #[test]
    fn an_edge_moves_by_steps_and_stops() {
        let mut splits = Splits::default();
        (0..20).for_each(|_| splits.resize(PaneId::Users, 1));
        assert_eq!(splits, Splits { left: MOST, ..Splits::default() });
        splits.resize(PaneId::Compose, 1);
        assert_eq!(splits, Splits { left: MOST - STEP, right: -STEP, send: 0 });
    }
}
