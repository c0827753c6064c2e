//! The operator's own themes: `themes/NAME.toml` beside `config.toml`.

use crate::config::{Home, place};
use crate::tui::theme::{Theme, ThemeName};
use std::path::Path;

/// Every theme that can be used, by name, and what is wrong with the others.
pub fn read(home: &Home) -> (Vec<(String, Theme)>, Vec<String>) {
    let (mut themes, mut mistakes) = (Vec::new(), Vec::new());
    // No folder, no themes: most homes have none.
    let files = std::fs::read_dir(home.config.join("themes")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    for path in files {
        match read_one(&path) {
            Ok(theme) => themes.push(theme),
            Err(what) => mistakes.push(format!("{}, {what}", path.display())),
        }
    }
    (themes, mistakes)
}

fn read_one(path: &Path) -> Result<(String, Theme), String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if !matches!(ThemeName::parse(&name), ThemeName::Own(_)) {
        return Err(format!("`{name}` is a theme of the program's own; give yours another name"));
    }
    let text = std::fs::read_to_string(path).map_err(|why| why.to_string())?;
    let theme = Theme::parse(&text).map_err(|mistake| match mistake.at {
        Some(_) => {
            let (line, column) = place(&text, mistake.at);
            format!("line {line}, column {column}: {}", mistake.what)
        }
        None => mistake.what,
    })?;
    Ok((name, theme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_themes_are_read_and_mistakes_are_told_with_their_place() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_one(dir.path());
        assert_eq!(read(&home), (Vec::new(), Vec::new()));
        let folder = dir.path().join("themes");
        std::fs::create_dir(&folder).unwrap();
        let mono = include_str!("../../../assets/themes/mono.toml");
        std::fs::write(folder.join("plain.toml"), mono).unwrap();
        std::fs::write(folder.join("dark.toml"), mono).unwrap();
        std::fs::write(folder.join("notes.txt"), "not a theme").unwrap();
        std::fs::write(folder.join("odd.toml"), mono.replace("ok = {}", "ok = { fg = \"greenish\" }")).unwrap();
        let (themes, mistakes) = read(&home);
        assert_eq!(themes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["plain"]);
        assert!(mistakes[0].contains("dark.toml") && mistakes[0].contains("another name"), "{mistakes:?}");
        let line = mono.lines().position(|line| line.starts_with("ok")).unwrap() + 1;
        assert!(mistakes[1].contains(&format!("odd.toml, line {line}, column 13: `greenish` is not a colour")), "{mistakes:?}");
        assert_eq!(mistakes.len(), 2);
    }
}
