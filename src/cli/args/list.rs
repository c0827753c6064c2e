//! Options of `templates`, `tags` and `users`.

use super::AccountArg;
use clap::{Args, ValueEnum};

/// Options of the lists.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub account: AccountArg,
    /// Only what contains this text
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only users with this tag
    #[arg(long, value_name = "NAME|ID")]
    pub tag: Option<String>,
    /// Most rows
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

/// Options of `users`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line, for itself")]
pub struct UsersArgs {
    #[command(flatten)]
    pub list: ListArgs,
    /// Only who follows
    #[arg(long, conflicts_with_all = ["left", "blacklisted"])]
    pub subscribed: bool,
    /// Only who followed once and left
    #[arg(long, conflicts_with = "blacklisted")]
    pub left: bool,
    /// Only who is on the blacklist
    #[arg(long)]
    pub blacklisted: bool,
    /// Only who never got anything from this account, as far as this machine knows
    #[arg(long)]
    pub never_sent: bool,
    /// What comes first: the newest follower, or by remark, else nickname
    #[arg(long, value_enum, default_value_t)]
    pub sort: UsersSort,
}

/// What comes first in a list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum UsersSort {
    /// Who followed last
    #[default]
    Newest,
    /// By remark, else nickname; who has neither comes at the end
    Name,
}
