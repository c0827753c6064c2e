//! How the command line speaks to people.

use std::os::fd::AsFd;

/// Columns of the terminal behind a stream; nothing where there is none.
pub fn columns_of(stream: impl AsFd) -> Option<usize> {
    rustix::termios::tcgetwinsize(stream).ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}
