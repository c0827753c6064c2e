//! Options of `tag …` and `user …`.

use super::{AccountArg, FileArgs, UserNamesArgs, UserShowArgs};
use clap::{Args, Subcommand};

/// What to do with the account's tags at WeChat.
#[derive(Debug, Subcommand)]
pub enum TagCommand {
    /// Make a tag; its name has at most 30 bytes, which are ten Chinese characters
    Add {
        /// Its name, which no other tag has
        name: String,
        #[command(flatten)]
        account: AccountArg,
    },
    /// Give a tag another name
    Rename {
        /// The tag by name or number
        #[arg(value_name = "TAG")]
        tag: String,
        /// Its new name
        #[arg(value_name = "NEW")]
        name: String,
        #[command(flatten)]
        account: AccountArg,
    },
    /// Delete a tag; asks first
    Remove {
        /// The tag by name or number
        #[arg(value_name = "TAG")]
        tag: String,
        #[command(flatten)]
        account: AccountArg,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Give a tag to users
    Assign(TaggedArgs),
    /// Take a tag from users
    Unassign(TaggedArgs),
}

/// A tag, and whom it is about.
#[derive(Debug, Args)]
pub struct TaggedArgs {
    /// The tag by name or number
    #[arg(value_name = "TAG")]
    pub tag: String,
    /// Whom
    #[arg(value_name = "OPENID")]
    pub openids: Vec<String>,
    #[command(flatten)]
    pub files: FileArgs,
    /// Whom, as in `send --audience`
    #[arg(long, value_name = "EXPR", conflicts_with_all = ["openids", "file"])]
    pub audience: Option<String>,
    #[command(flatten)]
    pub account: AccountArg,
}

/// What to do with single users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// All that is known of a user, and what they were sent
    Show(UserShowArgs),
    /// Give users names from a file: WeChat gives none. They are kept here, through every sync
    ImportNames(UserNamesArgs),
    /// Everything this user was sent, over all jobs of the account, newest first
    Deliveries(UserDeliveriesArgs),
    /// What you call a user, at WeChat too; an empty text takes it away
    Remark {
        /// Who
        openid: String,
        /// At most 29 characters
        remark: String,
        #[command(flatten)]
        account: AccountArg,
    },
    /// Put users on the blacklist: they get nothing any more
    Block(BlockArgs),
    /// Take users off the blacklist
    Unblock(BlockArgs),
}

/// Whom to block, or no longer.
#[derive(Debug, Args)]
pub struct BlockArgs {
    /// Whom
    #[arg(value_name = "OPENID", required = true)]
    pub openids: Vec<String>,
    #[command(flatten)]
    pub account: AccountArg,
}

/// Options of `user deliveries`.
#[derive(Debug, Args)]
pub struct UserDeliveriesArgs {
    /// Who
    pub openid: String,
    #[command(flatten)]
    pub account: AccountArg,
    /// Most rows; the search ends when it has so many
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub limit: u32,
}
