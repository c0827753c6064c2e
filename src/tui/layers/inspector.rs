use super::{Then, UserHistory, clear, popup, scrolled};
use crate::domain::api_base::ApiBase;
use crate::domain::curl;
use crate::domain::delivery::Delivery;
use crate::domain::delivery::State;
use crate::domain::id::AccountId;
use crate::domain::job::Call;
use crate::domain::job::Job;
use crate::domain::reply::ErrmsgParts;
use crate::domain::template::Template;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::helps::{Trouble, offers};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Attempt, Msg, SendMsg};
use crate::tui::msg::{CheckupMsg, Refusal};
use crate::tui::out::Out;
use crate::tui::panes::state_word;
use crate::tui::panes::told;
use crate::tui::templates_news::refusal_words;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, parts, pretty};
use crate::wechat::RefusedCall;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Columns of the labels.
const LABELS: usize = 14;
/// Jobs up to this size keep every request in the ledger.
const KEEPS_ALL: u64 = 1000;

/// One delivery with everything known of it.
#[derive(Debug)]
pub struct Inspector {
    account: AccountId,
    job: Job,
    template: Option<Template>,
    delivery: Delivery,
    name: String,
    /// The request as it was sent, byte for byte.
    body: String,
    client_msg_id: String,
    base: ApiBase,
    keeps_all: bool,
    /// None until they were read.
    attempts: Option<Vec<Attempt>>,
    /// What WeChat kept of the refused call, or why it does not tell.
    kept: Option<Result<Box<RefusedCall>, Refusal>>,
    offset: usize,
    /// What was just copied, in place of the hint.
    copied: Option<&'static str>,
}

/// A line: what it is, the text, and how it is drawn.
struct Row {
    label: String,
    text: String,
    role: Role,
}

/// Lines being written, each text in as many as it needs.
struct Rows {
    rows: Vec<Row>,
    columns: usize,
}

impl Inspector {
    /// A row of a job; its requests are waited for. `base` is the API host that a copied command calls.
    pub fn new(job: Job, template: Option<Template>, delivery: Delivery, name: String, base: ApiBase) -> Self {
        let client_msg_id = job.nonce.client_msg_id(delivery.row);
        let body = job.message_to(&delivery.openid, delivery.params.as_ref()).frame().body_with(&delivery.openid, &client_msg_id);
        let body = String::from_utf8_lossy(&body).into_owned();
        let keeps_all = job.counts.total <= KEEPS_ALL;
        let account = job.account;
        Self {
            account,
            job,
            template,
            delivery,
            name,
            body,
            client_msg_id,
            base,
            keeps_all,
            attempts: None,
            kept: None,
            offset: 0,
            copied: None,
        }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        self.copied = None;
        match key.code {
            Code::Char('c') if key.ctrl => return Then::Close,
            Code::Up => self.offset = self.offset.saturating_sub(1),
            Code::Down => self.offset += 1,
            Code::PageUp => self.offset = self.offset.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.offset += 10,
            Code::Home => self.offset = 0,
            Code::Char('c') => self.copy(self.body.clone(), ctx.say("preview.copied"), out),
            Code::Char('u') => {
                self.copy(curl::post(&self.base, Call::Send.path(), &self.body), ctx.say("inspector.copied_curl"), out);
            }
            Code::Char(digit @ '1'..='9') => return self.help(digit as usize - '1' as usize, ctx, out),
            Code::Char('h') => UserHistory::open(self.account, self.delivery.openid.clone(), self.name.clone(), out),
            _ => return Then::Close,
        }
        // How many lines there are depends on the window; more than this there are never.
        self.offset = self.offset.min(10_000);
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Send(SendMsg::AttemptsLoaded { job, row, attempts })
                if (*job, *row) == (self.delivery.job, self.delivery.row) =>
            {
                self.attempts = Some(attempts.clone());
            }
            Msg::Checkup(CheckupMsg::RidFound { rid, found }) if self.rid() == Some(rid.as_str()) => {
                (self.kept, self.offset) = (Some(found.clone()), 0);
            }
            // From the user's history on top of it: it would hide that job.
            Msg::Send(SendMsg::JobChosen { .. }) => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let columns = usize::from(area.width).saturating_sub(4).min(100);
        let rows = self.rows(columns.saturating_sub(LABELS + 6), ctx);
        let room = popup(area, (columns, rows.len() + 5), ctx.say("inspector.title"), ctx.say("inspector.hint"), buf, ctx);
        if let Some(copied) = self.copied {
            let hint = Rect { y: room.bottom() + 1, height: 1, ..room };
            clear(hint, buf);
            Line::new(buf, hint, 0).put(copied, ctx.style(Role::Ok));
        }
        let offset = scrolled(self.offset, rows.len(), usize::from(room.height));
        for (at, row) in rows.iter().skip(offset).take(usize::from(room.height)).enumerate() {
            Line::new(buf, room, at).column(&row.label, LABELS, ctx.style(Role::Dim)).put(&row.text, ctx.style(row.role));
        }
    }

    /// Does what helps. Where that is another pane's matter, the inspector goes away.
    fn help(&mut self, at: usize, ctx: &Context, out: &mut Out) -> Then {
        let mut offers = self.trouble().map(|trouble| offers(trouble, ctx)).unwrap_or_default();
        if at >= offers.len() {
            return Then::Stay;
        }
        let offer = offers.swap_remove(at);
        let leaves = !offer.out.msgs.is_empty() && offer.out.layers.is_empty();
        out.append(offer.out);
        if leaves { Then::Close } else { Then::Stay }
    }

    /// What is wrong with it, if something is.
    fn trouble(&self) -> Option<Trouble<'_>> {
        let delivery = &self.delivery;
        let is_wrong = matches!(delivery.state, State::Failed | State::Unknown) || delivery.errcode.is_some_and(|code| code != 0);
        is_wrong.then(|| Trouble {
            job: &self.job,
            row: Some((delivery, &self.name)),
            errcode: delivery.errcode.filter(|code| *code != 0),
            errmsg: delivery.errmsg.as_deref().unwrap_or_default(),
            call: Call::Send.path(),
        })
    }

    fn rid(&self) -> Option<&str> {
        self.delivery.errmsg.as_deref().and_then(|errmsg| ErrmsgParts::read(errmsg).rid)
    }

    fn copy(&mut self, text: String, said: &'static str, out: &mut Out) {
        out.ask(SystemEffect::CopyToClipboard { text });
        self.copied = Some(said);
    }

    fn rows(&self, columns: usize, ctx: &Context) -> Vec<Row> {
        let mut rows = Rows { rows: Vec::new(), columns };
        self.add_outcome(&mut rows, ctx);
        self.add_kept(&mut rows, ctx);
        self.add_attempts(&mut rows, ctx);
        rows.add_exactly("JSON", &pretty(&self.body), Role::Value);
        rows.rows
    }

    fn add_outcome(&self, rows: &mut Rows, ctx: &Context) {
        let delivery = &self.delivery;
        let to = if self.name.is_empty() { delivery.openid.to_string() } else { format!("{}  {}", self.name, delivery.openid) };
        rows.add(ctx.say("inspector.to"), &to, Role::Strong);
        rows.add(ctx.say("inspector.state"), state_word(delivery.state, ctx), Role::Text);
        if let Some(code) = delivery.errcode.filter(|code| *code != 0) {
            rows.add(ctx.say("inspector.errcode"), &code.to_string(), Role::Strong);
            let (meaning, remedy) = told(delivery, Some((&self.job, self.template.as_ref())), ctx).unwrap_or_default();
            rows.add(ctx.say("inspector.meaning"), &meaning, Role::Error);
            rows.add(ctx.say("inspector.remedy"), &remedy, Role::Ok);
        }
        self.add_helps(rows, ctx);
        if let Some(errmsg) = delivery.errmsg.as_deref() {
            rows.add(ctx.say("inspector.errmsg"), &ctx.texts().recorded(errmsg), Role::Text);
            rows.add("rid", ErrmsgParts::read(errmsg).rid.unwrap_or_default(), Role::Text);
        }
        rows.add("msgid", &delivery.msgid.map(|id| id.to_string()).unwrap_or_default(), Role::Text);
        rows.add("client_msg_id", &self.client_msg_id, Role::Text);
        let updated = delivery.updated_at.map(|time| number::date_time(time, &ctx.settings.zone));
        rows.add(ctx.say("inspector.updated"), &updated.unwrap_or_default(), Role::Text);
        rows.add(ctx.say("inspector.attempts"), &delivery.attempts.to_string(), Role::Text);
    }

    fn add_helps(&self, rows: &mut Rows, ctx: &Context) {
        let offers = self.trouble().map(|trouble| offers(trouble, ctx)).unwrap_or_default();
        for (at, offer) in offers.iter().enumerate() {
            let label = if at == 0 { ctx.say("inspector.helps") } else { "" };
            rows.add(label, &format!("{}  {}", at + 1, offer.text), Role::Key);
        }
    }

    fn add_kept(&self, rows: &mut Rows, ctx: &Context) {
        match &self.kept {
            None => {}
            Some(Err(refusal)) => rows.add("rid", &refusal_words(refusal, " ", ctx), Role::Warning),
            Some(Ok(call)) => {
                let at = call.at.and_then(|at| Timestamp::from_second(at).ok());
                let at = at.map(|at| number::date_time(at, &ctx.settings.zone)).unwrap_or_default();
                let millis = call.millis.map(|millis| number::milliseconds(millis as u64, ctx.settings.lang)).unwrap_or_default();
                rows.add(ctx.say("inspector.kept"), &format!("{at}  {millis}  {}", call.ip), Role::Text);
                rows.add_exactly("", &pretty(&call.request), Role::Value);
                rows.add_exactly("", &call.response, Role::Dim);
            }
        }
    }

    fn add_attempts(&self, rows: &mut Rows, ctx: &Context) {
        let Some(attempts) = &self.attempts else { return };
        if attempts.is_empty() && !self.keeps_all {
            rows.add("", ctx.say("inspector.not_kept"), Role::Hint);
        }
        for (at, attempt) in attempts.iter().enumerate() {
            let label = ctx.say_with("inspector.request", &[("number", &(at + 1).to_string())]);
            rows.add(&label, &attempt_words(attempt, ctx), Role::Text);
            rows.add_exactly("", &attempt.reply, Role::Dim);
        }
    }
}

impl Rows {
    /// A text for people, wrapped between words; nothing where there is none.
    fn add(&mut self, label: &str, text: &str, role: Role) {
        let lines = if text.is_empty() { Vec::new() } else { width::wrap(text, self.columns) };
        self.extend(label, lines, role);
    }

    /// A text of which every character counts, cut where the room ends.
    fn add_exactly(&mut self, label: &str, text: &str, role: Role) {
        let lines = text.lines().flat_map(|line| parts(line, self.columns)).map(str::to_owned).collect();
        self.extend(label, lines, role);
    }

    fn extend(&mut self, label: &str, lines: Vec<String>, role: Role) {
        for (at, text) in lines.into_iter().enumerate() {
            let label = if at == 0 { label.to_owned() } else { String::new() };
            self.rows.push(Row { label, text, role });
        }
    }
}

/// When, how long, and how it was answered.
fn attempt_words(attempt: &Attempt, ctx: &Context) -> String {
    let time = number::date_time(attempt.at, &ctx.settings.zone);
    let status = attempt.status.map(|status| format!("HTTP {status}"));
    let code = attempt.errcode.map(|code| format!("errcode {code}"));
    let answer = [status, code].into_iter().flatten().collect::<Vec<_>>().join("  ");
    let answer = if answer.is_empty() { ctx.say("inspector.no_answer") } else { &answer };
    format!("{time}  {}  {answer}", number::milliseconds(attempt.millis, ctx.settings.lang))
}
