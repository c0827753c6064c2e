//! What every command works with: the home, the settings, the language, the open store.

use super::args::Cli;
use super::failure::Failure;
use super::voice;
pub use super::voice::{ask, print, print_json, say};
use crate::config::{AmbiguousWidth, Home, Settings};
use crate::domain::account::Account;
use crate::domain::id::OpenId;
use crate::domain::lang::Lang;
use crate::session::{Session, Sessions};
use crate::store::Store;
use crate::text::lang::Texts;
use crate::text::{number, width};
use crate::wechat::CallRecord;
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
    /// What cannot be used of them, in sentences.
    pub broken: Vec<String>,
    /// The language to speak.
    pub lang: Lang,
    /// Whether stdout is for programs.
    pub json: bool,
    /// Whether each call is told.
    pub verbose: bool,
}

impl Context {
    /// Finds the home and reads the settings; a broken file is reported and its defaults are used.
    pub fn new(cli: &Cli) -> Result<Self, Failure> {
        let home = Home::find(cli.home.as_deref())?;
        let (settings, broken) = Settings::load_what_can_be(&home);
        width::set_ambiguous_wide(settings.ambiguous_width == AmbiguousWidth::Two);
        let lang = language(cli, &settings)?;
        let broken: Vec<String> = broken.iter().map(|error| Texts::of(lang).told(error)).collect();
        for text in &broken {
            voice::insist(text);
        }
        Ok(Self { home, home_option: cli.home.clone(), settings, broken, lang, json: cli.json, verbose: cli.verbose })
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
        Ok(self.sessions(store).get(account).await?)
    }

    /// Sessions whose calls are told as they end, if that was asked for.
    pub fn sessions(&self, store: &Store) -> Sessions {
        let lang = self.lang;
        if self.verbose {
            Sessions::overheard(store.clone(), Arc::new(move |call: &CallRecord| say(&call_line(call, lang))))
        } else {
            Sessions::new(store.clone())
        }
    }

    /// Says what may not be as it was meant.
    pub fn warn(&self, text: &str) {
        say(&self.warning(text));
    }

    /// The line that says so.
    pub fn warning(&self, text: &str) -> String {
        let line = self.texts().say("cli.warning");
        let word = line.replace("{text}", "");
        line.replacen(word.trim(), &voice::on_stderr(voice::Tone::Warning, word.trim()), 1).replace("{text}", text)
    }
}

/// The language that was asked for, else the one that is set.
pub fn language(cli: &Cli, settings: &Settings) -> Result<Lang, Failure> {
    match cli.lang.as_deref() {
        None => Ok(settings.language()),
        Some("en") => Ok(Lang::En),
        Some("zh") => Ok(Lang::Zh),
        Some(other) => Err(Failure::usage(format!("`{other}` is not a language of this program: use en or zh"))),
    }
}

/// One call: method, path, HTTP status, errcode, milliseconds. The query, which holds the token, is no part of a record.
fn call_line(call: &CallRecord, lang: Lang) -> String {
    let status = call.http_status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let errcode = call.errcode.map_or_else(|| "-".to_owned(), |errcode| errcode.to_string());
    let detail = call.detail.as_deref().unwrap_or_default();
    let (method, took) = (width::pad(call.method, 4), number::milliseconds(call.elapsed.as_millis() as u64, lang));
    let line = format!("{method} {}  {status}  errcode {errcode}  {took}  {detail}", call.path);
    line.trim_end().to_owned()
}

/// Openids of an unusual length are taken, and pointed out: mostly one is cut, or of another system.
pub fn warn_odd_openids(context: &Context, openids: &[OpenId]) {
    for odd in openids.iter().filter(|openid| !openid.has_usual_length()) {
        say(&context.texts().say_with("cli.odd_openid", &[("openid", odd.as_str())]));
    }
}
