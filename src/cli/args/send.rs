//! Options of `preview` and `send`.

use super::{AccountArg, FileArgs};
use crate::domain::account::Rate;
use clap::Args;
use std::path::PathBuf;

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
