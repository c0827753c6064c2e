//! What is left of the day for sending, and setting the day's counters back (`wechat-api.md §3`).

use crate::domain::account::QuotaSeen;
use crate::session::{Session, SessionError};
use crate::store::Store;
use crate::wechat::{CLEAR_QUOTA_BY_SECRET_PATH, CLEAR_QUOTA_PATH, SEND_PATH};
use jiff::Timestamp;

/// The two ways to ask for the counters back. They share the ten times a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClearForm {
    /// With the access token.
    ByToken,
    /// With AppID and AppSecret, for when the fetching of tokens is what ran out.
    BySecret,
}

impl ClearForm {
    /// The path of its call, by which its codes are explained.
    pub fn path(self) -> &'static str {
        match self {
            Self::ByToken => CLEAR_QUOTA_PATH,
            Self::BySecret => CLEAR_QUOTA_BY_SECRET_PATH,
        }
    }
}

/// Asks WeChat for the day's allowance for sending, and remembers the answer with the account.
pub async fn look(session: &Session, store: &Store) -> Result<QuotaSeen, SessionError> {
    let told = session.call(|client, token| async move { client.quota(&token, SEND_PATH).await }).await?;
    let seen = QuotaSeen { limit: told.daily_limit, used: told.used, at: Timestamp::now() };
    store.note_quota(session.account().id, seen).await?;
    Ok(seen)
}

/// Sets **all** daily counters of the account back to zero, those that other programs use up among them: ten times a calendar
/// month, the console's button included, and for certified accounts only. Never done but at an operator's explicit word.
pub async fn clear(session: &Session, form: ClearForm) -> Result<(), SessionError> {
    match form {
        ClearForm::ByToken => {
            let appid = &session.account().appid;
            session.call(|client, token| async move { client.clear_quota(&token, appid).await }).await
        }
        ClearForm::BySecret => session.clear_quota_by_secret().await,
    }
}
