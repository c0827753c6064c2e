//! What an update leaves behind besides the changed state.

use super::effect::Effect;
use super::layers::Layer;
use super::msg::Msg;

/// Effects for the services, messages for the other panes, and layers to put on top.
#[derive(Debug, Default)]
pub struct Out {
    /// To be carried out.
    pub effects: Vec<Effect>,
    /// To be told to every pane, before anything else happens.
    pub msgs: Vec<Msg>,
    /// To be opened.
    pub layers: Vec<Layer>,
}

impl Out {
    /// Takes in what another update left behind.
    pub fn append(&mut self, mut other: Self) {
        self.effects.append(&mut other.effects);
        self.msgs.append(&mut other.msgs);
        self.layers.append(&mut other.layers);
    }

    /// Asks for an effect.
    pub fn ask(&mut self, effect: impl Into<Effect>) {
        self.effects.push(effect.into());
    }

    /// Whether nothing is to happen.
    pub fn is_empty(&self) -> bool {
        self.effects.is_empty() && self.msgs.is_empty() && self.layers.is_empty()
    }

    /// Tells every pane.
    pub fn tell(&mut self, msg: impl Into<Msg>) {
        self.msgs.push(msg.into());
    }

    /// Puts a layer on top.
    pub fn open(&mut self, layer: Layer) {
        self.layers.push(layer);
    }
}
