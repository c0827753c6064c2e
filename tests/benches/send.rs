//! How fast a job goes out with every outcome durable, as a share of what bare sockets reach against the same server in the
//! same run; what a message costs in CPU time, and whether memory grows with the job. `cargo bench --bench send`; figures of
//! one machine are comparable only as ratios.
//!
//! Options after `--`: number of recipients (20000), requests in flight (64), latency of the server in milliseconds (0); or
//! `memory`, which compares jobs of 10,000 and of 1,000,000 recipients. Server
//! and senders are processes of their own, so that each is charged for its own work alone.

#![expect(clippy::expect_used, reason = "a bench that cannot go on has nothing to say")]

#[path = "send/bare.rs"]
mod bare;
#[path = "send/cost.rs"]
mod cost;
#[path = "send/job.rs"]
mod job;
#[path = "send/server.rs"]
mod server;

use cost::Cost;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often bare sockets and a job are measured in turn.
const ROUNDS: usize = 3;

/// One measurement: by what means, where to, and how much.
#[derive(Debug, Clone, Copy)]
struct Task {
    server: SocketAddr,
    recipients: u64,
    in_flight: u32,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", latency] => server::serve(Duration::from_millis(number(latency))),
        [what, server, recipients, in_flight, home] => {
            let server = server.parse().expect("an address");
            work(what, Task { server, recipients: number(recipients), in_flight: number(in_flight) as u32 }, Path::new(home));
        }
        ["memory"] => memory(),
        ref given => {
            let given: Vec<u64> = given.iter().map(|text| number(text)).collect();
            let at = |index: usize, usual| given.get(index).copied().unwrap_or(usual);
            compare(at(0, 20_000), at(1, 64) as u32, at(2, 0));
        }
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

fn compare(recipients: u64, in_flight: u32, latency: u64) {
    let server = server::Process::start(latency);
    println!("{recipients} recipients, {in_flight} in flight, {latency} ms");
    let task = Task { server: server.addr, recipients, in_flight };
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let [bare, job] = ["bare", "job"].map(|means| measured(means, task));
        ratios.push((job.rate / bare.rate, job.cpu_micros / bare.cpu_micros));
        println!("round {round}: bare sockets {bare}; durable job {job}");
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[ROUNDS / 2]
    };
    let rate = median(ratios.iter().map(|(rate, _)| *rate).collect());
    let cpu = median(ratios.iter().map(|(_, cpu)| *cpu).collect());
    println!("median: {rate:.2} of the rate of bare sockets, at {cpu:.2} of their CPU time a message");
    if latency > 0 {
        println!("ceiling at this latency: {:.0}/s (in flight / round trip)", f64::from(in_flight) * 1000.0 / latency as f64);
    }
}

fn memory() {
    let server = server::Process::start(0);
    let [small, large] = [10_000, 1_000_000].map(|recipients| {
        let cost = measured("job", Task { server: server.addr, recipients, in_flight: 64 });
        println!("{recipients} recipients: {cost}");
        cost.peak_kib as f64 / 1024.0
    });
    println!("{:.1} MiB more for a hundred times as many", large - small);
}

/// Measures in a process of its own, on a home made by another one.
fn measured(means: &str, task: Task) -> Cost {
    let Task { server, recipients, in_flight } = task;
    let home = tempfile::tempdir().expect("a folder");
    let numbers = [server.to_string(), recipients.to_string(), in_flight.to_string()];
    let run = |what: &str| {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let output = command.arg(what).args(&numbers).arg(home.path()).stdin(Stdio::null()).output().expect("a process");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    if means == "job" {
        run("prepare");
    }
    Cost::read(&run(means))
}

/// What one of the processes does.
fn work(what: &str, task: Task, home: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        match what {
            "prepare" => job::prepare(task, home).await,
            "bare" => println!("{}", bare::send(task).await.written()),
            _ => println!("{}", job::send(task.recipients, home).await.written()),
        }
    });
}
