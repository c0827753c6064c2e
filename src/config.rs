//! Where the files are, and the operator's settings.

mod edit;
mod last_screen;

pub use last_screen::{LastScreen, LastView};

use crate::domain::lang::Lang;
use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use etcetera::BaseStrategy;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::de::DeTable;

/// The folders of one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// `config.toml` and `keys.toml`.
    pub config: PathBuf,
    /// The three files of the store.
    pub data: PathBuf,
    /// Logs.
    pub state: PathBuf,
}

/// Why there is no configuration to go by.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Neither a home folder nor a setting for one.
    NoHome,
    /// The file cannot be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be; defaults are used for all of it.
    Syntax {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong, in the reader's words.
        what: String,
    },
}

impl Told for ConfigError {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.config", key);
        match self {
            Self::NoHome => of("no_home"),
            Self::File { path, source } => of("file").with("path", path.display()).with("why", source),
            Self::Syntax { path, line, column, what } => {
                of("syntax").with("path", path.display()).with("line", line).with("column", column).with("what", what)
            }
        }
    }
}

in_english!(ConfigError);

impl Home {
    /// Everything in one folder.
    pub fn in_one(dir: &Path) -> Self {
        Self { config: dir.to_owned(), data: dir.to_owned(), state: dir.to_owned() }
    }

    /// The operator's own keys.
    pub fn keys(&self) -> PathBuf {
        self.config.join("keys.toml")
    }

    /// `--home`, else `MUBAN_HOME`, else the folders of the XDG specification.
    pub fn find(option: Option<&Path>) -> Result<Self, ConfigError> {
        if let Some(dir) = option {
            return Ok(Self::in_one(dir));
        }
        if let Some(dir) = std::env::var_os("MUBAN_HOME").filter(|dir| !dir.is_empty()) {
            return Ok(Self::in_one(Path::new(&dir)));
        }
        let base = etcetera::base_strategy::Xdg::new().map_err(|_| ConfigError::NoHome)?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        Ok(Self { config: base.config_dir().join("muban"), data: base.data_dir().join("muban"), state: state.join("muban") })
    }
}

/// The operator's own keys, as written; nothing if there are none. What is wrong with them is for the room that knows keys to say.
pub fn own_keys(home: &Home) -> Result<Option<String>, ConfigError> {
    let path = home.keys();
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::File { path, source }),
    }
}

/// What the operator set; everything has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Language of the texts; without it, `LANG` decides.
    pub lang: Option<Lang>,
    /// Name of a theme; without it, `auto`: dark or light, as the terminal is.
    pub theme: Option<String>,
    /// From how many recipients on the number must be typed to confirm a send.
    pub confirm_above: u64,
    /// Account that was shown last.
    pub account: Option<String>,
    /// Whether a sync asks for remarks and times of followers, beside their openids and tags.
    pub sync_details: bool,
    /// Hours after which the list of followers is called old before a send.
    pub stale_after: u64,
    /// Where the day is told that a message names as `{{ today }}`, such as `Asia/Shanghai`; without it, the machine's time zone.
    pub time_zone: Option<Zone>,
    /// Whether the screen is drawn with the signs of ASCII alone; without it, where the locale is not UTF-8.
    pub ascii: Option<bool>,
    /// Whether the screen takes the mouse.
    pub mouse: bool,
    /// Whether the title of the window says what runs.
    pub window_title: bool,
    /// How it is told that a job is at its end; without it, by the bell, and only while another window is in front.
    pub notify: Option<Notify>,
    /// In how many columns the terminal draws characters of ambiguous width, such as `…` and `①`.
    pub ambiguous_width: AmbiguousWidth,
}

/// How the end of a job is told, beside the screen itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// Not at all.
    None,
    /// By the terminal's bell.
    Bell,
    /// By a message on the desktop, from terminals that know OSC 9.
    Osc9,
}

/// Columns of a character whose width Unicode leaves open: one, or two in some terminals set up for Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum AmbiguousWidth {
    /// One.
    #[default]
    One,
    /// Two.
    Two,
}

impl TryFrom<u8> for AmbiguousWidth {
    type Error = String;

    fn try_from(columns: u8) -> Result<Self, String> {
        match columns {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            _ => Err(format!("ambiguous_width is 1 or 2, not {columns}")),
        }
    }
}

impl From<AmbiguousWidth> for u8 {
    fn from(width: AmbiguousWidth) -> Self {
        match width {
            AmbiguousWidth::One => 1,
            AmbiguousWidth::Two => 2,
        }
    }
}

/// A time zone by its name in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        TimeZone::get(&name).map(Self).map_err(|_| format!("`{name}` is not a time zone; write it as in \"Asia/Shanghai\""))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.iana_name().unwrap_or("UTC").to_owned()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lang: None,
            theme: None,
            confirm_above: 100,
            account: None,
            sync_details: true,
            stale_after: 24,
            time_zone: None,
            ascii: None,
            mouse: false,
            window_title: false,
            notify: None,
            ambiguous_width: AmbiguousWidth::One,
        }
    }
}

impl Settings {
    /// Reads `config.toml`; a missing file is no error.
    pub fn load(home: &Home) -> Result<Self, ConfigError> {
        let path = home.config.join("config.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                let (line, column) = place(&text, error.span().map(|span| span.start));
                ConfigError::Syntax { path, line, column, what: error.message().to_owned() }
            }),
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::File { path, source }),
        }
    }

    /// Reads `config.toml` as far as it can be used: what is wrong with it is told, and the default taken for that value alone.
    pub fn load_what_can_be(home: &Home) -> (Self, Vec<ConfigError>) {
        let path = home.config.join("config.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => return (Self::default(), Vec::new()),
            Err(source) => return (Self::default(), vec![ConfigError::File { path, source }]),
        };
        let wrong = |at, what: &str| {
            let (line, column) = place(&text, at);
            ConfigError::Syntax { path: path.clone(), line, column, what: what.to_owned() }
        };
        let table = match DeTable::parse(&text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map(|span| span.start);
                return (Self::default(), vec![wrong(at, error.message())]);
            }
        };
        let (mut good, mut errors) = (String::new(), Vec::new());
        for (key, value) in table.get_ref() {
            // A table has no value of its own in the text; none of the settings is one.
            let row = format!("{} = {}\n", key.get_ref(), text.get(value.span()).unwrap_or_default());
            match toml::from_str::<Self>(&row) {
                Ok(_) => good.push_str(&row),
                Err(error) => {
                    let unknown = error.message().starts_with("unknown field");
                    let at = if unknown { key.span().start } else { value.span().start };
                    errors.push((at, wrong(Some(at), error.message())));
                }
            }
        }
        errors.sort_by_key(|(at, _)| *at);
        (toml::from_str(&good).unwrap_or_default(), errors.into_iter().map(|(_, error)| error).collect())
    }

    /// Changes settings in `config.toml`, by way of a second file, so that it is never half written. What else people wrote there
    /// stays, also what is wrong with it; a file that is no TOML is left alone.
    pub fn change(home: &Home, change: impl FnOnce(&mut Self)) -> Result<(), ConfigError> {
        let path = home.config.join("config.toml");
        let file = |source| ConfigError::File { path: path.clone(), source };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(file(error)),
        };
        if let Err(error) = DeTable::parse(&text) {
            let (line, column) = place(&text, error.span().map(|span| span.start));
            return Err(ConfigError::Syntax { path, line, column, what: error.message().to_owned() });
        }
        let (before, _) = Self::load_what_can_be(home);
        let mut after = before.clone();
        change(&mut after);
        let changed = after.written_over(&before, &text);
        if changed == text {
            return Ok(());
        }
        std::fs::create_dir_all(&home.config).map_err(file)?;
        let draft = path.with_extension("toml.new");
        std::fs::write(&draft, changed).map_err(file)?;
        std::fs::rename(&draft, &path).map_err(file)
    }

    /// Sets one of them to a value as TOML writes it, or takes it out; one that cannot be is refused.
    pub fn set(home: &Home, key: &str, value: Option<&str>) -> Result<(), ConfigError> {
        let mut wrong = None;
        Self::change(home, |settings| {
            let mut table = toml::Table::try_from(&*settings).unwrap_or_default();
            let row = value.map(|value| format!("{key} = {value}\n")).unwrap_or_default();
            table.remove(key);
            let changed = toml::from_str::<toml::Table>(&row).map(|row| {
                table.extend(row);
                table.try_into::<Self>()
            });
            match changed {
                Ok(Ok(changed)) => *settings = changed,
                Ok(Err(error)) | Err(error) => wrong = Some(error.message().to_owned()),
            }
        })?;
        let path = home.config.join("config.toml");
        wrong.map_or(Ok(()), |what| Err(ConfigError::Syntax { path, line: 1, column: 1, what }))
    }

    /// All that are set, by key, as TOML writes them.
    pub fn values(&self) -> Vec<(String, String)> {
        let table = toml::Table::try_from(self).unwrap_or_default();
        table.into_iter().map(|(key, value)| (key, value.to_string())).collect()
    }

    fn written_over(&self, before: &Self, text: &str) -> String {
        let table = |settings: &Self| toml::Table::try_from(settings).unwrap_or_default();
        let (wanted, there) = (table(self), table(before));
        let keys: BTreeSet<&String> = wanted.keys().chain(there.keys()).collect();
        let changed = keys.into_iter().filter(|key| wanted.get(*key) != there.get(*key));
        changed.fold(text.to_owned(), |text, key| edit::set(&text, key, wanted.get(key).map(ToString::to_string).as_deref()))
    }

    /// Where times and days are told.
    pub fn zone(&self) -> TimeZone {
        self.time_zone.as_ref().map_or_else(TimeZone::system, |zone| zone.0.clone())
    }

    /// The language to speak: the setting, else `LC_ALL`, `LC_MESSAGES` or `LANG`, else English.
    pub fn language(&self) -> Lang {
        let from_shell = || {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).and_then(|locale| Lang::parse(&locale))
        };
        self.lang.or_else(from_shell).unwrap_or_default()
    }
}

/// Line and column of a mistake, from 1.
pub fn place(text: &str, at: Option<usize>) -> (usize, usize) {
    let before = at.and_then(|at| text.get(..at)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_written() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        assert_eq!(Settings::load(&home).unwrap(), Settings::default());
        let settings = Settings {
            lang: Some(Lang::Zh),
            confirm_above: 5,
            account: Some("Acme 服务号".into()),
            theme: None,
            sync_details: false,
            stale_after: 6,
            time_zone: Some(Zone::try_from("Asia/Shanghai".to_owned()).unwrap()),
            ascii: Some(false),
            mouse: true,
            window_title: true,
            notify: Some(Notify::Osc9),
            ambiguous_width: AmbiguousWidth::Two,
        };
        Settings::change(&home, |all| all.clone_from(&settings)).unwrap();
        assert_eq!(Settings::load(&home).unwrap(), settings);
        assert_eq!(settings.language(), Lang::Zh);
    }

    #[test]
    fn a_mistake_in_the_file_is_named_by_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        std::fs::write(home.config.join("config.toml"), "lang = \"zh\"\ntheme = 3\n").unwrap();
        let error = Settings::load(&home).unwrap_err().to_string();
        assert!(error.contains("line 2, column 9"), "{error}");
        std::fs::write(home.config.join("config.toml"), "time_zone = \"Peking\"\n").unwrap();
        let error = Settings::load(&home).unwrap_err().to_string();
        assert!(error.contains("line 1, column 13") && error.contains("Asia/Shanghai"), "{error}");
        std::fs::write(home.config.join("config.toml"), "ambiguous_width = 3\n").unwrap();
        let error = Settings::load(&home).unwrap_err().to_string();
        assert!(error.contains("line 1, column 19") && error.contains("1 or 2, not 3"), "{error}");
    }

    #[test]
    fn one_wrong_value_costs_the_others_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        let text = "lang = \"zh\"\nconfirm_above = \"many\"\nthme = \"dark\"\nstale_after = 6\n";
        std::fs::write(home.config.join("config.toml"), text).unwrap();
        let (settings, errors) = Settings::load_what_can_be(&home);
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(settings, Settings { lang: Some(Lang::Zh), stale_after: 6, ..Settings::default() });
        assert!(
            errors.len() == 2 && errors[0].contains("line 2, column 17") && errors[1].contains("line 3, column 1"),
            "{errors:?}"
        );
        assert!(errors[1].contains("thme"), "{errors:?}");
        std::fs::write(home.config.join("config.toml"), "lang = \n").unwrap();
        let (settings, errors) = Settings::load_what_can_be(&home);
        assert!(settings == Settings::default() && errors[0].to_string().contains("line 1"), "{errors:?}");
    }

    #[test]
    fn what_people_wrote_around_a_setting_stays() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        let file = home.config.join("config.toml");
        std::fs::write(&file, "# for the night shift\ntheme = \"dark\" # not light\n").unwrap();
        Settings::change(&home, |settings| settings.mouse = true).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text, "# for the night shift\ntheme = \"dark\" # not light\nmouse = true\n");
        assert!(Settings::load(&home).unwrap().mouse);
        std::fs::write(&file, "stale_after = 'soon'\n").unwrap();
        Settings::change(&home, |settings| settings.account = Some("Acme".into())).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "stale_after = 'soon'\naccount = \"Acme\"\n", "a mistake is no loss");
        std::fs::write(&file, "stale_after = \n").unwrap();
        assert!(Settings::change(&home, |settings| settings.mouse = true).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "stale_after = \n");
    }

    #[test]
    fn one_setting_is_set_as_toml_writes_it_or_refused() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        let text = || std::fs::read_to_string(home.config.join("config.toml")).unwrap_or_default();
        Settings::set(&home, "notify", Some("\"osc9\"")).unwrap();
        assert_eq!(text(), "notify = \"osc9\"\n");
        Settings::set(&home, "ambiguous_width", Some("2")).unwrap();
        Settings::set(&home, "notify", None).unwrap();
        assert_eq!(text(), "ambiguous_width = 2\n");
        for (key, value) in [("notify", "\"shout\""), ("ambiguous_width", "3"), ("nothing", "1"), ("lang", "=")] {
            assert!(Settings::set(&home, key, Some(value)).is_err(), "{key}");
        }
        assert_eq!(text(), "ambiguous_width = 2\n");
    }
}
