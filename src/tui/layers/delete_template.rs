use super::Then;
use super::typed::{Around, Typed};
use crate::domain::account::Account;
use crate::domain::id::JobId;
use crate::domain::template::Template;
use crate::tui::context::Context;
use crate::tui::effect::TemplatesEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Level, Msg, SystemMsg, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::templates_news::name_of;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Deleting a template for good, for which its title has to be typed.
#[derive(Debug)]
pub struct DeleteTemplate {
    account: Account,
    template: Template,
    /// Unfinished jobs that need it.
    jobs: Vec<JobId>,
    typed: Typed,
}

impl DeleteTemplate {
    /// Asks first, and looks for jobs that could not go on without it.
    pub fn new(account: Account, template: Template, out: &mut Out) -> Self {
        out.ask(TemplatesEffect::FindJobs { account: account.id, template: template.id.clone() });
        Self { account, template, jobs: Vec::new(), typed: Typed::default() }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter if self.typed.confirms(name_of(&self.template)) => {
                let (account, title) = (self.account.id, self.name().to_owned());
                let text = ctx.say_with("delete_template.deleting", &[("title", &title)]);
                out.tell(SystemMsg::Noted { level: Level::Info, text });
                out.ask(TemplatesEffect::Delete { account, template: self.template.id.clone(), title });
                return Then::Close;
            }
            Code::Enter => {}
            _ => self.typed.on_key(key, out),
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.typed.on_paste(text);
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
        let named = [("title", self.name()), ("id", self.template.id.as_str()), ("account", self.account.name.as_str())];
        let mut above = vec![(ctx.say_with("delete_template.does", &named), Role::Warning)];
        if !self.jobs.is_empty() {
            above.push((self.jobs_words(ctx), Role::Error));
        }
        let around = Around {
            title: ctx.say("delete_template.title"),
            above: &above,
            ask: &ctx.say_with("delete_template.type_title", &named),
            wrong: ctx.say("delete_template.other_title"),
            hint: ctx.say("delete_template.hint"),
        };
        self.typed.view(&around, area, buf, ctx)
    }

    fn jobs_words(&self, ctx: &Context) -> String {
        let jobs: Vec<String> = self.jobs.iter().map(ToString::to_string).collect();
        format!("! {}", ctx.say_with("delete_template.jobs_wait", &[("jobs", &jobs.join(", "))]))
    }

    fn name(&self) -> &str {
        name_of(&self.template)
    }
}
