//! How the command line speaks: how much of it, in which colours, and around the one line that is drawn in place.

use super::args::Cli;
use super::failure::{Failure, on_command};
use crate::text::lang::Texts;
use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use std::io::{BufRead, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// As it was asked for, once a process.
static VOICE: OnceLock<Voice> = OnceLock::new();
/// Whether a line stands on the terminal that is going to be drawn anew.
static LINE_STANDS: AtomicBool = AtomicBool::new(false);

#[derive(Debug, Clone, Copy, Default)]
struct Voice {
    quiet: bool,
    colour_out: bool,
    colour_err: bool,
}

/// What a word says, beside what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// To be looked at.
    Warning,
    /// It went wrong.
    Bad,
    /// Nothing of importance.
    Faint,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// Takes from the options how to speak. A document is never coloured, and nothing beside it.
pub fn listen_to(cli: &Cli) {
    let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|force| !force.is_empty() && force != "0");
    let may = !cli.json && (forced || !is_dumb());
    let takes_colour = |choice: ColorChoice| may && choice != ColorChoice::Never;
    let _ = VOICE.set(Voice {
        quiet: cli.quiet,
        colour_out: takes_colour(AutoStream::choice(&std::io::stdout())),
        colour_err: takes_colour(AutoStream::choice(&std::io::stderr())),
    });
}

fn voice() -> Voice {
    VOICE.get().copied().unwrap_or_default()
}

/// Whether only errors and questions are to be heard.
pub fn is_quiet() -> bool {
    voice().quiet
}

/// A word of a line on standard output.
pub fn on_stdout(tone: Tone, word: &str) -> String {
    coloured(voice().colour_out, tone, word)
}

/// A word of a line for people.
pub fn on_stderr(tone: Tone, word: &str) -> String {
    coloured(voice().colour_err, tone, word)
}

fn coloured(colours: bool, tone: Tone, word: &str) -> String {
    let style = tone.style();
    // The blanks around a word have no colour.
    let inner = word.trim();
    if !colours || inner.is_empty() { word.to_owned() } else { word.replacen(inner, &format!("{style}{inner}{style:#}"), 1) }
}

/// A line for people, unless they want none. Nobody may be listening any more, which is no error.
pub fn say(line: &str) {
    if !is_quiet() {
        insist(line);
    }
}

/// A line for people that is said in any case: an error, or what a question is about.
pub fn insist(line: &str) {
    clear_line();
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Why the program ends without having done what was asked for.
pub fn fail(failure: &Failure, texts: &Texts) {
    insist(&format!("{} {}", on_stderr(Tone::Bad, "muban:"), failure.message.text(texts)));
}

/// Asks a person on the terminal; gives the line that was typed, blanks around it dropped.
pub fn ask(question: &str) -> Result<String, Failure> {
    clear_line();
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{question} ");
    let _ = stderr.flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::wrong(on_command("input").with("why", error)))?;
    Ok(answer.trim().to_owned())
}

/// A line on standard output.
pub fn print(line: &str) {
    // Where both are the same terminal, one must not be written into the other.
    clear_line();
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The one JSON document of a command.
pub fn print_json(value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        print(&text);
    }
}

/// Draws the line that stands in place anew; it has to fit into the terminal.
pub fn draw_line(line: &str) {
    LINE_STANDS.store(true, Relaxed);
    let mut stderr = std::io::stderr();
    // In one piece: half a line is seen.
    let _ = stderr.write_all(format!("\r{line}\x1b[K").as_bytes());
    let _ = stderr.flush();
}

/// Takes it away, if there is one.
pub fn clear_line() {
    if LINE_STANDS.swap(false, Relaxed) {
        let mut stderr = std::io::stderr();
        let _ = stderr.write_all(b"\r\x1b[K");
        let _ = stderr.flush();
    }
}

/// Whether a line can be drawn in place.
pub fn can_draw() -> bool {
    std::io::stderr().is_terminal() && !is_dumb()
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Columns of the terminal behind a stream; nothing where there is none.
pub fn columns_of(stream: impl AsFd) -> Option<usize> {
    rustix::termios::tcgetwinsize(stream).ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_coloured_and_the_blanks_around_it_are_not() {
        assert_eq!(coloured(true, Tone::Bad, "failed  "), "\u{1b}[31mfailed\u{1b}[0m  ");
        assert_eq!(coloured(true, Tone::Good, "  "), "  ");
        assert_eq!(coloured(false, Tone::Good, "done"), "done");
    }
}
