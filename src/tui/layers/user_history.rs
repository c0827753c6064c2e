use super::{Then, popup};
use crate::domain::id::{AccountId, OpenId};
use crate::store::PastDelivery;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::SendEffect;
use crate::tui::input::{Code, Key};
use crate::tui::layers::Layer;
use crate::tui::msg::{Msg, SendMsg};
use crate::tui::out::Out;
use crate::tui::panes::{delivery_role, meaning, state_word};
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Most rows read: nobody reads on behind them.
const MOST: u32 = 500;
/// Lines below the rows: a rule, and the selected delivery in full.
const DETAILS: usize = 7;
/// From this room on titles may be long.
const WIDE: usize = 100;

/// Everything one user was ever sent, newest first; enter shows the job in the send pane.
#[derive(Debug)]
pub struct UserHistory {
    account: AccountId,
    openid: OpenId,
    /// Empty where there is none.
    name: String,
    /// None until the ledger was gone through; or why it could not be.
    found: Option<Result<Vec<PastDelivery>, String>>,
    cursor: Cursor,
}

impl UserHistory {
    /// Opens for a user, and asks for what there is.
    pub fn open(account: AccountId, openid: OpenId, name: String, out: &mut Out) {
        out.ask(SendEffect::LoadDeliveriesTo { account, openid: openid.clone(), count: MOST });
        let history = Self { account, openid, name, found: None, cursor: Cursor::default() };
        out.open(Layer::UserHistory(Box::new(history)));
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Enter => {
                if let Some(past) = self.rows().get(self.cursor.at) {
                    out.tell(SendMsg::JobChosen { job: past.delivery.job });
                }
                return Then::Close;
            }
            Code::Esc | Code::Char('q' | 'v' | 'h') => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            _ => {}
        }
        let len = self.rows().len();
        self.cursor.on_key(key, len);
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Send(SendMsg::DeliveriesToLoaded { account, openid, found }) = msg
            && (*account, openid) == (self.account, &self.openid)
        {
            self.found = Some(found.clone());
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        let rows = self.rows_in(area);
        self.cursor.fit(self.rows().len(), rows);
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let size = (usize::from(area.width).saturating_sub(2).min(130), self.rows_in(area) + DETAILS + 5);
        let room = popup(area, size, &self.title(ctx), ctx.say("user_history.hint"), buf, ctx);
        let rows = match &self.found {
            Some(Ok(rows)) if rows.is_empty() => return say(ctx.say("cli.nothing_sent"), Role::Dim, room, buf, ctx),
            Some(Ok(rows)) => rows,
            Some(Err(text)) => return say(text, Role::Error, room, buf, ctx),
            None => return say(ctx.say("user_history.reading"), Role::Busy, room, buf, ctx),
        };
        let most = if usize::from(room.width) >= WIDE { 32 } else { 18 };
        let title = rows.iter().map(|past| width::columns(&past.title)).max().unwrap_or_default().min(most);
        for (at, index) in self.cursor.visible(rows.len()) {
            view_row(&rows[index], index == self.cursor.at, title, Line::new(buf, room, at), ctx);
        }
        if let Some(past) = rows.get(self.cursor.at) {
            let height = room.height.min(DETAILS as u16);
            let below = Rect { y: room.bottom().saturating_sub(height), height, ..room };
            view_details(past, below, buf, ctx);
        }
    }

    /// Whose history it is, and where in it one is.
    fn title(&self, ctx: &Context) -> String {
        let name = if self.name.is_empty() { self.openid.as_str() } else { &self.name };
        let len = self.rows().len();
        if len == 0 {
            return ctx.say_with("user_history.title", &[("name", name)]);
        }
        let of = number::thousands(len as u64);
        let of = if len >= MOST as usize { format!("{of}+") } else { of };
        let at = number::thousands(self.cursor.at as u64 + 1);
        ctx.say_with("user_history.title_at", &[("name", name), ("at", &at), ("of", &of)])
    }

    fn rows(&self) -> &[PastDelivery] {
        match &self.found {
            Some(Ok(rows)) => rows,
            _ => &[],
        }
    }

    /// As many rows as there are, as long as the details have their room.
    fn rows_in(&self, area: Rect) -> usize {
        self.rows().len().min(usize::from(area.height).saturating_sub(5 + DETAILS)).max(1)
    }
}

/// Something other than rows.
fn say(text: &str, role: Role, room: Rect, buf: &mut Buffer, ctx: &Context) {
    for (at, line) in width::wrap(text, usize::from(room.width)).iter().enumerate() {
        Line::new(buf, room, at).put(line, ctx.style(role));
    }
}

fn view_row(past: &PastDelivery, chosen: bool, title: usize, mut line: Line, ctx: &Context) {
    let delivery = &past.delivery;
    let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
    let as_role = |role| style.patch(ctx.style(role));
    line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
    line.put(&width::pad_left(&delivery.job.to_string(), 5), style).put("  ", style);
    let at = delivery.updated_at.map(|at| number::day_and_clock(at, &ctx.settings.zone)).unwrap_or_default();
    line.column(&at, 11, as_role(Role::Dim)).put("  ", style);
    line.column(&past.title, title, style).put("  ", style);
    line.column(state_word(delivery.state, ctx), 9, as_role(delivery_role(delivery))).put(" ", style);
    let code = delivery.errcode.filter(|code| *code != 0).map(|code| code.to_string()).unwrap_or_default();
    line.put(&width::pad_left(&code, 6), style).put("  ", style).put(&meaning(delivery, ctx), style);
}

/// The delivery in full: what, when, how it ended, and what to do about it.
fn view_details(past: &PastDelivery, area: Rect, buf: &mut Buffer, ctx: &Context) {
    let delivery = &past.delivery;
    let rule = if ctx.settings.ascii { "-" } else { "─" };
    Line::new(buf, area, 0).put(&rule.repeat(usize::from(area.width)), ctx.style(Role::Border));
    let mut line = Line::new(buf, area, 1);
    line.put(&past.title, ctx.style(Role::Strong)).put("  ", ctx.style(Role::Text));
    let at = delivery.updated_at.map(|at| number::date_time(at, &ctx.settings.zone)).unwrap_or_default();
    line.put(&at, ctx.style(Role::Dim)).put("  ", ctx.style(Role::Text));
    line.put(state_word(delivery.state, ctx), ctx.style(delivery_role(delivery)));
    for (at, text) in width::wrap(&meaning(delivery, ctx), usize::from(area.width)).iter().enumerate() {
        Line::new(buf, area, at + 2).put(text, ctx.style(Role::Text));
    }
}
