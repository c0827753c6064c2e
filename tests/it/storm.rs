//! What a terminal does at its worst: it changes its size at every key, and pastes more than anybody reads.

use crate::editor::script;
use crate::terminal::Terminal;
use std::path::Path;

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");
/// ctrl-o, in the JSON editor.
const OUTSIDE: &str = "\x0f";

/// The first field of the demonstration's first template, with an editor that keeps a copy of what it was given.
fn in_a_field(dir: &Path, size: (u16, u16)) -> Terminal {
    let editor = script(dir, "cp \"$1\" \"$MUBAN_TEST_OUT\"");
    let out = dir.join("out");
    let env =
        [("VISUAL", " "), ("EDITOR", editor.to_str().unwrap()), ("MUBAN_TEST_OUT", out.to_str().unwrap()), ("COLORFGBG", "15;0")];
    let mut terminal = Terminal::start(MUBAN, &["demo"], size, dir, &env);
    terminal.wait_for("订单发货通知").wait_for("Users 2 000").keys("\r").wait_for("0/32");
    terminal
}

/// The value of the first field in the JSON that would be sent, as the editor was given it.
fn sent_value(terminal: &mut Terminal, dir: &Path) -> String {
    terminal.keys("\x1b").wait_for("choose who gets it").keys("v").wait_for("Nothing was changed in the editor");
    let body: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("out")).unwrap()).unwrap();
    body["data"]["character_string1"]["value"].as_str().unwrap().to_owned()
}

fn leave(mut terminal: Terminal) {
    terminal.keys("\x03");
    let (code, _) = terminal.end();
    assert_eq!(code, 0);
}

fn paste(terminal: &mut Terminal, text: &str) {
    terminal.keys(&format!("\x1b[200~{text}\x1b[201~"));
}

#[test]
fn no_key_is_lost_while_the_window_changes_its_size() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = in_a_field(dir.path(), (120, 36));
    let text = (0..60).map(|n| format!("{n:02}单")).collect::<Vec<_>>().concat();
    let sizes = [(60, 15), (200, 60), (80, 24), (110, 30), (61, 59), (199, 16), (109, 29), (150, 45)];
    let mut next = sizes.iter().cycle();
    for (at, c) in text.chars().enumerate() {
        if at % 2 == 0 {
            let (cols, rows) = next.next().unwrap();
            terminal.resize(*cols, *rows);
        }
        terminal.keys(c.encode_utf8(&mut [0; 4]));
    }
    // On the screen, in the end, and in what would be sent.
    terminal.resize(200, 60).wait_for("180/32").wait_for("58单59单");
    assert_eq!(sent_value(&mut terminal, dir.path()), text);
    leave(terminal);
}

#[test]
fn what_is_typed_at_once_is_read_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = in_a_field(dir.path(), (100, 30));
    // More than is read at a time, and no key behind it.
    terminal.keys(&"typed".repeat(1000)).wait_for("5000/32");
    assert_eq!(sent_value(&mut terminal, dir.path()), "typed".repeat(1000));
    leave(terminal);
}

#[test]
fn a_huge_paste_into_a_field_is_kept_or_refused_as_a_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = in_a_field(dir.path(), (100, 30));
    paste(&mut terminal, &"a".repeat(100_000));
    terminal.wait_for("A field holds 20,000 characters at most").keys("\r").wait_gone("A field holds");
    terminal.keys("no").wait_for("2/32");
    // As many as it holds, each of four bytes; WeChat counts such as two.
    let most = "𠮷".repeat(19_997);
    paste(&mut terminal, &most);
    terminal.wait_for("39996/32").keys("!").wait_for("39997/32");
    let value = sent_value(&mut terminal, dir.path());
    assert!(value == format!("no{most}!"), "{} characters arrived", value.chars().count());
    leave(terminal);
}

#[test]
fn a_huge_paste_into_the_json_editor_arrives_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = in_a_field(dir.path(), (100, 30));
    terminal.keys("\x1b").wait_for("choose who gets it").keys("6I").wait_for("Paste a body");
    let field = |n: usize| format!("    \"thing{n}\": {{ \"value\": \"第 {n} 项 {}\" }}", "手冲咖啡壶".repeat(8));
    let fields: Vec<String> = (1..=700).map(field).collect();
    let body = format!("{{\n  \"template_id\": \"T\",\n  \"data\": {{\n{}\n  }}\n}}", fields.join(",\n"));
    assert!(body.len() > 100_000);
    // Terminals send the ends of lines as enter does.
    paste(&mut terminal, &body.replace('\n', "\r"));
    terminal.wait_for("valid: flows into the form").keys(OUTSIDE).wait_for("Nothing was changed in the editor");
    let arrived = std::fs::read_to_string(dir.path().join("out")).unwrap();
    let [arrived, pasted] = [&arrived, &body].map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    assert!(arrived == pasted, "it is not what was pasted");
    terminal.keys("\x1b[B\x1b[C").wait_for("line 2, column ");
    terminal.keys("\x1b").wait_for("This account has no template T").keys("\r").wait_gone("has no template T");
    leave(terminal);
}
