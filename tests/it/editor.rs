//! The operator's own editor, which has the terminal for itself while it runs.

use crate::terminal::Terminal;
use crate::tui::interrupted;
use crate::witness::until_delivered;
use muban::sim::{Sim, World};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");
/// ctrl-o, in the JSON editor.
const OUTSIDE: &str = "\x0f";

/// A program that plays the editor.
pub fn script(dir: &Path, lines: &str) -> PathBuf {
    let path = dir.join("editor");
    std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    path
}

/// The JSON editor over the first template of the demonstration, with this for `$EDITOR`.
fn editing(dir: &Path, editor: &str) -> Terminal {
    let mut terminal = Terminal::start(MUBAN, &["demo"], (100, 30), dir, &[("VISUAL", " "), ("EDITOR", editor)]);
    terminal.wait_for("订单发货通知").wait_for("Users 2 000");
    terminal.keys("\r").wait_for("0/32").keys("手冲").wait_for("2/32").keys("\x1b").wait_for("choose who gets it");
    terminal.keys("e").wait_for("as it is in the form").wait_for("手冲");
    terminal
}

fn leave(terminal: &mut Terminal) {
    terminal.keys("q");
    let (code, bytes) = terminal.end();
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(code, 0);
    assert!(text.rfind("\x1b[?1049l") > text.rfind("\x1b[?1049h"), "the terminal is given back");
    assert!(text.rfind("\x1b[?2004l") > text.rfind("\x1b[?2004h"), "without bracketed paste");
    assert!(text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l"), "with its cursor");
}

#[test]
fn it_changes_the_text_in_a_file_of_its_own_and_finds_the_terminal_as_a_shell_leaves_it() {
    let dir = tempfile::tempdir().unwrap();
    // It puts a new file in the place of the old one, as many do, and leaves the terminal in a mess.
    let script = script(
        dir.path(),
        "stat -c %a \"$2\" >> \"$MUBAN_TEST_OUT\"; stty -a >> \"$MUBAN_TEST_OUT\"; echo \"$1 $2\" >> \"$MUBAN_TEST_OUT\"
         sed 's/手冲/热/; s/热热热/够了/' \"$2\" > \"$2.new\" && mv \"$2.new\" \"$2\"; stty raw -echo",
    );
    let out = dir.path().join("out");
    let command = format!("MUBAN_TEST_OUT='{}' '{}' --wait", out.display(), script.display());
    let mut terminal = editing(dir.path(), &command);
    terminal.keys(OUTSIDE).wait_gone("手冲").wait_for("\"热\"").wait_for("valid: flows into the form");
    // And again, from the text as it is now: nothing is left of the mess.
    terminal.keys(OUTSIDE).wait_for("Nothing was changed in the editor");
    let found = std::fs::read_to_string(&out).unwrap();
    assert_eq!(found.matches("600\n").count(), 2, "nobody else may read it: {found}");
    assert_eq!((found.matches(" icanon").count(), found.matches(" echo ").count()), (2, 2), "{found}");
    let file = Path::new(found.lines().find_map(|line| line.strip_prefix("--wait ")).unwrap());
    assert!(file.extension().unwrap() == "json" && !file.exists(), "the file is gone: {}", file.display());
    terminal.keys("\x13").wait_gone("The request body as JSON").keys("\x03");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn one_that_fails_or_is_missing_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let script = script(dir.path(), "echo nonsense > \"$1\"; exit 3");
    for (editor, told) in
        [(script.to_str().unwrap(), "ended with exit status: 3"), ("/none/such", "There is no editor `/none/such`")]
    {
        let mut terminal = editing(dir.path(), editor);
        terminal.keys(OUTSIDE).wait_for(told).keys("\r").wait_gone(told);
        terminal.wait_for("手冲").wait_for("as it is in the form");
        // A key right behind an escape would be taken for one with alt.
        terminal.keys("\x1b").wait_gone("ctrl-s apply");
        leave(&mut terminal);
    }
}

#[test]
fn an_interrupt_is_for_the_editor_alone() {
    let dir = tempfile::tempdir().unwrap();
    let script = script(dir.path(), "echo READY; exec sleep 600");
    let mut terminal = editing(dir.path(), script.to_str().unwrap());
    terminal.keys(OUTSIDE).wait_for("READY").keys("\x03").wait_for("ended with signal: 2").keys("\r").wait_for("手冲");
    // Asked to end by others, it ends with its editor.
    terminal.keys(OUTSIDE).wait_for("READY").signal(rustix::process::Signal::TERM);
    assert_eq!(terminal.end().0, 4);
}

#[test]
fn a_body_is_loaded_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("body.json");
    std::fs::write(&file, "{\"template_id\":\"T\",\"data\":{\"thing1\":{\"value\":\"手冲咖啡壶\"}}}").unwrap();
    let mut terminal = Terminal::start(MUBAN, &["demo"], (100, 30), dir.path(), &[]);
    terminal.wait_for("Users 2 000").keys("6I").wait_for("Paste a body").keys("\x06").wait_for("File ▸");
    terminal.keys(&format!("{}.none\r", file.display())).wait_for("the file cannot be read: No such file");
    terminal.keys(&"\x7f".repeat(5)).wait_gone("cannot be read").keys("\r");
    terminal.wait_for("\"value\": \"手冲咖啡壶\"").wait_for("valid: flows into the form");
    terminal.keys("\x1b").wait_for("This account has no template T").keys("\r").wait_gone("has no template T");
    leave(&mut terminal);
}

#[test]
fn what_is_sent_goes_on_meanwhile() {
    let sim = Sim::local(World::with_followers(400, 1)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let go = dir.path().join("go");
    let script = script(dir.path(), &format!("echo READY; while [ ! -e '{}' ]; do sleep 0.05; done", go.display()));
    let (_home, mut terminal) = interrupted(&sim, "10", &[("VISUAL", script.to_str().unwrap())]);
    terminal.keys("6v").wait_for("READY");
    let before = sim.delivered_count();
    until_delivered(&sim, before + 10);
    std::fs::write(&go, "").unwrap();
    terminal.wait_for("Nothing was changed in the editor").keys("7").wait_for("· running");
    terminal.keys("\x03").wait_for("are still to be sent").keys("\r");
    assert_eq!(terminal.end().0, 0);
}
