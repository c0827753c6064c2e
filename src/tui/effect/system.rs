use crate::domain::lang::Lang;
use crate::tui::theme::ThemeName;

/// About the program itself.
#[derive(Debug, Clone, PartialEq)]
pub enum SystemEffect {
    /// Give a text to the terminal's clipboard (OSC 52).
    CopyToClipboard {
        /// The text.
        text: String,
    },
    /// Remember what was chosen.
    SaveSettings {
        /// Language.
        lang: Lang,
        /// Colours.
        theme: ThemeName,
    },
    /// Paint everything anew.
    Redraw,
    /// Stop the process as the shell's job control asks.
    Suspend,
    /// Leave the screen.
    Quit {
        /// Let running jobs come to their end first, without the screen.
        finish_jobs: bool,
    },
}
