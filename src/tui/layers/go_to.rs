use super::{Then, lines, popup};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Jump, ListsMsg, Msg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Where to go in the list of users: a day, a month, or the beginning of an openid.
#[derive(Debug, Default)]
pub struct GoTo {
    to: Field,
    nobody: bool,
    sent: bool,
}

impl GoTo {
    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter if self.to.text().trim().is_empty() => {}
            Code::Enter => {
                let to = jump(self.to.text().trim(), &ctx.settings.zone);
                let at_once = matches!(to, Jump::Before(_));
                out.tell(ListsMsg::JumpWanted { to });
                self.sent = true;
                if at_once {
                    return Then::Close;
                }
            }
            _ => {
                self.to.edit(key, out);
                self.nobody = false;
            }
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.to.paste(text);
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Lists(ListsMsg::UserFound { key: Some(_), .. }) if self.sent => return Then::Close,
            Msg::Lists(ListsMsg::NobodyThere) => self.nobody = true,
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let room = popup(area, (60, 9), ctx.say("go_to.title"), ctx.say("go_to.hint"), buf, ctx);
        let mut line = Line::new(buf, room, 0);
        line.put("▸ ", ctx.style(Role::Accent));
        let field = Rect { x: line.x(), y: room.y, width: line.room() as u16, height: 1 }.intersection(room);
        let (key, role) = if self.nobody { ("go_to.nobody", Role::Error) } else { ("go_to.about", Role::Dim) };
        lines(buf, room, 2, &crate::text::width::wrap(ctx.say(key), usize::from(room.width)), role, ctx);
        self.to.draw(field, buf, Look::new(Role::Value, true, ctx))
    }
}

/// `2026-03-01` and `2026-03` are the end of that day or month; anything else is the beginning of an openid.
fn jump(text: &str, zone: &TimeZone) -> Jump {
    let day = text.parse::<Date>().ok().and_then(|day| day.tomorrow().ok());
    let month = format!("{text}-01").parse::<Date>().ok().and_then(|first| first.checked_add(1.month()).ok());
    let end = day.or(month).and_then(|end| end.to_zoned(zone.clone()).ok());
    end.map_or_else(|| Jump::Openid(text.to_owned()), |end| Jump::Before(end.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_a_month_or_the_beginning_of_an_openid() {
        let at = |text: &str| jump(text, &TimeZone::UTC);
        let millis = |text: &str| Jump::Before(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        assert_eq!(at("2026-03-31"), millis("2026-04-01T00:00:00Z"));
        assert_eq!(at("2026-12"), millis("2027-01-01T00:00:00Z"));
        assert_eq!(at("oTD8"), Jump::Openid("oTD8".into()));
        assert_eq!(at("2026-13"), Jump::Openid("2026-13".into()));
    }
}
