mod profile;

use super::{Then, popup, popup_room};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::profile::Profile;
use crate::store::PastDelivery;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{ProfileEffect, SendEffect, SystemEffect};
use crate::tui::input::{Code, Key};
use crate::tui::layers::Layer;
use crate::tui::msg::{Msg, ProfileMsg, Refusal, SendMsg};
use crate::tui::out::Out;
use crate::tui::panes::{delivery_role, meaning, state_word};
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use profile::{Row, Rows};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Most rows read: nobody reads on behind them.
const MOST: u32 = 500;
/// Lines below the rows: a rule, and the selected delivery in full.
const DETAILS: usize = 7;
/// From this room on titles may be long.
const WIDE: usize = 100;

/// All that is known of one user, and below it everything they were ever sent, newest first; both scroll as one. Enter shows the
/// job in the send pane.
#[derive(Debug)]
pub struct UserHistory {
    account: AccountId,
    openid: OpenId,
    /// Empty where there is none.
    name: String,
    /// None until the cache was read; or why it could not be.
    profile: Option<Result<Option<Box<Profile>>, String>>,
    /// The parameter of the QR code, once WeChat told it.
    qr: Option<String>,
    /// WeChat is being asked.
    asking: bool,
    /// Why it did not tell.
    refusal: Option<Refusal>,
    /// None until the ledger was gone through; or why it could not be.
    found: Option<Result<Vec<PastDelivery>, String>>,
    cursor: Cursor,
    scroll: Scroll,
    copied: bool,
}

/// Which of the lines above the rows and the rows themselves are in view.
#[derive(Debug, Default)]
struct Scroll {
    top: usize,
    /// Lines above the rows.
    lines: usize,
    /// Those and the first row.
    first: usize,
    height: usize,
}

impl Scroll {
    /// Scrolls no further than needed to have the selected row in view; above the first one there are lines to be read as well.
    fn fit(&mut self, at: usize, len: usize) {
        self.first = self.lines + len.min(1);
        let low = if at == 0 { 0 } else { (self.lines + at + 1).saturating_sub(self.height) };
        let last = (self.lines + len).saturating_sub(self.height);
        self.top = self.top.clamp(low, (self.lines + at).max(low)).min(last);
    }

    /// Whether a key moves over the lines above the first row; then it is not for the rows.
    fn on_key(&mut self, key: Key, at: usize) -> bool {
        let page = self.height.max(2) - 1;
        let is_below = self.first > self.top + self.height;
        self.top = match key.code {
            Code::Up if at == 0 => self.top.saturating_sub(1),
            Code::PageUp if at == 0 => self.top.saturating_sub(page),
            Code::Down if at == 0 && is_below => self.top + 1,
            Code::PageDown | Code::Char(' ') if at == 0 && is_below => self.top + page,
            Code::Home => {
                self.top = 0;
                return false;
            }
            _ => return false,
        };
        true
    }
}

impl UserHistory {
    /// Opens for a user, and asks for what there is.
    pub fn open(account: AccountId, openid: OpenId, name: String, out: &mut Out) {
        out.ask(ProfileEffect::Load { account, openid: openid.clone() });
        out.ask(SendEffect::LoadDeliveriesTo { account, openid: openid.clone(), count: MOST });
        let history = Self {
            account,
            openid,
            name,
            profile: None,
            qr: None,
            asking: false,
            refusal: None,
            found: None,
            cursor: Cursor::default(),
            scroll: Scroll::default(),
            copied: false,
        };
        out.open(Layer::UserHistory(Box::new(history)));
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        self.copied = false;
        match key.code {
            Code::Enter => {
                if let Some(past) = self.rows().get(self.cursor.at) {
                    out.tell(SendMsg::JobChosen { job: past.delivery.job });
                }
                return Then::Close;
            }
            Code::Esc | Code::Char('v' | 'h') => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            Code::Char('c') => {
                out.ask(SystemEffect::CopyToClipboard { text: self.openid.to_string() });
                self.copied = true;
            }
            Code::Char('r') if !self.asking => {
                out.ask(ProfileEffect::LookUp { account: self.account, openid: self.openid.clone() });
                (self.asking, self.refusal) = (true, None);
            }
            _ => {}
        }
        if !self.scroll.on_key(key, self.cursor.at) {
            let len = self.rows().len();
            self.cursor.on_key(key, len);
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Send(SendMsg::DeliveriesToLoaded { account, openid, found }) if self.is_of(*account, openid) => {
                self.found = Some(found.clone());
            }
            // What WeChat told meanwhile is newer.
            Msg::Profile(ProfileMsg::Loaded { account, openid, found })
                if self.is_of(*account, openid) && self.profile.is_none() =>
            {
                self.profile = Some(found.clone());
            }
            Msg::Profile(ProfileMsg::LookedUp { account, openid, found }) if self.is_of(*account, openid) => {
                self.asking = false;
                match found {
                    Ok(told) => {
                        self.qr.clone_from(&told.qr);
                        self.profile = Some(Ok(Some(Box::new(told.profile.clone()))));
                    }
                    Err(refusal) => self.refusal = Some(refusal.clone()),
                }
            }
            _ => {}
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect, ctx: &Context) {
        let room = popup_room(area, self.size(area, ctx));
        self.scroll.lines = self.lines(room.width, ctx).len();
        self.scroll.height = usize::from(room.height).saturating_sub(self.details(room)).max(1);
        let len = self.rows().len();
        self.cursor.fit(len, self.scroll.height);
        self.scroll.fit(self.cursor.at, len);
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let hint = if self.copied { ctx.say("user_detail.copied") } else { ctx.say("user_history.hint") };
        let room = popup(area, self.size(area, ctx), &self.title(ctx), hint, buf, ctx);
        let lines = self.lines(room.width, ctx);
        let rows = self.rows();
        let most = if usize::from(room.width) >= WIDE { 32 } else { 18 };
        let title = rows.iter().map(|past| width::columns(&past.title)).max().unwrap_or_default().min(most);
        let upper = Rect { height: room.height.min(self.scroll.height as u16), ..room };
        for at in 0..usize::from(upper.height) {
            let (line, place) = (Line::new(buf, upper, at), self.scroll.top + at);
            if let Some(row) = lines.get(place) {
                row.view(line, ctx);
            } else if let Some(past) = rows.get(place - lines.len()) {
                view_row(past, place - lines.len() == self.cursor.at, title, line, ctx);
            }
        }
        if let Some(past) = rows.get(self.cursor.at) {
            let height = room.height.min(self.details(room) as u16);
            let below = Rect { y: room.bottom().saturating_sub(height), height, ..room };
            view_details(past, below, buf, ctx);
        }
    }

    /// What stands above the rows: all that is known of the user, and what there is instead of rows.
    fn lines(&self, columns: u16, ctx: &Context) -> Vec<Row> {
        let mut rows = Rows::new(usize::from(columns));
        rows.put(ctx.say("user_detail.openid"), self.openid.as_str(), Role::Value);
        match &self.profile {
            Some(Ok(Some(profile))) => rows.profile(profile, self.qr.as_deref(), ctx),
            Some(Ok(None)) => rows.put("", ctx.say("user_detail.unknown"), Role::Warning),
            Some(Err(text)) => rows.put("", text, Role::Error),
            None => {}
        }
        match (&self.refusal, &self.profile) {
            _ if self.asking => rows.put(ctx.say("user_detail.read"), ctx.say("user_detail.asking"), Role::Busy),
            (Some(refusal), _) => rows.refusal(refusal, ctx),
            (None, Some(Ok(Some(profile)))) => rows.read(profile.read, ctx),
            _ => {}
        }
        rows.blank();
        let sent = ctx.say("user_detail.sent");
        match &self.found {
            Some(Ok(found)) if found.is_empty() => rows.put(sent, ctx.say("cli.nothing_sent"), Role::Dim),
            Some(Ok(found)) => rows.put(sent, &count(found.len()), Role::Text),
            Some(Err(text)) => rows.put(sent, text, Role::Error),
            None => rows.put(sent, ctx.say("user_history.reading"), Role::Busy),
        }
        rows.end()
    }

    /// Whose history it is, and where in it one is.
    fn title(&self, ctx: &Context) -> String {
        let name = match &self.profile {
            Some(Ok(Some(profile))) => profile.user.label(),
            _ => &self.name,
        };
        let name = if name.is_empty() { self.openid.as_str() } else { name };
        let len = self.rows().len();
        if len == 0 {
            return ctx.say_with("user_history.title", &[("name", name)]);
        }
        let at = number::thousands(self.cursor.at as u64 + 1);
        ctx.say_with("user_history.title_at", &[("name", name), ("at", &at), ("of", &count(len))])
    }

    fn rows(&self) -> &[PastDelivery] {
        match &self.found {
            Some(Ok(rows)) => rows,
            _ => &[],
        }
    }

    fn is_of(&self, account: AccountId, openid: &OpenId) -> bool {
        (account, openid) == (self.account, &self.openid)
    }

    /// As much as there is, where there is room for it.
    fn size(&self, area: Rect, ctx: &Context) -> (usize, usize) {
        let columns = usize::from(area.width).saturating_sub(2).min(130);
        let room = popup_room(area, (columns, usize::from(area.height)));
        let lines = self.lines(room.width, ctx).len() + self.rows().len() + self.details(room);
        (columns, lines + 5)
    }

    /// Lines for the selected delivery; where there is little room, no more than half of it.
    fn details(&self, room: Rect) -> usize {
        if self.rows().is_empty() { 0 } else { DETAILS.min(usize::from(room.height) / 2) }
    }
}

/// How many rows there are, or at least are.
fn count(len: usize) -> String {
    let count = number::thousands(len as u64);
    if len >= MOST as usize { format!("{count}+") } else { count }
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
    line.put(&width::pad_left(&code, 6), style).put("  ", style).put(&meaning(delivery, None, ctx), style);
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
    for (at, text) in width::wrap(&meaning(delivery, None, ctx), usize::from(area.width)).iter().enumerate() {
        Line::new(buf, area, at + 2).put(text, ctx.style(Role::Text));
    }
}
