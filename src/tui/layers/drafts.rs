use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::domain::draft::Draft;
use crate::domain::id::DraftId;
use crate::domain::user::Tag;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{DraftsMsg, Msg};
use crate::tui::out::Out;
use crate::tui::panes::compose::audience_words;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Field, Finder, Line, Look, Sought};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The messages that are being written.
#[derive(Debug)]
pub struct Drafts {
    /// The one changed last first.
    rows: Vec<Draft>,
    /// The one in the form.
    open: Option<DraftId>,
    cursor: Cursor,
    finder: Finder,
    /// For the names of audiences.
    tags: Vec<Tag>,
    /// The name being given to the selected one.
    naming: Option<Field>,
    /// The one dropped last, to be had back.
    dropped: Option<Draft>,
}

impl Drafts {
    /// These, with the one in the form selected.
    pub fn new(drafts: &[Draft], open: Option<DraftId>, tags: &[Tag]) -> Self {
        let tags = tags.to_vec();
        let mut layer = Self {
            tags,
            rows: drafts.to_vec(),
            open,
            cursor: Cursor::default(),
            finder: Finder::default(),
            naming: None,
            dropped: None,
        };
        layer.select(open);
        layer
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.naming.is_some() || self.finder.is_typing()
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if self.naming.is_some() {
            self.name(key, out);
            return Then::Stay;
        }
        if self.finder.is_typing() {
            match self.finder.on_key(key) {
                Sought::Step(step) => _ = self.cursor.on_action(step, self.shown().len()),
                Sought::Text => self.cursor.clamp(self.shown().len()),
                Sought::Kept | Sought::Nothing => {}
            }
            return Then::Stay;
        }
        let selected = self.current().cloned();
        match (key.code, selected) {
            (Code::Char('/'), _) => self.finder.begin(),
            (Code::Esc, _) if self.finder.clear() => {}
            (Code::Esc | Code::Char('o'), _) => return Then::Close,
            (Code::Char('c'), _) if key.ctrl => return Then::Close,
            (Code::Char('n'), _) => {
                out.tell(DraftsMsg::NewWanted);
                return Then::Close;
            }
            (Code::Char('u'), _) => {
                if let Some(draft) = self.dropped.take() {
                    out.tell(DraftsMsg::WantedBack { draft: Box::new(draft) });
                }
            }
            (Code::Enter, Some(draft)) => {
                out.tell(DraftsMsg::Picked { draft: draft.id });
                return Then::Close;
            }
            (Code::Char('c'), Some(draft)) => out.tell(DraftsMsg::CopyWanted { draft: draft.id }),
            (Code::Char('r'), Some(draft)) => self.naming = Some(Field::new(&draft.name)),
            (Code::Char('D') | Code::Delete, Some(draft)) => {
                out.tell(DraftsMsg::Dropped { draft: draft.id });
                self.dropped = Some(draft);
            }
            _ => _ = self.cursor.on_key(key, self.shown().len()),
        }
        Then::Stay
    }

    fn name(&mut self, key: Key, out: &mut Out) {
        let selected = self.current().map(|draft| draft.id);
        let Some(field) = &mut self.naming else { return };
        match (key.code, selected) {
            (Code::Enter, Some(draft)) => {
                out.tell(DraftsMsg::Renamed { draft, name: field.text().to_owned() });
                self.naming = None;
            }
            (Code::Esc | Code::Enter, _) => self.naming = None,
            (Code::Char('c'), _) if key.ctrl => self.naming = None,
            _ => _ = field.on_key(key),
        }
    }

    pub fn on_paste(&mut self, text: &str) {
        if let Some(field) = &mut self.naming {
            field.paste(text);
        } else if self.finder.is_typing() {
            self.finder.paste(text);
            self.cursor.clamp(self.shown().len());
        }
    }

    /// The one under the cursor.
    fn current(&self) -> Option<&Draft> {
        self.shown().get(self.cursor.at).and_then(|index| self.rows.get(*index))
    }

    /// Those in view of the search.
    fn shown(&self) -> Vec<usize> {
        let fits = |finder: &Finder, index: usize| {
            let draft = &self.rows[index];
            finder.fits(&[&draft.name, &draft.title, draft.texts.first_words()])
        };
        self.finder.shown(self.rows.len(), fits)
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Drafts(DraftsMsg::Changed { drafts, open }) = msg {
            // What was renamed, copied or had back is the one changed last.
            let grown = drafts.len() >= self.rows.len();
            self.rows.clone_from(drafts);
            self.open = *open;
            if grown {
                self.cursor.at = 0;
            }
            self.cursor.clamp(self.shown().len());
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        let search = usize::from(self.finder.is_shown());
        self.cursor.fit(self.shown().len(), usize::from(area.height).saturating_sub(8 + search));
    }

    /// None while a name is being written.
    pub(super) fn rows(&mut self, window: Rect) -> Option<Rows<'_>> {
        let (mut area, len) = (popup_room(window, self.size(window)), self.shown().len());
        let search = u16::from(self.finder.is_shown()).min(area.height);
        (area.y, area.height) = (area.y + search, area.height - search);
        self.naming.is_none().then_some(Rows { area, cursor: &mut self.cursor, len })
    }

    fn size(&self, area: Rect) -> (usize, usize) {
        let height = (self.rows.len().max(1) + 6 + usize::from(self.finder.is_shown()))
            .max(10)
            .min(usize::from(area.height).saturating_sub(2));
        (usize::from(area.width).saturating_sub(2).min(120), height)
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let hint = match (&self.naming, &self.dropped) {
            (Some(_), _) => "drafts.hint_name",
            (None, Some(_)) => "drafts.hint_undo",
            (None, None) => "drafts.hint",
        };
        let room = popup(area, self.size(area), ctx.say("drafts.title"), ctx.say(hint), buf, ctx);
        let (list, mut cursor) = self.finder.view(true, room, buf, ctx);
        let shown = self.shown();
        if shown.is_empty() {
            let text = ctx.say(if self.rows.is_empty() { "drafts.empty" } else { "list.no_match" });
            Line::new(buf, list, 0).put(text, ctx.style(Role::Dim));
        }
        for (at, index) in self.cursor.visible(shown.len()) {
            let row = (&self.rows[shown[index]], index == self.cursor.at);
            cursor = self.view_row(row, at, list, buf, ctx).or(cursor);
        }
        cursor
    }

    fn view_row(
        &self,
        (draft, chosen): (&Draft, bool),
        at: usize,
        room: Rect,
        buf: &mut Buffer,
        ctx: &Context,
    ) -> Option<Position> {
        let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
        let as_role = |role| style.patch(ctx.style(role));
        let mut line = Line::new(buf, room, at);
        line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
        line.put(if self.open == Some(draft.id) { "✓ " } else { "  " }, as_role(Role::Ok));
        line.put(&number::day_and_clock(draft.updated_at, &ctx.settings.zone), as_role(Role::Dim)).put("  ", style);
        if let Some(field) = self.naming.as_ref().filter(|_| chosen) {
            let area = Rect { x: line.x(), y: room.y + at as u16, width: line.room() as u16, height: 1 };
            let hint = ctx.say("drafts.name");
            let look = Look {
                text: as_role(Role::Strong),
                hint_style: as_role(Role::Hint),
                ..Look::new(Role::Strong, true, ctx).hint(hint)
            };
            return field.draw(area, buf, look);
        }
        let (name, role) = if draft.name.is_empty() { (&draft.title, Role::Text) } else { (&draft.name, Role::Strong) };
        let third = line.room() / 3;
        line.column(name, third, as_role(role)).put("  ", style);
        line.column(draft.texts.first_words(), third, as_role(Role::Dim)).put("  ", style);
        line.put(&audience_words(&draft.audience, &self.tags, ctx), as_role(Role::Name));
        None
    }

    fn select(&mut self, draft: Option<DraftId>) {
        let place = |id| self.shown().iter().position(|index| self.rows[*index].id == id);
        self.cursor.at = draft.and_then(place).unwrap_or(0);
    }
}
