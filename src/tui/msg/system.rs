use crate::config::{LastView, Settings};
use crate::tui::files::FileTrouble;
use crate::tui::keys::{Action, Place};

/// What concerns the whole program.
#[derive(Debug, Clone, PartialEq)]
pub enum SystemMsg {
    /// There is something to tell.
    Noted {
        /// How bad it is.
        level: Level,
        /// For people.
        text: String,
    },
    /// A text came back from the operator's own editor, another than before.
    EditedOutside {
        /// The text.
        text: String,
    },
    /// A text came from a file.
    FileRead {
        /// The text.
        text: String,
    },
    /// No text came from a file.
    FileNotRead {
        /// Why.
        trouble: FileTrouble,
    },
    /// The settings were read from their file.
    SettingsRead {
        /// As they are there.
        settings: Box<Settings>,
        /// The file.
        file: String,
        /// The one that was changed, and holds from now on; none: they are to be looked at.
        changed: Option<&'static str>,
    },
    /// What was in view of the account when it was left (from the screen itself).
    Reopened {
        /// That.
        view: Box<LastView>,
    },
    /// An action was picked by name (from the palette).
    Picked {
        /// Where it works: that pane is gone to first.
        place: Place,
        /// Which.
        action: Action,
    },
}

/// How bad news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Good news.
    Info,
    /// Not quite.
    Warning,
    /// Bad news.
    Error,
}
