//! Names of users from a file.

use super::pictures::pictures;
use crate::domain::id::AccountId;
use crate::domain::lang::Lang;
use crate::domain::names::{Imported, NameProblem, NameProblemKind};
use crate::tui::effect::{Effect, ListsEffect, ProfileEffect};
use crate::tui::input::Input;
use crate::tui::msg::ProfileMsg;
use crate::tui::testkit::{Bench, World};

const ACME: AccountId = AccountId(1);

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.keys("4").asked();
    bench
}

fn import(path: &str, column: Option<&str>) -> Effect {
    ProfileEffect::ImportNames { account: ACME, path: path.into(), column: column.map(str::to_owned) }.into()
}

fn imported(problems: u64) -> Imported {
    let problem = |row, openid: &str, kind| NameProblem { row, openid: openid.into(), kind };
    let mut listed = vec![
        problem(3, "张三", NameProblemKind::Malformed),
        problem(4, "", NameProblemKind::NoOpenid),
        problem(9, "oR5GjjgEhCMJmTPrQqRrMRJiaYwY", NameProblemKind::LongName(80)),
    ];
    listed.extend((3..problems).map(|n| problem(n + 20, "oTD8i6Wz6jQZPSNJlzQv43ApodvI", NameProblemKind::Unknown)));
    listed.truncate(problems.min(100) as usize);
    let (refused, unknown) = (problems.min(3), problems.saturating_sub(3));
    Imported { column: "姓名".into(), named: 1203, removed: 2, empty: 0, unknown, refused, problems: listed }
}

fn done(problems: u64) -> ProfileMsg {
    ProfileMsg::NamesImported { account: ACME, imported: Box::new(imported(problems)) }
}

fn failed(account: i64) -> ProfileMsg {
    ProfileMsg::NamesNotImported { account: AccountId(account), text: "names.csv: the file is empty".into() }
}

#[test]
fn pictures_of_names_from_a_file() {
    pictures("import_names", |bench| _ = bench.keys("I"), bench);
    pictures("import_names_done", |bench| _ = bench.keys("I names.csv enter").msg(done(120)), bench);
}

#[test]
fn a_file_is_taken_with_the_column_that_was_named() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("I enter tab 姓名 enter");
    assert_eq!(bench.asked(), [], "no file yet");
    bench.input(Input::Paste("~/names.csv\n".into()));
    bench.keys("enter enter");
    assert_eq!(bench.asked(), [import("~/names.csv", Some("姓名"))], "once");
    assert!(bench.screen().contains("Importing…"), "{}", bench.screen());
    bench.msg(failed(2));
    assert!(!bench.screen().contains('✗'), "of another account: {}", bench.screen());
    bench.msg(failed(1));
    assert!(bench.screen().contains("✗ names.csv: the file is empty"), "{}", bench.screen());
    bench.keys("2 enter");
    assert_eq!(bench.asked(), [import("~/names.csv2", Some("姓名"))]);
    bench.world().users[2].nickname = "欧阳小满".into();
    bench.msg(done(3));
    let screen = bench.screen();
    assert!(screen.contains("1 203 users are named") && screen.contains("row 3: “张三” is no openid"), "{screen}");
    bench.keys("enter");
    assert!(
        bench.screen().contains("欧阳小满") && !bench.screen().contains("name column"),
        "the list has it: {}",
        bench.screen()
    );
}

#[test]
fn many_problems_are_scrolled_through() {
    let mut bench = bench(Lang::En, (80, 24));
    bench.keys("I names.csv enter").msg(done(120));
    assert!(!bench.screen().contains("and 20 more"), "{}", bench.screen());
    for _ in 0..20 {
        bench.keys("pagedown");
    }
    assert!(bench.screen().contains("… and 20 more"), "{}", bench.screen());
    bench.keys("up");
    assert!(!bench.screen().contains("and 20 more"), "one line up is one line: {}", bench.screen());
}

#[test]
fn what_became_of_it_is_told_even_when_nobody_waits_any_more() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("I names.csv enter esc");
    let fine = Imported { named: 3, column: "name".into(), ..Imported::default() };
    bench.msg(ProfileMsg::NamesImported { account: ACME, imported: Box::new(fine) });
    assert!(bench.footer().starts_with("3 users are named from now on"), "{}", bench.footer());
    let users = |effect: &Effect| matches!(effect, Effect::Lists(ListsEffect::Users { .. }));
    assert!(!bench.asked().iter().any(users), "the world has answered");
    bench.msg(done(3));
    assert!(bench.screen().contains("─ Note ─") && bench.screen().contains("3 rows were left out"), "{}", bench.screen());
    bench.keys("esc").msg(failed(1));
    assert!(bench.screen().contains("the file is empty"), "{}", bench.screen());
}
