//! Templates and industries changed from the screen.

use crate::home::Home;
use crate::terminal::Terminal;
use muban::sim::{Sim, World};

const ADD: &str = "/cgi-bin/template/api_add_template";
const DELETE: &str = "/cgi-bin/template/del_private_template";
const SET_INDUSTRY: &str = "/cgi-bin/template/api_set_industry";

/// The screen on the demo's first account, templates in focus.
fn screen(sim: &Sim) -> (Home, Terminal) {
    let home = Home::synced(sim);
    let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &[], (120, 36), home.dir.path(), &[]);
    terminal.wait_for("▸ 订单发货通知").wait_for("Templates 12");
    (home, terminal)
}

fn changes(sim: &Sim) -> [u64; 3] {
    [ADD, DELETE, SET_INDUSTRY].map(|path| sim.calls(path))
}

#[test]
fn a_template_is_added_filled_in_and_deleted() {
    let sim = Sim::local(World::demo()).unwrap();
    let (_home, mut terminal) = screen(&sim);
    terminal.keys("n").wait_for("library number").keys("43218\t取餐 取餐码\r").wait_for("40246").wait_for("取餐 取餐码");
    terminal.keys("\x17\x17\x17\x17\x17\x17取餐时间、取餐码\r").wait_gone("library number").wait_for("“取餐提醒” is added");
    terminal.wait_for("Templates 13").wait_for("▸ 取餐提醒");
    terminal.keys("\r").wait_for("取餐时间").wait_for("character_string1").keys("\x1b").wait_for("choose who gets it");
    terminal
        .keys("2R")
        .wait_for("is as it was")
        .keys("D")
        .wait_for("This deletes the template")
        .keys("取餐提\r")
        .wait_for("not the title");
    assert_eq!(changes(&sim), [2, 0, 0]);
    terminal.keys("醒\r").wait_for("“取餐提醒” is deleted").wait_for("Templates 12");
    assert_eq!(changes(&sim), [2, 1, 0]);
    sim.world(|world| world.accounts_mut()[0].templates_mut().retain(|template| template.title != "订单发货通知"));
    terminal.keys("gR").wait_for("“订单发货通知” is gone").wait_for("Templates 11").keys(" \x03");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn industries_are_shown_weighed_and_set_once_a_month() {
    let sim = Sim::local(World::demo()).unwrap();
    let (_home, mut terminal) = screen(&sim);
    terminal.keys("I").wait_for("1  IT科技 / 互联网|电子商务").wait_for("31  消费品");
    terminal.keys("s").wait_for("the first of two").keys("1\r").wait_for("the second").keys("31\r").wait_for("just these two");
    terminal.keys("\x1b").wait_for("the first of two").keys("31\r").wait_for("the second").keys("快递\r");
    terminal.wait_for("2 in all").wait_for("订单状态更新").wait_for("领取奖金提醒").keys("\r").wait_for("not the name");
    assert_eq!(changes(&sim), [0, 0, 0]);
    terminal.keys("Acme\r").wait_for("industries are set").wait_for("Templates 10");
    terminal.keys("Is").wait_for("the first of two").keys("1\r").wait_for("the second").keys("2\r").wait_for("Type Acme");
    terminal.keys("Acme\r").wait_for("43100").wait_for("already changed").keys(" \x03");
    assert_eq!((terminal.end().0, changes(&sim)), (0, [0, 0, 2]));
}
