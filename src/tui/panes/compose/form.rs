use crate::domain::draft::{FieldText, FormTexts, Spot};
use crate::domain::id::AppId;
use crate::domain::message::{Color, FieldValue, Message, MiniProgram};
use crate::domain::placeholders::{Params, fields_with_any};
use crate::domain::rules::{Finding, Level};
use crate::domain::seen::{self, Known, Seen};
use crate::domain::template::{Field as TemplateField, Generation, Kind, Template};
use crate::domain::user::User;
use crate::tui::context::Context;
use crate::tui::layers::Told;
use crate::tui::msg::Shown;
use crate::tui::widgets::Field;

/// A place of the form where the cursor can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// The value of a field.
    Value(usize),
    /// Its colour; beside the way, reached by a key of its own.
    Color(usize),
    /// The page to open.
    Url,
    /// The mini program to open.
    MiniAppid,
    /// Its page.
    MiniPath,
    /// Who gets it.
    Audience,
}

impl Default for Item {
    fn default() -> Self {
        Self::Value(0)
    }
}

/// A template with what was filled in.
#[derive(Debug)]
pub struct Form {
    /// The template.
    pub template: Template,
    /// The message as it is written, made anew at each change.
    pub message: Message,
    /// The same with the eyes of a recipient.
    seen: Seen,
    /// What holds whoever the recipient is.
    of_all: Vec<Finding>,
    rows: Vec<Row>,
    url: Field,
    mini_appid: Field,
    mini_path: Field,
    historical: bool,
}

/// One field of the template.
#[derive(Debug)]
pub struct Row {
    /// As the template has it.
    pub field: TemplateField,
    /// Its value.
    pub value: Field,
    /// Its colour.
    pub color: Field,
    /// What the template's example has here.
    pub example: Option<String>,
    /// Whether it was filled in or passed: from then on it is told what it lacks.
    touched: bool,
    /// Whether the template has no such field.
    stray: bool,
}

impl Row {
    fn stray(key: &str) -> Self {
        let field = TemplateField { key: key.to_owned(), label: String::new(), kind: Kind::Legacy };
        Self { field, value: Field::default(), color: Field::default(), example: None, touched: true, stray: true }
    }
}

impl Form {
    /// An empty form, to be rebuilt, but for the values which the form before it has under the same key and label, and the jump.
    pub fn new(template: Template, before: Option<Self>) -> Self {
        let old = before.unwrap_or_else(|| Self::empty(template.clone()));
        let row = |field: TemplateField| {
            let same = old.rows.iter().find(|row| row.field == field || row.field.key == field.key && row.field.label.is_empty());
            let (value, color) = same.map_or_else(Default::default, |row| (row.value.clone(), row.color.clone()));
            let example = template.example_of(&field.key);
            Row { field, value, color, example, touched: false, stray: false }
        };
        let rows = template.fields().into_iter().map(row).collect();
        Self { rows, url: old.url, mini_appid: old.mini_appid, mini_path: old.mini_path, ..Self::empty(template) }
    }

    fn empty(template: Template) -> Self {
        let message = Message::new(template.id.clone());
        Self {
            seen: Seen { message: message.clone(), findings: Vec::new() },
            of_all: Vec::new(),
            message,
            historical: template.generation() == Generation::Historical,
            template,
            rows: Vec::new(),
            url: Field::default(),
            mini_appid: Field::default(),
            mini_path: Field::default(),
        }
    }

    /// A form, to be rebuilt, with these texts in it. What the template has no field for gets a row of its own, so that it is
    /// not lost: WeChat's own keys change when a template is made anew.
    pub fn with_texts(template: Template, texts: &FormTexts) -> Self {
        let mut form = Self::new(template, None);
        for FieldText { key, value, color } in &texts.fields {
            let at = form.rows.iter().position(|row| row.field.key == *key);
            let row = match at {
                Some(at) => form.rows.get_mut(at),
                None if value.is_empty() => None,
                None => {
                    form.rows.push(Row::stray(key));
                    form.rows.last_mut()
                }
            };
            if let Some(row) = row {
                (row.value, row.color) = (Field::new(value), Field::new(color));
            }
        }
        form.url = Field::new(&texts.url);
        form.mini_appid = Field::new(&texts.mini_appid);
        form.mini_path = Field::new(&texts.mini_path);
        form
    }

    /// What stands in it.
    pub fn texts(&self) -> FormTexts {
        let field = |row: &Row| FieldText {
            key: row.field.key.clone(),
            value: row.value.text().to_owned(),
            color: row.color.text().to_owned(),
        };
        FormTexts {
            fields: self.rows.iter().map(field).collect(),
            url: self.url.text().to_owned(),
            mini_appid: self.mini_appid.text().to_owned(),
            mini_path: self.mini_path.text().to_owned(),
        }
    }

    /// The place that a draft calls so; the first where there is no such place.
    pub fn item_of(&self, spot: &Spot) -> Item {
        let row = |key: &str| self.rows.iter().position(|row| row.field.key == key).unwrap_or(0);
        match spot {
            Spot::First => Item::Value(0),
            Spot::Value(key) => Item::Value(row(key)),
            Spot::Color(key) => Item::Color(row(key)),
            Spot::Url => Item::Url,
            Spot::MiniAppid => Item::MiniAppid,
            Spot::MiniPath => Item::MiniPath,
            Spot::Audience => Item::Audience,
        }
    }

    /// What a draft calls a place.
    pub fn spot_of(&self, item: Item) -> Spot {
        let key = |index: usize| self.rows.get(index).map(|row| row.field.key.clone()).unwrap_or_default();
        match item {
            Item::Value(index) => Spot::Value(key(index)),
            Item::Color(index) => Spot::Color(key(index)),
            Item::Url => Spot::Url,
            Item::MiniAppid => Spot::MiniAppid,
            Item::MiniPath => Spot::MiniPath,
            Item::Audience => Spot::Audience,
        }
    }

    /// That place, or the last one before it that there is.
    pub fn nearest(&self, item: Item) -> Item {
        self.step(item, 0)
    }

    /// The fields of the template.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many fields the template has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is anything to fill in.
    pub fn has_fields(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Whether values may have a colour.
    pub fn has_colors(&self) -> bool {
        self.historical
    }

    /// The field at a place.
    pub fn field(&self, item: Item) -> Option<&Field> {
        match item {
            Item::Value(index) => self.rows.get(index).map(|row| &row.value),
            Item::Color(index) => self.rows.get(index).map(|row| &row.color),
            Item::Url => Some(&self.url),
            Item::MiniAppid => Some(&self.mini_appid),
            Item::MiniPath => Some(&self.mini_path),
            Item::Audience => None,
        }
    }

    /// The same, to be changed.
    pub fn field_mut(&mut self, item: Item) -> Option<&mut Field> {
        match item {
            Item::Value(index) => self.rows.get_mut(index).map(|row| &mut row.value),
            Item::Color(index) => self.rows.get_mut(index).map(|row| &mut row.color),
            Item::Url => Some(&mut self.url),
            Item::MiniAppid => Some(&mut self.mini_appid),
            Item::MiniPath => Some(&mut self.mini_path),
            Item::Audience => None,
        }
    }

    /// The place after (1) or before (-1) a place; both ends are firm.
    pub fn step(&self, item: Item, by: isize) -> Item {
        let last = self.rows.len();
        let at = match item {
            Item::Value(index) | Item::Color(index) => index.min(last),
            Item::Url => last,
            Item::MiniAppid => last + 1,
            Item::MiniPath => last + 2,
            Item::Audience => last + 3,
        };
        match at.saturating_add_signed(by).min(last + 3) {
            index if index < last => Item::Value(index),
            index => [Item::Url, Item::MiniAppid, Item::MiniPath, Item::Audience][index - last],
        }
    }

    /// The cursor went away from here.
    pub fn leave(&mut self, item: Item) {
        self.touch(item);
    }

    /// Something was typed here.
    pub fn touch(&mut self, item: Item) {
        if let Item::Value(index) = item
            && let Some(row) = self.rows.get_mut(index)
        {
            row.touched = true;
        }
    }

    /// From now on every field is told what it lacks.
    pub fn show_everything(&mut self) {
        self.rows.iter_mut().for_each(|row| row.touched = true);
    }

    /// Puts the example into an empty field.
    pub fn fill_example(&mut self, index: usize) {
        if let Some(row) = self.rows.get_mut(index)
            && row.value.text().is_empty()
            && let Some(example) = &row.example
        {
            row.value.set(example);
            row.touched = true;
        }
    }

    /// Puts the file's column of its own name into every empty field; gives the names of those.
    pub fn take_columns(&mut self, columns: &[String]) -> Vec<String> {
        let mut message = self.message.clone();
        let taken = message.take_columns(&self.template, columns);
        for row in self.rows.iter_mut().filter(|row| taken.contains(&row.field.key)) {
            row.value.set(message.value(&row.field.key).unwrap_or_default());
            row.touched = true;
        }
        if let Some(url) = message.url.filter(|_| taken.iter().any(|name| name == "url")) {
            self.url.set(&url);
        }
        taken
    }

    /// Makes the message and its findings anew, with the eyes of a recipient where there is one.
    pub fn rebuild(&mut self, recipient: Option<&Params>, known: &Known) {
        let mut message = Message::new(self.template.id.clone());
        let retired = |row: &Row| matches!(row.field.key.as_str(), "first" | "remark");
        let left_out = |row: &Row| row.value.text().is_empty() && (row.stray || self.historical && retired(row));
        for row in self.rows.iter().filter(|row| !left_out(row)) {
            let color = Color::parse(row.color.text()).ok().filter(|_| self.historical);
            message.values.push(FieldValue { key: row.field.key.clone(), value: row.value.text().to_owned(), color });
        }
        message.url = Some(self.url.text().trim().to_owned()).filter(|url| !url.is_empty());
        message.mini = AppId::parse(self.mini_appid.text()).ok().map(|appid| MiniProgram {
            appid,
            path: Some(self.mini_path.text().trim().to_owned()).filter(|path| !path.is_empty()),
        });
        self.seen = seen::see(&self.template, &message, recipient, known);
        self.of_all = if fields_with_any(&message).is_empty() {
            self.seen.findings.clone()
        } else {
            seen::see(&self.template, &message, None, known).findings
        };
        self.message = message;
    }

    /// What there is to say at a place, the worst first. Nothing is said of fields nobody has come to yet.
    pub fn said(&self, item: Item, ctx: &Context) -> Vec<(Level, String)> {
        self.said_of(&self.seen.findings, item, ctx)
    }

    fn said_of(&self, findings: &[Finding], item: Item, ctx: &Context) -> Vec<(Level, String)> {
        let texts = ctx.texts();
        let about = |key: &str| {
            let of_key = |finding: &&Finding| finding.field.as_deref() == Some(key);
            findings.iter().filter(of_key).map(|finding| (finding.level, texts.finding(finding))).collect()
        };
        match item {
            Item::Value(index) => match self.rows.get(index) {
                Some(row) if row.touched || !row.value.text().is_empty() => about(&row.field.key),
                _ => Vec::new(),
            },
            Item::Url => about("url"),
            Item::MiniPath => about("miniprogram"),
            _ => self.bad_shape(item).map(|key| (Level::Error, texts.say(key).to_owned())).into_iter().collect(),
        }
    }

    /// What is not even of the shape that the message could hold it.
    fn bad_shape(&self, item: Item) -> Option<&'static str> {
        let text = self.field(item).map_or("", Field::text).trim();
        match item {
            Item::Color(_) if !text.is_empty() && Color::parse(text).is_err() => Some("compose.bad_color"),
            Item::MiniAppid if !text.is_empty() && AppId::parse(text).is_err() => Some("compose.bad_mini_appid"),
            Item::MiniAppid if text.is_empty() && !self.mini_path.text().trim().is_empty() => Some("compose.mini_appid_missing"),
            _ => None,
        }
    }

    fn places(&self) -> impl Iterator<Item = Item> + use<> {
        let values = (0..self.rows.len()).flat_map(|index| [Item::Value(index), Item::Color(index)]);
        values.chain([Item::Url, Item::MiniAppid, Item::MiniPath])
    }

    /// Where the first error is that keeps everyone from getting it.
    pub fn first_error(&self, ctx: &Context) -> Option<Item> {
        let is_error = |(level, _): &(Level, String)| *level == Level::Error;
        self.places().find(|item| self.said_of(&self.of_all, *item, ctx).iter().any(is_error))
    }

    /// What is not quite what one thinks, named by its field.
    pub fn warnings(&self, ctx: &Context) -> Vec<String> {
        let warnings = self.told(ctx).into_iter().filter(|told| told.level == Level::Warning);
        warnings.map(|told| format!("{}: {}", told.label, told.text)).collect()
    }

    /// What there is to say at all places, in their order; with the eyes of a recipient where there is one.
    pub fn told(&self, ctx: &Context) -> Vec<Told> {
        let mut told = Vec::new();
        for item in self.places() {
            let (label, key) = self.names(item, ctx);
            let of = |(level, text)| Told { spot: self.spot_of(item), level, label: label.to_owned(), key: key.to_owned(), text };
            told.extend(self.said(item, ctx).into_iter().map(of));
        }
        told
    }

    /// What a place is called on the screen, and in the request.
    fn names(&self, item: Item, ctx: &Context) -> (&str, &str) {
        match item {
            Item::Value(index) | Item::Color(index) => {
                self.rows.get(index).map_or(("", ""), |row| (row.field.name(), row.field.key.as_str()))
            }
            Item::Url => (ctx.say("compose.url"), "url"),
            Item::MiniAppid => (ctx.say("compose.mini_appid"), "miniprogram.appid"),
            Item::MiniPath => (ctx.say("compose.mini_path"), "miniprogram.pagepath"),
            Item::Audience => (ctx.say("compose.to"), "touser"),
        }
    }

    /// The value of a field as the recipient would get it.
    pub fn value_seen(&self, row: &Row) -> &str {
        self.seen.message.value(&row.field.key).unwrap_or_default()
    }

    /// What the preview shows.
    pub fn shown(&self, item: Item, to: Option<&User>) -> Shown {
        let key = match item {
            Item::Value(index) | Item::Color(index) => self.rows.get(index).map(|row| row.field.key.clone()),
            Item::Url => Some("url".to_owned()),
            Item::MiniAppid | Item::MiniPath => Some("miniprogram".to_owned()),
            Item::Audience => Some("touser".to_owned()),
        };
        let Seen { message, findings } = self.seen.clone();
        let refused = findings.iter().any(|finding| finding.level == Level::Error);
        Shown { template: self.template.clone(), message, to: to.cloned(), refused, key }
    }
}
