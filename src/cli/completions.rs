//! `completions` and `man`: what a shell and a reader of manuals want. Neither needs a home.

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::context::say;
use super::failure::{Done, Exit, Failure, on_command};
use super::guide::{Examples, Guide};
use crate::domain::lang::Lang;
use crate::domain::told::Sentence;
use crate::text::lang::Texts;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::io::{self, Write};
use std::path::Path;

/// The section of manuals for programs.
const SECTION: &str = "1";
const SOURCE: &str = concat!("muban ", env!("CARGO_PKG_VERSION"));
const MANUAL: &str = "User Commands";
/// What a page begins with: how it writes an apostrophe.
const BEGINNING: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// Writes the script that completes commands and options.
pub fn completions(args: &CompletionsArgs) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "muban", &mut script);
    written(io::stdout().write_all(&script))
}

/// Writes the manual page, or one for each command into a folder.
pub fn man(args: &ManArgs, lang: Lang) -> Done {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let guide = Guide::read();
    let Some(dir) = &args.dir else {
        return written(page(&command, &guide, "").and_then(|page| io::stdout().write_all(&page)));
    };
    let shown = dir.display().to_string();
    match pages(&command, &guide, "", dir) {
        Ok(count) => say(&Texts::of(lang).say_with("manners.man_written", &[("count", &count.to_string()), ("dir", &shown)])),
        Err(error) => {
            let sentence = Sentence::of("manners", "man_unwritable").with("dir", &shown).with("text", error);
            return Err(Failure::of(Exit::Store, &sentence));
        }
    }
    Ok(Exit::Fine)
}

/// A page for the command and for each below it.
fn pages(command: &Command, guide: &Guide, path: &str, dir: &Path) -> io::Result<usize> {
    if path.is_empty() {
        std::fs::create_dir_all(dir)?;
    }
    let name = if path.is_empty() { "muban".to_owned() } else { format!("muban-{}", path.replace(' ', "-")) };
    std::fs::write(dir.join(format!("{name}.{SECTION}")), page(command, guide, path)?)?;
    let mut count = 1;
    for sub in below(command) {
        let path = if path.is_empty() { sub.get_name().to_owned() } else { format!("{path} {}", sub.get_name()) };
        count += pages(sub, guide, &path, dir)?;
    }
    Ok(count)
}

fn below(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set())
}

fn page(command: &Command, guide: &Guide, path: &str) -> io::Result<Vec<u8>> {
    let title = format!("muban {path}").trim_end().replace(' ', "-");
    let man = Man::new(command.clone()).title(title.to_uppercase()).section(SECTION).source(SOURCE).manual(MANUAL);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    let head = page.len();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if below(command).next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    // Each section comes with the beginning of a page of its own.
    let sections = String::from_utf8_lossy(page.get(head..).unwrap_or_default()).replace(BEGINNING, "");
    page.truncate(head);
    page.extend_from_slice(sections.as_bytes());
    if let Some(examples) = guide.of(path) {
        page.extend_from_slice(section(examples).as_bytes());
    }
    if path.is_empty() {
        page.extend_from_slice(b".SH EXIT STATUS\n");
        for (code, means) in &guide.exit_codes {
            page.extend_from_slice(format!(".TP\n{code}\n{}\n", escaped(means)).as_bytes());
        }
    }
    Ok(page)
}

/// Examples in the language of manuals, each on lines of its own.
fn section(examples: &Examples) -> String {
    let mut text = format!(".SH {}\n", examples.title.to_uppercase());
    for (says, line) in &examples.lines {
        let (says, line) = (escaped(says), escaped(line.trim_end()));
        text.push_str(&[".TP\n", &says, "\n.nf\n\\fB", &line, "\\fR\n.fi\n"].concat());
    }
    text
}

/// Text that is only text there.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

/// Who read this may have had enough of it, which is no error.
fn written(result: io::Result<()>) -> Done {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::of(Exit::Store, &on_command("output").with("why", error)))
        }
        _ => Ok(Exit::Fine),
    }
}
