//! Options of `account …`.

use crate::domain::account::{Rate, TokenSource};
use clap::{Args, Subcommand};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Add an account; calls nothing
    Add(AccountAddArgs),
    /// List the accounts
    List,
    /// Change an account
    Set(AccountSetArgs),
    /// Take an account off the list; its jobs stay
    Remove {
        /// Name or AppID
        name: String,
    },
    /// Set all daily counters of an account back at WeChat, ten times a month; asks first
    ClearQuota(ClearQuotaArgs),
    /// Check an account step by step: network, clock, IP whitelist, token, templates, quota
    Check {
        /// Name or AppID; may be left out when there is one
        name: Option<String>,
    },
}

/// Options of `account add`.
#[derive(Debug, Args)]
pub struct AccountAddArgs {
    /// What you call it
    #[arg(long)]
    pub name: String,
    /// Its AppID, wx and 16 characters
    #[arg(long)]
    pub appid: String,
    #[command(flatten)]
    pub secret: SecretArgs,
    /// Host of the API (default: api.weixin.qq.com)
    #[arg(long, value_name = "URL")]
    pub api_base: Option<String>,
    /// Token endpoint: stable never kicks out another program's token
    #[arg(long, value_name = "stable|legacy")]
    pub token: Option<TokenSource>,
}

/// Options of `account set`.
#[derive(Debug, Args)]
pub struct AccountSetArgs {
    /// Name or AppID of the account to change
    pub account: String,
    /// A new name
    #[arg(long)]
    pub name: Option<String>,
    /// A new AppID
    #[arg(long)]
    pub appid: Option<String>,
    #[command(flatten)]
    pub secret: SecretArgs,
    /// Host of the API
    #[arg(long, value_name = "URL")]
    pub api_base: Option<String>,
    /// Token endpoint
    #[arg(long, value_name = "stable|legacy")]
    pub token: Option<TokenSource>,
    /// Requests a second for sending; 0 for no limit
    #[arg(long, value_name = "N/s")]
    pub rate: Option<Rate>,
    /// Requests in flight for sending
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024), value_name = "N")]
    pub concurrency: Option<u32>,
    /// Send tests to this user, instead of those before; may be given many times
    #[arg(long = "test-openid", value_name = "OPENID", conflicts_with = "no_test_openids")]
    pub test_openids: Vec<String>,
    /// Forget whom tests were sent to
    #[arg(long)]
    pub no_test_openids: bool,
}

/// Options of `account clear-quota`.
#[derive(Debug, Args)]
pub struct ClearQuotaArgs {
    /// Name or AppID of the account
    #[arg(value_name = "NAME")]
    pub account: String,
    /// Ask with the AppSecret instead of a token: for when the fetching of tokens is what ran out
    #[arg(long)]
    pub by_secret: bool,
    /// Name of the account once more, instead of typing it; needed without a terminal
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
}

/// Where the AppSecret comes from. It is never an argument: arguments can be seen by every user of the machine.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct SecretArgs {
    /// Read the AppSecret from this environment variable at each start
    #[arg(long = "secret-env", value_name = "VAR")]
    pub env: Option<String>,
    /// Run this command at each start, for at most 10 s and without a terminal; it prints the AppSecret
    #[arg(long = "secret-command", value_name = "CMD")]
    pub command: Option<String>,
    /// Read the AppSecret from standard input now, and keep it in the vault
    #[arg(long = "secret-stdin")]
    pub stdin: bool,
}
