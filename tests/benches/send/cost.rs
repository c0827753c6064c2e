//! What sending cost.

use std::fmt;
use std::time::Instant;

/// Of one measurement.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Messages a second.
    pub rate: f64,
    /// CPU time a message, in microseconds; 0 where the system does not tell.
    pub cpu_micros: f64,
    /// The most memory that the process ever had in use, in KiB; 0 where the system does not tell.
    pub peak_kib: u64,
}

/// A measurement under way.
pub struct Watch {
    started: Instant,
    cpu: f64,
}

impl Watch {
    pub fn start() -> Self {
        Self { cpu: cpu_micros(), started: Instant::now() }
    }

    pub fn stop(self, messages: u64) -> Cost {
        let (seconds, messages) = (self.started.elapsed().as_secs_f64(), messages as f64);
        Cost { rate: messages / seconds, cpu_micros: (cpu_micros() - self.cpu) / messages, peak_kib: peak_kib() }
    }
}

impl Cost {
    /// For the process that asked.
    pub fn written(&self) -> String {
        format!("{} {} {}", self.rate, self.cpu_micros, self.peak_kib)
    }

    pub fn read(line: &str) -> Self {
        let numbers: Vec<f64> = line.split_whitespace().map(|word| word.parse().expect("a number")).collect();
        Self { rate: numbers[0], cpu_micros: numbers[1], peak_kib: numbers[2] as u64 }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s, {:.1} µs CPU, {:.1} MiB", self.rate, self.cpu_micros, self.peak_kib as f64 / 1024.0)
    }
}

/// CPU time of all threads of this process so far. Linux counts it in nanoseconds for each thread.
fn cpu_micros() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanos = threads.filter_map(|thread| {
        let told = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        told.split_whitespace().next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1000.0
}

fn peak_kib() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
