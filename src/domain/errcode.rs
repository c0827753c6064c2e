//! What a code means for the sender.

/// What the sender does about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Success.
    Ok,
    /// Refresh the token, then go on.
    RefreshToken,
    /// Try this row again later.
    Retry,
    /// Wait for the next minute.
    WaitQuota,
    /// Give up on this recipient.
    FailRecipient,
    /// Stop the job.
    StopJob,
    /// Stop everything of this account.
    StopAccount,
}

/// The class of a code; unlisted ones fail the recipient.
pub fn class_of(errcode: i64) -> Class {
    match errcode {
        0 => Class::Ok,
        40001 | 40014 | 42001 => Class::RefreshToken,
        -1 => Class::Retry,
        45011 => Class::WaitQuota,
        40036 => Class::StopJob,
        45009 | 40164 | 48001 | 50002 => Class::StopAccount,
        _ => Class::FailRecipient,
    }
}
