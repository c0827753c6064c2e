use crate::config::Notify;
use crate::domain::lang::Lang;
use crate::tui::surroundings::Background;
use crate::tui::theme::ThemeName;

/// About the program itself.
#[derive(Debug, Clone, PartialEq)]
pub enum SystemEffect {
    /// Give a text to the terminal's clipboard (OSC 52).
    CopyToClipboard {
        /// The text.
        text: String,
    },
    /// Give a text to the operator's own editor.
    EditOutside {
        /// The text.
        text: String,
    },
    /// Read a text from a file.
    ReadFile {
        /// Its name as it was typed.
        name: String,
    },
    /// Remember what was chosen.
    SaveSettings {
        /// Language.
        lang: Lang,
        /// Colours.
        theme: ThemeName,
    },
    /// Remember for the next start what the terminal is painted on.
    KeepBackground {
        /// What it is.
        background: Background,
    },
    /// Call somebody back to the window.
    Call {
        /// By what.
        how: Notify,
        /// What happened, where it is shown.
        text: String,
    },
    /// Make the mouse tell of itself, or leave it to the terminal.
    TakeMouse {
        /// Whether it shall.
        on: bool,
    },
    /// Read the settings of the file; answered with `SystemMsg::SettingsRead`.
    ReadSettings,
    /// Change one of them there; answered in the same way.
    ChangeSetting {
        /// Which.
        key: &'static str,
        /// To what, as TOML writes it; nothing takes it out.
        value: Option<String>,
    },
    /// Paint everything anew.
    Redraw,
    /// Stop the process as the shell's job control asks.
    Suspend,
    /// Leave the screen.
    Quit {
        /// What becomes of the jobs that this process works on.
        jobs: RunningJobs,
    },
}

/// What becomes of the jobs that this process works on when the screen is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunningJobs {
    /// They are paused, to be resumed later.
    Pause,
    /// They come to their end first, without the screen.
    Finish,
    /// They go on in processes of their own.
    HandOver,
}
