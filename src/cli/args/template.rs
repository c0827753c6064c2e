//! Options of `template …` and `industry …`.

use super::AccountArg;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

/// What to do with the account's templates at WeChat.
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// Add a template from WeChat's library, by its number there
    Add(TemplateAddArgs),
    /// Delete a template at WeChat, for good; asks first
    Remove(TemplateRemoveArgs),
    /// Read the list of templates anew, and say what became of one
    Refresh(TemplateRefreshArgs),
    /// Call a template by a name of your own; with no name, list those there are
    Alias(TemplateAliasArgs),
}

/// Options of `template add`.
#[derive(Debug, Args)]
pub struct TemplateAddArgs {
    /// Number in the template library of the console, such as 47123
    #[arg(value_name = "SHORT_ID", value_parser = NonEmptyStringValueParser::new())]
    pub short_id: String,
    /// Names of the keywords as the library writes them, in the order they shall have
    #[arg(value_name = "KEYWORD", value_parser = NonEmptyStringValueParser::new())]
    pub keywords: Vec<String>,
    #[command(flatten)]
    pub account: AccountArg,
}

/// Options of `template remove`.
#[derive(Debug, Args)]
pub struct TemplateRemoveArgs {
    /// Template by id, alias or title
    #[arg(value_name = "ID|ALIAS|TITLE")]
    pub template: String,
    #[command(flatten)]
    pub account: AccountArg,
    /// Title of the template once more, instead of typing it; needed without a terminal
    #[arg(long, value_name = "TITLE")]
    pub confirm: Option<String>,
}

/// Options of `template refresh`.
#[derive(Debug, Args)]
pub struct TemplateRefreshArgs {
    /// Say what became of this template
    #[arg(value_name = "ID|ALIAS|TITLE")]
    pub template: Option<String>,
    #[command(flatten)]
    pub account: AccountArg,
}

/// Options of `template alias`.
#[derive(Debug, Args)]
pub struct TemplateAliasArgs {
    /// Template by id, alias or title
    #[arg(value_name = "ID|ALIAS|TITLE")]
    pub template: Option<String>,
    /// What to call it from now on, instead of what it was called; `--template` takes it everywhere
    #[arg(value_name = "NAME")]
    pub alias: Option<String>,
    /// Call it by its title only
    #[arg(long, requires = "template", conflicts_with = "alias")]
    pub remove: bool,
    #[command(flatten)]
    pub account: AccountArg,
}

/// What to do with the account's industries, which historical templates hang on.
#[derive(Debug, Subcommand)]
pub enum IndustryCommand {
    /// Ask WeChat for the account's industries
    Show(AccountArg),
    /// Set both industries, once a calendar month; deletes the templates of one left behind; asks first
    Set(IndustrySetArgs),
}

/// Options of `industry set`.
#[derive(Debug, Args)]
pub struct IndustrySetArgs {
    /// The first, by code or name
    #[arg(value_name = "A")]
    pub first: String,
    /// The second, by code or name
    #[arg(value_name = "B")]
    pub second: String,
    #[command(flatten)]
    pub account: AccountArg,
    /// Name of the account, instead of typing it; needed without a terminal
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
}
