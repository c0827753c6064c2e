use std::fs::File;

/// Resolves when the other side of the terminal is closed, which the input stream does not notice by itself.
pub fn hangup() -> tokio::sync::oneshot::Receiver<()> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let wait = move || {
        use rustix::event::{PollFd, PollFlags, poll};
        let stdin = rustix::stdio::stdin();
        // Without any flag asked for, poll wakes for a hangup or an error only.
        while let Err(rustix::io::Errno::INTR) = poll(&mut [PollFd::new(&stdin, PollFlags::empty())], None) {}
        // A terminal that is gone gives nothing to read, and the library asks it for more without end, on the very thread that
        // should hear of this. What it reads from here on gives that thread back to the loop, which then leaves.
        if let Ok(zeros) = File::open("/dev/zero") {
            let _ = rustix::stdio::dup2_stdin(&zeros);
        }
        let _ = tell.send(());
    };
    // Without the thread a hangup still comes as a signal.
    let _ = std::thread::Builder::new().name("hangup".to_owned()).spawn(wait);
    told
}
