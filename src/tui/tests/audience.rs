//! The audience builder: sets, chips, counts, kept audiences and files.

use super::FILLED;
use super::pictures::pictures;
use crate::audience::{Choices, Format, Header, Row, Shape, Taken};
use crate::domain::audience::{Audience, Excluded, Exclusion, Join, Outcome, Reach, UserSet};
use crate::domain::id::{AccountId, FileId, JobId, TagId};
use crate::domain::lang::Lang;
use crate::domain::recipient_file::{FileSet, ReadFile};
use crate::store::KeptAudience;
use crate::tui::effect::{AudienceEffect, Content, Effect, ReportsEffect};
use crate::tui::input::Input;
use crate::tui::msg::{AudienceMsg, FileSeen, Generation, Sets};
use crate::tui::testkit::{Bench, World};

const ACME: AccountId = AccountId(1);

fn file_set() -> FileSet {
    FileSet { id: FileId::trusted("d1"), path: "/home/op/会员.csv".into() }
}

fn read() -> ReadFile {
    ReadFile {
        set: file_set(),
        columns: vec!["姓名".into(), "thing2".into()],
        rows: 1203,
        blank: 2,
        people: 1180,
        read_at: "2026-11-20T08:00:00Z".parse().unwrap(),
    }
}

/// A world with a kept audience and a file.
fn world() -> World {
    let audience = Audience { terms: vec![(Join::Union, UserSet::All), (Join::Difference, UserSet::Tag(TagId(101)))] };
    let kept = vec![KeptAudience { name: "老客户".into(), audience }];
    World { sets: Sets { kept, files: vec![read()], jobs: Vec::new() }, ..World::default() }
}

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, world()).size(width, height);
    bench.keys(FILLED).asked();
    bench
}

/// The steps that were asked to be counted last are answered, each with one person fewer.
fn count(bench: &mut Bench) {
    for effect in bench.asked() {
        if let Effect::Audience(AudienceEffect::CountSteps { steps, .. }) = effect {
            for (at, audience) in steps.into_iter().enumerate() {
                let excluded = Excluded { duplicate: 3, unsubscribed: 12, ..Excluded::default() };
                bench.msg(AudienceMsg::StepCounted { audience, reach: Reach { recipients: 18_204 - at as u64, excluded } });
            }
        }
    }
}

fn row(number: u64, openid: &str, columns: &[(&str, &str)]) -> Row {
    let columns = columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Row { number, openid: openid.into(), columns }
}

fn seen() -> FileSeen {
    let shape = Shape {
        format: Format::Delimited(','),
        encoding: Some("gb18030"),
        has_header: true,
        titles: vec!["openid".into(), "姓名".into(), "thing2".into()],
        openid: 0,
        columns: vec![(1, "姓名".into()), (2, "thing2".into())],
    };
    let first = vec![
        row(2, "oTD8i6Wz6jQZPSNJlzQv43ApodvI", &[("姓名", "张三"), ("thing2", "手冲咖啡壶")]),
        row(3, "oR5GjjgEhCMJmTPrQqRrMRJiaYwY", &[("姓名", "欧阳娜娜的一个很长的名字"), ("thing2", "茶")]),
        row(4, "", &[("姓名", "无名")]),
        row(5, "oTD8i6Wz6jQZPSNJlzQv43ApodvI", &[]),
    ];
    let verdicts = vec![None, Some(Exclusion::Unsubscribed), Some(Exclusion::Invalid), Some(Exclusion::Duplicate)];
    let excluded = Excluded { duplicate: 21, unsubscribed: 7, unknown_user: 40, invalid: 2, ..Excluded::default() };
    FileSeen { taken: Taken { file: read(), shape, first }, reach: Reach { recipients: 1133, excluded }, verdicts }
}

#[test]
fn pictures_of_the_builder() {
    let build = |bench: &mut Bench| {
        bench.keys("5 end enter");
        count(bench);
        bench.keys("down down + down - G -");
        count(bench);
        bench.keys("tab left");
    };
    pictures("audience_builder", build, bench);
}

#[test]
fn pictures_of_a_file() {
    let take = |bench: &mut Bench| {
        bench.keys("5 end enter f ~/会员.csv enter");
        bench.msg(AudienceMsg::FileRead { generation: Generation(1), file: Box::new(seen()) });
    };
    pictures("read_file", take, bench);
}

#[test]
fn a_chip_is_changed_and_taken_out_and_only_what_is_new_is_counted() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("5 end enter");
    count(&mut bench);
    bench.keys("down down down + down -");
    count(&mut bench);
    assert!(bench.screen().contains("− tag 内部员工  18 203"), "{}", bench.screen());
    bench.keys("tab &");
    let asked = bench.asked();
    let steps = asked.iter().find_map(|effect| match effect {
        Effect::Audience(AudienceEffect::CountSteps { account: ACME, steps }) => Some(steps.clone()),
        _ => None,
    });
    let steps = steps.unwrap();
    assert_eq!(steps.len(), 1, "the others are known: {steps:?}");
    assert!(matches!(steps[0].terms.last(), Some((Join::Intersection, UserSet::Tag(_)))));
    bench.keys("x x x");
    assert!(bench.screen().contains("nobody chosen yet"), "{}", bench.screen());
    bench.keys("esc");
    assert!(bench.screen().contains("to  nobody chosen yet"), "{}", bench.screen());
}

#[test]
fn a_kept_audience_is_taken_as_a_whole_found_by_its_name_and_forgotten() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("5 end enter / 老客 enter +").asked();
    assert!(bench.screen().contains("taken as a whole"), "{}", bench.screen());
    bench.keys("enter");
    assert!(bench.screen().contains("to  all followers - tag 内部员工"), "{}", bench.screen());
    bench.keys("enter").asked();
    bench.keys("s");
    bench.keys("backspace backspace backspace 新 enter");
    let asked = bench.asked();
    assert!(
        matches!(asked.as_slice(), [Effect::Audience(AudienceEffect::Keep { account: ACME, name, audience })]
            if name == "新" && audience.terms.len() == 2),
        "{asked:?}"
    );
    bench.keys("/ 老客 enter D");
    let asked = bench.asked();
    assert!(
        matches!(asked.as_slice(), [Effect::Audience(AudienceEffect::Forget { account: ACME, name })] if name == "老客户"),
        "{asked:?}"
    );
}

#[test]
fn the_rows_of_a_job_are_chosen_by_what_became_of_them() {
    let mut bench =
        Bench::with(Lang::En, World { jobs: vec![crate::tui::testkit::job(14, crate::domain::job::JobState::Done)], ..world() });
    bench.keys(FILLED).asked();
    bench.keys("5 end enter G right +");
    assert!(bench.screen().contains("job 14 failed or unknown"), "{}", bench.screen());
    let asked = bench.asked();
    let counted = asked.iter().any(|effect| match effect {
        Effect::Audience(AudienceEffect::CountSteps { steps, .. }) => {
            steps.iter().any(|step| matches!(step.terms.last(), Some((_, UserSet::Job(JobId(14), Outcome::Problems)))))
        }
        _ => false,
    });
    assert!(counted, "{asked:?}");
}

#[test]
fn a_file_is_read_read_otherwise_and_taken_with_its_columns() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("5 end enter f").asked();
    bench.input(Input::Paste("~/list.csv\n".into()));
    bench.keys("enter");
    let read = |bench: &mut Bench| match bench.asked().as_slice() {
        [Effect::Audience(AudienceEffect::ReadFile { generation, account: ACME, path, choices })] => {
            assert_eq!(path, "~/list.csv");
            (*generation, choices.clone())
        }
        other => panic!("{other:?}"),
    };
    let (generation, choices) = read(&mut bench);
    assert_eq!(choices, Choices::default());
    bench.msg(AudienceMsg::FileReading { generation, rows: 1_000_000 });
    assert!(bench.screen().contains("1 000 000 rows"), "{}", bench.screen());
    bench.msg(AudienceMsg::FileFailed { generation, text: "no column has openids".into() });
    bench.keys("ctrl-o");
    let (generation, choices) = read(&mut bench);
    assert_eq!(choices.openid_column.as_deref(), Some("1"));
    bench.msg(AudienceMsg::FileRead { generation, file: Box::new(seen()) }).keys("o");
    let (_, choices) = read(&mut bench);
    assert_eq!(choices.openid_column.as_deref(), Some("2"));
    bench.msg(AudienceMsg::FileRead { generation, file: Box::new(seen()) });
    assert!(bench.screen().contains("Reading"), "an answer to what was asked before is not taken");
    let latest = Generation(generation.0 + 1);
    bench.msg(AudienceMsg::FileRead { generation: latest, file: Box::new(seen()) }).keys("h");
    let (generation, choices) = read(&mut bench);
    assert_eq!(choices.header, Header::Yes);
    bench.msg(AudienceMsg::FileRead { generation, file: Box::new(seen()) }).keys("w enter");
    let asked = bench.asked();
    assert!(
        matches!(asked.as_slice(), [Effect::Reports(ReportsEffect::SaveFile { what: Content::LeftOut { .. }, .. })]),
        "{asked:?}"
    );
    bench.keys("esc enter esc");
    assert!(bench.screen().contains("to  file 会员.csv"), "{}", bench.screen());
}

#[test]
fn reading_a_file_can_be_stopped() {
    let mut bench = bench(Lang::En, (80, 24));
    bench.keys("5 end enter f x.csv enter").asked();
    bench.keys("esc");
    assert_eq!(bench.asked(), [Effect::Audience(AudienceEffect::StopReading)]);
}

#[test]
fn empty_fields_take_the_file_s_columns_of_their_names_once() {
    let mut bench = Bench::with(Lang::En, World { columns: vec!["thing2".into(), "姓名".into()], ..world() });
    bench.keys("2 enter M2023 esc 5 end enter / 会员 enter enter");
    let screen = bench.screen();
    assert!(screen.contains("{{ thing2 }}") && screen.contains("Taken from the columns of the file: thing2"), "{screen}");
    bench.keys("home down enter ctrl-u esc");
    bench.keys("end enter / 会员 enter +");
    assert!(!bench.screen().contains("{{ thing2 }}"), "{}", bench.screen());
}
