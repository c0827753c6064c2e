use super::{Then, popup};
use crate::domain::audience::{Audience, Join, Reach, UserSet};
use crate::domain::user::Tag;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::msg::{AudienceMsg, Msg};
use crate::tui::out::Out;
use crate::tui::panes::compose::{audience_words, recipients, set_words};
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows in view.
const ROWS: usize = 12;

/// Who gets it: everyone, a tag, the marked users; joined with `+`, `-` and `&`.
#[derive(Debug)]
pub struct AudiencePicker {
    tags: Vec<Tag>,
    sets: Vec<UserSet>,
    cursor: Cursor,
    /// What was joined so far; the compose pane has the same.
    audience: Audience,
    reach: Option<Reach>,
}

impl AudiencePicker {
    /// Offers everyone, every tag, and the marked users if there are any.
    pub fn new(tags: Vec<Tag>, marked: Option<UserSet>, audience: Audience, reach: Option<Reach>) -> Self {
        let mut sets = vec![UserSet::All];
        sets.extend(marked);
        sets.extend(tags.iter().map(|tag| UserSet::Tag(tag.id)));
        let mut cursor = Cursor::default();
        cursor.fit(sets.len(), ROWS);
        Self { tags, sets, cursor, audience, reach }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        let set = self.sets[self.cursor.at].clone();
        let step = match key.code {
            Code::Enter => {
                out.tell(AudienceMsg::Chosen { set });
                return Then::Close;
            }
            Code::Char('+') => return Self::say(AudienceMsg::Joined { join: Join::Union, set }, out),
            Code::Char('-') => return Self::say(AudienceMsg::Joined { join: Join::Difference, set }, out),
            Code::Char('&') => return Self::say(AudienceMsg::Joined { join: Join::Intersection, set }, out),
            Code::Backspace => return Self::say(AudienceMsg::Shortened, out),
            Code::Up | Code::Char('k') => Action::Up,
            Code::Down | Code::Char('j') => Action::Down,
            Code::PageUp => Action::PageUp,
            Code::PageDown => Action::PageDown,
            _ => return Then::Close,
        };
        self.cursor.on_action(step, self.sets.len());
        self.cursor.fit(self.sets.len(), ROWS);
        Then::Stay
    }

    fn say(msg: AudienceMsg, out: &mut Out) -> Then {
        out.tell(msg);
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Audience(AudienceMsg::Joined { join, set }) => {
                self.audience.push(*join, set.clone());
                self.reach = None;
            }
            Msg::Audience(AudienceMsg::Shortened) => {
                self.audience.terms.pop();
                self.reach = None;
            }
            Msg::Audience(AudienceMsg::Counted { reach, .. }) => self.reach = Some(*reach),
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let rows = self.sets.len().min(ROWS);
        let room = popup(area, (62, rows + 8), ctx.say("audience.title"), ctx.say("audience.hint"), buf, ctx);
        let nobody = self.audience.is_empty();
        let words = if nobody { ctx.say("compose.nobody").to_owned() } else { audience_words(&self.audience, &self.tags, ctx) };
        Line::new(buf, room, 0).put(&words, ctx.style(Role::Strong));
        if let Some(reach) = self.reach.filter(|_| !nobody) {
            Line::new(buf, room, 1).put(&recipients(reach, ctx), ctx.style(Role::Ok));
        }
        for (row, index) in self.cursor.visible(self.sets.len()) {
            let set = &self.sets[index];
            let tag = self.tags.iter().find(|tag| UserSet::Tag(tag.id) == *set);
            let selected = index == self.cursor.at;
            let style = ctx.style(if selected { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, row + 3);
            line.fill(style);
            if let Some(tag) = tag {
                line.right(&number::thousands(tag.count), style.patch(ctx.style(Role::Dim)));
            }
            line.put(if selected { "▸ " } else { "  " }, style).put(&set_words(set, &self.tags, ctx), style);
        }
    }
}
