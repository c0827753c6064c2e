//! The terminal in the tests: cells, keys, and processes in pseudo-terminals.

use super::events::read;
use super::*;
use crate::tui::input::Input;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read;

#[test]
fn what_a_wide_character_covered_is_written_anew_when_it_is_gone() {
    let area = Rect::new(0, 0, 4, 1);
    let frame = |text: &str, wide: &mut Vec<usize>| {
        let mut buf = Buffer::empty(area);
        buf.set_string(0, 0, text, ratatui::style::Style::new());
        blank_halves(wide, &mut buf);
        buf
    };
    let mut wide = Vec::new();
    let first = frame("你a", &mut wide);
    let second = frame("b a", &mut wide);
    let written: Vec<u16> = first.diff(&second).into_iter().map(|(x, ..)| x).collect();
    assert_eq!(written, [0, 1]);
    assert!(wide.is_empty());
}

#[test]
fn keys_come_through_and_releases_do_not() {
    let press = |code, modifiers| read(Event::Key(KeyEvent::new(code, modifiers)));
    let key = |name: &str| Some(Input::Key(name.parse().unwrap()));
    assert_eq!(press(KeyCode::Char('A'), KeyModifiers::SHIFT), key("A"));
    assert_eq!(press(KeyCode::Char('c'), KeyModifiers::CONTROL), key("ctrl-c"));
    assert_eq!(press(KeyCode::Tab, KeyModifiers::SHIFT), key("shift-tab"));
    assert_eq!(press(KeyCode::Left, KeyModifiers::SHIFT | KeyModifiers::CONTROL), key("ctrl-shift-left"));
    assert_eq!(press(KeyCode::CapsLock, KeyModifiers::NONE), None);
    let mut release = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
    release.kind = KeyEventKind::Release;
    assert_eq!(read(Event::Key(release)), None);
    assert_eq!(read(Event::FocusLost), Some(Input::Unfocused));
}

/// Set for the process that shall panic.
const PANICS: &str = "MUBAN_TEST_PANICS";

/// Does something only in a process that the next test starts.
#[test]
fn panics_inside_the_screen() {
    if std::env::var_os(PANICS).is_some() {
        let _tty = Tty::enter(Manner { mouse: true, title: true, ..Manner::default() }).unwrap();
        panic!("on purpose");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told_of() {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tui::tty::tests::panics_inside_the_screen", "--nocapture"]);
    command.env(PANICS, "1");
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut bytes = Vec::new();
    // The end of a pseudo-terminal is an error on some systems; what came before it counts.
    let _ = reader.read_to_end(&mut bytes);
    assert!(!child.wait().unwrap().success());
    let text = String::from_utf8_lossy(&bytes);
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what:?} is missing in {text:?}"));
    assert!(place("\x1b[?1049h") < place("\x1b[?1049l"), "entered, then left");
    assert!(place("\x1b[?2004l") < place("on purpose"), "bracketed paste is off before the message");
    assert!(place("\x1b[?1006h") < place("\x1b[?1006l") && place("\x1b[?1002l") < place("on purpose"), "the mouse is free");
    assert!(place("\x1b[22;0t") < place("\x1b[23;0t") && place("\x1b[23;0t") < place("on purpose"), "the old title is back");
    assert!(place("\x1b[?1049l") < place("on purpose"), "the message is on the normal screen");
    assert!(text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l"), "the cursor is visible");
}

/// Set for the process that shall wait for keys from a terminal that is gone.
const WAITS: &str = "MUBAN_TEST_WAITS";

/// Does something only in a process that the next test starts.
#[test]
fn waits_for_a_key() {
    if std::env::var_os(WAITS).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _told = hangup();
        let mut tty = Tty::enter(Manner::default()).unwrap();
        runtime.block_on(async {
            tty.next_input().await;
            tty.copy("got one").unwrap();
            tty.next_input().await;
        });
    }
}

#[test]
fn a_terminal_that_is_gone_does_not_keep_the_loop_in_the_library() {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new("sh");
    // The signal that comes with it would end the process before anything is read.
    command.args(["-c", "trap '' HUP; exec \"$0\" --exact tui::tty::tests::waits_for_a_key --nocapture"]);
    command.arg(std::env::current_exe().unwrap());
    command.env(WAITS, "1");
    let (mut reader, mut writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut wait_for = |text: &str| {
        let mut drawn = Vec::new();
        while !String::from_utf8_lossy(&drawn).contains(text) {
            let mut some = [0; 1024];
            let count = reader.read(&mut some).unwrap();
            drawn.extend_from_slice(&some[..count]);
        }
    };
    wait_for("\x1b[?25l");
    writer.write_all(b"a").unwrap();
    // What is copied to the clipboard: by now the library is at work.
    wait_for("\x1b]52;");
    drop((reader, writer, pair.master));
    let (mut killer, (tell, told)) = (child.clone_killer(), std::sync::mpsc::channel());
    let waiting = std::thread::spawn(move || tell.send(child.wait()).unwrap());
    let ended = told.recv_timeout(std::time::Duration::from_secs(30));
    let _ = killer.kill();
    waiting.join().unwrap();
    assert!(ended.is_ok(), "it still asks for a key");
}

/// Set for the process that shall leave before the terminal has answered.
const LEAVES: &str = "MUBAN_TEST_LEAVES";

/// Does something only in a process that the next test starts.
#[test]
fn leaves_while_an_answer_is_on_its_way() {
    if std::env::var_os(LEAVES).is_some() {
        let mut tty = Tty::enter(Manner { asks: true, ..Manner::default() }).unwrap();
        tty.draw(|_, _| None).unwrap();
        tty.leave();
        println!("kept {:?}", tty.ready);
    }
}

#[test]
fn an_answer_on_its_way_does_not_reach_the_shell() {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tui::tty::tests::leaves_while_an_answer_is_on_its_way", "--nocapture"]);
    command.env(LEAVES, "1");
    let (mut reader, mut writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut bytes = Vec::new();
    let mut some = [0; 1024];
    while !bytes.windows(QUESTION.len()).any(|window| window == QUESTION) {
        let count = reader.read(&mut some).unwrap();
        bytes.extend_from_slice(&some[..count]);
    }
    writer.write_all(b"k\x1b]11;rgb:ffff/ffff/ffff\x1b\\").unwrap();
    let _ = reader.read_to_end(&mut bytes);
    assert!(child.wait().unwrap().success());
    let text = String::from_utf8_lossy(&bytes);
    let kept = text.split("kept ").nth(1).unwrap_or_else(|| panic!("{text:?}"));
    assert!(kept.contains("Char('k')") && kept.contains("Background(Light)"), "{kept}");
    assert!(!text.contains("^[]11"), "it was echoed: {text:?}");
}
