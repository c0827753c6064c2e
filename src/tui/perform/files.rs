use super::Services;
use super::reports::in_full;
use crate::tui::files::{FileTrouble, read_text};
use crate::tui::msg::SystemMsg;

impl Services {
    pub(super) async fn read_file(&self, name: &str) {
        let path = in_full(name);
        let read = tokio::task::spawn_blocking(move || read_text(&path)).await;
        self.tell(match read.unwrap_or_else(|error| Err(FileTrouble::Unreadable(error.to_string()))) {
            Ok(text) => SystemMsg::FileRead { text },
            Err(trouble) => SystemMsg::FileNotRead { trouble },
        });
    }
}
