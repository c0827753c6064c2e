use super::{Then, lines, popup, popup_room, scrolled};
use crate::domain::id::AccountId;
use crate::domain::names::Imported;
use crate::text::lang::Texts;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::ProfileEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, ProfileMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the labels.
const LABELS: usize = 14;
/// Lines of the two fields, and an empty one.
const FIELDS: usize = 3;

/// Taking names of users from a file, and what became of it.
#[derive(Debug)]
pub struct ImportNames {
    account: AccountId,
    path: Field,
    column: Field,
    /// Whether the column is being typed.
    at_column: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    Asking,
    Importing,
    Failed(String),
    Imported { imported: Box<Imported>, offset: usize },
}

impl ImportNames {
    pub fn new(account: AccountId) -> Self {
        Self { account, path: Field::default(), column: Field::default(), at_column: false, state: State::Asking }
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        matches!(self.state, State::Asking | State::Failed(_))
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if key.code == Code::Esc || key.ctrl && key.code == Code::Char('c') {
            return Then::Close;
        }
        match &mut self.state {
            State::Imported { offset, .. } => match key.code {
                Code::Up => *offset = offset.saturating_sub(1),
                Code::Down => *offset = (*offset + 1).min(1000),
                Code::PageUp => *offset = offset.saturating_sub(10),
                Code::PageDown | Code::Char(' ') => *offset = (*offset + 10).min(1000),
                Code::Enter => return Then::Close,
                _ => {}
            },
            State::Importing => {}
            State::Asking | State::Failed(_) => match key.code {
                Code::Up | Code::Down | Code::Tab | Code::BackTab => self.at_column = !self.at_column,
                Code::Enter if self.path.text().trim().is_empty() => self.at_column = false,
                Code::Enter => self.start(out),
                _ => {
                    self.field().edit(key, out);
                    self.state = State::Asking;
                }
            },
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        if matches!(self.state, State::Asking | State::Failed(_)) {
            self.field().paste(text);
            self.state = State::Asking;
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Profile(ProfileMsg::NamesImported { account, imported }) if *account == self.account => {
                self.state = State::Imported { imported: imported.clone(), offset: 0 };
            }
            Msg::Profile(ProfileMsg::NamesNotImported { account, text }) if *account == self.account => {
                self.state = State::Failed(text.clone());
            }
            _ => {}
        }
        Then::Stay
    }

    /// Learns what room there is; before each frame.
    pub fn fit(&mut self, area: Rect, ctx: &Context) {
        let room = popup_room(area, size(area));
        let len = self.below(usize::from(room.width), ctx).0.len();
        if let State::Imported { offset, .. } = &mut self.state {
            *offset = scrolled(*offset, len, usize::from(room.height).saturating_sub(FIELDS));
        }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let hint = match self.state {
            State::Imported { .. } => "import_names.hint_done",
            State::Importing => "import_names.hint_wait",
            State::Asking | State::Failed(_) => "import_names.hint",
        };
        let room = popup(area, size(area), ctx.say("import_names.title"), ctx.say(hint), buf, ctx);
        let typing = matches!(self.state, State::Asking | State::Failed(_));
        let labels = [ctx.say("import_names.file"), ctx.say("import_names.column")];
        let hints = [ctx.say("import_names.file_hint"), ctx.say("import_names.column_hint")];
        let mut cursor = None;
        for (at, field) in [&self.path, &self.column].into_iter().enumerate() {
            let focused = typing && (at == 1) == self.at_column;
            let mut line = Line::new(buf, room, at);
            line.column(labels[at], LABELS, ctx.style(if focused { Role::Strong } else { Role::Dim }));
            let place = Rect { x: line.x(), y: room.y + at as u16, width: line.room() as u16, height: 1 }.intersection(room);
            let drawn = field.draw(place, buf, Look::new(Role::Value, focused, ctx).hint(hints[at]));
            cursor = if focused { drawn } else { cursor };
        }
        let (below, role) = self.below(usize::from(room.width), ctx);
        let offset = if let State::Imported { offset, .. } = self.state { offset } else { 0 };
        lines(buf, room, FIELDS, below.get(offset..).unwrap_or_default(), role, ctx);
        cursor
    }

    /// What stands below the fields.
    fn below(&self, columns: usize, ctx: &Context) -> (Vec<String>, Role) {
        match &self.state {
            State::Asking => (width::wrap(ctx.say("import_names.about"), columns), Role::Dim),
            State::Importing => (width::wrap(ctx.say("import_names.importing"), columns), Role::Busy),
            State::Failed(text) => (width::wrap(&format!("✗ {text}"), columns), Role::Error),
            State::Imported { imported, .. } => {
                let said = Texts::of(ctx.settings.lang).imported(imported);
                (said.iter().flat_map(|line| width::wrap(line, columns)).collect(), Role::Text)
            }
        }
    }

    fn field(&mut self) -> &mut Field {
        if self.at_column { &mut self.column } else { &mut self.path }
    }

    fn start(&mut self, out: &mut Out) {
        let path = self.path.text().trim().to_owned();
        let column = Some(self.column.text().trim().to_owned()).filter(|column| !column.is_empty());
        out.ask(ProfileEffect::ImportNames { account: self.account, path, column });
        self.state = State::Importing;
    }
}

/// The whole popup.
fn size(area: Rect) -> (usize, usize) {
    (84.min(usize::from(area.width).saturating_sub(2)), 18)
}
