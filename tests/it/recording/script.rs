//! `assets/demo/recording.toml`.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub title: String,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Seconds from a sentence to its keys.
    pub ahead: f64,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(default)]
    pub keys: Vec<String>,
    pub text: Option<String>,
    pub says: Option<String>,
    #[serde(default)]
    pub shows: Vec<String>,
    #[serde(default)]
    pub gone: Vec<String>,
    #[serde(default)]
    pub over: f64,
    pub stays: f64,
    #[serde(default)]
    pub still: bool,
}

impl Script {
    pub fn read() -> Self {
        toml::from_str(include_str!("../../../assets/demo/recording.toml")).unwrap()
    }
}

impl Step {
    /// Whether this screen is where the step leads.
    pub fn reached(&self, screen: &str) -> bool {
        self.shows.iter().all(|text| screen.contains(text)) && !self.gone.iter().any(|text| screen.contains(text))
    }

    /// What the step presses, key by key, as a terminal sends it.
    pub fn presses(&self) -> Vec<String> {
        let typed = self.text.iter().flat_map(|text| text.chars()).map(String::from);
        self.keys.iter().map(|key| bytes(key)).chain(typed).collect()
    }
}

fn bytes(key: &str) -> String {
    match key {
        "enter" => "\r".to_owned(),
        "tab" => "\t".to_owned(),
        "esc" => "\x1b".to_owned(),
        _ => match key.strip_prefix("ctrl-").and_then(|letter| letter.chars().next()) {
            Some(letter) => char::from(letter as u8 & 0x1f).to_string(),
            None if key.chars().count() == 1 => key.to_owned(),
            None => panic!("there is no key {key:?}"),
        },
    }
}
