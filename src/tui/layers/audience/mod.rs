mod sets;
mod view;

use super::{Layer, ReadFile, Save, Then};
use crate::domain::audience::{Audience, Join, Outcome, Reach, UserSet};
use crate::domain::id::AccountId;
use crate::domain::user::Tag;
use crate::tui::context::Context;
use crate::tui::effect::{AudienceEffect, Content};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{AudienceMsg, Level, Msg, Sets, SystemMsg};
use crate::tui::out::Out;
use crate::tui::widgets::{Cursor, Field};
use sets::{Entry, entries};

/// Who gets it: sets joined with `+`, `-` and `&`, as a line of chips with the count after each; and what there is to join.
#[derive(Debug)]
pub struct AudienceBuilder {
    account: AccountId,
    tags: Vec<Tag>,
    marked: Option<UserSet>,
    sets: Sets,
    /// What is to choose from, as far as it fits what is looked for.
    entries: Vec<Entry>,
    cursor: Cursor,
    /// Which rows of a job are meant.
    outcome: Outcome,
    find: Field,
    focus: Focus,
    /// What was joined so far; the compose pane has the same.
    audience: Audience,
    /// The counts of its beginnings, as far as they are known.
    counts: Vec<(Audience, Reach)>,
}

/// Where keys go.
#[derive(Debug)]
enum Focus {
    /// To the list of sets.
    List,
    /// To this chip.
    Chip(usize),
    /// To what is looked for.
    Find,
    /// To the name under which the audience is to be kept.
    Name(Box<Field>),
}

impl AudienceBuilder {
    /// Offers everyone, the marked users, tags, and soon what else there is.
    pub fn new(account: AccountId, tags: Vec<Tag>, marked: Option<UserSet>, audience: Audience, out: &mut Out) -> Self {
        let mut builder = Self {
            account,
            tags,
            marked,
            sets: Sets::default(),
            entries: Vec::new(),
            cursor: Cursor::default(),
            outcome: Outcome::Sent,
            find: Field::new(""),
            focus: Focus::List,
            audience,
            counts: Vec::new(),
        };
        builder.list();
        builder.count(out);
        out.ask(AudienceEffect::LoadSets { account });
        builder
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        matches!(self.focus, Focus::Find | Focus::Name(_))
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        if key.ctrl && key.code == Code::Char('c') {
            return Then::Close;
        }
        match self.focus {
            Focus::List => return self.on_list_key(key, ctx, out),
            Focus::Chip(at) => self.on_chip_key(at, key, out),
            Focus::Find => self.on_find_key(key, out),
            Focus::Name(_) => self.on_name_key(key, out),
        }
        Then::Stay
    }

    fn on_list_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Enter => return self.take(out),
            Code::Char('+') => self.join(Join::Union, ctx, out),
            Code::Char('-') => self.join(Join::Difference, ctx, out),
            Code::Char('&') => self.join(Join::Intersection, ctx, out),
            Code::Backspace if self.audience.is_empty() => {}
            Code::Backspace => self.drop_term(self.audience.terms.len() - 1, out),
            Code::Left => self.turn_outcome(Outcome::ALL.len() - 1),
            Code::Right => self.turn_outcome(1),
            Code::Tab if !self.audience.is_empty() => self.focus = Focus::Chip(self.audience.terms.len() - 1),
            Code::Char('/') => self.focus = Focus::Find,
            Code::Char('f') => out.open(Layer::ReadFile(Box::new(ReadFile::new(self.account)))),
            Code::Char('s') if !self.audience.is_empty() => {
                self.focus = Focus::Name(Box::new(Field::new(self.kept_as().unwrap_or_default())));
            }
            Code::Char('D') => self.forget(out),
            Code::Char('w') if !self.audience.is_empty() => {
                let what = Content::LeftOut { account: self.account, audience: self.audience.clone() };
                out.open(Layer::Save(Box::new(Save::new(what, ctx.say("save.left_out").to_owned(), "muban-left-out.csv"))));
            }
            _ if self.cursor.on_key(key, self.entries.len()) => {}
            Code::Esc => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    fn on_chip_key(&mut self, at: usize, key: Key, out: &mut Out) {
        let last = self.audience.terms.len().saturating_sub(1);
        match key.code {
            Code::Left | Code::Char('h') => self.focus = Focus::Chip(at.saturating_sub(1)),
            Code::Right | Code::Char('l') => self.focus = Focus::Chip((at + 1).min(last)),
            Code::Char('+') => self.rejoin(at, Join::Union, out),
            Code::Char('-') => self.rejoin(at, Join::Difference, out),
            Code::Char('&') => self.rejoin(at, Join::Intersection, out),
            Code::Backspace | Code::Delete | Code::Char('x') => {
                self.drop_term(at, out);
                self.focus = if self.audience.is_empty() { Focus::List } else { Focus::Chip(at.min(last.saturating_sub(1))) };
            }
            Code::Tab | Code::Esc | Code::Enter | Code::Down => self.focus = Focus::List,
            _ => {}
        }
    }

    fn on_find_key(&mut self, key: Key, out: &mut Out) {
        match key.code {
            Code::Esc => {
                self.find = Field::new("");
                self.focus = Focus::List;
            }
            Code::Enter | Code::Down | Code::Tab => self.focus = Focus::List,
            _ => _ = self.find.edit(key, out),
        }
        self.list();
    }

    fn on_name_key(&mut self, key: Key, out: &mut Out) {
        let Focus::Name(field) = &mut self.focus else { return };
        match key.code {
            Code::Esc => self.focus = Focus::List,
            Code::Enter if field.text().trim().is_empty() => {}
            Code::Enter => {
                let (account, name, audience) = (self.account, field.text().trim().to_owned(), self.audience.clone());
                out.ask(AudienceEffect::Keep { account, name, audience });
                self.focus = Focus::List;
            }
            _ => _ = field.edit(key, out),
        }
    }

    pub fn on_paste(&mut self, text: &str) {
        match &mut self.focus {
            Focus::Find => {
                self.find.paste(text);
                self.list();
            }
            Focus::Name(field) => _ = field.paste(text),
            Focus::List | Focus::Chip(_) => {}
        }
    }

    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) -> Then {
        let Msg::Audience(msg) = msg else { return Then::Stay };
        match msg {
            AudienceMsg::Joined { join, set } => {
                self.audience.push(*join, set.clone());
                self.count(out);
            }
            AudienceMsg::Edited { audience } => {
                self.audience = audience.clone();
                self.count(out);
            }
            AudienceMsg::StepCounted { audience, reach } if self.count_of(audience).is_none() => {
                self.counts.push((audience.clone(), *reach));
            }
            AudienceMsg::SetsLoaded { sets } => {
                self.sets = (**sets).clone();
                self.list();
            }
            // From elsewhere, with this on top: what was begun here is over.
            AudienceMsg::Chosen { .. } => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    /// The set under the cursor and nobody else.
    fn take(&mut self, out: &mut Out) -> Then {
        match self.entries.get(self.cursor.at) {
            Some(Entry::Kept(index)) => match self.sets.kept.get(*index) {
                Some(kept) => out.tell(AudienceMsg::Edited { audience: kept.audience.clone() }),
                None => return Then::Stay,
            },
            Some(entry) => match entry.set(&self.sets, self.outcome) {
                Some(set) => out.tell(AudienceMsg::Chosen { set }),
                None => return Then::Stay,
            },
            None => return Then::Stay,
        }
        Then::Close
    }

    fn join(&mut self, join: Join, ctx: &Context, out: &mut Out) {
        let Some(entry) = self.entries.get(self.cursor.at) else { return };
        match entry.set(&self.sets, self.outcome) {
            Some(set) => out.tell(AudienceMsg::Joined { join, set }),
            // There are no brackets: what was put together can only be begun with.
            None => out.tell(SystemMsg::Noted { level: Level::Info, text: ctx.say("audience.kept_is_whole").to_owned() }),
        }
    }

    /// Joins a term in another way.
    fn rejoin(&self, at: usize, join: Join, out: &mut Out) {
        let mut audience = self.audience.clone();
        if let Some(term) = audience.terms.get_mut(at) {
            term.0 = join;
            out.tell(AudienceMsg::Edited { audience });
        }
    }

    fn drop_term(&mut self, at: usize, out: &mut Out) {
        let mut audience = self.audience.clone();
        audience.terms.remove(at);
        // The next one takes its place: it cannot take away from nobody.
        if at == 0
            && let Some((join, _)) = audience.terms.first_mut()
        {
            *join = Join::Union;
        }
        self.audience = audience.clone();
        out.tell(AudienceMsg::Edited { audience });
    }

    fn turn_outcome(&mut self, by: usize) {
        if let Some(Entry::Job(_)) = self.entries.get(self.cursor.at) {
            let at = Outcome::ALL.iter().position(|outcome| *outcome == self.outcome).unwrap_or_default();
            self.outcome = Outcome::ALL[(at + by) % Outcome::ALL.len()];
        }
    }

    fn forget(&self, out: &mut Out) {
        if let Some(Entry::Kept(index)) = self.entries.get(self.cursor.at)
            && let Some(kept) = self.sets.kept.get(*index)
        {
            out.ask(AudienceEffect::Forget { account: self.account, name: kept.name.clone() });
        }
    }

    fn kept_as(&self) -> Option<&str> {
        self.sets.kept.iter().find(|kept| kept.audience == self.audience).map(|kept| kept.name.as_str())
    }

    fn list(&mut self) {
        self.entries = entries(&self.tags, self.marked.as_ref(), &self.sets, self.find.text());
        self.cursor.clamp(self.entries.len());
    }

    fn count_of(&self, audience: &Audience) -> Option<Reach> {
        self.counts.iter().find(|(counted, _)| counted == audience).map(|(_, reach)| *reach)
    }

    /// The beginning of the audience up to a term.
    fn beginning(&self, last: usize) -> Audience {
        Audience { terms: self.audience.terms.iter().take(last + 1).cloned().collect() }
    }

    /// Asks for the counts of all beginnings that are not known.
    fn count(&mut self, out: &mut Out) {
        if let Focus::Chip(at) = self.focus {
            self.focus = self.audience.terms.len().checked_sub(1).map_or(Focus::List, |last| Focus::Chip(at.min(last)));
        }
        let beginnings = (0..self.audience.terms.len()).map(|last| self.beginning(last));
        let steps: Vec<Audience> = beginnings.filter(|beginning| self.count_of(beginning).is_none()).collect();
        if !steps.is_empty() {
            out.ask(AudienceEffect::CountSteps { account: self.account, steps });
        }
    }
}
