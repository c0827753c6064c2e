use super::typed::{Around, Typed};
use super::{Then, lines, popup};
use crate::domain::account::Account;
use crate::domain::industry::Industry;
use crate::manage::industry::Pair;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::TemplatesEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::msg::{Level, Msg, Refusal, SystemMsg, TemplatesMsg, Weighed};
use crate::tui::out::Out;
use crate::tui::templates_news::refusal_words;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Cursor, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Rows of the list in view.
const ROWS: usize = 10;
/// Titles of lost templates that are shown; 25 is the most there can be.
const NAMED: usize = 6;

/// Choosing two industries, and setting them once the account's name was typed.
#[derive(Debug)]
pub struct SetIndustries {
    account: Account,
    search: Field,
    cursor: Cursor,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// None is picked yet, or one.
    Picking(Option<Industry>),
    /// WeChat is asked what it would do.
    Weighing(Pair),
    /// It is known, and the name is to be typed.
    Confirm(Box<Confirm>),
    /// It could not be worked out.
    Failed(Refusal),
}

#[derive(Debug)]
struct Confirm {
    pair: Pair,
    weighed: Weighed,
    typed: Typed,
}

impl SetIndustries {
    /// Nothing is set until two are picked and the name is there.
    pub fn new(account: Account) -> Self {
        let mut cursor = Cursor::default();
        cursor.fit(ROWS, ROWS);
        Self { account, search: Field::default(), cursor, stage: Stage::Picking(None) }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        if key.ctrl && key.code == Code::Char('c') {
            return Then::Close;
        }
        match &mut self.stage {
            Stage::Picking(first) => {
                let first = *first;
                self.pick(key, first, out)
            }
            Stage::Confirm(confirm) => match key.code {
                Code::Esc => self.start_again(),
                Code::Enter if confirm.weighed == Weighed::Already => Then::Close,
                Code::Enter if confirm.typed.confirms(&self.account.name) => {
                    out.ask(TemplatesEffect::SetIndustries { account: self.account.id, pair: confirm.pair });
                    let text = ctx.say_with("set_industries.setting", &[("name", &self.account.name)]);
                    out.tell(SystemMsg::Noted { level: Level::Info, text });
                    Then::Close
                }
                Code::Enter => Then::Stay,
                _ => {
                    confirm.typed.on_key(key, out);
                    Then::Stay
                }
            },
            Stage::Weighing(_) | Stage::Failed(_) if key.code == Code::Esc => self.start_again(),
            Stage::Weighing(_) | Stage::Failed(_) => Then::Stay,
        }
    }

    pub fn on_paste(&mut self, text: &str) {
        match &mut self.stage {
            Stage::Confirm(confirm) => confirm.typed.on_paste(text),
            Stage::Picking(_) => {
                self.search.paste(text);
                self.cursor.at = 0;
                self.cursor.fit(self.found().len(), ROWS);
            }
            _ => {}
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let (Stage::Weighing(wanted), Msg::Templates(TemplatesMsg::Weighed { account, pair, weighed })) = (&self.stage, msg)
            && (*account, *pair) == (self.account.id, *wanted)
        {
            self.stage = match weighed {
                Ok(weighed) => {
                    let (weighed, typed) = (weighed.clone(), Typed::default());
                    Stage::Confirm(Box::new(Confirm { pair: *pair, weighed, typed }))
                }
                Err(refusal) => Stage::Failed(refusal.clone()),
            };
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        match &self.stage {
            Stage::Picking(first) => self.view_picking(*first, area, buf, ctx),
            Stage::Confirm(confirm) => self.view_confirm(confirm, area, buf, ctx),
            Stage::Weighing(_) => view_text(ctx.say("set_industries.weighing"), Role::Busy, area, buf, ctx),
            Stage::Failed(refusal) => view_text(&refusal_words(refusal, "\n", ctx), Role::Error, area, buf, ctx),
        }
    }

    fn pick(&mut self, key: Key, first: Option<Industry>, out: &mut Out) -> Then {
        let found = self.found();
        let step = match key.code {
            Code::Esc if first.is_some() => return self.start_again(),
            Code::Esc => return Then::Close,
            Code::Enter => {
                if let Some(picked) = found.get(self.cursor.at) {
                    self.picked(*picked, first, out);
                }
                return Then::Stay;
            }
            Code::Up => Some(Action::Up),
            Code::Down => Some(Action::Down),
            Code::PageUp => Some(Action::PageUp),
            Code::PageDown => Some(Action::PageDown),
            _ => None,
        };
        match step {
            Some(step) => _ = self.cursor.on_action(step, found.len()),
            None if self.search.edit(key, out) == Change::Text => self.cursor.at = 0,
            None => {}
        }
        self.cursor.fit(self.found().len(), ROWS);
        Then::Stay
    }

    /// The second asks WeChat; the first, picked once more, is put back.
    fn picked(&mut self, picked: Industry, first: Option<Industry>, out: &mut Out) {
        self.search = Field::default();
        self.stage = match first.map(|first| Pair::of(first, picked)) {
            None => Stage::Picking(Some(picked)),
            Some(None) => Stage::Picking(None),
            Some(Some(pair)) => {
                out.ask(TemplatesEffect::WeighIndustries { account: self.account.id, pair });
                Stage::Weighing(pair)
            }
        };
        self.cursor.fit(self.found().len(), ROWS);
    }

    fn start_again(&mut self) -> Then {
        *self = Self::new(self.account.clone());
        Then::Stay
    }

    /// The industries that fit the search, by code.
    fn found(&self) -> Vec<Industry> {
        let wanted = self.search.text().trim().to_lowercase();
        let fits =
            |industry: &Industry| industry.code.to_string() == wanted || industry.to_string().to_lowercase().contains(&wanted);
        Industry::all().filter(fits).collect()
    }
}

/// A code and its industry.
fn coded(industry: Industry) -> String {
    format!("{} {industry}", industry.code)
}

impl SetIndustries {
    fn view_picking(&self, first: Option<Industry>, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let (title, hint) = (ctx.say("set_industries.title"), ctx.say("set_industries.pick_hint"));
        let room = popup(area, (columns(area) + 6, ROWS + 9), title, hint, buf, ctx);
        let picked = match first {
            None => ctx.say("set_industries.pick_first").to_owned(),
            Some(first) => ctx.say_with("set_industries.pick_second", &[("first", &coded(first))]),
        };
        Line::new(buf, room, 0).put(&picked, ctx.style(Role::Strong));
        let place = Rect { y: room.y + 1, height: 1, ..room };
        let look = Look::new(Role::Value, true, ctx).hint(ctx.say("set_industries.search"));
        let at = self.search.draw(place, buf, look);
        let found = self.found();
        if found.is_empty() {
            Line::new(buf, room, 3).put(ctx.say("set_industries.no_match"), ctx.style(Role::Dim));
        }
        for (row, index) in self.cursor.visible(found.len()) {
            let industry = found[index];
            let selected = index == self.cursor.at;
            let style = ctx.style(if selected { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, row + 3);
            line.fill(style).put(if selected { "▸ " } else { "  " }, style);
            line.put(&width::pad_left(&industry.code.to_string(), 2), style.patch(ctx.style(Role::Key)));
            line.put(&format!("  {industry}"), style);
            if first == Some(industry) {
                line.put("  ✓", style.patch(ctx.style(Role::Ok)));
            }
        }
        at
    }

    fn view_confirm(&self, confirm: &Confirm, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let Weighed::Loses(lost) = &confirm.weighed else {
            return view_text(ctx.say("set_industries.already"), Role::Ok, area, buf, ctx);
        };
        let [first, second] = confirm.pair.both().map(coded);
        let named = [("name", self.account.name.as_str()), ("first", &first), ("second", &second)];
        let mut above = vec![(ctx.say_with("set_industries.does", &named), Role::Warning), (String::new(), Role::Text)];
        above.extend(lost_words(lost, ctx));
        let around = Around {
            title: ctx.say("set_industries.title"),
            above: &above,
            ask: &ctx.say_with("set_industries.type_name", &named),
            wrong: ctx.say("clear_quota.other_name"),
            hint: ctx.say("set_industries.confirm_hint"),
        };
        confirm.typed.view(&around, area, buf, ctx)
    }
}

fn view_text(text: &str, role: Role, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
    let columns = columns(area);
    let wrapped = width::wrap(text, columns);
    let (title, hint) = (ctx.say("set_industries.title"), ctx.say("set_industries.back_hint"));
    let room = popup(area, (columns + 6, wrapped.len() + 5), title, hint, buf, ctx);
    lines(buf, room, 0, &wrapped, role, ctx);
    None
}

/// Columns of the texts.
fn columns(area: Rect) -> usize {
    70.min(usize::from(area.width).saturating_sub(8))
}

/// How many templates go away with it, and which.
fn lost_words(lost: &[String], ctx: &Context) -> Vec<(String, Role)> {
    if lost.is_empty() {
        return vec![(ctx.say("set_industries.none_lost").to_owned(), Role::Ok)];
    }
    let count = lost.len().to_string();
    let mut words = vec![(format!("✗ {}", ctx.say_with("set_industries.lost", &[("count", &count)])), Role::Error)];
    // One more title takes no more room than the line that says how many are left.
    let named = if lost.len() == NAMED + 1 { NAMED + 1 } else { NAMED };
    words.extend(lost.iter().take(named).map(|title| (format!("  {title}"), Role::Text)));
    if lost.len() > named {
        let more = (lost.len() - named).to_string();
        words.push((format!("  {}", ctx.say_with("set_industries.more", &[("count", &more)])), Role::Dim));
    }
    words
}
