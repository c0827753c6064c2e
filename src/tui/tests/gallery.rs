//! Pictures of every pane with the focus, and of what can lie on top of any of them.

use super::FILLED;
use super::jobs::bench;
use super::pictures::{SIZES, pictures, pictures_in};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::msg::{Level, SendMsg, SystemMsg};
use crate::tui::panes::PaneId;
use crate::tui::testkit::{Bench, job, progress};

/// A message that is written, its audience, and the job before in the middle of its work.
fn at_work(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = bench(lang, size);
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).msg(SendMsg::Progressed(progress(15)));
    bench.keys(FILLED);
    bench
}

#[test]
fn pictures_of_every_pane() {
    for pane in PaneId::ALL {
        let look = |bench: &mut Bench| {
            bench.keys(&pane.number().to_string());
            assert_eq!(bench.app.focus, pane);
        };
        pictures_in(&SIZES, &format!("pane_{}", pane.number()), look, at_work);
    }
}

#[test]
fn pictures_of_what_lies_on_top_of_any_pane() {
    pictures("help", |bench| _ = bench.keys("?"), at_work);
    pictures("palette", |bench| _ = bench.keys("x"), at_work);
    pictures("add_account", |bench| _ = bench.keys("a Acme tab wx12 tab secret ctrl-s"), at_work);
    pictures("question", |bench| _ = bench.keys("7 X"), at_work);
    pictures("quit", |bench| _ = bench.keys("q"), at_work);
    let text = "磁盘已满：muban-job-15.csv 没有写入";
    let told = |bench: &mut Bench| _ = bench.msg(SystemMsg::Noted { level: Level::Error, text: text.into() });
    pictures("notice", told, at_work);
}
