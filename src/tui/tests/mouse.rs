//! The mouse: what it points at, by the text on the screen.

use super::FILLED;
use crate::domain::id::JobId;
use crate::domain::job::JobState;
use crate::text::width::columns;
use crate::tui::effect::{Effect, RunningJobs, SystemEffect};
use crate::tui::input::{Input, Mouse, MouseKind};
use crate::tui::msg::SendMsg;
use crate::tui::panes::PaneId;
use crate::tui::testkit::{Bench, job};

impl Bench {
    /// Presses where the screen first shows this text.
    fn press(&mut self, text: &str) -> &mut Self {
        let place = self.place_of(text);
        self.mouse(MouseKind::Press, place)
    }

    fn wheel(&mut self, by: i8, text: &str) -> &mut Self {
        let place = self.place_of(text);
        self.mouse(MouseKind::Wheel(by), place)
    }

    fn place_of(&mut self, text: &str) -> (u16, u16) {
        let screen = self.screen();
        let found = screen.lines().enumerate().find_map(|(row, line)| line.split_once(text).map(|(before, _)| (before, row)));
        let (before, row) = found.unwrap_or_else(|| panic!("{text:?} is not on the screen:\n{screen}"));
        (columns(before) as u16, row as u16)
    }

    fn mouse(&mut self, kind: MouseKind, (column, row): (u16, u16)) -> &mut Self {
        self.input(Input::Mouse(Mouse { kind, column, row }));
        self
    }
}

#[test]
fn the_key_switches_it_on_and_off_and_says_so() {
    let mut bench = Bench::new();
    bench.keys("M");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::TakeMouse { on: true })]);
    assert!(bench.footer().contains("Mouse on: click to select") && bench.footer().contains("M: off"), "{}", bench.footer());
    bench.keys("M");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::TakeMouse { on: false })]);
    assert!(bench.footer().contains("Mouse off"));
}

#[test]
fn a_press_goes_to_a_pane_and_a_row_and_a_second_one_acts() {
    let mut bench = Bench::new();
    bench.press("VIP");
    assert_eq!(bench.app.focus, PaneId::Tags);
    assert!(bench.screen().contains("▸ VIP"), "{}", bench.screen());
    assert!(bench.screen().contains("nobody chosen") || !bench.screen().contains("tag VIP"), "one press chooses nobody");
    bench.press("内部员工").press("内部员工");
    bench.press("5 Compose");
    assert_eq!(bench.app.focus, PaneId::Compose);
    bench.press("订单发货提醒").press("订单发货提醒");
    assert!(bench.screen().contains("tag 内部员工"), "{}", bench.screen());
    assert!(bench.screen().contains("5 Compose · 订单发货提醒"), "the template is in the form");
}

#[test]
fn a_press_on_a_pane_that_has_not_the_keys_only_goes_there() {
    let mut bench = Bench::new();
    bench.keys("3 2");
    bench.press("VIP");
    assert!(!bench.screen().contains("tag VIP"), "the row was selected before, and yet nothing was done");
    bench.mouse(MouseKind::Release, (3, 3)).mouse(MouseKind::Drag, (3, 3));
    assert_eq!(bench.app.focus, PaneId::Tags);
}

#[test]
fn a_field_is_pressed_and_written_in() {
    let mut bench = Bench::new();
    bench.keys("enter esc");
    bench.press("thing2").press("thing2").keys("杯");
    let screen = bench.screen();
    let line = screen.lines().position(|line| line.contains("thing2")).unwrap();
    assert!(screen.lines().nth(line + 1).unwrap().contains("▸ 杯"), "{screen}");
    bench.press("character_string1").keys("Z9");
    let screen = bench.screen();
    let line = screen.lines().position(|line| line.contains("character_string1")).unwrap();
    assert!(screen.lines().nth(line + 1).unwrap().contains("▸ Z9"), "who writes goes on writing: {screen}");
    bench.press("VIP").keys("k");
    assert_eq!(bench.app.focus, PaneId::Tags, "the field is left, and keys are keys");
    bench.press("nobody chosen yet").press("nobody chosen yet");
    assert!(bench.screen().contains("Who gets it"), "the recipients open as with enter: {}", bench.screen());
}

#[test]
fn the_wheel_moves_what_is_under_it_wherever_the_keys_go() {
    let mut bench = Bench::new();
    bench.wheel(1, "王小明");
    assert_eq!(bench.app.focus, PaneId::Templates);
    bench.keys("4");
    let third = bench.app.users.current().map(|user| user.openid.clone());
    bench.keys("home").wheel(1, "王小明");
    assert_eq!(bench.app.users.current().map(|user| user.openid.clone()), third);
    bench.wheel(-1, "王小明").keys("home");
    assert_ne!(bench.app.users.current().map(|user| user.openid.clone()), third);
}

#[test]
fn a_search_is_left_as_tab_leaves_it() {
    let mut bench = Bench::new();
    bench.keys("4 / 李");
    bench.press("VIP").keys("j");
    assert_eq!(bench.app.focus, PaneId::Tags);
    assert!(bench.screen().contains("李四") && !bench.screen().contains("王小明"), "what was searched stays");
    bench.press("李四").press("李四");
    assert!(bench.screen().contains("to  oR5GjjgEhCMJmTPrQqRrMRJiaYwY"), "the row below the search: {}", bench.screen());
}

#[test]
fn what_lies_on_top_has_the_mouse_to_itself() {
    let mut bench = Bench::new();
    bench.msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).asked();
    bench.keys("q");
    bench.mouse(MouseKind::Press, (0, 5)).mouse(MouseKind::Press, (119, 35));
    assert_eq!((bench.asked(), bench.app.focus), (Vec::new(), PaneId::Send), "beside it nothing happens");
    bench.press("f  ");
    assert_eq!(bench.asked(), [], "one press chooses");
    bench.press("f  ");
    assert_eq!(bench.asked(), [Effect::System(SystemEffect::Quit { jobs: RunningJobs::Finish })]);
}

#[test]
fn rows_of_layers_are_pressed() {
    let mut bench = Bench::new();
    bench.keys("x").press("Actions").press("go to compose");
    assert_eq!(bench.app.focus, PaneId::Templates, "one press selects");
    bench.press("go to compose");
    assert_eq!(bench.app.focus, PaneId::Compose);
    let mut bench = Bench::with(
        crate::domain::lang::Lang::En,
        crate::tui::testkit::World { jobs: vec![job(15, JobState::Done), job(14, JobState::Done)], ..Default::default() },
    );
    bench.keys("H").press("   14  ").press("   14  ");
    assert_eq!(bench.app.send.job().map(|job| job.id), Some(JobId(14)));
    bench.keys("esc ?");
    let before = bench.screen();
    assert_ne!(bench.wheel(1, "In every list").screen(), before, "help scrolls");
}

#[test]
fn rows_of_a_job_are_pressed_below_its_gauge() {
    let mut bench = super::bench(crate::domain::lang::Lang::En, 120, 36);
    bench.keys(FILLED).msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) });
    bench.press("unknown   1×");
    let openid = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";
    assert!(!bench.screen().contains(openid), "one press selects");
    bench.press("unknown   1×");
    assert!(bench.screen().contains(openid), "the delivery is opened: {}", bench.screen());
}

#[test]
fn the_audience_and_the_findings_are_pressed_too() {
    let mut bench = Bench::new();
    bench.keys("enter esc").press("nobody chosen yet").press("nobody chosen yet");
    bench.press("tag 内部员工");
    assert!(bench.screen().contains("▸ tag 内部员工"), "{}", bench.screen());
    bench.press("tag 内部员工").keys("esc");
    assert!(bench.screen().contains("to  tag 内部员工"), "{}", bench.screen());
    bench.keys("s");
    let second = "error  商品  thing2";
    let screen = bench.press(second).screen();
    assert!(screen.lines().any(|line| line.contains('▸') && line.contains(second)), "{screen}");
    bench.press(second).keys("杯");
    let screen = bench.screen();
    let line = screen.lines().position(|line| line.contains("thing2")).unwrap();
    assert!(screen.lines().nth(line + 1).unwrap().contains("▸ 杯"), "it leads to the field: {screen}");
}

#[test]
fn the_lines_between_panes_follow_the_mouse() {
    let mut bench = Bench::new();
    let send = |bench: &mut Bench, kind, column, row| bench.input(Input::Mouse(Mouse { kind, column, row }));
    let place = |bench: &mut Bench| {
        let screen = bench.screen();
        let line = screen.lines().nth(1).unwrap().to_owned();
        let columns = |text: &str| crate::text::width::columns(line.split(text).next().unwrap());
        (columns("╭─ 5"), columns("╭─ 6"), screen.lines().position(|line| line.contains("─ 7 ")).unwrap())
    };
    let (left, right, below) = place(&mut bench);
    for (edge, from, to) in [(0, (left, 5), (left + 9, 5)), (1, (right, 5), (right - 9, 7)), (2, (20, below), (20, below - 5))] {
        let before = place(&mut bench);
        send(&mut bench, MouseKind::Press, from.0 as u16, from.1 as u16);
        send(&mut bench, MouseKind::Drag, to.0 as u16, to.1 as u16);
        let after = place(&mut bench);
        let near = |a: usize, b: usize| a.abs_diff(b) <= 1;
        let moved = [(before.0, after.0, to.0), (before.1, after.1, to.0), (before.2, after.2, to.1)];
        for (at, (before, after, to)) in moved.into_iter().enumerate() {
            assert!(if at == edge { near(after, to) } else { before == after }, "edge {edge}: {before} {after} {to}");
        }
        send(&mut bench, MouseKind::Release, to.0 as u16, to.1 as u16);
        send(&mut bench, MouseKind::Drag, 60, 20);
        assert_eq!(place(&mut bench), after, "nothing is held");
    }
}
