//! The tables of colours: whole, readable, and what a terminal makes of them.

use super::palette::{nearest, rgb};
use super::*;
use crate::tui::surroundings::{Background, Depth, Surroundings};

/// The darkest and the lightest that a terminal for this theme is painted on.
const GROUNDS: &[(ThemeName, [[u8; 3]; 2])] = &[
    (ThemeName::Dark, [[0, 0, 0], [30, 30, 30]]),
    (ThemeName::Light, [[255, 255, 255], [245, 245, 245]]),
    (ThemeName::Contrast, [[0, 0, 0], [0, 0, 0]]),
];

/// What may be fainter than text: it stands beside something that says the same.
const FAINT: &[Role] = &[Role::Dim, Role::Hint, Role::Border];

/// What is written over a selected row, and keeps the row's ground.
const ON_A_ROW: &[Role] = &[Role::Dim, Role::Ok, Role::Warning, Role::Error, Role::Busy, Role::Name, Role::Accent, Role::Strong];

fn standard(name: &ThemeName) -> Theme {
    Theme::parse(name.source().unwrap()).unwrap()
}

fn channels(color: Color) -> [u8; 3] {
    match color {
        Color::Indexed(at @ 16..) => rgb(at),
        other => panic!("{other:?} is as the terminal's owner chose: nobody knows how it looks"),
    }
}

/// As WCAG 2 counts it, from 1 to 21.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |rgb: [u8; 3]| {
        let linear = rgb.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_theme_has_every_role_and_only_mono_has_no_colours() {
    for name in ThemeName::STANDARD.into_iter().filter(|name| *name != ThemeName::Auto) {
        let theme = standard(&name);
        assert_eq!(theme.styles.len(), ROLES.len());
        let coloured = theme.styles.values().any(|style| style.fg.is_some() || style.bg.is_some());
        assert_eq!(coloured, name != ThemeName::Mono, "{name:?}");
    }
}

#[test]
fn everything_can_be_read_on_its_background() {
    let mut wrong = Vec::new();
    for (name, grounds) in GROUNDS {
        let theme = standard(name);
        for (role_name, role) in ROLES.iter().filter(|(_, role)| theme.style(*role).fg.is_some()) {
            let style = theme.style(*role);
            let text = channels(style.fg.unwrap());
            let needed = if FAINT.contains(role) { 3.0 } else { 4.5 };
            for ground in grounds.map(|ground| style.bg.map_or(ground, channels)) {
                let is = contrast(text, ground);
                if is < needed {
                    wrong.push(format!("{name:?} {role_name}: {is:.2} on {ground:?}"));
                }
            }
        }
        // What is marked in the preview has its punctuation in it.
        let on_rows = ON_A_ROW.iter().map(|role| (Role::Selected, role)).chain([(Role::Marked, &Role::Dim)]);
        for (row, role) in on_rows {
            let style = theme.style(row).patch(theme.style(*role));
            let is = contrast(channels(style.fg.unwrap()), channels(style.bg.unwrap()));
            if is < if FAINT.contains(role) { 3.0 } else { 4.5 } {
                wrong.push(format!("{name:?} {role:?} on {row:?}: {is:.2}"));
            }
        }
    }
    assert!(wrong.is_empty(), "cannot be read:\n{}", wrong.join("\n"));
}

#[test]
fn what_tells_a_state_is_told_from_text_and_from_each_other() {
    for name in ThemeName::STANDARD.into_iter().filter(|name| !matches!(name, ThemeName::Auto | ThemeName::Mono)) {
        let theme = standard(&name);
        let states = [Role::Text, Role::Ok, Role::Warning, Role::Error, Role::Busy].map(|role| theme.style(role));
        for (at, one) in states.iter().enumerate() {
            assert!(!states[at + 1..].contains(one), "{name:?}: {one:?} says two things");
        }
    }
}

#[test]
fn a_mistake_is_named_and_has_a_place() {
    let whole = ThemeName::Dark.source().unwrap();
    let broken = |from: &str, to: &str| {
        let text = whole.replace(from, to);
        let mistake = Theme::parse(&text).unwrap_err();
        (mistake.what, mistake.at.map(|at| text.get(at..).unwrap().chars().take(6).collect::<String>()))
    };
    assert_eq!(broken("accent = {", "akzent = {").0, "`accent` is missing");
    assert_eq!(broken("[\"reversed\"]", "[\"blinking\"]"), ("`blinking` is not an attribute".into(), Some("\"blink".into())));
    assert_eq!(broken("fg = \"79\"", "fg = \"mauve\""), ("`mauve` is not a colour".into(), Some("\"mauve".into())));
    assert_eq!(broken("# For", "more = {}\n# For"), ("`more` is not a role".into(), Some("more =".into())));
    assert!(broken("text = {", "text = ").1.is_some());
}

#[test]
fn a_theme_comes_to_what_the_terminal_can_show() {
    let around = |depth, no_color| Surroundings { depth, no_color, ..Surroundings::default() };
    let full = Themes::new(Vec::new(), &around(Depth::Full, false), Background::Light);
    assert_eq!(full.shown(&ThemeName::Auto), ThemeName::Light);
    assert_eq!(full.shown(&ThemeName::Own("gone".into())), ThemeName::Light);
    let sixteen = Themes::new(Vec::new(), &around(Depth::Sixteen, false), Background::Dark);
    for name in [ThemeName::Auto, ThemeName::Dark, ThemeName::Contrast] {
        assert_eq!(sixteen.shown(&name), ThemeName::Ansi);
    }
    assert_eq!(sixteen.shown(&ThemeName::Terminal), ThemeName::Terminal);
    let none = Themes::new(Vec::new(), &around(Depth::Full, true), Background::Dark);
    assert!(ThemeName::STANDARD.iter().all(|name| none.shown(name) == ThemeName::Mono), "NO_COLOR wins");
}

#[test]
fn the_key_goes_through_all_themes_and_the_own_ones_too() {
    let themes = Themes::new(vec![("mine".into(), standard(&ThemeName::Mono))], &Surroundings::default(), Background::Dark);
    let mut seen = vec![ThemeName::Auto];
    while seen.len() < 9 {
        seen.push(themes.next(seen.last().unwrap()));
    }
    assert_eq!(seen[7], ThemeName::Own("mine".into()));
    assert_eq!(seen[8], ThemeName::Auto);
    assert_eq!(themes.shown(&seen[7]), seen[7]);
    assert_eq!(themes.next(&ThemeName::Own("gone".into())), ThemeName::Auto);
}

#[test]
fn colours_that_a_terminal_has_not_become_the_nearest_that_it_has() {
    assert_eq!(nearest(Color::Rgb(255, 0, 0)), Color::Indexed(196));
    assert_eq!(nearest(Color::Rgb(9, 9, 9)), Color::Indexed(232));
    assert_eq!(nearest(Color::Red), Color::Red);
    let own = ThemeName::Dark.source().unwrap().replace("\"79\"", "\"#5fd7af\"");
    let own = Theme::parse(&own).unwrap();
    assert_eq!(own.depth(), Depth::Full);
    let around = Surroundings { depth: Depth::Indexed, ..Surroundings::default() };
    let themes = Themes::new(vec![("own".into(), own)], &around, Background::Dark);
    assert_eq!(themes.theme(&ThemeName::Own("own".into())).style(Role::Accent).fg, Some(Color::Indexed(79)));
}
