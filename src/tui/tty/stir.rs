use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// The library hears of bytes once, when they come, and may leave some of them unread: those behind the first thousand, and those
/// that came together with a change of the size. It would sleep until the next key. Setting the terminal's settings to what they
/// are wakes everybody who waits for bytes, and those that are there are then read.
pub fn stir() {
    let stdin = rustix::stdio::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let waits = poll(&mut fds, Some(&Timespec::default())).is_ok_and(|count| count > 0);
    if waits
        && fds[0].revents() == PollFlags::IN
        && let Ok(settings) = tcgetattr(stdin)
    {
        // What cannot be woken goes on with the next key.
        let _ = tcsetattr(stdin, OptionalActions::Now, &settings);
    }
}
