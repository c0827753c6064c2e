//! What the tests of this room share.
use crate::text::width;
use ratatui::buffer::Buffer;
/// What a person sees: the cells as lines, without the cells that a wide character covers.
pub fn screen_text(buf: &Buffer) -> String {
    let mut text = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut line = String::new();
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let symbol = buf[(x, y)].symbol();
            line.push_str(symbol);
            x += (width::columns(symbol) as u16).max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

mod world;

pub use world::World;

use super::app::App;
use super::context::Settings;
use super::effect::{DraftsEffect, Effect, ListsEffect};
use super::input::{Code, Input, Key};
use super::keys::Keymap;
use super::msg::{JobProgress, ListsMsg, Msg, SendMsg};
use super::view;
use crate::config::LastScreen;
use crate::domain::account::PaceLimits;
use crate::domain::audience::Excluded;
use crate::domain::delivery::{Counts, Delivery, State};
use crate::domain::id::{AccountId, JobId, OpenId, RowNo, TemplateId};
use crate::domain::job::{Job, JobState, Nonce};
use crate::domain::lang::Lang;
use crate::domain::message::Message;
use jiff::tz::TimeZone;
use ratatui::layout::{Position, Rect};
use std::collections::VecDeque;

/// What the ledger keeps of a delivery that was never answered.
pub const IN_DOUBT: &str =
    "no clear answer from api.weixin.qq.com, the request may have arrived: no answer within the time allowed";

/// When it is, on the screen of paper: 15:00 in Beijing.
pub const NOW: &str = "2026-11-23T07:00:00Z";

/// A workbench on a screen of paper. Reading effects are answered from a small world of its own; the others are kept for
/// the test to look at.
pub struct Bench {
    pub app: App,
    pub effects: Vec<Effect>,
    size: (u16, u16),
    world: World,
}

impl Bench {
    /// A workbench of 120 × 36 over the usual world.
    pub fn new() -> Self {
        Self::with(Lang::En, World::default())
    }

    pub fn with(lang: Lang, world: World) -> Self {
        Self::keyed(lang, world, Keymap::standard())
    }

    /// With the operator's own keys, all of which can be used.
    pub fn of_keys(own: &str) -> Self {
        let (keys, mistakes) = Keymap::with(own);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        Self::keyed(Lang::En, World::default(), keys)
    }

    /// As it was left an earlier time.
    pub fn reopened(lang: Lang, world: World, last: LastScreen) -> Self {
        Self::made(lang, world, Keymap::standard(), last)
    }

    pub fn keyed(lang: Lang, world: World, keys: Keymap) -> Self {
        Self::made(lang, world, keys, LastScreen::default())
    }

    fn made(lang: Lang, world: World, keys: Keymap, last: LastScreen) -> Self {
        let settings = Settings { lang, zone: TimeZone::fixed(jiff::tz::offset(8)), ..Settings::default() };
        let (mut app, effects) = App::new(settings, keys);
        app.reopen(last);
        app.ctx.now = NOW.parse().unwrap();
        let mut bench = Self { app, effects: Vec::new(), size: (120, 36), world };
        bench.fit();
        bench.answer(effects);
        bench
    }

    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self.fit();
        self
    }

    /// Presses keys, given by name or as text: `"2 enter 您好 tab"`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for word in keys.split_whitespace() {
            match word.parse::<Key>() {
                Ok(key) => self.input(Input::Key(key)),
                Err(_) => word.chars().for_each(|c| self.input(Input::Key(Key::plain(Code::Char(c))))),
            }
        }
        self
    }

    pub fn input(&mut self, input: Input) {
        let effects = self.app.on_input(input);
        self.answer(effects);
    }

    pub fn msg(&mut self, msg: impl Into<Msg>) -> &mut Self {
        let msg = msg.into();
        if let Msg::Send(SendMsg::Started { job } | SendMsg::Ended { job }) = &msg {
            self.world.put(job);
        }
        let effects = self.app.on_msg(msg);
        self.answer(effects);
        self
    }

    /// What there is to read, to be changed.
    pub fn world(&mut self) -> &mut World {
        &mut self.world
    }

    /// What was asked for since the last look, but for what the world answered.
    pub fn asked(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub fn screen(&mut self) -> String {
        self.draw().0
    }

    pub fn cursor(&mut self) -> Option<Position> {
        self.draw().1
    }

    /// The last line.
    pub fn footer(&mut self) -> String {
        self.screen().lines().last().unwrap().trim().to_owned()
    }

    pub fn buffer(&mut self) -> (Buffer, Option<Position>) {
        self.fit();
        let window = Rect::new(0, 0, self.size.0, self.size.1);
        let mut buf = Buffer::empty(window);
        let cursor = view::view(&self.app, window, &mut buf);
        (buf, cursor)
    }

    fn draw(&mut self) -> (String, Option<Position>) {
        let (buf, cursor) = self.buffer();
        (screen_text(&buf), cursor)
    }

    fn fit(&mut self) {
        self.app.fit(Rect::new(0, 0, self.size.0, self.size.1));
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            if let Effect::Drafts(DraftsEffect::SaveDraft { account, draft }) = effect {
                self.world.keep(account, *draft);
                continue;
            }
            match self.world.answer(&effect) {
                Some(msg) => waiting.extend(self.app.on_msg(msg)),
                None => self.effects.push(effect.clone()),
            }
            if let Effect::Lists(ListsEffect::Users { generation, filter, counted: true, .. }) = effect {
                let total = self.world.users_of(&filter).len() as u64;
                self.app.on_msg(ListsMsg::UsersCounted { generation, total }.into());
            }
            self.fit();
        }
    }
}

/// A job of 872 messages.
pub fn job(id: i64, state: JobState) -> Job {
    Job {
        id: JobId(id),
        nonce: Nonce(0x1234),
        account: AccountId(1),
        message: Message::new(TemplateId::trusted("Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM")),
        title: "订单发货提醒".into(),
        audience: "tag:VIP".into(),
        terms: None,
        excluded: Excluded::default(),
        pace: PaceLimits::default(),
        attempts: 3,
        state,
        reason: None,
        retry_of: None,
        counts: Counts { total: 872, ..Counts::default() },
        created_at: "2026-11-23T06:30:00Z".parse().unwrap(),
        finished_at: None,
        running_ms: 0,
    }
}

/// That job in the middle of its work.
pub fn progress(id: i64) -> JobProgress {
    JobProgress {
        job: JobId(id),
        counts: Counts { total: 872, accepted: 608, failed: 3, unknown: 1, skipped: 0 },
        in_flight: 20,
        retrying: 1,
        rate_per_sec: 49.2,
        pace: PaceLimits::default(),
        allowed: PaceLimits::default(),
        hold: None,
        state: JobState::Running,
        reason: None,
    }
}

/// Two deliveries that went wrong.
pub fn deliveries(job: i64) -> Vec<(Delivery, String)> {
    let delivery = |row, openid: &str, state, errcode: Option<i64>, errmsg: Option<&str>| Delivery {
        job: JobId(job),
        row: RowNo(row),
        openid: OpenId::trusted(openid),
        state,
        attempts: 1,
        ambiguous: state == State::Unknown,
        errcode,
        errmsg: errmsg.map(Into::into),
        msgid: None,
        updated_at: Some("2026-11-23T06:31:07Z".parse().unwrap()),
        params: None,
    };
    vec![
        (
            delivery(
                7,
                "oTD8i6Wz6jQZPSNJlzQv43ApodvI",
                State::Failed,
                Some(43004),
                Some("require subscribe rid: 6560aa11-2b3c4d5e-6f708192"),
            ),
            "张三".into(),
        ),
        (delivery(9, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M", State::Unknown, None, Some(IN_DOUBT)), String::new()),
    ]
}
