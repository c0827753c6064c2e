//! Options of `user show`.

use super::AccountArg;
use clap::Args;

/// Options of `user show`.
#[derive(Debug, Args)]
pub struct UserShowArgs {
    /// Who
    pub openid: String,
    /// Ask WeChat about this one user first
    #[arg(long)]
    pub refresh: bool,
    #[command(flatten)]
    pub account: AccountArg,
    /// Most messages shown; the search ends when it has so many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub limit: u32,
}
