//! The command line: parse, call a service, print. No logic that the screen would need too.

mod accounts;
mod args;
mod context;
#[cfg(feature = "sim")]
mod demo;
mod dry_run;
mod explain;
mod export;
mod failure;
mod jobs;
mod lists;
mod message;
mod review;
mod send;
mod sync;
mod user;

use crate::tui::Ended;
use args::{Cli, Command};
use clap::Parser;
use clap::error::ErrorKind;
use context::{Context, say};
use failure::{Done, Exit, Failure};
use std::process::ExitCode;

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked { Exit::Fine } else { Exit::Usage }.into();
        }
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            say(&format!("muban: {}", failure.message));
            failure.exit.into()
        }
    }
}

fn run(cli: Cli) -> Done {
    let context = Context::new(&cli)?;
    match cli.command {
        None => screen(&context),
        #[cfg(feature = "sim")]
        Some(Command::Demo) => demo::demo(context),
        #[cfg(feature = "sim")]
        Some(Command::Sim(args)) => demo::sim(&context, &args),
        // Explaining needs neither a store nor a runtime.
        Some(Command::Explain(args)) => explain::explain(&context, &args),
        Some(command) => runtime()?.block_on(command_with_store(&context, command)),
    }
}

async fn command_with_store(context: &Context, command: Command) -> Done {
    match command {
        Command::Account(command) => accounts::run(context, command).await,
        Command::Sync(args) => sync::run(context, &args).await,
        Command::Templates(args) => lists::templates(context, &args).await,
        Command::Tags(args) => lists::tags(context, &args).await,
        Command::Users(args) => lists::users(context, &args).await,
        Command::User(command) => user::run(context, command).await,
        Command::Preview(args) => send::preview(context, &args).await,
        Command::Send(args) => send::send(context, &args).await,
        Command::Jobs(args) => jobs::list(context, &args).await,
        Command::Job(command) => jobs::run(context, command).await,
        _ => Err(Failure::usage("this command is not built into this program")),
    }
}

fn screen(context: &Context) -> Done {
    if !std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        return Err(Failure::usage(context.texts().say("cli.no_terminal")));
    }
    match crate::tui::start(context.home.clone(), &context.settings, context.lang)? {
        Ended::Quit { .. } => Ok(Exit::Fine),
        Ended::Signal | Ended::Hangup => Ok(Exit::Interrupted),
    }
}

/// One thread for everything: with loopback and with WeChat alike it is as fast as two, and cheaper.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure { exit: Exit::Store, message: format!("no runtime could be started: {error}") })
}
