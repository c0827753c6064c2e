//! The screen opens where it was left.

use crate::config::LastScreen;
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, ListsEffect};
use crate::tui::testkit::{Bench, World, deliveries, job};

/// The screen of the next time.
fn again(bench: &Bench, world: World) -> Bench {
    Bench::reopened(Lang::En, world, bench.app.last_screen())
}

#[test]
fn pane_selection_search_and_sizes_come_back() {
    let mut bench = Bench::new();
    bench.keys("2 j j 4 / 张 enter > Z");
    let mut next = again(&bench, World::default());
    assert_eq!(next.screen(), bench.screen());
    next.keys("Z 2");
    assert!(next.screen().contains("▸ 会员积分变动通知"), "{}", next.screen());
    let mut plain = Bench::new();
    plain.keys("Z 2");
    assert_ne!(plain.screen(), next.screen(), "the edges were moved");
}

#[test]
fn a_tags_users_and_a_selected_user_come_back() {
    let mut bench = Bench::new();
    bench.keys("3 j f");
    assert!(bench.screen().contains("Users 2 · VIP"), "{}", bench.screen());
    let mut next = again(&bench, World::default());
    assert!(next.screen().contains("Users 2 · VIP"), "{}", next.screen());
    let mut bench = Bench::new();
    bench.keys("4 j j");
    let mut next = again(&bench, World::default());
    let found =
        |effect: &Effect| matches!(effect, Effect::Lists(ListsEffect::FindUser { prefix, .. }) if prefix.starts_with("o6_bmjr"));
    assert!(next.asked().iter().any(found));
}

#[test]
fn an_older_job_and_the_listed_recipients_come_back_and_the_newest_job_stays_the_newest() {
    let world = |ids: &[i64]| World {
        jobs: ids.iter().map(|id| job(*id, JobState::Done)).collect(),
        deliveries: deliveries(15),
        ..World::default()
    };
    let mut bench = Bench::with(Lang::En, world(&[16, 15]));
    bench.keys("7 [ f");
    let shown = |bench: &mut Bench| bench.screen().lines().find(|line| line.contains("─ 7 ")).unwrap().to_owned();
    let before = shown(&mut bench);
    assert!(before.contains("Job 15") && before.contains("all"), "{before}");
    assert_eq!(shown(&mut again(&bench, world(&[17, 16, 15]))).replace("3/3", "2/2"), before);
    let bench = Bench::with(Lang::En, world(&[16, 15]));
    assert!(shown(&mut again(&bench, world(&[17, 16, 15]))).contains("Job 17"));
}

#[test]
fn each_account_has_its_own_and_nothing_kept_is_nothing_lost() {
    let mut bench = Bench::new();
    bench.keys("4 / 张 enter 1 j enter");
    assert!(!bench.screen().contains("/ 张"), "{}", bench.screen());
    bench.keys("1 k enter");
    assert!(bench.screen().contains("/ 张"), "{}", bench.screen());
    let mut fresh = Bench::reopened(Lang::En, World::default(), LastScreen { splits: [127, -128, 0], ..LastScreen::default() });
    assert!(fresh.screen().contains("5 Compose"), "edges stay within the window\n{}", fresh.screen());
}
