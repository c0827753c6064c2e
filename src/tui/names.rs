//! Names from a file, told where the layer that asked for them is gone.

use super::app::App;
use super::layers::{Layer, Notice};
use super::msg::{Level, ProfileMsg};
use super::out::Out;
use crate::text::lang::Texts;

impl App {
    /// Says what became of the file.
    pub(super) fn tell_of_names(&mut self, msg: &ProfileMsg, out: &mut Out) {
        if self.layers.iter().any(|layer| matches!(layer, Layer::ImportNames(_))) {
            return;
        }
        match msg {
            ProfileMsg::NamesImported { imported, .. } => {
                let said = Texts::of(self.ctx.settings.lang).imported(imported);
                match said.as_slice() {
                    [all] => self.say(Level::Info, all.clone()),
                    more => out.open(Layer::Notice(Notice::new(Level::Info, more.join("\n")))),
                }
            }
            ProfileMsg::NamesNotImported { text, .. } => out.open(Layer::Notice(Notice::new(Level::Error, text))),
            ProfileMsg::Loaded { .. } | ProfileMsg::LookedUp { .. } => {}
        }
    }
}
