//! The simulator, a home that syncs from it, and its followers as a naive search sees them.

use muban::domain::user::User;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The simulator in a process of its own; it ends with this handle.
pub struct Sim {
    addr: String,
    child: Child,
}

impl Sim {
    pub fn start(followers: u64) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
        command.args(["sim", "--followers", &followers.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
        let addr = line.trim().rsplit('/').next().expect("an address").to_owned();
        Self { addr, child }
    }

    fn account(&self) -> Value {
        let mut stream = TcpStream::connect(&self.addr).expect("a connection");
        write!(stream, "GET /sim/accounts HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.addr).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str::<Value>(body).expect("JSON")[0].clone()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A home with the simulator's account.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new(sim: &Sim) -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        let account = sim.account();
        let text = |key: &str| account[key].as_str().expect("a text").to_owned();
        let base = format!("http://{}", sim.addr);
        let args = ["account", "add", "--name", "bench", "--appid", &text("appid"), "--secret-stdin", "--api-base", &base];
        let mut child = home.command(&args).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a process");
        child.stdin.take().expect("its input").write_all(text("secret").as_bytes()).expect("written");
        assert!(child.wait().expect("its end").success());
        home
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
        command.args(args).env("MUBAN_HOME", self.path()).stderr(Stdio::null());
        command
    }

    /// Syncs the followers; what it took, in seconds.
    pub fn sync(&self, options: &[&str]) -> f64 {
        self.start_sync(options).seconds()
    }

    pub fn start_sync(&self, options: &[&str]) -> Syncing {
        let args = [&["sync", "users", "--json", "--concurrency", "64"], options].concat();
        Syncing(self.command(&args).stdout(Stdio::piped()).spawn().expect("a process"))
    }
}

impl AsRef<Path> for Home {
    fn as_ref(&self) -> &Path {
        self.path()
    }
}

/// A sync under way.
pub struct Syncing(Child);

impl Syncing {
    pub fn running(&mut self) -> bool {
        self.0.try_wait().expect("its state").is_none()
    }

    /// Waits for its end; what it took, in seconds.
    pub fn seconds(mut self) -> f64 {
        let mut printed = String::new();
        self.0.stdout.take().expect("its output").read_to_string(&mut printed).expect("read");
        assert!(self.0.wait().expect("its end").success(), "{printed}");
        let said: Value = serde_json::from_str(&printed).expect("JSON");
        said["seconds"].as_f64().expect("a number")
    }
}

/// A follower, as far as a search goes.
pub struct Follower {
    /// The openid, then nickname and remark, in small letters.
    pub text: String,
    /// How a row of the list begins.
    pub shown: String,
    label: String,
}

impl Follower {
    pub fn new(user: &User) -> Self {
        let label = user.label().to_owned();
        let openid = user.openid.as_str();
        let shown = if label.is_empty() { openid[..14].to_owned() } else { label.clone() };
        Self { text: format!("{openid}\t{}\t{}", user.nickname, user.remark).to_lowercase(), shown, label }
    }

    /// Whether all words are there.
    pub fn has(&self, search: &str) -> bool {
        search.split_whitespace().all(|word| self.text.contains(word))
    }

    /// The first word of the remark.
    pub fn name(&self) -> Option<&str> {
        self.label.split_whitespace().next()
    }
}
