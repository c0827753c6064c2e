use crate::domain::profile::{Profile, Read};
use crate::text::lang::Texts;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::msg::Refusal;
use crate::tui::templates_news::refusal_words;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;

/// Columns of the labels.
const LABELS: usize = 12;

/// One line: what it is, empty where it goes on from the line before, and what is known.
#[derive(Debug)]
pub struct Row {
    label: String,
    text: String,
    role: Role,
}

/// Lines being written, each text in as many as it needs.
#[derive(Debug)]
pub struct Rows {
    rows: Vec<Row>,
    columns: usize,
}

impl Rows {
    /// For a room of so many columns.
    pub fn new(columns: usize) -> Self {
        Self { rows: Vec::new(), columns }
    }

    /// All of them.
    pub fn end(self) -> Vec<Row> {
        self.rows
    }

    /// A text with its label.
    pub fn put(&mut self, label: &str, text: &str, role: Role) {
        for (at, text) in width::wrap(text, self.columns.saturating_sub(LABELS)).into_iter().enumerate() {
            let label = if at == 0 { label.to_owned() } else { String::new() };
            self.rows.push(Row { label, text, role });
        }
    }

    /// All that is known of a user, but for the openid.
    pub fn profile(&mut self, profile: &Profile, qr: Option<&str>, ctx: &Context) {
        let user = &profile.user;
        let or_none = |text: &str| if text.is_empty() { ctx.say("user_detail.none").to_owned() } else { text.to_owned() };
        self.put(ctx.say("user_detail.remark"), &or_none(&user.remark), Role::Strong);
        match &profile.name {
            Some(name) => {
                let text = ctx.say_with("user_detail.imported", &[("name", name)]);
                self.put(ctx.say("user_detail.name"), &text, Role::Text);
            }
            None => self.known(ctx.say("user_detail.nickname"), &user.nickname),
        }
        let (text, role) = standing(profile, ctx);
        self.put(ctx.say("user_detail.standing"), &text, role);
        if user.blacklisted {
            self.put("", ctx.say("user_detail.blacklisted"), Role::Warning);
        }
        let tags: Vec<String> =
            profile.tags.iter().map(|(id, name)| if name.is_empty() { id.to_string() } else { name.clone() }).collect();
        self.put(ctx.say("user_detail.tags"), &or_none(&tags.join(" · ")), Role::Text);
        self.known(ctx.say("user_detail.scene"), Texts::of(ctx.settings.lang).scene(&profile.scene));
        self.known(ctx.say("user_detail.qr"), qr.unwrap_or_default());
        self.known(ctx.say("user_detail.language"), &profile.language);
        self.known(ctx.say("user_detail.unionid"), profile.unionid.as_deref().unwrap_or_default());
    }

    /// When the most of it was read.
    pub fn read(&mut self, read: Read, ctx: &Context) {
        let zone = &ctx.settings.zone;
        let text = match read {
            Read::Never => ctx.say("user_detail.read_never").to_owned(),
            Read::LastSync(None) => ctx.say("user_detail.read_now_syncing").to_owned(),
            Read::LastSync(Some(at)) => ctx.say_with("user_detail.read_by_sync", &[("time", &number::day_and_clock(at, zone))]),
            Read::Earlier => ctx.say("user_detail.read_earlier").to_owned(),
            Read::Now(at) => ctx.say_with("user_detail.read_now", &[("time", &number::clock(at, zone))]),
        };
        self.put(ctx.say("user_detail.read"), &text, if matches!(read, Read::Now(_)) { Role::Ok } else { Role::Dim });
    }

    /// Why WeChat did not tell.
    pub fn refusal(&mut self, refusal: &Refusal, ctx: &Context) {
        self.put(ctx.say("user_detail.read"), &format!("✗ {}", refusal_words(refusal, " ", ctx)), Role::Error);
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.rows.push(Row { label: String::new(), text: String::new(), role: Role::Text });
    }

    /// What is left out where it is not known.
    fn known(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.put(label, text, Role::Text);
        }
    }
}

impl Row {
    pub fn view(&self, mut line: Line, ctx: &Context) {
        line.column(&self.label, LABELS, ctx.style(Role::Dim)).put(&self.text, ctx.style(self.role));
    }
}

/// Whether they follow, and since when.
fn standing(profile: &Profile, ctx: &Context) -> (String, Role) {
    let since = profile.user.subscribe_time.map(|at| number::date_time(at, &ctx.settings.zone));
    let (key, role) = match (profile.user.subscribed, since.is_some()) {
        (true, true) => ("user_detail.follows_since", Role::Ok),
        (true, false) => ("user_detail.follows", Role::Ok),
        (false, true) => ("user_detail.left_since", Role::Warning),
        (false, false) => ("user_detail.left", Role::Warning),
    };
    (ctx.say_with(key, &[("time", since.as_deref().unwrap_or_default())]), role)
}
