//! The keys, a table (`assets/keys.toml`): what a key does in which place, and what the footer and the help say about it.

use super::input::Key;
use serde::Deserialize;
use std::collections::HashMap;

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
    Redraw,
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Act,
    ClearQuota,
    Search,
    Select,
    ClearSelection,
    SelectPage,
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
}

/// Where keys are pressed. Each place has its own keys, then those of the places around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Everywhere,
    List,
    Accounts,
    Templates,
    Tags,
    Users,
    Compose,
    /// A text field: letters are text.
    Edit,
    Preview,
    Send,
}

impl Place {
    /// Every place, in the order of the help.
    pub const ALL: [Self; 10] = [
        Self::Everywhere,
        Self::List,
        Self::Accounts,
        Self::Templates,
        Self::Tags,
        Self::Users,
        Self::Compose,
        Self::Edit,
        Self::Preview,
        Self::Send,
    ];

    /// The places whose keys work here, the nearest first. In a text field nothing else may catch a letter.
    pub fn reach(self) -> &'static [Self] {
        match self {
            Self::Everywhere => &[Self::Everywhere],
            Self::List => &[Self::List, Self::Everywhere],
            Self::Accounts => &[Self::Accounts, Self::List, Self::Everywhere],
            Self::Templates => &[Self::Templates, Self::List, Self::Everywhere],
            Self::Tags => &[Self::Tags, Self::List, Self::Everywhere],
            Self::Users => &[Self::Users, Self::List, Self::Everywhere],
            Self::Compose => &[Self::Compose, Self::List, Self::Everywhere],
            Self::Edit => &[Self::Edit],
            Self::Preview => &[Self::Preview, Self::List, Self::Everywhere],
            Self::Send => &[Self::Send, Self::List, Self::Everywhere],
        }
    }

    /// Name of its heading in the language tables.
    pub fn text_key(self) -> &'static str {
        match self {
            Self::Everywhere => "place.everywhere",
            Self::List => "place.list",
            Self::Accounts => "place.accounts",
            Self::Templates => "place.templates",
            Self::Tags => "place.tags",
            Self::Users => "place.users",
            Self::Compose => "place.compose",
            Self::Edit => "place.edit",
            Self::Preview => "place.preview",
            Self::Send => "place.send",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// Where.
    pub place: Place,
    /// The keys, the one to show first.
    pub keys: Vec<Key>,
    /// Name of its sentence in the language tables.
    pub text: String,
    /// Its rank in the footer; none if it is not worth the room.
    pub footer: Option<u8>,
}

/// All keys.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
    by_key: HashMap<(Place, Key), Action>,
}

#[derive(Deserialize)]
struct File {
    key: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    action: Action,
    place: Place,
    keys: Vec<String>,
    text: String,
    footer: Option<u8>,
}

impl Keymap {
    /// The table that comes with the program.
    pub fn standard() -> Self {
        // The table is part of the program; a test reads it. Without it only the quit key would be missed, not data.
        Self::parse(TABLE).unwrap_or(Self { bindings: Vec::new(), by_key: HashMap::new() })
    }

    /// Reads a table; refuses what it does not understand and what is said twice.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let file: File = toml::from_str(toml).map_err(|error| error.to_string())?;
        let mut map = Self { bindings: Vec::new(), by_key: HashMap::new() };
        for row in file.key {
            map.add(row)?;
        }
        Ok(map)
    }

    fn add(&mut self, row: Row) -> Result<(), String> {
        let keys: Vec<Key> = row.keys.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        for key in &keys {
            if let Some(earlier) = self.by_key.insert((row.place, *key), row.action) {
                return Err(format!("{key} is both {earlier:?} and {:?} in {:?}", row.action, row.place));
            }
        }
        let Row { action, place, text, footer, .. } = row;
        self.bindings.push(Binding { action, place, keys, text: format!("keys.{text}"), footer });
        Ok(())
    }

    /// What a key does in a place. Where shift means nothing by itself, the key does what it does without.
    pub fn action(&self, place: Place, key: Key) -> Option<Action> {
        let find = |key| place.reach().iter().find_map(|place| self.by_key.get(&(*place, key)).copied());
        find(key).or_else(|| find(key.unshifted()))
    }

    /// The keys that work in a place and are worth a word in the footer, by rank.
    pub fn footer(&self, place: Place) -> Vec<&Binding> {
        let mut rows: Vec<&Binding> =
            self.bindings.iter().filter(|row| row.footer.is_some() && place.reach().contains(&row.place)).collect();
        rows.sort_by_key(|row| row.footer);
        rows
    }

    /// The keys of one place only, for the help.
    pub fn of(&self, place: Place) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |row| row.place == place)
    }

    /// The first key of an action, for sentences that tell what to press.
    pub fn name(&self, action: Action) -> String {
        let row = self.bindings.iter().find(|row| row.action == action);
        row.and_then(|row| row.keys.first()).map(Key::to_string).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;
    use crate::text::lang::Texts;

    #[test]
    fn the_table_is_read_and_every_row_has_its_sentence() {
        let map = Keymap::parse(TABLE).unwrap();
        for row in &map.bindings {
            for lang in [Lang::En, Lang::Zh] {
                assert_ne!(Texts::of(lang).say(&row.text), row.text, "{:?}", row.action);
            }
            assert!(!row.keys.is_empty(), "{:?}", row.action);
        }
        for place in Place::ALL {
            assert_ne!(Texts::of(Lang::Zh).say(place.text_key()), place.text_key());
        }
    }

    #[test]
    fn no_key_means_two_things_where_both_work() {
        let map = Keymap::parse(TABLE).unwrap();
        for place in Place::ALL {
            let mut seen: HashMap<Key, Action> = HashMap::new();
            for row in place.reach().iter().flat_map(|near| map.of(*near)) {
                for key in &row.keys {
                    let earlier = seen.insert(*key, row.action);
                    assert!(earlier.is_none_or(|a| a == row.action), "{key} in {place:?}: {earlier:?} and {:?}", row.action);
                }
            }
        }
    }

    #[test]
    fn a_text_field_leaves_letters_alone() {
        let map = Keymap::standard();
        for c in '!'..='~' {
            assert_eq!(map.action(Place::Edit, c.to_string().parse().unwrap()), None, "{c}");
        }
        assert_eq!(map.action(Place::Edit, "space".parse().unwrap()), None);
    }

    #[test]
    fn nonsense_is_refused() {
        let row = |action: &str, keys: &str| format!("[[key]]\naction='{action}'\nplace='list'\nkeys=[{keys}]\ntext='up'\n");
        assert!(Keymap::parse(&row("fly", "'a'")).is_err());
        assert!(Keymap::parse(&row("up", "'nokey'")).is_err());
        assert!(Keymap::parse(&format!("{}{}", row("up", "'a'"), row("down", "'a'"))).unwrap_err().contains("both"));
    }
}
