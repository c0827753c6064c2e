//! Errors become a sentence on stderr and an exit code (a contract).

use crate::audience::AudienceError;
use crate::config::ConfigError;
use crate::dispatch::{DispatchError, NewFileError};
use crate::domain::account::NameError;
use crate::domain::api_base::ApiBaseError;
use crate::domain::errcode;
use crate::domain::id::IdError;
use crate::domain::lang::Lang;
use crate::domain::message::ColorError;
use crate::domain::secret::AppSecretError;
use crate::domain::told::{Sentence, Told};
use crate::session::SessionError;
use crate::store::StoreError;
use crate::sync::SyncError;
use crate::text::lang::Texts;
use crate::tui::TuiError;
use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All accepted, or done.
    Fine,
    /// Finished, some not accepted.
    NotAll,
    /// Usage or input, or nobody to send to.
    Usage,
    /// Stopped by WeChat or the network.
    Stopped,
    /// Interrupted, resumable.
    Interrupted,
    /// Store or disk.
    Store,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::NotAll => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::Stopped => Self::from(3),
            Exit::Interrupted => Self::from(4),
            Exit::Store => Self::from(5),
        }
    }
}

/// Why a command failed: what to say, and how to end.
#[derive(Debug)]
pub struct Failure {
    /// How to end.
    pub exit: Exit,
    /// What happened, why, and what to do next.
    pub message: Message,
}

/// What to say of a failure.
#[derive(Debug)]
pub enum Message {
    /// In words already.
    Said(String),
    /// In the language of whoever says it.
    Told(Sentence),
}

impl Message {
    /// In words.
    pub fn text(&self, texts: &Texts) -> String {
        match self {
            Self::Said(text) => text.clone(),
            Self::Told(sentence) => texts.told(sentence),
        }
    }
}

impl<T: Into<String>> From<T> for Message {
    fn from(text: T) -> Self {
        Self::Said(text.into())
    }
}

impl Failure {
    /// The input is wrong, in words.
    pub fn usage(message: impl Into<Message>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    /// An error, told in the language to speak.
    pub fn of(exit: Exit, error: &impl Told) -> Self {
        Self { exit, message: Message::Told(error.told()) }
    }

    /// What a command itself has against its input, as a sentence of its own table; gaps are filled in behind.
    pub fn wrong(sentence: Sentence) -> Self {
        Self { exit: Exit::Usage, message: Message::Told(sentence) }
    }

    /// A refusal of the call to `path` with what its code means there, and what to do.
    pub fn explained(lang: Lang, error: SessionError, path: &'static str) -> Self {
        let Some((code, call)) = error.code_on(path) else { return error.into() };
        let explanation = errcode::explain_on(code, call, lang);
        let text = Texts::of(lang).told(&error);
        Self { exit: Exit::Stopped, message: format!("{text}\n{} {}", explanation.meaning, explanation.remedy).into() }
    }
}

/// A sentence on commands themselves.
pub fn on_command(key: &'static str) -> Sentence {
    Sentence::of("error.command", key)
}

/// Result of a command.
pub type Done = Result<Exit, Failure>;

macro_rules! usage_errors {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::of(Exit::Usage, &error)
            }
        })+
    };
}

usage_errors!(NameError, ApiBaseError, IdError, ColorError, AppSecretError, ConfigError);

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let exit = match error {
            StoreError::Newer { .. } | StoreError::NotSqlite { .. } | StoreError::AccountExists(_) => Exit::Usage,
            _ => Exit::Store,
        };
        Self::of(exit, &error)
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            SessionError::Lock(_) => Self::of(Exit::Store, &error),
            SessionError::Call(_) | SessionError::Token(_) | SessionError::SameToken => Self::of(Exit::Stopped, &error),
            _ => Self::of(Exit::Usage, &error),
        }
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Session(error) => error.into(),
            SyncError::Store(error) => error.into(),
            SyncError::Held => Self::of(Exit::Usage, &error),
        }
    }
}

impl From<TuiError> for Failure {
    fn from(error: TuiError) -> Self {
        match error {
            TuiError::Store(error) => error.into(),
            TuiError::Terminal(_) => Self::of(Exit::Usage, &error),
        }
    }
}

impl From<AudienceError> for Failure {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Store(error) => error.into(),
            _ => Self::of(Exit::Usage, &error),
        }
    }
}

impl From<NewFileError> for Failure {
    fn from(error: NewFileError) -> Self {
        let exit = if matches!(error, NewFileError::Exists(_)) { Exit::Usage } else { Exit::Store };
        Self::of(exit, &error)
    }
}

impl From<DispatchError> for Failure {
    fn from(error: DispatchError) -> Self {
        match error {
            DispatchError::Session(error) => error.into(),
            DispatchError::Store(error) => error.into(),
            DispatchError::Lock(_) => Self::of(Exit::Store, &error),
            _ => Self::of(Exit::Usage, &error),
        }
    }
}
