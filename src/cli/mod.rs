//! The command line: parse, call a service, print. No logic that the screen would need too.

mod accounts;
mod alias;
mod args;
mod completions;
mod confirm;
mod context;
#[cfg(feature = "sim")]
mod demo;
mod doctor;
mod dry_run;
mod explain;
mod export;
mod failure;
mod guide;
mod industry;
mod jobs;
mod lists;
mod members;
mod message;
mod progress;
mod quota;
mod review;
mod send;
mod signals;
mod sync;
mod tag;
mod template;
mod user;
mod user_names;
mod user_show;
mod version;
mod voice;

#[cfg(test)]
mod tests;

use crate::config::Settings;
use crate::domain::lang::Lang;
use crate::text::lang::Texts;
use crate::tui::{Detach, Ended};
use args::{Cli, Command};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use context::{Context, language, print_json, say};
use failure::{Done, Exit, Failure, on_command};
use guide::Guide;
use std::process::ExitCode;

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return answer(&error).into(),
    };
    voice::listen_to(&cli);
    // Without settings, the shell's language.
    let shells = cli.lang.as_deref().and_then(Lang::parse).unwrap_or_else(|| Settings::default().language());
    // These need no home: they are run by whoever builds a package.
    let done = match &cli.command {
        Some(Command::Completions(args)) => completions::completions(args),
        Some(Command::Man(args)) => language(&cli, &Settings::default()).and_then(|lang| completions::man(args, lang)),
        _ => match Context::new(&cli) {
            Ok(context) => {
                let lang = context.lang;
                return ended(run(context, cli.command), lang);
            }
            Err(failure) => Err(failure),
        },
    };
    ended(done, shells)
}

fn ended(done: Done, lang: Lang) -> ExitCode {
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            voice::fail(&failure, Texts::of(lang));
            failure.exit.into()
        }
    }
}

/// Answers a line that is no command: with help, which teaches more than clap knows of, with the build, or with what is wrong.
fn answer(error: &clap::Error) -> Exit {
    let print = |command: clap::Command| {
        let _ = command.try_get_matches().map_err(|error| error.print());
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            print(Guide::read().teach(Cli::command()));
        }
        ErrorKind::DisplayVersion if std::env::args_os().any(|arg| arg == "--json") => print_json(&version::document()),
        // Only clap knows which of the two was asked for. The program ends after it, so that nothing is lost by the leak.
        ErrorKind::DisplayVersion => print(Cli::command().long_version(&*version::long().leak())),
        _ => {
            let _ = error.print();
        }
    }
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) { Exit::Fine } else { Exit::Usage }
}

fn run(context: Context, command: Option<Command>) -> Done {
    match command {
        None => screen(&context, Detach::With(context.home_option.clone())),
        #[cfg(feature = "sim")]
        Some(Command::Demo) => demo::demo(context),
        #[cfg(feature = "sim")]
        Some(Command::Sim(args)) => demo::sim(&context, &args),
        // Explaining needs neither a store nor a runtime.
        Some(Command::Explain(args)) => explain::explain(&context, &args),
        Some(command) => {
            let runtime = runtime()?;
            let done = runtime.block_on(command_with_store(&context, command));
            if matches!(&done, Err(Failure { exit: Exit::Interrupted, .. })) {
                // Somebody may still read from a terminal where nothing more comes.
                runtime.shutdown_background();
            }
            done
        }
    }
}

async fn command_with_store(context: &Context, command: Command) -> Done {
    match command {
        Command::Account(command) => accounts::run(context, command).await,
        Command::Doctor => doctor::doctor(context).await,
        Command::Sync(args) => sync::run(context, &args).await,
        Command::Templates(args) => lists::templates(context, &args).await,
        Command::Template(command) => template::run(context, command).await,
        Command::Industry(command) => industry::run(context, command).await,
        Command::Tags(args) => lists::tags(context, &args).await,
        Command::Tag(command) => tag::run(context, command).await,
        Command::Users(args) => lists::users(context, &args).await,
        Command::User(command) => user::run(context, command).await,
        Command::Preview(args) => send::preview(context, &args).await,
        Command::Send(args) => send::send(context, &args).await,
        Command::Jobs(args) => jobs::list(context, &args).await,
        Command::Job(command) => jobs::run(context, command).await,
        _ => Err(Failure::wrong(on_command("not_built_in"))),
    }
}

/// Shows the workbench, and says in the shell what became of jobs that go on without it.
fn screen(context: &Context, detach: Detach) -> Done {
    if !std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        return Err(Failure::usage(context.texts().say("cli.no_terminal")));
    }
    if let Some(term) = crate::tui::unusable_terminal() {
        return Err(Failure::usage(context.texts().say_with("cli.dumb_terminal", &[("term", &term)])));
    }
    let left = crate::tui::start(context.home.clone(), detach, &context.settings, &context.broken, context.lang)?;
    for (job, result) in &left.handed_over {
        let job = job.to_string();
        say(&match result {
            Ok(()) => context.texts().say_with("cli.detached", &[("job", &job)]),
            Err(text) => context.texts().say_with("send.not_handed_over", &[("id", &job), ("text", text)]),
        });
    }
    let all_gone = left.handed_over.iter().all(|(_, result)| result.is_ok());
    Ok(match left.ended {
        Ended::Quit { .. } if all_gone => Exit::Fine,
        Ended::Quit { .. } | Ended::Signal | Ended::Hangup => Exit::Interrupted,
    })
}

/// One thread for everything: with loopback and with WeChat alike it is as fast as two, and cheaper.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::of(Exit::Store, &on_command("no_runtime").with("why", error)))
}
