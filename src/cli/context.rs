//! What every command works with: the home, the settings, the language, the open store.

use super::args::Cli;
use super::failure::{Failure, on_command};
use crate::config::{AmbiguousWidth, Home, Settings};
use crate::domain::account::Account;
use crate::domain::id::OpenId;
use crate::domain::lang::Lang;
use crate::domain::told::Told;
use crate::session::{Session, Sessions};
use crate::store::Store;
use crate::text::lang::Texts;
use crate::text::width;
use serde::Serialize;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// The surroundings of one command.
pub struct Context {
    /// The folders.
    pub home: Home,
    /// The folder that was given with `--home`.
    pub home_option: Option<PathBuf>,
    /// What the operator set.
    pub settings: Settings,
    /// The language to speak.
    pub lang: Lang,
    /// Whether stdout is for programs.
    pub json: bool,
}

impl Context {
    /// Finds the home and reads the settings; a broken file is reported and its defaults are used.
    pub fn new(cli: &Cli) -> Result<Self, Failure> {
        let home = Home::find(cli.home.as_deref())?;
        let loaded = Settings::load(&home);
        let broken = loaded.as_ref().err().map(Told::told);
        let settings = loaded.unwrap_or_default();
        width::set_ambiguous_wide(settings.ambiguous_width == AmbiguousWidth::Two);
        let lang = match cli.lang.as_deref() {
            None => settings.language(),
            Some("en") => Lang::En,
            Some("zh") => Lang::Zh,
            Some(other) => return Err(Failure::wrong(on_command("language").with("name", other))),
        };
        if let Some(broken) = broken {
            say(&Texts::of(lang).told(&broken));
        }
        Ok(Self { home, home_option: cli.home.clone(), settings, lang, json: cli.json })
    }

    /// The program's sentences in the language to speak.
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.lang)
    }

    /// Opens the three files.
    pub fn store(&self) -> Result<Store, Failure> {
        Ok(Store::open(&self.home.data)?)
    }

    /// The account of that name or AppID, or the only one.
    pub async fn account(&self, store: &Store, wanted: Option<&str>) -> Result<Account, Failure> {
        let mut accounts = store.accounts().await?;
        let list = || accounts.iter().map(|account| account.name.as_str()).collect::<Vec<_>>().join(", ");
        match wanted {
            Some(name) => {
                let known = list();
                let found = accounts.into_iter().find(|account| account.name == name || account.appid.as_str() == name);
                let args = [("name", name), ("known", if known.is_empty() { "-" } else { &known })];
                found.ok_or_else(|| Failure::usage(self.texts().say_with("cli.unknown_account", &args)))
            }
            None if accounts.len() == 1 => Ok(accounts.remove(0)),
            None if accounts.is_empty() => Err(Failure::usage(self.texts().say("cli.no_account"))),
            None => Err(Failure::usage(self.texts().say_with("cli.which_account", &[("known", &list())]))),
        }
    }

    /// A session for one account.
    pub async fn session(&self, store: &Store, account: &Account) -> Result<Arc<Session>, Failure> {
        Ok(Sessions::new(store.clone()).get(account).await?)
    }
}

/// A line for people. Nobody may be listening any more, which is no error.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Asks a person on the terminal; gives the line that was typed, blanks around it dropped.
pub fn ask(question: &str) -> Result<String, Failure> {
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{question} ");
    let _ = stderr.flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::wrong(on_command("input").with("why", error)))?;
    Ok(answer.trim().to_owned())
}

/// Openids of an unusual length are taken, and pointed out: mostly one is cut, or of another system.
pub fn warn_odd_openids(context: &Context, openids: &[OpenId]) {
    for odd in openids.iter().filter(|openid| !openid.has_usual_length()) {
        say(&context.texts().say_with("cli.odd_openid", &[("openid", odd.as_str())]));
    }
}

/// A line on standard output.
pub fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The one JSON document of a command.
pub fn print_json(value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        print(&text);
    }
}
