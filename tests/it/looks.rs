//! What the terminal says, can and is given: colours, signs, the clipboard, the title.

use crate::home::Home;
use crate::terminal::Terminal;
use std::path::Path;

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");

const QUESTION: &str = "\x1b]11;?\x1b\\";
const DARK_ANSWER: &str = "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\";
const LIGHT_ANSWER: &str = "\x1b]11;rgb:fafa/fafa/fafa\x07";
/// The colours in which each theme draws its frame.
const DARK: &str = "38;5;79";
const LIGHT: &str = "38;5;23";

fn demo(dir: &Path, env: &[(&str, &str)]) -> Terminal {
    let mut terminal = Terminal::start(MUBAN, &["demo"], (120, 36), dir, env);
    terminal.wait_for("Users 2 000");
    terminal
}

fn count(bytes: &[u8], wanted: &str) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted.as_bytes()).count()
}

fn leave(mut terminal: Terminal) -> Vec<u8> {
    terminal.keys("\x03");
    let (code, bytes) = terminal.end();
    assert_eq!(code, 0);
    bytes
}

#[test]
fn the_colours_follow_what_the_terminal_answers() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[]);
    terminal.wait_for_bytes(QUESTION).wait_for_bytes(DARK).keys(LIGHT_ANSWER).wait_for_bytes(LIGHT);
    let bytes = leave(terminal);
    assert_eq!(count(&bytes, QUESTION), 1, "it is asked once");
    let first = bytes.windows(8).position(|window| window == b"\x1b[?2026l").unwrap();
    let asked = bytes.windows(QUESTION.len()).position(|window| window == QUESTION.as_bytes()).unwrap();
    assert!(first < asked, "the first frame does not wait for it");
}

#[test]
fn a_guess_that_was_wrong_is_put_right() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[("COLORFGBG", "0;15")]);
    terminal.wait_for_bytes(LIGHT).wait_for_bytes(QUESTION).keys(DARK_ANSWER).wait_for_bytes(DARK);
    leave(terminal);
}

#[test]
fn an_answer_that_comes_late_among_keys_is_no_key_and_costs_none() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[]);
    // Long after the question: somebody is already searching.
    terminal.keys("4/").wait_for("show all again").keys("Zq").wait_for("/ Zq");
    terminal.keys(&format!("x{LIGHT_ANSWER}y")).wait_for("/ Zqxy").wait_for_bytes(LIGHT);
    // Cut by the line wherever it likes to.
    let (one, other) = DARK_ANSWER.split_at(9);
    terminal.keys(one).keys(other).keys("z").wait_for("/ Zqxyz").wait_for_bytes(DARK);
    terminal.keys("\x1b").wait_for("Users 2 000");
    leave(terminal);
}

#[test]
fn whoever_is_known_not_to_answer_is_not_asked_and_has_its_own_colours() {
    let dir = tempfile::tempdir().unwrap();
    let terminal = demo(dir.path(), &[("TERM", "linux")]);
    let bytes = leave(terminal);
    assert_eq!(count(&bytes, QUESTION), 0);
    assert_eq!(count(&bytes, "38;5;79") + count(&bytes, "38;2;"), 0, "no more than sixteen colours");
    let bytes = leave(demo(dir.path(), &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]));
    assert_eq!(count(&bytes, QUESTION) + count(&bytes, "38;5;"), 0, "no colours are wanted");
}

/// The numbers of the colours that were asked for, of characters and of what is behind them; and how many of all the others.
fn colours(bytes: &[u8]) -> (Vec<u32>, usize) {
    let text = String::from_utf8_lossy(bytes);
    let of = |kind: &str| text.split(kind).skip(1).map(str::to_owned).collect::<Vec<_>>();
    let number = |rest: &String| rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
    let numbers = ["38;5;", "48;5;"].into_iter().flat_map(of).filter_map(|rest| number(&rest)).collect();
    (numbers, of("38;2;").len() + of("48;2;").len())
}

#[test]
fn whatever_the_theme_there_are_no_more_colours_than_the_terminal_has() {
    let dir = tempfile::tempdir().unwrap();
    for (term, most) in [("xterm", 15), ("xterm-256color", 255)] {
        let mut terminal = demo(dir.path(), &[("TERM", term)]);
        // Once around all themes, and what is asked next is answered.
        terminal.keys("TTTTTTTT").keys("?").wait_for("In every list").keys("?").wait_gone("In every list");
        let (numbers, full) = colours(&leave(terminal));
        assert!(numbers.len() > 20 && numbers.iter().all(|number| *number <= most), "{term}: {numbers:?}");
        assert_eq!(full, 0, "{term}");
    }
    let mut terminal = demo(dir.path(), &[("NO_COLOR", "1")]);
    terminal.keys("TTTTTTTT").keys("?").wait_for("In every list").keys("?").wait_gone("In every list");
    assert_eq!(colours(&leave(terminal)), (Vec::new(), 0));
}

#[test]
fn a_theme_of_ones_own_is_used_and_a_mistake_in_one_is_told_with_its_place() {
    let home = Home::new();
    let themes = home.dir.path().join("themes");
    std::fs::create_dir(&themes).unwrap();
    let dark = include_str!("../../assets/themes/dark.toml");
    std::fs::write(themes.join("pink.toml"), dark.replace("\"79\"", "\"205\"")).unwrap();
    std::fs::write(themes.join("odd.toml"), dark.replace("\"79\"", "\"sky\"")).unwrap();
    std::fs::write(home.dir.path().join("config.toml"), "theme = \"pink\"\n").unwrap();
    let mut terminal = Terminal::start(MUBAN, &[], (120, 36), home.dir.path(), &[]);
    terminal.wait_for("odd.toml, line 6, column 17").wait_for("`sky`").wait_for_bytes("38;5;205");
    terminal.keys("\x1b").wait_gone("odd.toml");
    leave(terminal);
    let mut terminal = Terminal::start(MUBAN, &["demo"], (120, 36), home.dir.path(), &[]);
    terminal.wait_for("odd.toml, line 6").wait_for_bytes("38;5;205").keys("\x1b").wait_gone("odd.toml");
    leave(terminal);
}

#[test]
fn a_terminal_without_a_cursor_is_told_so_and_commands_go_on() {
    let home = Home::new();
    for args in [&[][..], &["demo"]] {
        let mut terminal = Terminal::start(MUBAN, args, (120, 36), home.dir.path(), &[("TERM", "dumb")]);
        let (code, bytes) = terminal.end();
        let said = String::from_utf8_lossy(&bytes);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("TERM=dumb") && said.contains("TERM=xterm-256color") && !said.contains("\x1b[?1049h"), "{said}");
    }
    let mut terminal = Terminal::start(MUBAN, &["account", "list"], (120, 36), home.dir.path(), &[("TERM", "dumb")]);
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn where_the_locale_has_no_unicode_the_screen_has_none_but_chinese() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[("LANG", "C")]);
    terminal.wait_for("+- 1 Accounts").wait_for("订单发货通知").wait_for("> ");
    let bytes = leave(terminal);
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains(['│', '▸', '…', '✓', '·']), "a sign that is not ASCII was drawn");
    std::fs::write(dir.path().join("config.toml"), "ascii = false\n").unwrap();
    let mut terminal = demo(dir.path(), &[("LANG", "C")]);
    terminal.wait_for("╭─ 1 Accounts");
    leave(terminal);
}

#[test]
fn tmux_passes_on_what_is_copied() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[("TMUX", "/tmp/tmux-0/default,1,0")]);
    terminal.keys("\r").wait_for("0/32").keys("\x1b").wait_for("choose who gets it").keys("6c");
    terminal.wait_for_bytes("\x1bPtmux;\x1b\x1b]52;c;");
    leave(terminal);
}

#[test]
fn the_window_has_a_title_and_gets_its_own_back() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.toml"), "window_title = true\nmouse = true\n").unwrap();
    let mut terminal = demo(dir.path(), &[]);
    terminal.wait_for_bytes("\x1b[22;0t").wait_for_bytes("\x1b]2;muban · Acme").wait_for_bytes("\x1b[?1006h");
    let bytes = leave(terminal);
    assert_eq!(count(&bytes, "\x1b[23;0t"), 1);
    assert_eq!(count(&bytes, "\x1b[?1006l"), 1);
    let bytes = {
        std::fs::remove_file(dir.path().join("config.toml")).unwrap();
        leave(demo(dir.path(), &[]))
    };
    assert_eq!(count(&bytes, "\x1b]2;") + count(&bytes, "\x1b[22;0t") + count(&bytes, "\x1b[?1006h"), 0, "nobody asked for them");
}

#[test]
fn after_stop_and_fg_everything_is_as_it_was_and_nothing_is_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.toml"), "window_title = true\nmouse = true\n").unwrap();
    let mut shell = Terminal::start("sh", &["-i"], (120, 36), dir.path(), &[("PS1", "ready> "), ("ENV", "")]);
    shell.wait_for("ready>").keys(&format!("'{MUBAN}' demo\r")).wait_for("Users 2 000").wait_for_bytes("\x1b]2;muban · Acme");
    shell.keys("\x1a").wait_for("Stopped");
    shell.keys("fg\r").wait_for("Users 2 000").keys("4/").wait_for("show all again").keys("\x03").wait_gone("Users 2 000");
    shell.keys("exit\r");
    let (_, bytes) = shell.end();
    for (on, off) in [("\x1b[?1006h", "\x1b[?1006l"), ("\x1b[22;0t", "\x1b[23;0t"), ("\x1b[?1004h", "\x1b[?1004l")] {
        assert_eq!((count(&bytes, on), count(&bytes, off)), (2, 2), "{on:?}");
    }
    assert_eq!(count(&bytes, "\x1b]2;muban"), 2, "the title is given anew");
    assert_eq!(count(&bytes, QUESTION), 1);
}

#[test]
fn the_mouse_points_and_the_wheel_turns() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[]);
    terminal.keys("M").wait_for("Mouse on").wait_for_bytes("\x1b[?1006h");
    // Columns and lines are counted from one.
    let row = terminal.line_of("星标组");
    terminal.keys(&format!("\x1b[<0;6;{row}M\x1b[<0;6;{row}m")).wait_for("▸ 星标组");
    terminal.keys(&format!("\x1b[<64;6;{row}M")).wait_for("▸ All followers");
    terminal.keys("M").wait_for("Mouse off").wait_for_bytes("\x1b[?1006l");
    leave(terminal);
}

#[test]
fn a_step_of_the_selection_is_few_bytes_on_the_line() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = demo(dir.path(), &[("SSH_CONNECTION", "10.0.0.2 50000 10.0.0.1 22")]);
    terminal.wait_for("▸ 订单发货通知");
    let (before, steps) = (terminal.written(), 20);
    for _ in 0..steps / 2 {
        terminal.keys("j").wait_for("▸ 隐患整改").keys("k").wait_for("▸ 订单发货通知");
    }
    let each = (terminal.written() - before) / steps;
    assert!(each <= 700, "{each} bytes a step");
    leave(terminal);
}
