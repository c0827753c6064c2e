//! The operator's own editor, run on a text in a file that nobody else can read.

use super::context::Context;
use super::files::{FileTrouble, read_text};
use std::env;
use std::io::{self, Write};
use std::process::ExitStatus;
use std::time::Duration;
use tempfile::{Builder, NamedTempFile};
use tokio::process::{Child, Command};

/// How long an editor that was told to end may take to save what it can.
const GRACE: Duration = Duration::from_secs(1);

/// A text in the hands of an editor. The file goes when this does.
pub struct Editing {
    file: NamedTempFile,
    child: Child,
    command: String,
}

/// Why there is no text from an editor.
#[derive(Debug)]
pub enum OutsideError {
    /// The file for the text, before or after.
    File(FileTrouble),
    /// The shell found no such program, or none that it may run.
    NoEditor(String),
    /// It did not end well, which is how editors say that nothing shall change.
    Failed(String, ExitStatus),
}

impl Editing {
    /// Starts the editor that `$VISUAL`, or else `$EDITOR`, names: a command line with its arguments. The terminal has to be
    /// the shell's as it was.
    pub fn begin(text: &str) -> Result<Self, OutsideError> {
        let command = command(|name| env::var(name).ok());
        let file = write(text)?;
        // The shell takes the command apart; the file is an argument of its own.
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{command} \"$@\"")).arg(&command).arg(file.path());
        let child = shell.spawn()?;
        Ok(Self { file, child, command })
    }

    /// Waits for its end and gives the text as it is then. May be given up and called again.
    pub async fn ended(&mut self) -> Result<String, OutsideError> {
        let status = self.child.wait().await?;
        match status.code() {
            Some(0) => {}
            Some(126 | 127) => return Err(OutsideError::NoEditor(self.command.clone())),
            _ => return Err(OutsideError::Failed(self.command.clone(), status)),
        }
        // Read by its name: many editors put a new file in the place of the old one.
        let text = read_text(self.file.path()).map_err(OutsideError::File)?;
        Ok(text.strip_suffix('\n').map(str::to_owned).unwrap_or(text))
    }

    /// Asks the editor to end, so that it gives the terminal back as it found it.
    pub async fn stop(mut self) {
        let process = self.child.id().and_then(|id| rustix::process::Pid::from_raw(id as i32));
        if let Some(process) = process {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
            let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
        }
    }
}

impl OutsideError {
    /// For people.
    pub fn words(&self, ctx: &Context) -> String {
        match self {
            Self::File(trouble) => {
                let error = ctx.say_with(trouble.key(), &[("error", trouble.error())]);
                ctx.say_with("outside.file", &[("error", &error)])
            }
            Self::NoEditor(command) => ctx.say_with("outside.no_editor", &[("command", command)]),
            Self::Failed(command, status) => {
                ctx.say_with("outside.failed", &[("command", command), ("status", &status.to_string())])
            }
        }
    }
}

impl From<io::Error> for OutsideError {
    fn from(error: io::Error) -> Self {
        Self::File(FileTrouble::Unreadable(error.to_string()))
    }
}

/// The command line that edits.
fn command(variable: impl Fn(&str) -> Option<String>) -> String {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| variable(name).filter(|command| !command.trim().is_empty()));
    named.unwrap_or_else(|| "vi".to_owned())
}

/// In a file of one's own (0600), whose name tells editors what is in it.
fn write(text: &str) -> io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix("muban-").suffix(".json").tempfile()?;
    writeln!(file, "{text}")?;
    file.flush()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_editor_is_the_one_that_was_named() {
        let named = |visual: Option<&str>, editor: Option<&str>| {
            command(|name| if name == "VISUAL" { visual } else { editor }.map(str::to_owned))
        };
        assert_eq!(named(Some("code --wait"), Some("ed")), "code --wait");
        assert_eq!(named(Some(" "), Some("ed")), "ed");
        assert_eq!(named(None, None), "vi");
    }

    #[test]
    fn the_file_is_for_nobody_else() {
        let file = write("{}").unwrap();
        assert_eq!(file.as_file().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(file.path().extension().unwrap(), "json");
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "{}\n");
    }
}
