use super::set_industries::SetIndustries;
use super::{Layer, Then, popup};
use crate::domain::account::Account;
use crate::manage::industry;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::TemplatesEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, Refusal, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::templates_news::refusal_words;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use crate::wechat::{INDUSTRY_PATH, Industries as Told, Industry};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The account's two industries, and the way to set them.
#[derive(Debug)]
pub struct Industries {
    account: Account,
    /// What WeChat told; nothing while it is being asked.
    told: Option<Result<Told, Refusal>>,
}

impl Industries {
    /// Asks WeChat.
    pub fn new(account: Account, out: &mut Out) -> Self {
        out.ask(TemplatesEffect::LoadIndustries { account: account.id });
        Self { account, told: None }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if key.typed() == Some('s') {
            out.open(Layer::SetIndustries(Box::new(SetIndustries::new(self.account.clone()))));
        }
        match key.code {
            Code::Up | Code::Down => Then::Stay,
            _ => Then::Close,
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Templates(TemplatesMsg::IndustriesLoaded { account, told }) = msg
            && *account == self.account.id
        {
            self.told = Some(told.clone());
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let columns = 70.min(usize::from(area.width).saturating_sub(8));
        let rows = self.rows(columns, ctx);
        let (title, hint) = (ctx.say("industries.title"), ctx.say("industries.hint"));
        let room = popup(area, (columns + 6, rows.len() + 5), title, hint, buf, ctx);
        for (at, (text, role)) in rows.iter().enumerate() {
            Line::new(buf, room, at).put(text, ctx.style(*role));
        }
    }

    fn rows(&self, columns: usize, ctx: &Context) -> Vec<(String, Role)> {
        let mut rows = Vec::new();
        let mut add = |text: &str, role| rows.extend(width::wrap(text, columns).into_iter().map(|line| (line, role)));
        add(&format!("{}  {}", self.account.name, self.account.appid), Role::Strong);
        add("", Role::Text);
        match &self.told {
            None => add(ctx.say("industries.asking"), Role::Busy),
            Some(Ok(told)) => {
                let both = [&told.primary, &told.secondary];
                both.into_iter().flatten().for_each(|one| add(&words(one, ctx), Role::Text));
                if both.iter().all(|one| one.is_none()) {
                    add(ctx.say("industries.none"), Role::Text);
                }
            }
            Some(Err(refusal)) => {
                // That WeChat refuses to tell means no more than that there are none (`wechat-api.md §4.3`).
                if refusal.code.is_some_and(|(_, call)| call == INDUSTRY_PATH) {
                    add(ctx.say("industries.not_told"), Role::Text);
                }
                add("", Role::Text);
                add(&refusal_words(refusal, "\n", ctx), Role::Warning);
            }
        }
        add("", Role::Text);
        add(ctx.say("industries.about"), Role::Hint);
        rows
    }
}

/// The server's own words, with the code they mean.
fn words(told: &Industry, ctx: &Context) -> String {
    let name = format!("{} / {}", told.main, told.sub);
    match industry::known(told) {
        Some(known) => format!("{}  {name}", width::pad_left(&known.code.to_string(), 3)),
        None => format!("  ?  {}", ctx.say_with("industries.unknown_code", &[("name", &name)])),
    }
}
