//! Toasts, and the log of what was told.

use super::pictures::pictures;
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, SystemEffect};
use crate::tui::msg::{Level, SystemMsg};
use crate::tui::testkit::{Bench, World};

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    Bench::with(lang, World::default()).size(width, height)
}

fn told(bench: &mut Bench) {
    let noted = |level, text: &str| SystemMsg::Noted { level, text: text.into() };
    bench.msg(noted(Level::Info, "订单发货提醒 2 000 / 2 000"));
    bench.msg(noted(Level::Info, "Job 15 goes on in a process of its own"));
    bench.msg(noted(Level::Info, "Synced"));
}

#[test]
fn pictures_of_notices() {
    pictures("toasts", told, bench);
    let all = |bench: &mut Bench| {
        told(bench);
        bench.msg(SystemMsg::Noted { level: Level::Error, text: "the disk is full: nothing was written to drafts.json".into() });
        bench.keys("esc !");
    };
    pictures("notice_log", all, bench);
}

#[test]
fn a_key_sends_toasts_away_and_the_log_keeps_them() {
    let mut bench = Bench::new();
    told(&mut bench);
    let screen = bench.screen();
    assert!(screen.contains("✓ Job 15 goes on") && bench.footer().starts_with("Synced"), "{screen}");
    bench.keys("j");
    assert!(!bench.screen().contains("Job 15 goes on"));
    bench.keys("!");
    let screen = bench.screen();
    assert!(screen.contains("15:00 ✓ Job 15 goes on") && screen.contains("Synced"), "{screen}");
    bench.keys("j c");
    let text = "Job 15 goes on in a process of its own".to_owned();
    assert_eq!(bench.asked(), [Effect::from(SystemEffect::CopyToClipboard { text })]);
}

#[test]
fn an_error_stays_until_it_is_read_whatever_comes_after_it() {
    let mut bench = Bench::new();
    bench.msg(SystemMsg::Noted { level: Level::Error, text: "first".into() });
    bench.msg(SystemMsg::Noted { level: Level::Error, text: "second".into() });
    told(&mut bench);
    assert!(bench.screen().contains("second"));
    bench.keys("esc");
    assert!(bench.screen().contains("first"), "{}", bench.screen());
    bench.keys("esc !");
    assert!(bench.screen().contains("✗ first") && bench.screen().contains("✗ second"), "{}", bench.screen());
}
