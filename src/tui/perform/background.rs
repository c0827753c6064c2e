//! What the terminal was painted on when it last said so: the guess with which the next start begins.

use crate::config::Home;
use crate::tui::surroundings::Background;
use std::path::PathBuf;

fn path(home: &Home) -> PathBuf {
    home.state.join("background")
}

/// What was kept, if anything was.
pub fn kept(home: &Home) -> Option<Background> {
    Background::parse(std::fs::read_to_string(path(home)).ok()?.trim())
}

/// Keeps it. It is a guess for the next start: nothing is lost without it.
pub fn keep(home: &Home, background: Background) {
    let _ = std::fs::create_dir_all(&home.state);
    let _ = std::fs::write(path(home), background.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_the_guess_of_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(&dir.path().join("state"));
        assert_eq!(kept(&home), None);
        keep(&home, Background::Light);
        assert_eq!(kept(&home), Some(Background::Light));
        std::fs::write(path(&home), "blue").unwrap();
        assert_eq!(kept(&home), None);
    }
}
