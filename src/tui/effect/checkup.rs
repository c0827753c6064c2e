use crate::domain::id::AccountId;
use crate::tui::msg::Generation;

/// Finding out what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckupEffect {
    /// Check an account step by step; answered with `CheckupMsg::Found` for each, then `Ended`. One that still runs is given up.
    Begin {
        /// For the answers.
        generation: Generation,
        /// Which.
        account: AccountId,
    },
    /// Nobody waits for the answers any more.
    GiveUp,
    /// Ask what WeChat kept of a refused call; answered with `CheckupMsg::RidFound`.
    LookUpRid {
        /// Whose call it was.
        account: AccountId,
        /// Its number.
        rid: String,
    },
}
