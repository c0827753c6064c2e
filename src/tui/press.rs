//! A key on its way to what it does: to a chord, the uppermost layer, a text field, or the focused pane.

use super::app::App;
use super::input::{Code, Key};
use super::keys::{Action, Binding, Found, Mistake, Place};
use super::layers::{Entry, Layer, Notice, Palette, Then};
use super::msg::Level;
use super::out::Out;
use super::panes::PaneId;

impl App {
    /// Says at the start which of the operator's own keys are not as they were written.
    pub(super) fn tell_of_keys(&mut self, mistakes: &[Mistake], file: &str) {
        if mistakes.is_empty() {
            return;
        }
        let head = self.ctx.say_with("own_keys.head", &[("file", file)]);
        let words = mistakes.iter().map(|mistake| mistake.words(self.ctx.texts()));
        let text = std::iter::once(head).chain(words).collect::<Vec<_>>().join("\n\n");
        let title = self.ctx.say("own_keys.title").to_owned();
        self.layers.push(Layer::Notice(Notice::new(Level::Warning, text).titled(title)));
    }

    /// A key was pressed.
    pub(super) fn on_key(&mut self, key: Key, out: &mut Out) {
        let typed = self.is_typing() && key.typed().is_some();
        let named = self.layers.last().is_some_and(|layer| layer.names(key));
        if self.begun.is_empty() && (typed || named) {
            return self.on_own_key(key, out);
        }
        self.begun.push(key);
        match self.ctx.keys.find(self.key_place(), &self.begun) {
            Found::Begun => {}
            Found::Action(action) => {
                self.begun.clear();
                self.carry_out(action, key, out);
            }
            Found::Nothing => {
                let begun = std::mem::take(&mut self.begun);
                if begun.len() == 1 {
                    return self.on_unbound_key(key, out);
                }
                let keys = begun.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
                self.say(Level::Warning, self.ctx.say_with("own_keys.dropped", &[("keys", &keys)]));
                // What was meant as text is not lost for it.
                if typed {
                    self.on_own_key(key, out);
                }
            }
        }
    }

    /// The chord that is begun, for the footer.
    pub(super) fn begun_words(&self) -> Option<String> {
        let keys = self.begun.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        (!keys.is_empty()).then(|| self.ctx.say_with("own_keys.begun", &[("keys", &keys)]))
    }

    /// Where the key table is asked now.
    pub(super) fn key_place(&self) -> Place {
        match self.layers.last() {
            Some(_) => Place::Popup,
            None if self.is_searching() => Place::Edit,
            None => self.place(),
        }
    }

    /// Whether letters are text.
    pub(super) fn is_typing(&self) -> bool {
        match self.layers.last() {
            Some(layer) => layer.is_typing(),
            None => self.is_searching() || self.place() == Place::Edit,
        }
    }

    /// The key table says what it does. Layers and searches know it by the key that does it everywhere.
    fn carry_out(&mut self, action: Action, key: Key, out: &mut Out) {
        if let Some(layer) = self.layers.last() {
            let field_has_it = layer.is_typing() && !matches!(action, Action::Act | Action::Back | Action::Up | Action::Down);
            // The very key goes on with what is held beside it: shift selects in an editor.
            let key = plain(action).filter(|plain| !field_has_it && plain.code != key.code).unwrap_or(key);
            return self.on_own_key(key, out);
        }
        if self.is_searching() {
            match (action, key.code) {
                // The search has tab and the arrows for itself.
                (_, Code::Tab | Code::Enter | Code::Up | Code::Down) => self.on_own_key(key, out),
                (Action::Back, _) => self.on_own_key(Key::plain(Code::Esc), out),
                (Action::NextField | Action::PreviousField | Action::Example | Action::Color | Action::Offer, _) => {
                    self.on_own_key(key, out);
                }
                _ => self.act(action, out),
            }
            return;
        }
        self.act(action, out);
    }

    /// Does what a key asks for; where nothing can happen, the footer says why.
    fn act(&mut self, action: Action, out: &mut Out) {
        let place = self.place();
        self.remember(place, action);
        let before = self.focus;
        let obstacle = self.obstacle(place, action);
        self.on_action(action, out);
        if self.focus == PaneId::Send && before != PaneId::Send {
            self.send.reload(out);
        }
        if let Some(obstacle) = obstacle.filter(|_| out.is_empty() && self.notices.toasts().next().is_none()) {
            self.say(Level::Warning, self.why(obstacle));
        }
    }

    /// Does what was picked by name, in the pane where it works.
    pub(super) fn pick(&mut self, place: Place, action: Action, out: &mut Out) {
        if let Some(pane) = pane_of(place).filter(|pane| *pane != self.focus) {
            self.focus_on(pane);
            if pane == PaneId::Send {
                self.send.reload(out);
            }
        }
        self.act(action, out);
    }

    /// What was done last comes first in the palette. What only moves is not looked for there.
    fn remember(&mut self, place: Place, action: Action) {
        if action.only_moves() {
            return;
        }
        let done = self.ctx.keys.row(place, action).map(|row| (row.place, action));
        if let Some(done) = done {
            self.recent.retain(|other| *other != done);
            self.recent.insert(0, done);
            self.recent.truncate(REMEMBERED);
        }
    }

    /// Opens the list of everything that can be done, with what cannot be done now and why.
    pub(super) fn open_palette(&self, out: &mut Out) {
        let entry = |row: &Binding| {
            let obstacle = self.obstacle(row.place, row.action);
            let recent = self.recent.iter().position(|(place, action)| *action == row.action && place.shares(row.place));
            Entry::new(row, obstacle.map(|obstacle| self.why(obstacle)), recent)
        };
        let reach = self.place().reach();
        let others = Place::ALL.into_iter().filter(|place| !reach.contains(place));
        let places = reach.iter().copied().chain(others).filter(|place| !matches!(place, Place::List | Place::Popup));
        let entries = places.flat_map(|place| self.ctx.keys.of(place)).filter(|row| !row.action.only_moves()).map(entry);
        out.open(Layer::Palette(Box::new(Palette::new(entries.collect()))));
    }

    /// A key that the table does not have. In a layer, a key that does something everywhere does it only if the table says so.
    fn on_unbound_key(&mut self, key: Key, out: &mut Out) {
        let moves = EVERYWHERE.iter().any(|(_, code)| Key::plain(*code) == key);
        if moves && self.layers.last().is_some_and(|layer| !layer.is_typing()) {
            return;
        }
        self.on_own_key(key, out);
    }

    /// A key for whatever takes keys itself: the uppermost layer, or the field that is written in.
    fn on_own_key(&mut self, key: Key, out: &mut Out) {
        if let Some(layer) = self.layers.last_mut() {
            if Layer::on_key(layer, key, &self.ctx, out) == Then::Close {
                self.layers.pop();
            }
            return;
        }
        match self.focus {
            PaneId::Accounts if self.is_searching() => self.accounts.on_key(key, out),
            PaneId::Templates if self.is_searching() => self.templates.on_key(key, out),
            PaneId::Tags if self.is_searching() => self.tags.on_key(key, out),
            PaneId::Send if self.is_searching() => self.send.on_key(key, out),
            PaneId::Users if self.is_searching() => self.users.on_key(key, out),
            PaneId::Compose if self.compose.is_typing() => self.compose.on_key(key, &self.ctx, out),
            _ => {}
        }
    }
}

/// Actions remembered.
const REMEMBERED: usize = 6;

/// The pane whose keys those of a place are.
fn pane_of(place: Place) -> Option<PaneId> {
    match place {
        Place::Everywhere | Place::List | Place::Popup => None,
        Place::Accounts => Some(PaneId::Accounts),
        Place::Templates => Some(PaneId::Templates),
        Place::Tags => Some(PaneId::Tags),
        Place::Users => Some(PaneId::Users),
        Place::Compose | Place::Edit => Some(PaneId::Compose),
        Place::Preview => Some(PaneId::Preview),
        Place::Send => Some(PaneId::Send),
    }
}

/// By which keys layers know what the table has for all of them.
const EVERYWHERE: [(Action, Code); 8] = [
    (Action::Act, Code::Enter),
    (Action::Back, Code::Esc),
    (Action::Up, Code::Up),
    (Action::Down, Code::Down),
    (Action::PageUp, Code::PageUp),
    (Action::PageDown, Code::PageDown),
    (Action::Top, Code::Home),
    (Action::Bottom, Code::End),
];

fn plain(action: Action) -> Option<Key> {
    EVERYWHERE.iter().find(|(known, _)| *known == action).map(|(_, code)| Key::plain(*code))
}
