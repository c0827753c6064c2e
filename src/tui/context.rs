//! What every pane may read: language, colours, keys, time zone.

use super::keys::{Action, Keymap};
use super::surroundings::Background;
use super::theme::{Role, Theme, ThemeName, Themes};
use crate::config::{self, Notify};
use crate::domain::lang::Lang;
use crate::text::lang::Texts;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::style::Style;

/// What the operator chose, or the environment says.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Language of every sentence.
    pub lang: Lang,
    /// Colours.
    pub theme: ThemeName,
    /// The colours there are, and what the terminal makes of them.
    pub themes: Themes,
    /// Frames of `+`, `-` and `|`, for terminals that draw lines two columns wide.
    pub ascii: bool,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// How the end of a job is told; without it by the bell, and only while another window is in front.
    pub notify: Option<Notify>,
    /// Above so many recipients the count has to be typed to confirm a send.
    pub confirm_above: u64,
    /// Hours after which the list of followers is called old.
    pub stale_after: u64,
    /// Whether a job can go on in a process of its own.
    pub can_hand_over: bool,
    /// Where the times on the screen are told.
    pub zone: TimeZone,
}

impl Default for Settings {
    fn default() -> Self {
        let zone = TimeZone::UTC;
        let stale_after = 24;
        Self {
            lang: Lang::En,
            theme: ThemeName::Auto,
            themes: Themes::default(),
            ascii: false,
            mouse: false,
            notify: None,
            confirm_above: 100,
            stale_after,
            can_hand_over: true,
            zone,
        }
    }
}

/// The settings, made ready to use.
#[derive(Debug)]
pub struct Context {
    /// As chosen.
    pub settings: Settings,
    /// The keys.
    pub keys: Keymap,
    /// The time as of the next frame: whether something is of today. Nothing is drawn because it passes.
    pub now: Timestamp,
    theme: Theme,
    texts: &'static Texts,
}

impl Context {
    /// Reads the tables that the settings name.
    pub fn new(settings: Settings, keys: Keymap) -> Self {
        let (theme, texts) = (settings.themes.theme(&settings.theme), Texts::of(settings.lang));
        Self { settings, keys, now: Timestamp::UNIX_EPOCH, theme, texts }
    }

    /// Switches to the other language.
    pub fn switch_language(&mut self) {
        self.settings.lang = match self.settings.lang {
            Lang::En => Lang::Zh,
            Lang::Zh => Lang::En,
        };
        self.texts = Texts::of(self.settings.lang);
    }

    /// Switches to the next theme.
    pub fn switch_theme(&mut self) {
        self.settings.theme = self.settings.themes.next(&self.settings.theme);
        self.theme = self.settings.themes.theme(&self.settings.theme);
    }

    /// Takes over what the file has, of which one was `changed`. What concerns the terminal's signs holds from the next start on.
    pub fn take_settings(&mut self, kept: &config::Settings, changed: &str) {
        match changed {
            // The command line may have asked for another language than the file.
            "lang" => {
                self.settings.lang = kept.language();
                self.texts = Texts::of(self.settings.lang);
            }
            "theme" => {
                self.settings.theme = kept.theme.as_deref().map(ThemeName::parse).unwrap_or_default();
                self.theme = self.settings.themes.theme(&self.settings.theme);
            }
            _ => {}
        }
        self.settings.notify = kept.notify;
        self.settings.confirm_above = kept.confirm_above;
        self.settings.stale_after = kept.stale_after;
        self.settings.zone = kept.zone();
    }

    /// The terminal said what it is painted on; whether that is news.
    pub fn see_background(&mut self, background: Background) -> bool {
        let is_news = self.settings.themes.see(background);
        self.theme = self.settings.themes.theme(&self.settings.theme);
        is_news
    }

    /// The name of the theme, and what it comes to here if that is another.
    pub fn theme_words(&self) -> String {
        let settings = &self.settings;
        let name = |theme: &ThemeName| match theme {
            ThemeName::Own(name) => name.clone(),
            theme => self.texts.say(&format!("theme.{}", theme.as_str())).to_owned(),
        };
        let (chosen, shown) = (&settings.theme, settings.themes.shown(&settings.theme));
        let args = [("chosen", name(chosen)), ("shown", name(&shown))];
        let args = args.each_ref().map(|(key, value)| (*key, value.as_str()));
        let key = match (chosen, &shown) {
            (chosen, shown) if chosen == shown => "theme.now",
            (_, ThemeName::Mono) => "theme.no_color",
            (ThemeName::Auto, _) => "theme.by_itself",
            _ => "theme.too_few",
        };
        self.say_with(key, &args)
    }

    /// The sentences.
    pub fn texts(&self) -> &'static Texts {
        self.texts
    }

    /// The sentence of a key.
    pub fn say(&self, key: &'static str) -> &'static str {
        self.texts.say(key)
    }

    /// The sentence of a key with its names replaced.
    pub fn say_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.texts.say_with(key, args)
    }

    /// The style of a part.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// What to press for an action.
    pub fn key(&self, action: Action) -> String {
        self.keys.name(action)
    }
}
