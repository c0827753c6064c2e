//! `muban demo` from the first key to a finished send, on the screen and in the simulator's own ledger.

use crate::terminal::Terminal;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

/// Asks the simulator of a running demo: its throw-away home lies in `dir` and knows the address.
fn ask_simulator(dir: &Path, path: &str) -> Value {
    let home = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("muban-demo-")));
    let ledger = rusqlite::Connection::open(home.unwrap().join("ledger.db")).unwrap();
    let base: String = ledger.query_row("SELECT api_base FROM accounts LIMIT 1", [], |row| row.get(0)).unwrap();
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1.trim()).unwrap()
}

#[test]
fn from_the_first_key_to_a_finished_send() {
    for size in [(80, 24), (120, 36)] {
        let dir = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &["demo"], size, dir.path(), &[]);
        terminal.wait_for("订单发货通知").wait_for("Users 2 000");
        terminal.keys("\r").wait_for("0/32");
        terminal.keys(&"\x05\t".repeat(5)).wait_for("2025年11月9日 15:01");
        terminal.keys("\x1b").wait_for("choose who gets it");
        terminal.keys("3").wait_for("▸ 星标组").keys("j\r").wait_for("Press s to send");
        terminal.keys("s").wait_for("Type 120 to send");
        terminal.keys("120").wait_for("enter send").keys("\r").wait_for("115/120   95.8 %").wait_for("retry failed");
        terminal.keys("\x1b").wait_for("120/120  done").wait_for("ok 115").wait_for("failed 5");
        let ledger = ask_simulator(dir.path(), "/sim/ledger");
        assert_eq!((ledger["delivered"].as_u64(), ledger["recipients"].as_u64()), (Some(115), Some(115)), "{ledger}");
        assert_eq!(ledger["by_errcode"]["43004"].as_u64(), Some(2), "{ledger}");
        terminal.keys("q");
        assert_eq!(terminal.end().0, 0);
        let left = std::fs::read_dir(dir.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("muban-demo-"));
        assert_eq!(left.count(), 0, "the throw-away home is thrown away");
    }
}
