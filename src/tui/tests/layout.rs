//! How the panes share the window.

use super::pictures::pictures_in;
use crate::domain::lang::Lang;
use crate::tui::testkit::{Bench, World};

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    Bench::with(lang, World::default()).size(width, height)
}

#[test]
fn pictures_of_the_workbench_in_small_and_large_windows() {
    let sizes = [(60, 15), (200, 60)];
    pictures_in(&sizes, "workbench", |_| {}, bench);
    pictures_in(&sizes, "workbench_form", |bench| _ = bench.keys("2 enter M2023 tab 手冲咖啡壶"), bench);
    pictures_in(&[(60, 15)], "workbench_json", |bench| _ = bench.keys("2 enter M2023 esc 6"), bench);
    pictures_in(&[(60, 15), (80, 24), (120, 36)], "workbench_zoomed", |bench| _ = bench.keys("2 enter M2023 esc 6 Z"), bench);
}

#[test]
fn zoom_follows_the_focus_and_goes_back() {
    let mut bench = Bench::new();
    let before = bench.screen();
    bench.keys("4 Z");
    let users = bench.screen();
    assert!(users.contains("4 Users") && !users.contains("5 Compose"), "{users}");
    bench.keys("3");
    assert!(bench.screen().contains("3 Tags") && !bench.screen().contains("4 Users"), "{}", bench.screen());
    bench.keys("2 Z");
    assert_eq!(bench.screen(), before);
}

#[test]
fn edges_are_moved_by_keys_and_back() {
    let mut bench = Bench::new();
    let before = bench.screen();
    let width = |bench: &mut Bench| bench.screen().lines().nth(1).unwrap().find("╭─ 5").unwrap();
    let narrow = width(&mut bench);
    bench.keys("> >");
    assert!(width(&mut bench) > narrow);
    bench.keys("=");
    assert_eq!(bench.screen(), before);
    bench.keys("7 >");
    let top = |bench: &mut Bench| bench.screen().lines().position(|line| line.contains("─ 7 ")).unwrap();
    let high = top(&mut bench);
    bench.keys("< <");
    assert!(top(&mut bench) > high);
}

#[test]
fn every_size_from_the_smallest_on_shows_what_has_the_focus() {
    for (width, height) in [(60, 15), (61, 16), (75, 20), (76, 20), (109, 40), (110, 29), (110, 30), (160, 45), (250, 80)] {
        let mut bench = bench(Lang::Zh, (width, height));
        for (pane, title) in
            [("1", "公众号"), ("2", "模板"), ("3", "标签"), ("4", "用户"), ("5", "编辑"), ("6", "JSON"), ("7", "发送")]
        {
            bench.keys(pane);
            let screen = bench.screen();
            assert!(screen.contains(&format!("─ {pane} {title}")), "{width}x{height}\n{screen}");
            assert!(screen.lines().all(|line| crate::text::width::columns(line) <= usize::from(width)));
        }
    }
    let mut bench = bench(Lang::En, (59, 14));
    assert!(bench.screen().contains("60"), "{}", bench.screen());
}
