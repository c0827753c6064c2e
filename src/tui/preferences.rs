//! What the operator prefers: changed by keys and on the settings screen, and kept.

use super::app::App;
use super::context::Context;
use super::effect::SystemEffect;
use super::out::Out;
use crate::config;

impl App {
    /// Changes language or theme, and keeps it.
    pub(super) fn change_settings(&mut self, change: fn(&mut Context), out: &mut Out) {
        change(&mut self.ctx);
        let settings = &self.ctx.settings;
        out.ask(SystemEffect::SaveSettings { lang: settings.lang, theme: settings.theme.clone() });
    }

    /// One of the settings was changed in its file.
    pub(super) fn take_settings(&mut self, settings: &config::Settings, key: &str, out: &mut Out) {
        self.ctx.take_settings(settings, key);
        if self.ctx.settings.mouse != settings.mouse {
            self.ctx.settings.mouse = settings.mouse;
            out.ask(SystemEffect::TakeMouse { on: settings.mouse });
        }
    }
}
