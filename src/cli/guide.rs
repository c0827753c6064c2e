//! What help teaches beside the options: the commands in the order in which a newcomer meets them, and examples. Both are data.

use super::voice;
use crate::text::width::{pad, wrap};
use clap::Command;
use serde::Deserialize;
use std::fmt::Write;

const TABLE: &str = include_str!("../../assets/cli_examples.toml");

/// Widest that help is set; where the terminal does not say, it is taken to be as wide as most.
pub const WIDEST: usize = 110;
const USUAL: usize = 100;
/// Columns of a command's name.
const NAME: usize = 13;

/// Everything there is to teach.
#[derive(Debug, Default, Deserialize)]
pub struct Guide {
    /// How a command ends, and what that means.
    pub exit_codes: Vec<(String, String)>,
    /// The commands, by what one wants.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// Examples, command by command.
    pub examples: Vec<Examples>,
}

/// Commands that belong together.
#[derive(Debug, Deserialize)]
pub struct Group {
    /// What one wants.
    pub title: String,
    /// Their names.
    pub commands: Vec<String>,
}

/// The examples of one command.
#[derive(Debug, Deserialize)]
pub struct Examples {
    /// The command with those above it, such as `account add`; empty for the program itself.
    pub command: String,
    /// What stands above them.
    #[serde(default = "usual_title")]
    pub title: String,
    /// What each does, and how it is typed.
    pub lines: Vec<(String, String)>,
}

fn usual_title() -> String {
    "Examples".to_owned()
}

impl Guide {
    /// Reads the table.
    pub fn read() -> Self {
        toml::from_str(TABLE).unwrap_or_default()
    }

    /// The examples of a command.
    pub fn of(&self, command: &str) -> Option<&Examples> {
        self.examples.iter().find(|examples| examples.command == command)
    }

    /// The command line with all of this in its help.
    pub fn teach(&self, command: Command) -> Command {
        let template = self.template(&command);
        self.with_examples(command, "").help_template(template)
    }

    fn with_examples(&self, mut command: Command, path: &str) -> Command {
        if let Some(examples) = self.of(path) {
            let mut text = shown(&command, examples);
            if path.is_empty() {
                text.push_str(&self.exits(&command));
            }
            command = command.after_long_help(text);
        }
        let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        names.into_iter().fold(command, |command, name| {
            let below = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
            command.mut_subcommand(name, |sub| self.with_examples(sub, &below))
        })
    }

    fn exits(&self, command: &Command) -> String {
        let heading = *command.get_styles().get_header();
        let lines = self.exit_codes.iter().map(|(code, means)| format!("\n  {code}  {means}"));
        format!("\n\n{heading}Exit codes:{heading:#}{}", lines.collect::<String>())
    }

    /// How the help of the program itself is set: clap knows no headings among commands.
    fn template(&self, command: &Command) -> String {
        let mut built = command.clone();
        built.build();
        let width = voice::columns_of(std::io::stdout()).unwrap_or(USUAL).min(WIDEST);
        let (heading, literal) = (*command.get_styles().get_header(), *command.get_styles().get_literal());
        let mut text = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
        for group in &self.groups {
            let _ = write!(text, "\n{heading}{}:{heading:#}\n", group.title);
            for sub in group.commands.iter().filter_map(|name| built.find_subcommand(name)) {
                let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
                let mut lines = wrap(&about, width.saturating_sub(NAME + 2)).into_iter();
                let first = lines.next().unwrap_or_default();
                let _ = writeln!(text, "  {literal}{}{literal:#}{first}", pad(sub.get_name(), NAME));
                for line in lines {
                    let _ = writeln!(text, "  {}{line}", pad("", NAME));
                }
            }
        }
        let _ = write!(text, "\n{heading}Options:{heading:#}\n{{options}}{{after-help}}");
        text
    }
}

fn shown(command: &Command, examples: &Examples) -> String {
    let (heading, literal) = (*command.get_styles().get_header(), *command.get_styles().get_literal());
    let mut text = format!("{heading}{}:{heading:#}", examples.title);
    for (says, line) in &examples.lines {
        let _ = write!(text, "\n  # {says}\n  {literal}{}{literal:#}", line.trim_end());
    }
    text
}
