//! What the simulator and the ledger's file say, and a word to a process, for tests of the binary.

use crate::home::Home;
use muban::domain::delivery::State;
use muban::sim::{Delivered, Sim};
use muban::store::FileLock;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::Child;

/// Waits until the simulator has seen this.
pub fn until(sim: &Sim, condition: impl FnMut(&Sim) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(crate::scene::within(sim.until(condition)));
}

/// Waits until so many messages have arrived.
pub fn until_delivered(sim: &Sim, count: usize) {
    until(sim, |sim| sim.delivered_count() >= count);
}

/// Everyone of so many got it, and nobody twice.
pub fn each_got_it_once(sim: &Sim, everyone: usize) {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for message in sim.delivered() {
        *times.entry(message.openid).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "twice: {twice:?}");
    assert_eq!(times.len(), everyone, "somebody was lost");
}

/// Asks a process to end.
pub fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(child.id() as i32).unwrap(), signal).unwrap();
}

/// Reads what a process says to people until it has said this.
pub fn wait_to_hear(child: &mut Child, text: &str) {
    let stderr = child.stderr.as_mut().unwrap();
    let (mut heard, mut byte) = (Vec::new(), [0]);
    while !String::from_utf8_lossy(&heard).contains(text) {
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "ended with: {}", String::from_utf8_lossy(&heard));
        heard.push(byte[0]);
    }
}

/// Waits until no process works on the job.
pub fn wait_for_end(home: &Home, job: i64) {
    drop(FileLock::wait(home.dir.path(), &format!("job-{job}")).unwrap());
}

/// The rows of a job as they are on disk.
pub struct Rows {
    rows: BTreeMap<String, State>,
}

impl Rows {
    /// Reads them, after making sure that the file is whole and that the job's counts are those of its rows.
    pub fn of(home: &Home, job: i64) -> Self {
        let db = Connection::open(home.dir.path().join("ledger.db")).unwrap();
        let whole: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        let mut statement = db.prepare("SELECT openid, state FROM deliveries WHERE id >> 32 = ?1").unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, State::from_code(row.get(1)?).unwrap()));
        let rows = Self { rows: statement.query_map([job], read).unwrap().collect::<Result<_, _>>().unwrap() };
        let sql = "SELECT total, accepted, failed, unknown, skipped FROM jobs WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok([0, 1, 2, 3, 4].map(|column| row.get::<_, usize>(column).unwrap()));
        let counts = db.query_row(sql, [job], read).unwrap();
        let ended = [State::Accepted, State::Failed, State::Unknown, State::Skipped].map(|state| rows.count(state));
        assert_eq!((counts[0], &counts[1..]), (rows.rows.len(), &ended[..]), "total, accepted, failed, unknown, skipped");
        rows
    }

    /// How many stand in this state.
    pub fn count(&self, state: State) -> usize {
        self.rows.values().filter(|found| **found == state).count()
    }

    /// Whoever got a message has a row that says so, or that it may be so; and who is accepted has got one.
    pub fn agree_with(&self, delivered: &[Delivered]) {
        let got: BTreeSet<&str> = delivered.iter().map(|message| message.openid.as_str()).collect();
        for (openid, state) in &self.rows {
            let expected = match state {
                State::Accepted => Some(true),
                State::Sending | State::Unknown => None,
                State::Queued | State::Failed | State::Skipped => Some(false),
            };
            assert!(expected.is_none_or(|expected| expected == got.contains(openid.as_str())), "{openid} is {state}");
        }
        assert!(got.iter().all(|openid| self.rows.contains_key(*openid)), "somebody without a row got it");
    }
}
