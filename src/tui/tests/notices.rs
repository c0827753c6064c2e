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
    bench.msg(noted(Level::Info, "任务 15 交给后台进程"));
    bench.msg(noted(Level::Info, "同步完成"));
}

#[test]
fn pictures_of_notices() {
    pictures("toasts", told, bench);
    let all = |bench: &mut Bench| {
        told(bench);
        bench.msg(SystemMsg::Noted { level: Level::Error, text: "磁盘已满：drafts.json 没有写入".into() });
        bench.keys("esc !");
    };
    pictures("notice_log", all, bench);
}

#[test]
fn a_key_sends_toasts_away_and_the_log_keeps_them() {
    let mut bench = Bench::new();
    told(&mut bench);
    let screen = bench.screen();
    assert!(screen.contains("✓ 任务 15") && bench.footer().starts_with("同步完成"), "{screen}");
    bench.keys("j");
    assert!(!bench.screen().contains("任务 15 交给"));
    bench.keys("!");
    let screen = bench.screen();
    assert!(screen.contains("15:00 ✓ 任务 15") && screen.contains("同步完成"), "{screen}");
    bench.keys("j c");
    let text = "任务 15 交给后台进程".to_owned();
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
