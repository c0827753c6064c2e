//! The keys, a table (`assets/keys.toml`): what a key does in which place, and what the footer, the
//! palette and the help say about it. The operator's own rows are laid over it (`own`).

mod chord;
mod mistake;
mod own;
mod place;

pub use chord::Chord;
pub use mistake::{Mistake, Wrong};
pub use place::Place;

use super::input::Key;
use crate::check::{self, Check, Health};
use crate::config::{self, Home};
use crate::domain::lang::Lang;
use crate::text::lang::Texts;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as NoSuchName;

const TABLE: &str = include_str!("../../assets/keys.toml");

/// Something a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    FocusAccounts,
    FocusTemplates,
    FocusTags,
    FocusUsers,
    FocusCompose,
    FocusPreview,
    FocusSend,
    NextPane,
    PreviousPane,
    Help,
    Palette,
    Quit,
    Send,
    DryRun,
    Save,
    History,
    Sync,
    AddAccount,
    Language,
    Theme,
    Mouse,
    TogglePreview,
    Back,
    Suspend,
    Notices,
    Settings,
    Zoom,
    WidenPane,
    NarrowPane,
    EvenPanes,
    Redraw,
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Act,
    ClearQuota,
    CheckAccount,
    EditAccount,
    Explain,
    Search,
    Select,
    ClearSelection,
    PreviewAs,
    Join,
    Subtract,
    Intersect,
    ShowUsers,
    NextField,
    PreviousField,
    Color,
    Example,
    EditJson,
    Import,
    EditOutside,
    TestSend,
    ClearAudience,
    Drafts,
    NewMessage,
    Offer,
    NextRecipient,
    PreviousRecipient,
    NextFlawed,
    Copy,
    Filter,
    RetryFailed,
    RetryUnknown,
    Pause,
    CancelJob,
    Pace,
    HandOver,
    Errors,
    OlderJob,
    NewerJob,
    UserHistory,
    Review,
    Summary,
    Findings,
    AddTemplate,
    DeleteTemplate,
    RefreshTemplate,
    Industries,
    AliasTemplate,
    ImportNames,
    Export,
    NewTag,
    RenameTag,
    DeleteTag,
    TagUsers,
    RemarkUser,
    BlockUsers,
    WhichOne,
    GoTo,
    JumpBack,
    JumpForward,
}

impl Action {
    /// Whether it only moves, or is a step within a field or the palette itself: nobody looks for that by name.
    pub fn only_moves(self) -> bool {
        matches!(
            self,
            Self::Up
                | Self::Down
                | Self::PageUp
                | Self::PageDown
                | Self::Top
                | Self::Bottom
                | Self::NextField
                | Self::PreviousField
                | Self::Back
                | Self::Palette
        )
    }

    /// By its name in the table.
    pub fn named(name: &str) -> Option<Self> {
        let name: serde::de::value::StrDeserializer<'_, NoSuchName> = name.into_deserializer();
        Self::deserialize(name).ok()
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The same as the table calls it.
    pub name: String,
    /// Where.
    pub place: Place,
    /// The keys, the one to show first; none if the operator wants none.
    pub keys: Vec<Chord>,
    /// Name of its sentence in the language tables.
    pub text: String,
    /// Its rank in the footer; none if it is not worth the room.
    pub footer: Option<u8>,
}

/// All keys.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// What keys pressed one after another come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// All of them do this.
    Action(Action),
    /// More are needed.
    Begun,
    /// Nothing.
    Nothing,
}

#[derive(Deserialize)]
struct File {
    key: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    action: String,
    place: Place,
    keys: Vec<String>,
    text: String,
    footer: Option<u8>,
}

impl Keymap {
    /// The table that comes with the program.
    pub fn standard() -> Self {
        // The table is part of the program; a test reads it. Without it only the quit key would be missed, not data.
        Self::parse(TABLE).unwrap_or_default()
    }

    /// That table with the operator's own rows over it, and what is wrong with those: they are left out.
    pub fn with(own: &str) -> (Self, Vec<Mistake>) {
        own::over(&Self::standard(), own)
    }

    /// The keys of a home, and what is wrong with the operator's own.
    pub fn of_home(home: &Home) -> (Self, Vec<Mistake>) {
        match config::own_keys(home) {
            Ok(Some(text)) => Self::with(&text),
            Ok(None) => (Self::standard(), Vec::new()),
            Err(error) => {
                let wrong = Wrong::Unreadable(error.to_string());
                (Self::standard(), vec![Mistake { at: None, wrong }])
            }
        }
    }

    /// Reads a table; refuses what it does not understand and what is said twice.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let file: File = toml::from_str(toml).map_err(|error| error.to_string())?;
        let mut map = Self::default();
        for row in file.key {
            map.add(row)?;
        }
        Ok(map)
    }

    fn add(&mut self, row: Row) -> Result<(), String> {
        let keys: Vec<Chord> = row.keys.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        let Row { action: name, place, text, footer, .. } = row;
        let action = Action::named(&name).ok_or_else(|| format!("`{name}` is not an action"))?;
        for key in &keys {
            if let Some(earlier) = self.of(place).find(|earlier| earlier.keys.contains(key)) {
                return Err(format!("{key} is both {} and {name} in {}", earlier.name, place.name()));
            }
        }
        self.bindings.push(Binding { action, name, place, keys, text: format!("keys.{text}"), footer });
        Ok(())
    }

    /// What keys do in a place, pressed one after another. Where shift means nothing by itself, a key does what it does without.
    pub fn find(&self, place: Place, keys: &[Key]) -> Found {
        let plain: Vec<Key> = keys.iter().map(|key| key.unshifted()).collect();
        match self.look_up(place, keys) {
            Found::Nothing if plain != keys => self.look_up(place, &plain),
            found => found,
        }
    }

    fn look_up(&self, place: Place, keys: &[Key]) -> Found {
        for near in place.reach() {
            let mut begun = false;
            for (row, chord) in self.of(*near).flat_map(|row| row.keys.iter().map(move |chord| (row, chord))) {
                if chord.keys() == keys {
                    return Found::Action(row.action);
                }
                begun |= chord.keys().starts_with(keys);
            }
            if begun {
                return Found::Begun;
            }
        }
        Found::Nothing
    }

    /// What one key does in a place.
    pub fn action(&self, place: Place, key: Key) -> Option<Action> {
        match self.find(place, &[key]) {
            Found::Action(action) => Some(action),
            Found::Begun | Found::Nothing => None,
        }
    }

    /// What can follow on keys that were pressed in a place, each with the row it leads to.
    pub fn following(&self, place: Place, begun: &[Key]) -> Vec<(String, &Binding)> {
        let rows = place.reach().iter().flat_map(|near| self.of(*near));
        rows.flat_map(|row| row.keys.iter().filter_map(move |chord| chord.after(begun).map(|rest| (rest, row)))).collect()
    }

    /// The keys that work in a place and are worth a word in the footer, by rank.
    pub fn footer(&self, place: Place) -> Vec<&Binding> {
        let worth = |row: &&Binding| row.footer.is_some() && !row.keys.is_empty() && place.reach().contains(&row.place);
        let mut rows: Vec<&Binding> = self.bindings.iter().filter(worth).collect();
        rows.sort_by_key(|row| row.footer);
        rows
    }

    /// The keys of one place only, for the help.
    pub fn of(&self, place: Place) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |row| row.place == place)
    }

    /// The row of an action that is nearest to a place.
    pub fn row(&self, place: Place, action: Action) -> Option<&Binding> {
        place.reach().iter().find_map(|near| self.of(*near).find(|row| row.action == action))
    }

    /// Every row.
    pub fn rows(&self) -> &[Binding] {
        &self.bindings
    }

    /// The first key of an action, for sentences that tell what to press. What has none is still in the palette.
    pub fn name(&self, action: Action) -> String {
        let first = |action| {
            let mut rows = self.bindings.iter().filter(|row| row.action == action);
            rows.find_map(|row| row.keys.first()).map(Chord::to_string)
        };
        first(action).or_else(|| first(Action::Palette)).unwrap_or_default()
    }
}

/// Whether the operator's own keys are as they were written.
pub fn check_keys(home: &Home, lang: Lang) -> check::Line {
    let mistakes: Vec<String> = Keymap::of_home(home).1.iter().map(|mistake| mistake.words(Texts::of(lang))).collect();
    let file = ("file", home.keys().display().to_string());
    match mistakes.len() {
        0 => check::Line::of(Check::Keys, Health::Fine, "ok", vec![file]),
        count => {
            let args = vec![file, ("count", count.to_string()), ("mistakes", mistakes.join(" "))];
            check::Line::of(Check::Keys, Health::Warning, "wrong", args)
        }
    }
}

#[cfg(test)]
mod tests;
