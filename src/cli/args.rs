//! The command line, as clap reads it.

mod account;
mod files;
mod job;
mod list;
mod people;
mod send;
mod template;
mod user;

pub use account::{AccountAddArgs, AccountCommand, AccountSetArgs, ClearQuotaArgs, SecretArgs};
pub use files::FileArgs;
pub use job::{ExportArgs, ExportFormat, JobCommand};
pub use list::{ListArgs, UsersArgs, UsersSort};
pub use people::{BlockArgs, TagCommand, TaggedArgs, UserCommand, UserDeliveriesArgs};
pub use send::{MessageArgs, PaceArgs, PreviewArgs, SendArgs};
pub use template::{
    IndustryCommand, IndustrySetArgs, TemplateAddArgs, TemplateAliasArgs, TemplateCommand, TemplateRefreshArgs,
    TemplateRemoveArgs,
};
pub use user::{UserNamesArgs, UserShowArgs};

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
    /// Say nothing on stderr but errors and questions
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Also tell each call to WeChat on stderr: method, path, HTTP status, errcode, milliseconds
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
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
    /// Print the script that completes commands and options in your shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(ManArgs),
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

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Whose script
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
