//! What helps against a code and can be done from here (`assets/errcode_helps.tsv`), the likeliest first.

use super::class_on;

/// `key`, then its helps: a code, or `class:` and a class where the code has no row of its own.
const HELPS: &str = include_str!("../../../assets/errcode_helps.tsv");

/// Key for a request that WeChat never answered.
const NETWORK: &str = "class:network";

/// Something that helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Help {
    /// Fetch the token anew.
    RenewToken,
    /// Check the account step by step.
    CheckAccount,
    /// Look at its host, AppID and AppSecret.
    EditAccount,
    /// Set the daily counters back.
    ClearQuota,
    /// Send slower.
    SlowDown,
    /// Write the message anew.
    EditMessage,
    /// Write the field anew that was refused.
    EditField,
    /// Read the list of templates anew, and tell what became of this one.
    RefreshTemplate,
    /// Send the failed rows once more.
    Retry,
    /// Ask WeChat who the user is.
    ReadUser,
    /// Note that the user follows no longer.
    MarkGone,
    /// Look up what became of the messages in review.
    Review,
}

impl Help {
    /// Every help.
    pub const ALL: [Self; 12] = [
        Self::RenewToken,
        Self::CheckAccount,
        Self::EditAccount,
        Self::ClearQuota,
        Self::SlowDown,
        Self::EditMessage,
        Self::EditField,
        Self::RefreshTemplate,
        Self::Retry,
        Self::ReadUser,
        Self::MarkGone,
        Self::Review,
    ];

    /// Its name in the table and in the keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RenewToken => "renew_token",
            Self::CheckAccount => "check_account",
            Self::EditAccount => "edit_account",
            Self::ClearQuota => "clear_quota",
            Self::SlowDown => "slow_down",
            Self::EditMessage => "edit_message",
            Self::EditField => "edit_field",
            Self::RefreshTemplate => "refresh_template",
            Self::Retry => "retry",
            Self::ReadUser => "read_user",
            Self::MarkGone => "mark_gone",
            Self::Review => "review",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|help| help.as_str() == name)
    }
}

/// What helps against a code in the reply of one call. A token that the token's own call refuses is the account's matter.
pub fn helps(errcode: i64, call: &str) -> Vec<Help> {
    let class = class_on(errcode, call);
    let own = (class == super::class_of(errcode)).then(|| row(&errcode.to_string())).flatten();
    own.or_else(|| row(&format!("class:{class}"))).unwrap_or_default()
}

/// What helps where WeChat never answered.
pub fn helps_unanswered() -> Vec<Help> {
    row(NETWORK).unwrap_or_default()
}

fn row(key: &str) -> Option<Vec<Help>> {
    let cells = HELPS.lines().filter_map(|line| line.split_once('\t'));
    let found = cells.into_iter().find(|(name, _)| *name == key)?;
    Some(found.1.split(' ').filter_map(Help::parse).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Class;
    use super::*;

    #[test]
    fn the_table_names_codes_and_classes_that_there_are_and_every_help() {
        let mut seen = Vec::new();
        for line in HELPS.lines().skip(1) {
            let (key, helps) = line.split_once('\t').unwrap();
            match key.strip_prefix("class:") {
                Some(class) => assert!(key == NETWORK || Class::parse(class).is_some(), "{key}"),
                None => assert!(super::super::lookup(key.parse().unwrap()).is_some(), "{key}"),
            }
            for help in helps.split(' ') {
                seen.push(Help::parse(help).unwrap_or_else(|| panic!("{key}: {help}")));
            }
        }
        assert!(Help::ALL.into_iter().all(|help| seen.contains(&help)));
        for class in Class::ALL.into_iter().filter(|class| *class != Class::Ok) {
            assert!(row(&format!("class:{class}")).is_some(), "{class}");
        }
    }

    #[test]
    fn the_same_code_wants_another_help_on_another_call() {
        assert_eq!(helps(40001, "/cgi-bin/message/template/send")[0], Help::RenewToken);
        assert_eq!(helps(40001, "/cgi-bin/stable_token"), [Help::CheckAccount, Help::EditAccount]);
        assert_eq!(helps(43004, "/cgi-bin/message/template/send"), [Help::ReadUser, Help::MarkGone]);
        assert_eq!(helps(123_456, "/cgi-bin/message/template/send"), [Help::Retry]);
        assert_eq!(helps(0, ""), []);
        assert_eq!(helps_unanswered(), [Help::Retry, Help::CheckAccount]);
    }
}
