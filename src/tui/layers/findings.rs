use super::{Then, popup, popup_room};
use crate::domain::draft::Spot;
use crate::domain::rules::Level;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::ComposeMsg;
use crate::tui::out::Out;
use crate::tui::panes::compose::{counted, sign};
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line, Pressed};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the mark and the sign, under which the sentences begin.
const INDENT: usize = 4;

/// One thing that is to be said of the message, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The place in the form.
    pub spot: Spot,
    /// How bad it is.
    pub level: Level,
    /// What the field is called.
    pub label: String,
    /// Its name in the request.
    pub key: String,
    /// What is wrong.
    pub text: String,
}

/// Everything that is to be said of the message in the form; enter goes to the field.
#[derive(Debug)]
pub struct Findings {
    /// Errors first, then in the order of the form.
    told: Vec<Told>,
    /// Whether a send was wanted, which these are in the way of.
    in_the_way: bool,
    cursor: Cursor,
    /// Lines above those in view.
    offset: usize,
}

impl Findings {
    /// These, given in the order of the form.
    pub fn new(mut told: Vec<Told>) -> Self {
        told.sort_by_key(|told| std::cmp::Reverse(told.level));
        Self { told, in_the_way: false, cursor: Cursor::default(), offset: 0 }
    }

    /// They keep the message from being sent, the one at `first` before all.
    pub fn in_the_way(mut self, first: &Spot) -> Self {
        self.in_the_way = true;
        self.cursor.at = self.told.iter().position(|told| told.spot == *first).unwrap_or(0);
        self
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Enter => {
                if let Some(told) = self.told.get(self.cursor.at) {
                    out.tell(ComposeMsg::Jumped { spot: told.spot.clone() });
                }
                return Then::Close;
            }
            Code::Esc | Code::Char('F') => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            _ => _ = self.cursor.on_key(key, self.told.len()),
        }
        Then::Stay
    }

    /// Learns the room there is, and scrolls the selected one into view.
    pub fn fit(&mut self, area: Rect) {
        let size = self.size(area);
        let height = usize::from(popup_room(area, size).height).saturating_sub(self.head());
        let lines = self.lines(columns(size));
        let of_selected = |(at, _): &(usize, Option<String>)| *at == self.cursor.at;
        let first = lines.iter().position(of_selected).unwrap_or(0);
        let last = lines.iter().rposition(of_selected).unwrap_or(0);
        self.offset = self.offset.max((last + 1).saturating_sub(height)).min(first).min(lines.len().saturating_sub(height));
        // A page is as many as there are at least in view.
        self.cursor.fit(self.told.len(), (height / 2).max(1));
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let size = self.size(area);
        let title = format!("{}  {}", ctx.say("findings.title"), counted(self.told.iter().map(|told| told.level)));
        let room = popup(area, size, &title, ctx.say("findings.hint"), buf, ctx);
        if self.in_the_way {
            Line::new(buf, room, 0).put(ctx.say("findings.refused"), ctx.style(Role::Error));
        }
        let head = (self.head() as u16).min(room.height);
        let list = Rect { y: room.y + head, height: room.height - head, ..room };
        let lines = self.lines(columns(size));
        for (row, (at, text)) in lines.iter().skip(self.offset).take(usize::from(list.height)).enumerate() {
            let Some(told) = self.told.get(*at) else { continue };
            let chosen = *at == self.cursor.at;
            let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, list, row);
            line.fill(style);
            match text {
                Some(text) => _ = line.skip(INDENT).put(text, style),
                None => view_head(told, chosen, &mut line, ctx),
            }
        }
    }

    /// Selects the one at a place, whichever of its lines that is.
    pub(super) fn press(&mut self, at: Position, window: Rect) -> Pressed {
        let size = self.size(window);
        let room = popup_room(window, size);
        let line = usize::from(at.y.saturating_sub(room.y)).checked_sub(self.head()).filter(|_| room.contains(at));
        let lines = self.lines(columns(size));
        match line.and_then(|line| lines.get(self.offset + line)) {
            None => Pressed::Nothing,
            Some((told, _)) if *told == self.cursor.at => Pressed::Again,
            Some((told, _)) => {
                self.cursor.at = *told;
                Pressed::Selected
            }
        }
    }

    /// Rows above the list.
    fn head(&self) -> usize {
        if self.in_the_way { 2 } else { 0 }
    }

    fn size(&self, area: Rect) -> (usize, usize) {
        let width = usize::from(area.width).saturating_sub(2).min(100);
        let needed = self.lines(columns((width, 0))).len() + self.head() + 5;
        (width, needed.min(usize::from(area.height).saturating_sub(2)))
    }

    /// The lines, each with the one it belongs to: what it is about, then its sentence.
    fn lines(&self, columns: usize) -> Vec<(usize, Option<String>)> {
        let mut lines = Vec::new();
        for (at, told) in self.told.iter().enumerate() {
            lines.push((at, None));
            lines.extend(width::wrap(&told.text, columns).into_iter().map(|text| (at, Some(text))));
        }
        lines
    }
}

/// Columns of a sentence in a frame of this size.
fn columns(size: (usize, usize)) -> usize {
    size.0.saturating_sub(6 + INDENT)
}

fn view_head(told: &Told, chosen: bool, line: &mut Line, ctx: &Context) {
    let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
    let as_role = |role| style.patch(ctx.style(role));
    let (word, role) = match told.level {
        Level::Error => (ctx.say("findings.error"), Role::Error),
        Level::Warning => (ctx.say("findings.warning"), Role::Warning),
    };
    line.put(if chosen { "▸ " } else { "  " }, style);
    line.put(&format!("{} {word}  ", sign(told.level)), as_role(role));
    line.put(&told.label, as_role(Role::Strong));
    if told.key != told.label {
        line.put(&format!("  {}", told.key), as_role(Role::Dim));
    }
}
