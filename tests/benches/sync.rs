//! How long a sync of very many followers takes, how much memory and disk, against `muban sim` in a process of its own:
//! openids alone, with details, and again after some left, came back, came and were tagged. `cargo bench --bench sync`.
//!
//! Options after `--`: number of followers (1000000), calls in flight (64), latencies in milliseconds (0 50).

#![expect(clippy::expect_used, reason = "a bench that cannot go on has nothing to say")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What should be reached at 50 ms, 64 in flight and a million followers, in seconds.
const USABLE_WITHIN: f64 = 8.0;
const WHOLE_WITHIN: f64 = 15.0;
/// The most memory in use, in MiB.
const MEMORY: f64 = 128.0;

fn main() {
    let given: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (followers, in_flight) = (given.first().copied().unwrap_or(1_000_000), given.get(1).copied().unwrap_or(64));
    let latencies = given.get(2..).filter(|some| !some.is_empty()).unwrap_or(&[0, 50]);
    println!("{followers} followers, {in_flight} in flight");
    for latency in latencies {
        measure(followers, in_flight, *latency);
    }
    println!("to reach at 50 ms and 64 in flight: openids {USABLE_WITHIN} s, first sync {WHOLE_WITHIN} s, {MEMORY} MiB");
}

fn measure(followers: u64, in_flight: u64, latency: u64) {
    let sim = Sim::start(followers);
    let account = sim.get("/sim/accounts")[0].clone();
    sim.post("/sim/faults", &json!({"latency_ms": latency, "everywhere": true}));
    let in_flight = in_flight.to_string();
    let [bare, whole] = [(); 2].map(|()| Home::new(&sim, &account));
    let options = ["--concurrency", in_flight.as_str()];
    bare.sync(&sim, &format!("{latency} ms, openids alone"), &[&options[..], &["--no-details"]].concat());
    whole.sync(&sim, &format!("{latency} ms, first sync"), &options);
    sim.post("/sim/world", &json!({"action": "churn", "leave": 300}));
    whole.sync(&sim, &format!("{latency} ms, 300 left"), &options);
    sim.post("/sim/world", &json!({"action": "churn", "leave": 1000, "back": 200, "new": 500, "retag": 50}));
    let last = whole.sync(&sim, &format!("{latency} ms, 1000 left, 200 came back, 500 came"), &options);
    let expected = json!({
        "total": followers + 500, "subscribed": followers - 300 - 1000 + 200 + 500, "added": 500, "returned": 200, "unsubscribed": 1000,
    });
    assert_eq!(last["users"], expected);
}

/// The simulator in a process of its own; it ends with this handle.
struct Sim {
    addr: String,
    child: Child,
}

impl Sim {
    fn start(followers: u64) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
        command.args(["sim", "--followers", &followers.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
        let addr = line.trim().rsplit('/').next().expect("an address").to_owned();
        Self { addr, child }
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, "")
    }

    fn post(&self, path: &str, body: &Value) {
        let answer = self.call("POST", path, &body.to_string());
        assert_ne!(answer["ok"], false, "{answer}");
    }

    /// Calls that are made once all openids are stored.
    fn calls_after_the_list(&self) -> u64 {
        let ledger = self.get("/sim/ledger");
        let calls = |path: &str| ledger["calls"][path].as_u64().unwrap_or_default();
        calls("/cgi-bin/user/tag/get") + calls("/cgi-bin/tags/members/getblacklist")
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(&self.addr).expect("a connection");
        let (addr, length) = (&self.addr, body.len());
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {addr}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A home with the simulator's account.
struct Home(tempfile::TempDir);

impl Home {
    fn new(sim: &Sim, account: &Value) -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        let text = |key: &str| account[key].as_str().expect("a text").to_owned();
        let base = format!("http://{}", sim.addr);
        let args = ["account", "add", "--name", "bench", "--appid", &text("appid"), "--secret-stdin", "--api-base", &base];
        let mut child = home.command(&args).stdin(Stdio::piped()).spawn().expect("a process");
        child.stdin.take().expect("its input").write_all(text("secret").as_bytes()).expect("written");
        assert!(child.wait().expect("its end").success());
        home
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
        command.args(args).env("MUBAN_HOME", self.0.path()).stderr(Stdio::null());
        command
    }

    /// Syncs the users, and prints what it took.
    fn sync(&self, sim: &Sim, what: &str, options: &[&str]) -> Value {
        let args = [&["sync", "users", "--json"], options].concat();
        let before = sim.calls_after_the_list();
        let started = Instant::now();
        let mut child = self.command(&args).stdout(Stdio::piped()).spawn().expect("a process");
        let (mut peak, mut cpu, mut usable) = (0, 0.0, None);
        while child.try_wait().expect("its state").is_none() {
            (peak, cpu) = (peak.max(peak_kib(child.id())), cpu_seconds(child.id()).unwrap_or(cpu));
            if usable.is_none() && sim.calls_after_the_list() > before {
                usable = Some(started.elapsed().as_secs_f64());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut printed = String::new();
        child.stdout.take().expect("its output").read_to_string(&mut printed).expect("read");
        let said: Value = serde_json::from_str(&printed).expect("JSON");
        let (peak, disk) = (peak as f64 / 1024.0, size(self.0.path()) as f64 / 1_048_576.0);
        let seconds = said["seconds"].as_f64().expect("a number");
        let (usable, calls) = (usable.unwrap_or(seconds), &said["requests"]);
        println!(
            "{what}: openids usable after {usable:.1} s, all in {seconds:.1} s, {cpu:.1} s of CPU time, {calls} calls, \
             {peak:.0} MiB of memory at most, {disk:.0} MiB on disk"
        );
        said
    }
}

/// The most memory that a process had in use so far; 0 where the system does not tell.
fn peak_kib(process: u32) -> u64 {
    let told = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// CPU time of a process so far; the system counts it in hundredths of a second.
fn cpu_seconds(process: u32) -> Option<f64> {
    let told = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, numbers) = told.rsplit_once(')')?;
    let spent = numbers.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    Some(spent.sum::<f64>() / 100.0)
}

fn size(dir: &Path) -> u64 {
    let files = std::fs::read_dir(dir).expect("a folder").filter_map(|entry| entry.ok()?.metadata().ok());
    files.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum()
}
