//! Everything there is to say of the message, in one list.

use super::pictures::pictures;
use crate::domain::lang::Lang;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::testkit::{Bench, World};

const TITLE: &str = "What there is to say";

/// A message with an error of its own, one of its first recipient, and a warning.
fn flawed(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.keys("2 enter M2023 tab");
    bench.input(Input::Paste("{{ nickname }}".into()));
    bench.keys("tab 免费 tab 2026-11-23 esc 3 down enter 5").asked();
    bench
}

#[test]
fn pictures_of_the_findings() {
    pictures("findings", |bench| _ = bench.keys("F down"), flawed);
    pictures("findings_in_the_way", |bench| _ = bench.keys("s"), flawed);
}

#[test]
fn errors_come_first_and_enter_goes_to_the_field() {
    let mut bench = flawed(Lang::En, (120, 36));
    assert!(bench.screen().contains(" ✗ 2  ! 1 ─"), "the frame tells of them: {}", bench.screen());
    for place in ["5", "6"] {
        bench.keys(place).keys("F");
        let screen = bench.screen();
        let at = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text}: {screen}"));
        assert!(at("✗ error  商品  thing2") < at("✗ error  金额  amount3"), "{screen}");
        assert!(at("✗ error  金额  amount3") < at("! warning  发货时间  time4"), "{screen}");
        bench.keys("down enter");
        assert!(!bench.screen().contains(TITLE));
        bench.keys("x");
        assert!(bench.screen().contains("免费x"), "letters are text there: {}", bench.screen());
        bench.keys("backspace esc");
    }
    bench.keys("F F");
    assert!(!bench.screen().contains(TITLE), "the same key closes it");
}

#[test]
fn a_jump_leads_to_whatever_can_be_wrong() {
    let mut bench = Bench::new();
    bench.keys("2 down down enter tab 王 tab 5 tab tab notaurl tab wxno tab pages/a esc 5 c");
    bench.keys("up up up up up up up c 12 esc F");
    let screen = bench.screen();
    let words = ["keyword1", "url", "miniprogram.appid", "write a colour as #", "a link begins with", "a mini program's AppID"];
    assert!(words.iter().all(|word| screen.contains(word)), "{screen}");
    bench.keys("down enter ctrl-a ctrl-k");
    bench.input(Input::Paste("https://example.com".into()));
    bench.keys("esc F");
    assert!(!bench.screen().contains("a link begins with"), "{}", bench.screen());
    bench.keys("enter backspace backspace esc F enter");
    assert!(bench.screen().contains("wxno") && !bench.screen().contains("write a colour"), "{}", bench.screen());
}

#[test]
fn what_keeps_a_message_from_being_sent_is_listed() {
    for way in ["s", "d", "m"] {
        let mut bench = flawed(Lang::En, (120, 36));
        bench.keys("2").keys("5").keys(way);
        let screen = bench.screen();
        assert!(screen.contains("WeChat would refuse this message as it is.") && screen.contains("▸ ✗ error  金额"), "{screen}");
        assert!(!bench.asked().iter().any(|effect| matches!(effect, Effect::Send(_) | Effect::TestSend(_))));
        bench.keys("esc 9");
        assert!(bench.screen().contains("免费9"), "one goes on at the first that keeps everyone from it: {}", bench.screen());
    }
    let mut bench = Bench::new();
    bench.keys("2 enter esc 3 down enter");
    assert!(!bench.screen().contains("✗ 4"), "nothing is said of fields nobody has come to yet");
    bench.keys("s");
    assert!(bench.screen().contains("✗ 4"), "{}", bench.screen());
}

#[test]
fn where_there_is_nothing_to_say_the_footer_says_so() {
    let mut bench = Bench::new();
    bench.keys(super::FILLED).keys("5 F");
    assert!(bench.footer().contains("nothing to say of this message"), "{}", bench.footer());
    assert!(!bench.screen().contains(TITLE) && !bench.screen().contains('✗'), "{}", bench.screen());
    let mut none = Bench::new();
    none.keys("5 F");
    assert!(none.screen().contains("Choose a template first"), "{}", none.screen());
}

#[test]
fn a_long_list_scrolls_with_the_selected_one() {
    for size in [(60, 15), (80, 24), (300, 100)] {
        let mut bench = flawed(Lang::En, size);
        bench.keys("tab tab tab down down down down").keys("5 F");
        for key in ["end", "home", "pagedown", "up", "G"] {
            bench.keys(key);
            assert!(bench.screen().contains('▸'), "{size:?} {key}: {}", bench.screen());
        }
        assert!(bench.screen().contains("time4"), "{}", bench.screen());
    }
}
