use crate::audience::{Choices, Header};
use clap::{Args, ValueEnum};

/// Files of recipients, and how they are read.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// To everyone in this file: txt, csv, tsv, xlsx, json or jsonl, - for standard input; its other columns become
    /// placeholders; may be given many times
    #[arg(long, value_name = "FILE|-")]
    pub file: Vec<String>,
    /// Which column of a file has the openids: its title, or its number from 1 (default: as it looks)
    #[arg(long, value_name = "NAME|N")]
    pub openid_column: Option<String>,
    /// Whether the first row of a file names the columns
    #[arg(long, value_enum, default_value = "auto")]
    pub header: HeaderArg,
}

/// Whether the first row names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HeaderArg {
    /// As it looks.
    Auto,
    /// It does.
    Yes,
    /// It is a recipient.
    No,
}

impl HeaderArg {
    /// What it means.
    pub fn header(self) -> Header {
        match self {
            Self::Auto => Header::Auto,
            Self::Yes => Header::Yes,
            Self::No => Header::No,
        }
    }
}

impl FileArgs {
    /// How files are read.
    pub fn choices(&self) -> Choices {
        Choices { openid_column: self.openid_column.clone(), header: self.header.header() }
    }
}
