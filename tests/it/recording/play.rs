//! Plays the script in a terminal.

use super::script::{Script, Step};
use crate::terminal::Terminal;

/// Everything that was drawn.
pub fn play(script: &Script) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &["demo"], script.size, dir.path(), &[]);
    for step in &script.steps {
        assert!(!step.reached(&terminal.screen()), "it is so before {:?}: {:?}", step.keys, step.shows);
        for press in step.presses() {
            let before = terminal.written();
            terminal.keys(&press).wait_frame(before);
        }
        terminal.until(&what(step), |screen| step.reached(screen));
    }
    terminal.keys("\x03");
    let (code, bytes) = terminal.end();
    assert_eq!(code, 0);
    bytes
}

fn what(step: &Step) -> String {
    format!("{:?}, and nothing of {:?}, after {:?} {:?}", step.shows, step.gone, step.keys, step.text)
}
