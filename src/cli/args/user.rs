//! Options of `user show` and `user import-names`.

use super::AccountArg;
use super::files::HeaderArg;
use crate::audience::{Choices, NameChoices};
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

/// Options of `user import-names`.
#[derive(Debug, Args)]
pub struct UserNamesArgs {
    /// txt, csv, tsv, xlsx, json or jsonl with openids and names; - for standard input. An empty name takes away the one there is
    #[arg(value_name = "FILE|-")]
    pub file: String,
    /// Which column has the names: its title, or its number from 1 (default: as it is titled, else the only other)
    #[arg(long, value_name = "NAME|N")]
    pub name_column: Option<String>,
    /// Which column has the openids: its title, or its number from 1 (default: as it looks)
    #[arg(long, value_name = "NAME|N")]
    pub openid_column: Option<String>,
    /// Whether the first row of the file names the columns
    #[arg(long, value_enum, default_value = "auto")]
    pub header: HeaderArg,
    #[command(flatten)]
    pub account: AccountArg,
}

impl UserNamesArgs {
    /// How the file is read.
    pub fn choices(&self) -> NameChoices {
        let file = Choices { openid_column: self.openid_column.clone(), header: self.header.header() };
        NameChoices { file, name_column: self.name_column.clone() }
    }
}
