//! Pictures of a moment in each language and size.

use crate::domain::lang::Lang;
use crate::tui::testkit::Bench;

/// Starts a screen in each language and size, lets something happen on it, and compares it with its picture.
pub fn pictures(moment: &str, happen: impl Fn(&mut Bench), start: impl Fn(Lang, (u16, u16)) -> Bench) {
    pictures_in(&[(80, 24), (120, 36)], moment, happen, start);
}

/// The same in other sizes.
pub fn pictures_in(sizes: &[(u16, u16)], moment: &str, happen: impl Fn(&mut Bench), start: impl Fn(Lang, (u16, u16)) -> Bench) {
    for lang in [Lang::En, Lang::Zh] {
        for size in sizes.iter().copied() {
            let mut bench = start(lang, size);
            happen(&mut bench);
            insta::assert_snapshot!(format!("{}_{}x{}_{moment}", lang.as_str(), size.0, size.1), bench.screen());
        }
    }
}
