use super::{Generation, Refusal};
use crate::check::Line;
use crate::wechat::RefusedCall;

/// What was found out about what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckupMsg {
    /// One thing was checked.
    Found {
        /// Of the request.
        generation: Generation,
        /// How it stands.
        line: Line,
    },
    /// Everything was.
    Ended {
        /// Of the request.
        generation: Generation,
    },
    /// What WeChat kept of a refused call.
    RidFound {
        /// Its number.
        rid: String,
        /// The call, or why there is none.
        found: Result<Box<RefusedCall>, Refusal>,
    },
}
