//! The signals that ask a program to end.

use super::failure::{Exit, Failure, on_command};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Those that are listened to, from then on to the end of the program.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// A closed terminal. Whoever does not listen is ended by it, or goes on if it was started so (`nohup`).
    hangup: Option<Signal>,
}

impl Signals {
    /// What asks to end.
    pub fn to_end() -> Result<Self, Failure> {
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())?, hangup: None })
    }

    /// The same, and that the terminal is gone.
    pub fn to_end_or_hangup() -> Result<Self, Failure> {
        Ok(Self { hangup: Some(listen(SignalKind::hangup())?), ..Self::to_end()? })
    }

    /// Waits for the next of them.
    pub async fn next(&mut self) {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = hangup => {}
        }
    }
}

fn listen(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::of(Exit::Store, &on_command("signals").with("why", error)))
}
