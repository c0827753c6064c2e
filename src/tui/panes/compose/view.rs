use super::audience::Count;
use super::form::{Form, Item, Row};
use super::{Compose, sign};
use crate::domain::audience::{Audience, Excluded, Join, Reach, UserSet};
use crate::domain::rules::{self, Level};
use crate::domain::template::Kind;
use crate::domain::user::Tag;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::keys::Action;
use crate::tui::panes::notice;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Look, Panel};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Lines of the audience at the foot of the pane, with the rule above them.
const AUDIENCE_LINES: u16 = 4;

/// One line of the form.
enum FormLine {
    /// Label, key, counter.
    Label(usize),
    /// The field itself.
    Value(usize),
    /// A label and its field.
    Inline(Item),
    /// What is wrong with the field above.
    Said(Level, String),
    /// What could be put into the field above.
    Offers(Vec<String>),
    /// A blank line.
    Gap,
}

impl FormLine {
    fn is_field(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Inline(_))
    }
}

impl Compose {
    /// Scrolls so that the place of the cursor is in view.
    pub fn fit(&mut self, inner: Rect, ctx: &Context) {
        let Some(form) = &self.form else { return };
        let height = usize::from(inner.height.saturating_sub(AUDIENCE_LINES));
        let lines = self.form_lines(form, usize::from(inner.width), ctx);
        let item = if let Item::Color(index) = self.item { Item::Value(index) } else { self.item };
        let first = lines.iter().position(|(of, _)| *of == item);
        let last = lines.iter().rposition(|(of, _)| *of == item);
        if let (Some(first), Some(last)) = (first, last) {
            self.scroll = self.scroll.max((last + 1).saturating_sub(height)).min(first);
        }
        self.scroll = self.scroll.min(lines.len().saturating_sub(height));
    }

    /// Draws form and audience.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let inner = panel.draw(area, buf, ctx);
        let foot = inner.height.min(AUDIENCE_LINES);
        let body = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), height: inner.height - foot, ..inner };
        self.view_audience(Rect { y: body.bottom(), height: foot, ..body }, panel.focused, buf, ctx);
        let Some(form) = &self.form else {
            notice(buf, Rect { y: inner.y, height: body.height, ..inner }, &self.first_steps(ctx), ctx);
            return None;
        };
        let mut cursor = None;
        let lines = self.form_lines(form, usize::from(inner.width), ctx);
        for (at, (item, line)) in lines.iter().skip(self.scroll).take(usize::from(body.height)).enumerate() {
            let row = Rect { y: body.y + at as u16, height: 1, ..body };
            let here = panel.focused && same_field(*item, self.item);
            cursor = self.view_line(form, line, here, row, buf, ctx).or(cursor);
        }
        cursor
    }

    fn form_lines(&self, form: &Form, columns: usize, ctx: &Context) -> Vec<(Item, FormLine)> {
        let mut lines = form_lines(form, columns, ctx);
        if let Some(offers) = self.offers()
            && let Some(at) = lines.iter().position(|(item, line)| *item == self.item && line.is_field())
        {
            lines.insert(at + 1, (self.item, FormLine::Offers(offers.texts().to_vec())));
        }
        lines
    }

    /// The place of the form on a line of the pane, if there is one.
    pub(super) fn item_at(&self, line: usize, inner: Rect, ctx: &Context) -> Option<Item> {
        let body = usize::from(inner.height.saturating_sub(AUDIENCE_LINES));
        if line >= body {
            return Some(Item::Audience);
        }
        let lines = self.form_lines(self.form.as_ref()?, usize::from(inner.width), ctx);
        lines.get(self.scroll + line).filter(|(_, line)| !matches!(line, FormLine::Gap)).map(|(item, _)| *item)
    }

    fn first_steps(&self, ctx: &Context) -> String {
        let keys = [ctx.key(Action::FocusTemplates), ctx.key(Action::FocusTags), ctx.key(Action::Send)];
        match self.account {
            Some(_) => ctx.say_with("compose.first_steps", &[("templates", &keys[0]), ("tags", &keys[1]), ("send", &keys[2])]),
            None => ctx.say_with("accounts.empty", &[("key", &ctx.key(Action::AddAccount))]),
        }
    }

    fn view_line(
        &self,
        form: &Form,
        line: &FormLine,
        here: bool,
        area: Rect,
        buf: &mut Buffer,
        ctx: &Context,
    ) -> Option<Position> {
        match line {
            FormLine::Label(index) => {
                let row = form.rows().get(*index)?;
                self.view_label(form, (*index, row), here, area, buf, ctx)
            }
            FormLine::Value(index) => {
                let mut line = Line::new(buf, area, 0);
                let arrow = if here && self.item == Item::Value(*index) { "▸ " } else { "  " };
                line.put(arrow, ctx.style(Role::Accent));
                let rest = Rect { x: line.x(), width: line.room() as u16, ..area };
                self.view_field(form, Item::Value(*index), here, rest, buf, ctx)
            }
            FormLine::Inline(item) => {
                let mut line = Line::new(buf, area, 0);
                line.put(if here { "▸ " } else { "  " }, ctx.style(Role::Accent));
                line.column(inline_name(*item, ctx), label_columns(ctx), ctx.style(if here { Role::Strong } else { Role::Dim }));
                let rest = Rect { x: line.x(), width: line.room() as u16, ..area };
                self.view_field(form, *item, here, rest, buf, ctx)
            }
            FormLine::Said(level, text) => {
                let role = if *level == Level::Error { Role::Error } else { Role::Warning };
                Line::new(buf, area, 0).put(&format!("  {text}"), ctx.style(role));
                None
            }
            FormLine::Offers(texts) => {
                let mut line = Line::new(buf, area, 0);
                line.put(&format!("  {} ", ctx.key(Action::Offer)), ctx.style(Role::Key));
                for (at, text) in texts.iter().enumerate() {
                    let role = if at == 0 { Role::Strong } else { Role::Dim };
                    line.put(if at == 0 { " " } else { " · " }, ctx.style(Role::Dim)).put(text, ctx.style(role));
                }
                None
            }
            FormLine::Gap => None,
        }
    }

    fn view_label(
        &self,
        form: &Form,
        (index, row): (usize, &Row),
        here: bool,
        area: Rect,
        buf: &mut Buffer,
        ctx: &Context,
    ) -> Option<Position> {
        let mut cursor = None;
        let mut line = Line::new(buf, area, 0);
        let (text, role) = counter(row, form.value_seen(row));
        line.right(&text, ctx.style(role));
        line.put(row.field.name(), ctx.style(if here { Role::Strong } else { Role::Text }));
        if !row.field.label.is_empty() {
            line.put(&format!("  {}", row.field.key), ctx.style(Role::Dim));
        }
        if row.field.kind == Kind::Legacy && form.has_colors() {
            let on_color = here && self.item == Item::Color(index);
            if on_color || !row.color.text().is_empty() {
                line.put(&format!("  {} ", ctx.say("compose.color")), ctx.style(Role::Dim));
                let rest = Rect { x: line.x(), width: (line.room() as u16).min(9), ..area };
                cursor = self.view_field(form, Item::Color(index), on_color, rest, buf, ctx);
            }
        }
        cursor
    }

    fn view_field(&self, form: &Form, item: Item, here: bool, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let focused = here && self.editing && self.item == item;
        let hint = hint(form, item, ctx);
        let look = Look::new(if focused { Role::Strong } else { Role::Value }, focused, ctx).hint(&hint);
        form.field(item)?.draw(area, buf, look)
    }

    fn view_audience(&self, area: Rect, focused: bool, buf: &mut Buffer, ctx: &Context) {
        let rule = if ctx.settings.ascii { "-" } else { "─" };
        Line::new(buf, area, 0).put(&rule.repeat(usize::from(area.width)), ctx.style(Role::Border));
        let here = focused && self.item == Item::Audience && self.form.is_some();
        let mut line = Line::new(buf, area, 1);
        line.put(if here { "▸ " } else { "  " }, ctx.style(Role::Accent));
        line.put(ctx.say("compose.to"), ctx.style(if here { Role::Strong } else { Role::Dim })).put("  ", ctx.style(Role::Dim));
        if self.audience.is_empty() {
            line.put(ctx.say("compose.nobody"), ctx.style(Role::Hint));
        } else {
            line.put(&audience_words(&self.audience, &self.tags, ctx), ctx.style(Role::Strong));
        }
        self.view_count(area, buf, ctx);
    }

    fn view_count(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let mut line = Line::new(buf, area, 2);
        line.skip(2);
        match &self.count {
            Count::Nobody => {
                let keys = [ctx.key(Action::FocusTags), ctx.key(Action::FocusUsers)];
                line.put(
                    &ctx.say_with("compose.choose_audience", &[("tags", &keys[0]), ("users", &keys[1])]),
                    ctx.style(Role::Dim),
                );
            }
            Count::Asked => {
                line.put(ctx.say("compose.counting"), ctx.style(Role::Busy));
            }
            Count::Failed(text) => {
                line.put(text, ctx.style(Role::Error));
            }
            Count::Known(reach) => {
                let role = if reach.recipients == 0 { Role::Error } else { Role::Ok };
                line.put(&recipients(*reach, ctx), ctx.style(role));
                let mut line = Line::new(buf, area, 3);
                line.skip(2).put(&excluded_words(&reach.excluded, ctx), ctx.style(Role::Dim));
            }
        }
    }
}

/// The audience as a person says it, with tags by name.
pub fn audience_words(audience: &Audience, tags: &[Tag], ctx: &Context) -> String {
    let mut words = Vec::new();
    for (at, (join, set)) in audience.terms.iter().enumerate() {
        match join {
            Join::Union if at == 0 => {}
            Join::Union => words.push("+".to_owned()),
            Join::Intersection => words.push("&".to_owned()),
            Join::Difference => words.push("-".to_owned()),
        }
        words.push(set_words(set, tags, ctx));
    }
    words.join(" ")
}

/// One set in words.
pub fn set_words(set: &UserSet, tags: &[Tag], ctx: &Context) -> String {
    match set {
        UserSet::All => ctx.say("audience.all").to_owned(),
        UserSet::Tag(id) => {
            let name = tags.iter().find(|tag| tag.id == *id).map_or_else(|| id.to_string(), |tag| tag.name.clone());
            ctx.say_with("audience.tag", &[("name", &name)])
        }
        UserSet::Job(job, outcome) => {
            let key = format!("audience.job_{}", outcome.as_str());
            ctx.say_with(&key, &[("job", &job.to_string())])
        }
        UserSet::File(file) => ctx.say_with("audience.file", &[("name", file.name())]),
        UserSet::Users(users) => match users.as_slice() {
            [one] => one.to_string(),
            many => ctx.say_with("audience.users", &[("count", &number::thousands(many.len() as u64))]),
        },
    }
}

/// `872 recipients`.
pub fn recipients(reach: Reach, ctx: &Context) -> String {
    ctx.say_with("audience.recipients", &[("count", &number::thousands(reach.recipients))])
}

/// Everyone who is left out, by reason; empty if nobody is.
pub fn excluded_words(excluded: &Excluded, ctx: &Context) -> String {
    let words = ctx.texts().excluded(excluded);
    if words.is_empty() {
        String::new()
    } else {
        ctx.say_with("excluded.left_out", &[("reasons", &words.join(ctx.say("excluded.and")))])
    }
}

pub(super) fn same_field(line: Item, cursor: Item) -> bool {
    line == cursor || matches!((line, cursor), (Item::Value(a), Item::Color(b)) if a == b)
}

fn form_lines(form: &Form, columns: usize, ctx: &Context) -> Vec<(Item, FormLine)> {
    let mut lines = Vec::new();
    let said = |item: Item, of: Item, lines: &mut Vec<(Item, FormLine)>| {
        for (level, text) in form.said(item, ctx) {
            let text = format!("{} {text}", sign(level));
            let wrapped = width::wrap(&text, columns.saturating_sub(4));
            lines.extend(wrapped.into_iter().map(|line| (of, FormLine::Said(level, line))));
        }
    };
    for index in 0..form.len() {
        let item = Item::Value(index);
        lines.push((item, FormLine::Label(index)));
        lines.push((item, FormLine::Value(index)));
        said(item, item, &mut lines);
        said(Item::Color(index), item, &mut lines);
    }
    lines.push((Item::Url, FormLine::Gap));
    for item in [Item::Url, Item::MiniAppid, Item::MiniPath] {
        lines.push((item, FormLine::Inline(item)));
        said(item, item, &mut lines);
    }
    lines
}

fn inline_name(item: Item, ctx: &Context) -> &'static str {
    match item {
        Item::MiniAppid => ctx.say("compose.mini_appid"),
        Item::MiniPath => ctx.say("compose.mini_path"),
        _ => ctx.say("compose.url"),
    }
}

fn label_columns(ctx: &Context) -> usize {
    let widest = [Item::Url, Item::MiniAppid, Item::MiniPath].map(|item| width::columns(inline_name(item, ctx)));
    widest.into_iter().max().unwrap_or(0) + 2
}

/// `14/32`, as WeChat counts what the recipient would get; red when there is no room left over.
fn counter(row: &Row, text: &str) -> (String, Role) {
    let used = rules::length(text);
    match rules::room(row.field.kind, text) {
        Some(room) if used > room => (format!("{used}/{room}"), Role::Error),
        Some(room) => (format!("{used}/{room}"), Role::Dim),
        None if used > 0 => (used.to_string(), Role::Dim),
        None => (String::new(), Role::Dim),
    }
}

/// What stands in an empty field: the template's own example, else what its kind looks like.
fn hint(form: &Form, item: Item, ctx: &Context) -> String {
    let key = match item {
        Item::Value(index) => {
            let Some(row) = form.rows().get(index) else { return String::new() };
            match (&row.example, row.field.key.as_str()) {
                (Some(example), _) => return ctx.say_with("hint.example", &[("value", example)]),
                (None, "first" | "remark") => return ctx.say("hint.retired").to_owned(),
                (None, _) => format!("hint.{}", row.field.kind.as_str()),
            }
        }
        Item::Color(_) => return "#173177".to_owned(),
        Item::Url => return ctx.say("hint.url").to_owned(),
        Item::MiniAppid => return "wx0123456789abcdef".to_owned(),
        Item::MiniPath => return "pages/index?id=1".to_owned(),
        Item::Audience => return String::new(),
    };
    ctx.say_with(&key, &[])
}
