use super::{Then, lines, popup, scrolled};
use crate::domain::account::Account;
use crate::domain::audience::{Reach, Stale};
use crate::domain::id::OpenId;
use crate::text::freshness::age;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{SendEffect, SendOrder};
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::msg::{Generation, Msg, Preflight, QuotaMsg, SendMsg};
use crate::tui::out::Out;
use crate::tui::panes::compose::{excluded_words, recipients};
use crate::tui::quota_news;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look, parts, pretty};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::Duration;

/// The last look before a send.
#[derive(Debug)]
pub struct Confirm {
    account: Account,
    order: SendOrder,
    /// The audience as the screen says it.
    to: String,
    warnings: Vec<String>,
    generation: Generation,
    state: State,
    quota: Quota,
    /// Above so many recipients the count has to be typed.
    typed_above: u64,
    typed: Field,
    /// Enter was pressed under another number.
    mistyped: bool,
    offset: usize,
    /// Whom the operator confirmed that it reaches.
    confirmed: Option<Reach>,
    /// That it reaches others by now.
    changed: bool,
}

/// How far the preparation is.
#[derive(Debug)]
enum State {
    Preparing,
    Ready(Box<Preflight>),
    Starting,
    Refused(String),
}

/// What is known of the day's allowance. It is never in the way.
#[derive(Debug)]
enum Quota {
    Asked,
    Told,
    Failed(String),
}

impl Confirm {
    /// Waits for the preflight with this number.
    pub fn new(account: Account, order: SendOrder, to: String, warnings: Vec<String>, generation: Generation) -> Self {
        let (state, typed) = (State::Preparing, Field::default());
        Self {
            account,
            order,
            to,
            warnings,
            generation,
            state,
            quota: Quota::Asked,
            typed_above: 0,
            typed,
            mistyped: false,
            offset: 0,
            confirmed: None,
            changed: false,
        }
    }

    /// The count has to be typed above so many recipients.
    pub fn typed_above(self, recipients: u64) -> Self {
        Self { typed_above: recipients, ..self }
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.must_type()
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Up => self.offset = self.offset.saturating_sub(1),
            Code::Down => self.offset = (self.offset + 1).min(10_000),
            Code::Enter => return self.send(out),
            _ if self.must_type() => self.mistyped &= self.typed.on_key(key) != Change::Text,
            Code::Char('n') => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        if self.must_type() {
            self.typed.paste(text);
            self.mistyped = false;
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Send(SendMsg::Prepared { generation, preflight }) if *generation == self.generation => {
                self.state = State::Ready(preflight.clone());
            }
            Msg::Quota(QuotaMsg::Seen { account, quota }) if *account == self.account.id => {
                self.account.quota = Some(*quota);
                self.quota = Quota::Told;
            }
            Msg::Quota(QuotaMsg::LookFailed { account, text }) if *account == self.account.id => {
                self.quota = Quota::Failed(text.clone());
            }
            Msg::Send(SendMsg::Changed { preflight }) => {
                self.state = State::Ready(preflight.clone());
                self.typed = Field::default();
                self.changed = true;
            }
            Msg::Send(SendMsg::Started { .. }) if matches!(self.state, State::Starting) => return Then::Close,
            Msg::Send(SendMsg::Refused { text }) => self.state = State::Refused(text.clone()),
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let size = (usize::from(area.width).saturating_sub(6).min(92), usize::from(area.height).saturating_sub(2).min(34));
        let hint = ctx.say(if self.may_send() { "confirm.hint" } else { "confirm.hint_blocked" });
        let room = popup(area, size, ctx.say("confirm.title"), hint, buf, ctx);
        let row = self.view_facts(room, buf, ctx);
        let foot = usize::from(self.must_type()) * 2;
        let json = Rect { y: room.y + row as u16, height: room.height.saturating_sub((row + foot) as u16), ..room };
        self.view_json(json, buf, ctx);
        if self.must_type() { self.view_typed(room, buf, ctx) } else { None }
    }

    fn view_facts(&self, room: Rect, buf: &mut Buffer, ctx: &Context) -> usize {
        let from = format!("{}  {}", self.account.name, self.account.appid.short());
        let facts = [
            (ctx.say("confirm.account"), from.as_str()),
            (ctx.say("confirm.template"), self.order.template.title.as_str()),
            (ctx.say("confirm.to"), self.to.as_str()),
        ];
        for (at, (label, text)) in facts.into_iter().enumerate() {
            Line::new(buf, room, at).column(label, 12, ctx.style(Role::Dim)).put(text, ctx.style(Role::Strong));
        }
        let row = match &self.state {
            State::Preparing => lines(buf, room, 3, &[ctx.say("confirm.preparing").to_owned()], Role::Busy, ctx),
            State::Starting => lines(buf, room, 3, &[ctx.say("confirm.starting").to_owned()], Role::Busy, ctx),
            State::Refused(text) => lines(buf, room, 3, &wrap_with_sign("✗", text, room), Role::Error, ctx),
            State::Ready(preflight) => self.view_preflight(preflight, room, buf, ctx),
        };
        row + 1
    }

    fn view_preflight(&self, preflight: &Preflight, room: Rect, buf: &mut Buffer, ctx: &Context) -> usize {
        let reach = preflight.reach;
        let nobody = reach.recipients == 0;
        let mut line = Line::new(buf, room, 3);
        line.column(ctx.say("confirm.recipients"), 12, ctx.style(Role::Dim));
        line.put(&recipients(reach, ctx), ctx.style(if nobody { Role::Error } else { Role::Ok }));
        let mut row = 4;
        let excluded = excluded_words(&reach.excluded, ctx);
        if !excluded.is_empty() {
            Line::new(buf, room, row).skip(12).put(&excluded, ctx.style(Role::Dim));
            row += 1;
        }
        let mut line = Line::new(buf, room, row);
        line.column(ctx.say("confirm.duration"), 12, ctx.style(Role::Dim)).put(&duration(preflight, ctx), ctx.style(Role::Text));
        row = self.view_quota(reach.recipients, row + 1, room, buf, ctx);
        if nobody {
            row = lines(buf, room, row, &wrap_with_sign("✗", ctx.say("confirm.nobody"), room), Role::Error, ctx);
        }
        if let Some(before) = self.confirmed.filter(|_| self.changed) {
            let [before, now] = [before.recipients, reach.recipients].map(number::thousands);
            let text = ctx.say_with("confirm.changed", &[("before", &before), ("now", &now)]);
            row = lines(buf, room, row, &wrap_with_sign("!", &text, room), Role::Error, ctx);
        }
        if let Some(stale) = preflight.stale {
            row = lines(buf, room, row, &wrap_with_sign("!", &stale_words(stale, ctx), room), Role::Warning, ctx);
        }
        if let Some(job) = preflight.same_as {
            let text = ctx.say_with("confirm.same", &[("job", &job.to_string())]);
            row = lines(buf, room, row, &wrap_with_sign("!", &text, room), Role::Warning, ctx);
        }
        for warning in self.warnings.iter().chain(&self.elsewhere(preflight, ctx)) {
            row = lines(buf, room, row, &wrap_with_sign("!", warning, room), Role::Warning, ctx);
        }
        row
    }

    /// What is left of today, and whether that is enough.
    fn view_quota(&self, recipients: u64, row: usize, room: Rect, buf: &mut Buffer, ctx: &Context) -> usize {
        let mut line = Line::new(buf, room, row);
        line.column(ctx.say("quota.label"), 12, ctx.style(Role::Dim));
        let seen = self.account.quota.filter(|quota| quota.is_of_day(ctx.now));
        if let Some(quota) = seen {
            line.put(&quota_news::said(quota, "quota.left", ctx), ctx.style(Role::Text)).skip(2);
            if !matches!(self.quota, Quota::Told) {
                let time = number::clock(quota.at, &ctx.settings.zone);
                line.put(&ctx.say_with("quota.as_of", &[("time", &time)]), ctx.style(Role::Dim)).skip(2);
            }
        }
        match &self.quota {
            Quota::Asked => _ = line.put(ctx.say("quota.asking"), ctx.style(Role::Dim)),
            Quota::Failed(text) => _ = line.put(&ctx.say_with("quota.failed", &[("text", text)]), ctx.style(Role::Dim)),
            Quota::Told => {}
        }
        let Some(quota) = seen.filter(|quota| quota.remain() < recipients) else { return row + 1 };
        let [remain, count] = [quota.remain(), recipients].map(number::thousands);
        let text = ctx.say_with("quota.short", &[("remain", &remain), ("count", &count)]);
        lines(buf, room, row + 1, &wrap_with_sign("!", &text, room), Role::Warning, ctx)
    }

    /// That other processes send for the same account.
    fn elsewhere(&self, preflight: &Preflight, ctx: &Context) -> Option<String> {
        let jobs: Vec<String> = preflight.elsewhere.iter().map(ToString::to_string).collect();
        let named = [("name", self.account.name.as_str()), ("jobs", &jobs.join(", "))];
        (!jobs.is_empty()).then(|| ctx.say_with("cli.sending_elsewhere", &named))
    }

    fn view_json(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let State::Ready(preflight) = &self.state else { return };
        let Some((first, message)) = &preflight.first else { return };
        let body = pretty(&message.body(&first.openid));
        let rows: Vec<String> = body.lines().flat_map(|line| parts(line, usize::from(area.width))).map(str::to_owned).collect();
        let text = ctx.say_with("confirm.first", &[("name", who(first.label(), &first.openid))]);
        Line::new(buf, area, 0).put(&text, ctx.style(Role::Dim));
        let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let offset = scrolled(self.offset, rows.len(), usize::from(rest.height));
        lines(buf, rest, 0, &rows[offset..], Role::Value, ctx);
    }

    fn view_typed(&self, room: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let row = usize::from(room.height).saturating_sub(1);
        let mut line = Line::new(buf, room, row);
        let count = self.count().unwrap_or_default().to_string();
        line.put(&ctx.say_with("confirm.type_count", &[("count", &count)]), ctx.style(Role::Strong))
            .put("  ", ctx.style(Role::Text));
        if self.mistyped {
            line.right(ctx.say("confirm.mistyped"), ctx.style(Role::Error));
        }
        let area = Rect { x: line.x(), y: room.y + row as u16, width: line.room() as u16, height: 1 };
        let look = Look::new(Role::Accent, true, ctx);
        self.typed.draw(area, buf, look)
    }

    fn count(&self) -> Option<u64> {
        match &self.state {
            State::Ready(preflight) => Some(preflight.reach.recipients),
            _ => None,
        }
    }

    fn must_type(&self) -> bool {
        self.count().is_some_and(|count| count > self.typed_above)
    }

    fn may_send(&self) -> bool {
        let typed: String = self.typed.text().chars().filter(|c| !c.is_whitespace()).collect();
        self.count().is_some_and(|count| count > 0 && (count <= self.typed_above || typed == count.to_string()))
    }

    fn send(&mut self, out: &mut Out) -> Then {
        let State::Ready(preflight) = &self.state else { return Then::Stay };
        if !self.may_send() {
            self.mistyped = self.must_type();
            return Then::Stay;
        }
        let (again, reach) = (preflight.same_as.is_some(), preflight.reach);
        // Of a few nobody minds that one of them has just left.
        let expected = self.must_type().then_some(reach);
        out.ask(SendEffect::StartSend { order: self.order.clone(), again, expected });
        (self.confirmed, self.state) = (Some(reach), State::Starting);
        Then::Stay
    }
}

fn duration(preflight: &Preflight, ctx: &Context) -> String {
    let pace = preflight.pace;
    let flight = pace.concurrency.to_string();
    if pace.rate.is_unlimited() {
        return ctx.say_with("confirm.unlimited", &[("concurrency", &flight)]);
    }
    let seconds = preflight.reach.recipients.div_ceil(u64::from(pace.rate.0));
    let time = number::duration(Duration::from_secs(seconds), ctx.settings.lang);
    let rate = number::per_second(pace.rate.0, ctx.settings.lang);
    ctx.say_with("confirm.pace", &[("time", &time), ("rate", &rate), ("concurrency", &flight)])
}

/// How old what is known of the followers is.
fn stale_words(stale: Stale, ctx: &Context) -> String {
    let key = ctx.key(Action::Sync);
    match stale {
        Stale::Never => ctx.say_with("confirm.never_synced", &[("key", &key)]),
        Stale::Since(at) => {
            let age = age(at, ctx.now, ctx.settings.lang);
            ctx.say_with("confirm.stale", &[("age", &age), ("key", &key)])
        }
        Stale::CutOff(at) => {
            let age = age(at, ctx.now, ctx.settings.lang);
            ctx.say_with("confirm.cut_off", &[("age", &age), ("key", &key)])
        }
    }
}

fn who<'a>(label: &'a str, openid: &'a OpenId) -> &'a str {
    if label.is_empty() { openid.as_str() } else { label }
}

fn wrap_with_sign(sign: &str, text: &str, room: Rect) -> Vec<String> {
    width::wrap(&format!("{sign} {text}"), usize::from(room.width))
}
