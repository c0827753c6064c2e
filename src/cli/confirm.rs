//! What an operator has to name before something is done that cannot be undone.

use super::context::{Context, ask, say};
use super::failure::Failure;
use super::voice::insist;
use std::io::IsTerminal;

/// Says what a question is about. It has to be heard, unless the answer is there already.
pub fn lead(answered: bool, line: &str) {
    if answered { say(line) } else { insist(line) }
}

/// A name to be given, with the keys of the sentences around it; each sentence can have `{name}`.
pub struct Asked<'a> {
    /// What has to be typed.
    pub name: &'a str,
    /// The question on a terminal.
    pub ask: &'a str,
    /// Nobody can be asked: give the option.
    pub needed: &'a str,
    /// The option gives something else.
    pub other: &'a str,
}

/// How far it is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// The option gave the name.
    Already,
    /// It is still to be asked for.
    OnTerminal,
}

impl Asked<'_> {
    /// The name given with the option. Where it gives another, or nobody can be asked, there is nothing more to do.
    pub fn given(&self, context: &Context, option: Option<&str>) -> Result<Given, Failure> {
        let wrong = |key| Err(Failure::usage(self.say(context, key)));
        match option {
            Some(name) if name.trim() == self.name.trim() => Ok(Given::Already),
            Some(_) => wrong(self.other),
            None if std::io::stdin().is_terminal() => Ok(Given::OnTerminal),
            None => wrong(self.needed),
        }
    }

    /// Asks for it on the terminal, unless it was given.
    pub fn typed(&self, context: &Context, given: Given) -> Result<bool, Failure> {
        match given {
            Given::Already => Ok(true),
            Given::OnTerminal => Ok(ask(&self.say(context, self.ask))? == self.name.trim()),
        }
    }

    fn say(&self, context: &Context, key: &str) -> String {
        context.texts().say_with(key, &[("name", self.name)])
    }
}
