//! What becomes of a drawn frame before it goes out: the background of the theme, and signs that the terminal has.

use super::context::Context;
use super::theme::Role;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::style::Color;

/// What is drawn where there is only ASCII, each as wide as what it stands for. Chinese has no stand-in and stays.
const STAND_INS: &[(&str, &str)] = &[
    ("▸", ">"),
    ("◂", "<"),
    ("●", "*"),
    ("•", "*"),
    ("★", "*"),
    ("✓", "+"),
    ("✗", "x"),
    ("…", "~"),
    ("·", "."),
    ("»", ">"),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("×", "x"),
    ("−", "-"),
    ("–", "-"),
    ("─", "-"),
    ("│", "|"),
    ("▇", "#"),
    ("░", "-"),
    ("▁", "_"),
    ("▂", "."),
    ("▃", ":"),
    ("▄", "-"),
    ("▅", "="),
    ("▆", "+"),
    ("█", "#"),
    ("□", "_"),
    ("“", "\""),
    ("”", "\""),
    ("‘", "'"),
    ("’", "'"),
    ("—", "-"),
];

/// Finishes a frame.
pub fn finish(buf: &mut Buffer, ctx: &Context) {
    let text = ctx.style(Role::Text);
    if text.bg.is_none() && !ctx.settings.ascii {
        return;
    }
    for cell in &mut buf.content {
        if cell.bg == Color::Reset {
            cell.bg = text.bg.unwrap_or_default();
            if cell.fg == Color::Reset {
                cell.fg = text.fg.unwrap_or_default();
            }
        }
        if ctx.settings.ascii && !cell.symbol().is_ascii() {
            let stand_in = STAND_INS.iter().find(|(sign, _)| *sign == cell.symbol());
            if let Some((_, plain)) = stand_in {
                match cell.diff_option {
                    // Counted as two columns: it fills both.
                    CellDiffOption::ForcedWidth(columns) if columns.get() == 2 => cell.set_symbol(&format!("{plain} ")),
                    _ => cell.set_symbol(plain),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;
    use crate::text::width::columns;
    use crate::tui::testkit::{Bench, World, job, progress};

    #[test]
    fn a_stand_in_is_as_wide_as_what_it_stands_for() {
        for (sign, plain) in STAND_INS {
            assert!(plain.is_ascii(), "{sign}");
            assert_eq!(columns(sign), columns(plain), "{sign}");
        }
    }

    /// The signs in the code and the texts that are as wide as ASCII; what frames are made of has ASCII of its own.
    fn signs_of(path: &std::path::Path, found: &mut std::collections::BTreeSet<char>) {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
            return entries.for_each(|path| signs_of(&path, found));
        }
        if path.to_string_lossy().contains("test") || path.ends_with("panel.rs") {
            return;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        found.extend(lines.flat_map(str::chars).filter(|c| !c.is_ascii() && columns(&c.to_string()) == 1));
    }

    #[test]
    fn every_sign_that_is_written_anywhere_has_a_stand_in() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = std::collections::BTreeSet::new();
        for place in ["src/tui", "assets/locales", "assets/errcodes.tsv", "assets/errcode_calls.tsv"] {
            signs_of(&root.join(place), &mut found);
        }
        assert!(found.len() > 15, "it looks in the wrong place");
        found.retain(|c| !STAND_INS.iter().any(|(sign, _)| *sign == c.to_string()));
        assert!(found.is_empty(), "without a stand-in: {found:?}");
    }

    #[test]
    fn with_ascii_nothing_but_chinese_is_outside_of_it() {
        use crate::domain::job::JobState;
        use crate::tui::msg::SendMsg;
        for lang in [Lang::En, Lang::Zh] {
            let mut bench = Bench::with(lang, World::default());
            bench.app.ctx.settings.ascii = true;
            bench.keys("enter ctrl-e tab esc 4 space");
            bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
            for keys in ["", "x", "esc ?", "esc H", "esc 4 #", "esc f", "esc o", "esc 5 w"] {
                let screen = bench.keys(keys).screen();
                // Full-width characters are written by terminals that show Chinese at all.
                let odd = |c: &char| !c.is_ascii() && columns(&c.to_string()) == 1;
                let odd: String = screen.chars().filter(odd).collect();
                assert!(odd.is_empty(), "{keys:?} shows {odd:?}:\n{screen}");
            }
        }
    }

    #[test]
    fn a_theme_with_a_background_paints_all_of_the_screen() {
        let mut bench = Bench::new();
        bench.keys("T T T x");
        let (buf, _) = bench.buffer();
        assert!(buf.content.iter().all(|cell| cell.bg != Color::Reset && cell.fg != Color::Reset));
    }
}
