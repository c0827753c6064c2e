//! The message taken along: as JSON, as curl, as a command line.

use super::FILLED;
use super::pictures::pictures;
use crate::domain::lang::Lang;
use crate::tui::effect::{Content, Effect, ReportsEffect, SystemEffect};
use crate::tui::input::Input;
use crate::tui::msg::ReportsMsg;
use crate::tui::testkit::{Bench, World};

const MUBAN: &str = "muban send --account 'Acme 服务号' --template Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM \
                     --set character_string1=M2023 --set 'thing2={{ remark }}的壶' --set 'amount3=￥12.50' --set time4=15:01";

/// A message that names its recipient, to those with a tag.
fn personal(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.keys("2 enter M2023 tab");
    bench.input(Input::Paste("{{ remark }}的壶".into()));
    bench.keys("tab ￥12.50 tab 15:01 esc 3 down enter 5").asked();
    bench
}

/// What was given to the clipboard.
fn copied(bench: &mut Bench) -> String {
    let asked = bench.asked();
    let [Effect::System(SystemEffect::CopyToClipboard { text })] = asked.as_slice() else { panic!("{asked:?}") };
    text.clone()
}

#[test]
fn pictures_of_the_export() {
    pictures("export_json", |bench| _ = bench.keys("w"), personal);
    pictures("export_curl", |bench| _ = bench.keys("w down c"), personal);
    pictures("export_line", |bench| _ = bench.keys("w end"), personal);
    pictures("export_without_audience", |bench| _ = bench.keys("5 n w end"), personal);
    pictures("export_save", |bench| _ = bench.keys("w end w"), personal);
}

#[test]
fn each_form_is_copied_as_it_is() {
    let mut bench = personal(Lang::En, (120, 36));
    bench.keys("6 w enter");
    let body = copied(&mut bench);
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&json["touser"], &json["data"]["thing2"]["value"]), (&bench_user().into(), &"张三的壶".into()));
    assert!(bench.screen().contains("in tmux: set -g set-clipboard on"), "{}", bench.screen());
    bench.keys("down");
    assert!(!bench.screen().contains("set-clipboard"), "said until the next key");
    bench.keys("c");
    let curl = copied(&mut bench);
    assert!(curl.starts_with("curl 'https://api.weixin.qq.com/") && curl.contains("\"$ACCESS_TOKEN\""), "{curl}");
    assert!(curl.ends_with(&format!("--data-raw '{body}'")), "{curl}");
    bench.keys("down enter");
    assert_eq!(copied(&mut bench), format!("{MUBAN} --tag VIP"), "as it is written, for everyone");
    bench.keys("esc");
    assert!(!bench.screen().contains("Take this message along"));
}

fn bench_user() -> String {
    World::default().users[0].openid.to_string()
}

#[test]
fn what_the_options_cannot_say_is_said_otherwise_or_left_out() {
    let mut bench = personal(Lang::En, (120, 36));
    bench.keys("3 down & 5 w end c");
    assert_eq!(copied(&mut bench), format!("{MUBAN} --audience 'tag:VIP & tag:内部员工'"), "as an expression");
    bench.keys("esc n w end c");
    assert_eq!(copied(&mut bench), MUBAN, "nobody is chosen");
    assert!(bench.screen().contains("the audience is left out: add --all"), "{}", bench.screen());
    bench.keys("home");
    assert!(bench.screen().contains("OPENID stands for a recipient"), "{}", bench.screen());
}

#[test]
fn a_tag_whose_name_finds_another_is_named_by_its_number() {
    let mut world = World::default();
    world.tags[1].name = "101".into();
    let mut bench = Bench::with(Lang::En, world);
    bench.keys("2 enter esc 3 down enter 5 w end c");
    let line = bench.asked().pop();
    let Some(Effect::System(SystemEffect::CopyToClipboard { text })) = line else { panic!("{line:?}") };
    assert!(text.ends_with(" --tag 100"), "{text}");
}

#[test]
fn a_form_is_written_to_a_file_under_the_name_that_is_typed() {
    let mut bench = personal(Lang::En, (80, 24));
    for (keys, suggested, begins) in
        [("home", "message.json", "{\"touser\""), ("down", "message.sh", "curl "), ("end", "message.sh", MUBAN)]
    {
        bench.keys("esc w").keys(keys).keys("w enter");
        let asked = bench.asked();
        let [Effect::Reports(ReportsEffect::SaveFile { what: Content::Text { text }, name })] = asked.as_slice() else {
            panic!("{asked:?}")
        };
        assert!(name == suggested && text.starts_with(begins) && text.ends_with('\n'), "{name} {text}");
        bench.msg(ReportsMsg::Saved { path: "/home/x/message".into(), rows: None });
        assert!(bench.footer().contains("Written to /home/x/message."), "{}", bench.footer());
        assert!(bench.screen().contains("Take this message along"), "{}", bench.screen());
    }
}

#[test]
fn all_of_it_can_be_read_at_every_size() {
    for size in [(60, 15), (80, 24), (300, 100)] {
        let mut bench = personal(Lang::Zh, size);
        bench.keys("w");
        for _ in 0..9 {
            bench.keys("pagedown");
        }
        assert!(bench.screen().contains("│  }  ") || size.1 > 50, "{}", bench.screen());
        for _ in 0..9 {
            bench.keys("pageup");
        }
        assert!(bench.screen().contains("│  {  "), "{}", bench.screen());
    }
    let mut none = Bench::new();
    none.keys("6 w");
    assert!(none.screen().contains("Choose a template first"), "{}", none.screen());
    let mut nobody = Bench::with(Lang::En, World::empty());
    nobody.keys("6 w");
    assert!(nobody.screen().contains("There is no account yet"), "{}", nobody.screen());
    let mut bench = Bench::new();
    bench.keys(FILLED).keys("5 enter w");
    assert!(!bench.screen().contains("Take this message along"), "in a field it is a letter");
}
