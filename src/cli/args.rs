//! The command line, as clap reads it.

mod files;
mod job;
mod people;
mod template;
mod user;

pub use files::FileArgs;
pub use job::{ExportArgs, ExportFormat, JobCommand};
pub use people::{BlockArgs, TagCommand, TaggedArgs, UserCommand, UserDeliveriesArgs};
pub use template::{
    IndustryCommand, IndustrySetArgs, TemplateAddArgs, TemplateAliasArgs, TemplateCommand, TemplateRefreshArgs,
    TemplateRemoveArgs,
};
pub use user::{UserNamesArgs, UserShowArgs};

use crate::domain::account::{Rate, TokenSource};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Send template messages of WeChat Official Accounts from the terminal.
///
/// Without a command the interactive screen opens. `muban demo` shows it with a built-in simulator: nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "muban", version, max_term_width = 110)]
pub struct Cli {
    /// Folder for configuration, store and logs (default: `MUBAN_HOME`, else the XDG folders)
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Print one JSON document on stdout; everything for people goes to stderr
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of the texts: en or zh (default: the setting, else LANG)
    #[arg(long, global = true, value_name = "en|zh")]
    pub lang: Option<String>,
    /// What to do; without one the screen opens
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Everything that can be done without the screen.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the screen on a throw-away home, with a simulator already filled
    #[cfg(feature = "sim")]
    Demo,
    /// Run the WeChat simulator alone, on loopback
    #[cfg(feature = "sim")]
    Sim(SimArgs),
    /// Add, list, change or remove accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Fetch templates, tags and users from WeChat
    Sync(SyncArgs),
    /// List the templates in the cache
    Templates(ListArgs),
    /// Add or delete a template at WeChat, read the list anew, or call one by a name of your own
    #[command(subcommand)]
    Template(TemplateCommand),
    /// The account's two industries, which historical templates hang on
    #[command(subcommand)]
    Industry(IndustryCommand),
    /// List the tags in the cache
    Tags(ListArgs),
    /// Make, rename or delete a tag at WeChat, and give it to users
    #[command(subcommand)]
    Tag(TagCommand),
    /// List the users in the cache, newest follower first
    Users(UsersArgs),
    /// Look at single users, name them, block them
    #[command(subcommand)]
    User(UserCommand),
    /// Print the exact JSON of a message; sends nothing
    Preview(PreviewArgs),
    /// Send a message
    Send(Box<SendArgs>),
    /// List the jobs, newest first
    Jobs(AccountArg),
    /// Look at one job, or go on with it
    #[command(subcommand)]
    Job(JobCommand),
    /// Check files, terminal and every account: what works, what does not, and what to do about it
    Doctor,
    /// Explain an errcode or a raw reply
    Explain(ExplainArgs),
}

/// Which account.
#[derive(Debug, Args)]
pub struct AccountArg {
    /// Account by name or AppID; may be left out when there is one
    #[arg(long, value_name = "NAME|APPID")]
    pub account: Option<String>,
}

/// Options of `sim`.
#[derive(Debug, Args)]
pub struct SimArgs {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, default_value = "127.0.0.1:0", value_name = "127.0.0.1:PORT")]
    pub listen: SocketAddr,
    /// Instead of the demo's accounts, one account with so many followers
    #[arg(long, value_name = "N")]
    pub followers: Option<usize>,
    /// Answer every send after so many milliseconds
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub latency: u64,
}

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

/// Options of `sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    #[command(flatten)]
    pub account: AccountArg,
    /// What to fetch; all three when none is named
    #[arg(value_enum)]
    pub what: Vec<SyncWhat>,
    /// Only openids of users and who has which tag, without remarks and times
    #[arg(long, conflicts_with = "full")]
    pub no_details: bool,
    /// Remarks and times of every follower anew, not of newcomers only: for what was changed elsewhere
    #[arg(long)]
    pub full: bool,
    /// Most calls in flight
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=256), value_name = "N")]
    pub concurrency: u32,
}

/// What a sync fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SyncWhat {
    /// Followers and blacklist
    Users,
    /// Tags
    Tags,
    /// Templates
    Templates,
}

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

/// What is sent.
#[derive(Debug, Args)]
pub struct MessageArgs {
    /// Template by id, alias or title
    #[arg(long, value_name = "ID|ALIAS|TITLE", required_unless_present = "payload", conflicts_with = "payload")]
    pub template: Option<String>,
    /// Value of a field; may be given many times
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "payload")]
    pub set: Vec<String>,
    /// Colour of a field; ignored by WeChat since 2023
    #[arg(long, value_name = "KEY=#RRGGBB", conflicts_with = "payload")]
    pub color: Vec<String>,
    /// Page that opens when the card is tapped
    #[arg(long, conflicts_with = "payload")]
    pub url: Option<String>,
    /// Mini program that opens when the card is tapped
    #[arg(long, value_name = "APPID", conflicts_with = "payload")]
    pub mini_appid: Option<String>,
    /// Page of the mini program
    #[arg(long, value_name = "PATH", conflicts_with = "payload", requires = "mini_appid")]
    pub mini_path: Option<String>,
    /// A raw WeChat send body instead of all these; - for standard input
    #[arg(long, value_name = "FILE")]
    pub payload: Option<PathBuf>,
}

/// Options of `preview`.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    #[command(flatten)]
    pub account: AccountArg,
    #[command(flatten)]
    pub message: MessageArgs,
    /// Recipient to show it for
    #[arg(long, value_name = "OPENID")]
    pub to: Option<String>,
}

/// Options of `send`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct SendArgs {
    #[command(flatten)]
    pub account: AccountArg,
    #[command(flatten)]
    pub message: MessageArgs,
    /// To this user; may be given many times
    #[arg(long, value_name = "OPENID")]
    pub to: Vec<String>,
    /// To everyone with this tag; may be given many times
    #[arg(long, value_name = "NAME|ID")]
    pub tag: Vec<String>,
    /// But not to those with this tag
    #[arg(long, value_name = "NAME|ID")]
    pub minus_tag: Vec<String>,
    /// To every follower
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub files: FileArgs,
    /// To these, joined from left to right: `all - tag:VIP & tag:"New one" - job:14:sent + file:PATH`, or `saved:NAME - …`
    #[arg(long, value_name = "EXPR", conflicts_with_all = ["to", "tag", "minus_tag", "all", "file", "test"])]
    pub audience: Option<String>,
    /// To the account's test openids, as often as you like; with --to, these become its test openids
    #[arg(long, conflicts_with_all = ["tag", "minus_tag", "all", "file"])]
    pub test: bool,
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Check everything and say who would get it; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: write the verdict on each recipient into a new file; - for standard output
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    pub report: Option<PathBuf>,
    /// Hand the job to a process of its own, which outlives this terminal
    #[arg(long)]
    pub detach: bool,
    /// Send even if the very same was sent within a day
    #[arg(long)]
    pub again: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// How fast to send.
#[derive(Debug, Args)]
pub struct PaceArgs {
    /// Requests a second; 0 for no limit
    #[arg(long, value_name = "N/s")]
    pub rate: Option<Rate>,
    /// Requests in flight
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024), value_name = "N")]
    pub concurrency: Option<u32>,
    /// Most requests for one recipient
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10), value_name = "N")]
    pub attempts: Option<u32>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// An errcode such as 40164 or -1, or a raw reply
    #[arg(value_name = "CODE|'RAW RESPONSE'", required_unless_present = "search", allow_hyphen_values = true)]
    pub what: Option<String>,
    /// List the codes that this text occurs in
    #[arg(long, value_name = "TEXT", conflicts_with = "what")]
    pub search: Option<String>,
    /// The call that gave it, such as /cgi-bin/stable_token
    #[arg(long, value_name = "PATH")]
    pub call: Option<String>,
}
