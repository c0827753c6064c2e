//! Looking ahead, and keeping what there is to know in files.

use super::pictures::pictures;
use crate::dispatch::NewFileError;
use crate::dispatch::{DryRun, Noticed};
use crate::domain::audience::{Excluded, Reach};
use crate::domain::delivery::State;
use crate::domain::id::{JobId, OpenId};
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::domain::rules::{Finding, Level, Rule};
use crate::tui::effect::{Content, DeliveryFilter, Effect, ReportsEffect};
use crate::tui::msg::{Generation, ReportsMsg};
use crate::tui::testkit::{Bench, World, deliveries, job};

/// A message filled in and an audience chosen.
fn composed(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(size.0, size.1);
    bench.keys(super::FILLED);
    bench.asked();
    bench
}

fn with_job(lang: Lang, size: (u16, u16)) -> Bench {
    let jobs = vec![job(15, JobState::Done)];
    let mut bench = Bench::with(lang, World { jobs, deliveries: deliveries(15), ..World::default() }).size(size.0, size.1);
    bench.keys("7");
    bench.asked();
    bench
}

fn reports(bench: &mut Bench) -> Vec<ReportsEffect> {
    let asked = bench.asked().into_iter();
    asked.filter_map(|effect| if let Effect::Reports(effect) = effect { Some(effect) } else { None }).collect()
}

fn found() -> DryRun {
    let finding = Finding { level: Level::Warning, field: None, rule: Rule::OpenIdLength { usual: 28, actual: 12 } };
    let excluded = Excluded { duplicate: 12, unsubscribed: 320, blacklisted: 11, ..Excluded::default() };
    DryRun {
        reach: Reach { recipients: 872, excluded },
        findings: vec![Noticed { openid: Some(OpenId::trusted("oTD8i6Wz6jQZ")), row: None, finding }],
        more_findings: 3,
        first: None,
    }
}

/// Presses the key, and gives the number of the dry run that was asked for.
fn begin(bench: &mut Bench) -> Generation {
    bench.keys("d");
    match &reports(bench)[..] {
        [ReportsEffect::RunDry { generation, order }] => {
            assert_eq!(order.words, "tag:VIP");
            *generation
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn pictures_of_a_dry_run_and_of_a_file_to_be_written() {
    let done = |bench: &mut Bench| {
        let generation = begin(bench);
        bench.msg(ReportsMsg::RanDry { generation, run: Box::new(found()) });
    };
    pictures("dry_run", done, composed);
    let refused = |bench: &mut Bench| {
        let text = bench.app.ctx.texts().told(&NewFileError::Exists("muban-job-15.csv".into()));
        bench.keys("w enter").msg(ReportsMsg::NotSaved { text });
    };
    pictures("save", refused, with_job);
}

#[test]
fn a_dry_run_is_shown_and_leads_on_to_the_send() {
    let mut bench = composed(Lang::En, (120, 36));
    let old = begin(&mut bench);
    bench.keys("esc");
    let generation = begin(&mut bench);
    bench.msg(ReportsMsg::RanDry { generation: old, run: Box::default() });
    assert!(bench.screen().contains("Judging every recipient"), "stale: {}", bench.screen());
    bench.msg(ReportsMsg::RanDry { generation, run: Box::new(found()) });
    let screen = bench.screen();
    for part in ["872  would get it", "320  no longer follow", "oTD8i6Wz6jQZ", "and 3 more"] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    bench.keys("s");
    assert!(bench.screen().contains("─ Send? ─"), "{}", bench.screen());
}

#[test]
fn a_dry_run_that_fails_says_why_and_one_of_nothing_says_what_is_missing() {
    let mut bench = composed(Lang::En, (120, 36));
    let generation = begin(&mut bench);
    bench.msg(ReportsMsg::DryRunFailed { generation, text: "the disk is gone".into() });
    assert!(bench.screen().contains("the disk is gone"), "{}", bench.screen());
    let mut bench = Bench::new();
    bench.keys("d");
    assert_eq!(reports(&mut bench), []);
    assert!(bench.screen().contains("template"), "{}", bench.screen());
}

#[test]
fn verdicts_and_deliveries_are_written_under_the_name_that_is_typed() {
    let mut bench = composed(Lang::En, (120, 36));
    let generation = begin(&mut bench);
    bench.msg(ReportsMsg::RanDry { generation, run: Box::new(found()) }).keys("w enter");
    assert!(matches!(
        &reports(&mut bench)[..],
        [ReportsEffect::SaveFile { what: Content::Verdicts { .. }, name }] if name == "muban-dry-run.csv"
    ));

    let mut bench = with_job(Lang::En, (80, 24));
    let save =
        |filter, name: &str| ReportsEffect::SaveFile { what: Content::Deliveries { job: JobId(15), filter }, name: name.into() };
    bench.keys(&format!("w {} enter", "backspace ".repeat(16)));
    assert_eq!(reports(&mut bench), [], "no name, no file");
    bench.keys("out.json enter enter");
    assert_eq!(reports(&mut bench), [save(DeliveryFilter::Problems, "out.json")], "asked once");
    bench.msg(ReportsMsg::NotSaved { text: "out.json is there already".into() });
    assert!(bench.screen().contains("out.json is there already"), "{}", bench.screen());
    bench.keys("x enter").msg(ReportsMsg::Saved { path: "/home/x/out.jsonx".into(), rows: Some(872) });
    assert!(bench.footer().contains("Wrote 872 rows to /home/x/out.jsonx"), "{}", bench.footer());
    bench.asked();
    bench.keys("f f w enter");
    assert_eq!(reports(&mut bench), [save(DeliveryFilter::Only(State::Failed), "muban-job-15.csv")]);
}
