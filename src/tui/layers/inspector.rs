use super::{Then, popup, scrolled};
use crate::domain::delivery::Delivery;
use crate::domain::errcode::explain_on;
use crate::domain::reply::ErrmsgParts;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Attempt, Level, Msg, SendMsg, SystemMsg};
use crate::tui::out::Out;
use crate::tui::panes::{SEND_CALL, state_word};
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, parts, pretty};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// One delivery with everything known of it.
#[derive(Debug)]
pub struct Inspector {
    delivery: Delivery,
    name: String,
    body: String,
    client_msg_id: String,
    attempts: Vec<Attempt>,
    offset: usize,
}

/// A line: what it is, the text, and how it is drawn.
struct Row {
    label: &'static str,
    text: String,
    role: Role,
}

impl Inspector {
    pub fn new(delivery: Delivery, name: String, body: String, client_msg_id: String) -> Self {
        Self { delivery, name, body, client_msg_id, attempts: Vec::new(), offset: 0 }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Up | Code::Char('k') => self.offset = self.offset.saturating_sub(1),
            Code::Down | Code::Char('j') => self.offset = (self.offset + 1).min(10_000),
            Code::Char('c') => {
                out.ask(SystemEffect::CopyToClipboard { text: self.body.clone() });
                out.tell(SystemMsg::Noted { level: Level::Info, text: ctx.say("preview.copied").to_owned() });
            }
            _ => return Then::Close,
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Send(SendMsg::AttemptsLoaded { job, row, attempts }) = msg
            && (*job, *row) == (self.delivery.job, self.delivery.row)
        {
            self.attempts.clone_from(attempts);
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let columns = usize::from(area.width).saturating_sub(8).min(92);
        let labels = 14;
        let rows = self.rows(columns.saturating_sub(labels + 6), ctx);
        let room = popup(area, (columns, rows.len() + 5), ctx.say("inspector.title"), ctx.say("inspector.hint"), buf, ctx);
        let offset = scrolled(self.offset, rows.len(), usize::from(room.height));
        for (at, row) in rows.iter().skip(offset).take(usize::from(room.height)).enumerate() {
            Line::new(buf, room, at).column(row.label, labels, ctx.style(Role::Dim)).put(&row.text, ctx.style(row.role));
        }
    }

    fn rows(&self, columns: usize, ctx: &Context) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut add = |label: &'static str, text: &str, role: Role| {
            for (at, line) in width::wrap(text, columns).into_iter().enumerate().filter(|_| !text.is_empty()) {
                rows.push(Row { label: if at == 0 { label } else { "" }, text: line, role });
            }
        };
        let delivery = &self.delivery;
        let to = if self.name.is_empty() { delivery.openid.to_string() } else { format!("{}  {}", self.name, delivery.openid) };
        add(ctx.say("inspector.to"), &to, Role::Strong);
        add(ctx.say("inspector.state"), state_word(delivery.state, ctx), Role::Text);
        if let Some(code) = delivery.errcode.filter(|code| *code != 0) {
            let told = explain_on(code, SEND_CALL, ctx.settings.lang);
            add(ctx.say("inspector.errcode"), &code.to_string(), Role::Strong);
            add(ctx.say("inspector.meaning"), &told.meaning, Role::Error);
            add(ctx.say("inspector.remedy"), &told.remedy, Role::Ok);
        }
        if let Some(errmsg) = delivery.errmsg.as_deref() {
            add(ctx.say("inspector.errmsg"), errmsg, Role::Text);
            add("rid", ErrmsgParts::read(errmsg).rid.unwrap_or_default(), Role::Text);
        }
        add(ctx.say("inspector.attempts"), &delivery.attempts.to_string(), Role::Text);
        add("msgid", &delivery.msgid.map(|id| id.to_string()).unwrap_or_default(), Role::Text);
        add("client_msg_id", &self.client_msg_id, Role::Text);
        let updated = delivery.updated_at.map(|time| number::date_time(time, &ctx.settings.zone));
        add(ctx.say("inspector.updated"), &updated.unwrap_or_default(), Role::Text);
        for attempt in &self.attempts {
            add(ctx.say("inspector.request"), &attempt_words(attempt, ctx), Role::Dim);
        }
        for (at, line) in pretty(&self.body).lines().flat_map(|line| parts(line, columns)).enumerate() {
            rows.push(Row { label: if at == 0 { "JSON" } else { "" }, text: line.to_owned(), role: Role::Value });
        }
        rows
    }
}

fn attempt_words(attempt: &Attempt, ctx: &Context) -> String {
    let status = attempt.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    format!("{}  {} ms  HTTP {status}  {}", number::date_time(attempt.at, &ctx.settings.zone), attempt.millis, attempt.reply)
}
