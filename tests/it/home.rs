//! A home of its own for the binary, with the demo's first account in it.

use muban::sim::Sim;
use serde_json::Value;
use std::io::Write;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

pub const APPID: &str = "wxacefacefacef0001";
pub const SECRET: &str = "acefacefacefacefacefacefacef0001";
pub const MESSAGE: &[&str] = &[
    "--template",
    "订单发货通知",
    "--set",
    "time5=2023-11-09 15:01",
    "--set",
    "character_string1=M20231109",
    "--set",
    "thing2=手冲咖啡壶",
    "--set",
    "thing3=顺丰",
    "--set",
    "character_string4=SF1",
];

/// A home of its own, and how a command ended in it.
pub struct Home {
    pub dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A home with the first account of a simulator, synced.
    pub fn synced(sim: &Sim) -> Self {
        Self::synced_with(sim, &[])
    }

    /// The same for very many, of whom only the openids are fetched.
    pub fn synced_quickly(sim: &Sim) -> Self {
        Self::synced_with(sim, &["--no-details"])
    }

    fn synced_with(sim: &Sim, options: &[&str]) -> Self {
        let home = Self::new();
        let (appid, secret) = sim.world(|world| (world.accounts()[0].appid.clone(), world.accounts()[0].secret.clone()));
        home.add_account(&appid, &secret, &sim.url());
        home.fine(&[&["sync", "--json"], options].concat());
        home
    }

    /// Stores the AppSecret anew.
    pub fn set_secret(&self, secret: &str) {
        let output = self.run_with(&["account", "set", "Acme", "--secret-stdin"], secret);
        assert!(output.status.success(), "{}", said(&output));
    }

    pub fn add_account(&self, appid: &str, secret: &str, base: &str) {
        let args = ["account", "add", "--name", "Acme", "--appid", appid, "--secret-stdin", "--api-base", base];
        let output = self.run_with(&args, secret);
        assert!(output.status.success(), "{}", said(&output));
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, "")
    }

    /// Starts a command and leaves it running.
    pub fn start(&self, args: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
        command.args(args).env("MUBAN_HOME", self.dir.path()).env("LANG", "C").env_remove("LC_ALL");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub fn run_with(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.start(args);
        // A command that reads no input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    pub fn fine(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    pub fn send(&self, options: &[&str]) -> (Value, Option<i32>) {
        let args: Vec<&str> = ["send", "--yes", "--json", "--rate", "0"].iter().chain(MESSAGE).chain(options).copied().collect();
        document(&self.run(&args))
    }

    /// Starts a send and leaves it running.
    pub fn start_send(&self, options: &[&str]) -> Child {
        self.start(&[&["send", "--yes", "--json"], MESSAGE, options].concat())
    }

    /// Goes on with a job.
    pub fn resume(&self, job: i64) -> (Value, Option<i32>) {
        document(&self.run(&["job", "resume", &job.to_string(), "--json", "--rate", "0"]))
    }

    /// Everything written below the home, but for the vault, which is where secrets belong.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        std::fs::read_dir(self.dir.path())
            .unwrap()
            .filter_map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (path.is_file() && !name.starts_with("vault")).then(|| (name, std::fs::read(&path).unwrap()))
            })
            .collect()
    }
}

/// The one document of a command, and how it ended.
pub fn document(output: &Output) -> (Value, Option<i32>) {
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)));
    (document, output.status.code())
}

pub fn said(output: &Output) -> String {
    format!("{} {}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
