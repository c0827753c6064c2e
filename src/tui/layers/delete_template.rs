use super::{Then, lines, popup};
use crate::domain::account::Account;
use crate::domain::id::JobId;
use crate::domain::template::Template;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::TemplatesEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Level, Msg, SystemMsg, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::templates_news::name_of;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Deleting a template for good, for which its title has to be typed.
#[derive(Debug)]
pub struct DeleteTemplate {
    account: Account,
    template: Template,
    /// Unfinished jobs that need it.
    jobs: Vec<JobId>,
    typed: Field,
    /// Enter was pressed under another title.
    refused: bool,
}

impl DeleteTemplate {
    /// Asks first, and looks for jobs that could not go on without it.
    pub fn new(account: Account, template: Template, out: &mut Out) -> Self {
        out.ask(TemplatesEffect::FindJobs { account: account.id, template: template.id.clone() });
        Self { account, template, jobs: Vec::new(), typed: Field::default(), refused: false }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter if self.typed.text().trim() == self.name().trim() => {
                let (account, title) = (self.account.id, self.name().to_owned());
                let text = ctx.say_with("delete_template.deleting", &[("title", &title)]);
                out.tell(SystemMsg::Noted { level: Level::Info, text });
                out.ask(TemplatesEffect::Delete { account, template: self.template.id.clone(), title });
                return Then::Close;
            }
            Code::Enter => self.refused = true,
            _ if self.typed.edit(key, out) == Change::Text => self.refused = false,
            _ => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.typed.paste(text);
        self.refused = false;
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Templates(TemplatesMsg::JobsFound { template, jobs }) = msg
            && *template == self.template.id
        {
            self.jobs.clone_from(jobs);
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 66.min(usize::from(area.width).saturating_sub(8));
        let named = [("title", self.name()), ("id", self.template.id.as_str()), ("account", self.account.name.as_str())];
        let does = width::wrap(&ctx.say_with("delete_template.does", &named), columns);
        let jobs = if self.jobs.is_empty() { Vec::new() } else { width::wrap(&self.jobs_words(ctx), columns) };
        let ask = width::wrap(&ctx.say_with("delete_template.type_title", &[("title", self.name())]), columns);
        let size = (columns + 6, does.len() + jobs.len() + ask.len() + 9);
        let room = popup(area, size, ctx.say("delete_template.title"), ctx.say("delete_template.hint"), buf, ctx);
        let mut row = lines(buf, room, 0, &does, Role::Warning, ctx);
        row = lines(buf, room, row, &jobs, Role::Error, ctx);
        row = lines(buf, room, row + 1, &ask, Role::Strong, ctx);
        let place = Rect { y: room.y + row as u16, height: 1, ..room };
        let at = self.typed.draw(place, buf, Look::new(Role::Accent, true, ctx));
        if self.refused {
            let text = format!("✗ {}", ctx.say("delete_template.other_title"));
            Line::new(buf, room, row + 1).put(&text, ctx.style(Role::Error));
        }
        at
    }

    fn jobs_words(&self, ctx: &Context) -> String {
        let jobs: Vec<String> = self.jobs.iter().map(ToString::to_string).collect();
        format!("! {}", ctx.say_with("delete_template.jobs_wait", &[("jobs", &jobs.join(", "))]))
    }

    fn name(&self) -> &str {
        name_of(&self.template)
    }
}
