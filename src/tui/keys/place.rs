use serde::Deserialize;

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
    /// Whatever lies on top of the panes.
    Popup,
}

impl Place {
    /// Every place, in the order of the help.
    pub const ALL: [Self; 11] = [
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
        Self::Popup,
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
            Self::Popup => &[Self::Popup],
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
            Self::Popup => "place.popup",
        }
    }

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        self.text_key().trim_start_matches("place.")
    }

    /// Whether the same is done in both: the message is written and shown in several.
    pub fn shares(self, other: Self) -> bool {
        let of_message = |place| matches!(place, Self::Compose | Self::Edit | Self::Preview);
        self == other || of_message(self) && of_message(other)
    }

    /// Whether there is somewhere that both places' keys work.
    pub fn meets(self, other: Self) -> bool {
        Self::ALL.iter().any(|place| place.reach().contains(&self) && place.reach().contains(&other))
    }
}
