//! Templates and users by names of the operator's own, from the screen to WeChat and back.

use crate::home::Home;
use crate::terminal::Terminal;
use muban::sim::{Sim, World};

const INFO: &str = "/cgi-bin/user/info";

fn screen(sim: &Sim) -> (Home, Terminal) {
    let home = Home::synced(sim);
    let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &[], (120, 36), home.dir.path(), &[]);
    terminal.wait_for("▸ 订单发货通知").wait_for("Templates 12");
    (home, terminal)
}

#[test]
fn a_template_gets_a_name_which_the_command_line_takes() {
    let sim = Sim::local(World::demo()).unwrap();
    let (home, mut terminal) = screen(&sim);
    terminal.keys("A").wait_for("short, such as order").keys("支付成功通知\r").wait_for("title of another template");
    terminal.keys("\x17\x17\x17\x17\x17\x17ship\r").wait_for("▸ ship 订单发货通知").wait_for("is called ship from now on");
    terminal.keys("\r").wait_for("Compose · ship 订单发货通知").keys("\x1b").wait_for("choose who gets it").keys(" \x03");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(home.fine(&["template", "alias", "ship", "--json"])[0]["title"], "订单发货通知");
}

#[test]
fn users_get_names_from_a_file_and_one_is_asked_of_wechat() {
    let sim = Sim::local(World::demo()).unwrap();
    let (home, mut terminal) = screen(&sim);
    let openid = sim.world(|world| world.accounts()[0].openid(7));
    let file = home.dir.path().join("names.csv");
    std::fs::write(&file, format!("openid,姓名\n{openid},欧阳小满\n张三,一\n")).unwrap();
    terminal.keys("4I").wait_for("WeChat gives no names").keys(file.to_str().unwrap()).keys("\r");
    terminal.wait_for("1 users are named").wait_for("row 3: “张三” is no openid").keys("\r").wait_gone("Names of users");
    terminal.keys("/小满").wait_for(openid.get(..10).unwrap()).keys("\r").keys("v");
    terminal.wait_for("欧阳小满 (imported)").wait_for("by the last sync").wait_for("Nothing was ever sent");
    assert_eq!(sim.calls(INFO), 0);
    terminal
        .keys("r")
        .wait_for("just now at WeChat")
        .wait_for("欧阳小满 (imported)")
        .keys("\x1b")
        .wait_gone("just now at WeChat");
    assert_eq!(sim.calls(INFO), 1);
    terminal.keys(" \x03");
    assert_eq!(terminal.end().0, 0);
}
