//! Where the operator was when the screen was left, kept beside the logs: nothing is lost with it but a few key presses.

use super::Home;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const FILE: &str = "screen.toml";

/// The screen as it was left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LastScreen {
    /// Whether the focused pane had all the room.
    pub zoomed: bool,
    /// How far the edges of the panes were moved, in per cent: of the lists, of the preview, of the send pane.
    pub splits: [i8; 3],
    /// By AppID.
    pub accounts: BTreeMap<String, LastView>,
}

/// What was in view of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LastView {
    /// Number of the pane, 1 to 7; 0 if it is not known.
    pub pane: u8,
    /// Id of the selected template.
    pub template: String,
    /// Openid of the selected user, where the list was not at its beginning.
    pub user: String,
    /// What users were searched for.
    pub search: String,
    /// Number of the tag whose users were shown.
    pub tag: Option<i64>,
    /// What that tag was called.
    pub tag_name: String,
    /// How those shown stand to the account.
    pub who: String,
    /// Whether only those who never got anything were shown.
    pub never_sent: bool,
    /// Whether they were in order of names.
    pub by_name: bool,
    /// The job in the send pane.
    pub job: Option<i64>,
    /// Which of its recipients were listed.
    pub recipients: String,
}

impl LastScreen {
    /// What was kept; nothing if there is none, or none that can be read.
    pub fn load(home: &Home) -> Self {
        let text = std::fs::read_to_string(home.state.join(FILE)).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    /// Keeps it; that it cannot be kept is nobody's concern.
    pub fn save(&self, home: &Home) {
        let Ok(text) = toml::to_string(self) else { return };
        let path = home.state.join(FILE);
        let draft = path.with_extension("toml.new");
        let written = std::fs::create_dir_all(&home.state).and_then(|()| std::fs::write(&draft, text));
        if written.and_then(|()| std::fs::rename(&draft, &path)).is_err() {
            let _ = std::fs::remove_file(&draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_and_what_cannot_be_read_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        assert_eq!(LastScreen::load(&home), LastScreen::default());
        let view = LastView { pane: 4, search: "张".into(), tag: Some(2), ..LastView::default() };
        let last = LastScreen { zoomed: true, splits: [4, -4, 0], accounts: [("wx1".to_owned(), view)].into() };
        last.save(&home);
        assert_eq!(LastScreen::load(&home), last);
        std::fs::write(dir.path().join(FILE), "zoomed = 3").unwrap();
        assert_eq!(LastScreen::load(&home), LastScreen::default());
    }
}
