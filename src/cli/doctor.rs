//! `account check` and `doctor`: whether everything works, line by line, each with what to do about it.

use super::context::{Context, print, print_json};
use super::failure::{Done, Exit};
use crate::check::{self, Check, Health, Line};
use crate::domain::account::Account;
use crate::session::Sessions;
use crate::store::Store;
use crate::text::width::pad;
use serde_json::{Value, json};

/// Columns of a check's name.
const NAME: usize = 16;

/// Looks at one account.
pub async fn check(context: &Context, account: Option<&str>) -> Done {
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let mut lines = Vec::new();
    look(context, &store, &account, &mut lines).await;
    Ok(ended(context, &lines))
}

/// Looks at the files, the terminal and every account.
pub async fn doctor(context: &Context) -> Done {
    let store = context.store()?;
    let mut lines = Vec::new();
    for line in [check::files(&store).await, terminal()] {
        tell(context, &line);
        lines.push((None, line));
    }
    for account in store.accounts().await? {
        if !context.json {
            print(&format!("\n{}  {}", account.name, account.appid));
        }
        look(context, &store, &account, &mut lines).await;
    }
    Ok(ended(context, &lines))
}

type Lines = Vec<(Option<String>, Line)>;

async fn look(context: &Context, store: &Store, account: &Account, lines: &mut Lines) {
    let sessions = Sessions::new(store.clone());
    let hours = context.settings.stale_after;
    let mut take = |line: Line| {
        tell(context, &line);
        lines.push((Some(account.name.clone()), line));
    };
    check::account(&sessions, store, account, context.lang, hours, &mut take).await;
}

fn tell(context: &Context, line: &Line) {
    if context.json {
        return;
    }
    let sign = match line.health {
        Health::Fine => "✓",
        Health::Warning => "!",
        Health::Failed => "✗",
        Health::NotTried => "·",
    };
    let name = context.texts().say(&format!("checkup.{}", line.check.as_str())).to_owned();
    print(&format!("{sign} {} {}", pad(&name, NAME), said(context, line)));
    if let Some(remedy) = remedy(context, line) {
        print(&format!("  {} {remedy}", pad("", NAME)));
    }
}

fn said(context: &Context, line: &Line) -> String {
    let key = match line.health {
        Health::NotTried => "checkup.not_tried".to_owned(),
        _ => format!("checkup.{}_{}", line.check.as_str(), line.key),
    };
    context.texts().fill(&key, &line.args)
}

/// What to do about it: of WeChat's code, else of the check itself.
fn remedy(context: &Context, line: &Line) -> Option<String> {
    if let Some((meaning, remedy)) = &line.explained {
        return Some(format!("{meaning} {remedy}"));
    }
    let key = format!("checkup.{}_{}_remedy", line.check.as_str(), line.key);
    let text = context.texts().say(&key);
    (text != key && matches!(line.health, Health::Warning | Health::Failed)).then(|| text.to_owned())
}

/// Tells how it came out.
fn ended(context: &Context, lines: &Lines) -> Exit {
    let failed = |(_, line): &&(Option<String>, Line)| line.health == Health::Failed;
    let count = lines.iter().filter(failed).count();
    if context.json {
        print_json(&lines.iter().map(|(account, line)| document(context, account.as_deref(), line)).collect::<Vec<_>>());
    } else {
        let key = if count == 0 { "checkup.summary_ok" } else { "checkup.summary_failed" };
        print(&context.texts().say_with(key, &[("count", &count.to_string())]));
    }
    match count {
        0 => Exit::Fine,
        _ if lines.iter().filter(failed).any(|(_, line)| line.check == Check::Store) => Exit::Store,
        _ => Exit::Stopped,
    }
}

fn document(context: &Context, account: Option<&str>, line: &Line) -> Value {
    json!({
        "account": account,
        "check": line.check.as_str(),
        "state": line.health.as_str(),
        "text": said(context, line),
        "remedy": remedy(context, line),
    })
}

/// What the terminal can show, by what it says of itself.
fn terminal() -> Line {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_else(|| "dumb".to_owned());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
    let utf8 = locale.contains("utf-8") || locale.contains("utf8");
    let colours = match set("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => "16M",
        _ if term.contains("256color") => "256",
        _ => "16",
    };
    let (health, key) = match (term.as_str(), utf8) {
        ("dumb", _) => (Health::Warning, "dumb"),
        (_, false) => (Health::Warning, "locale"),
        _ => (Health::Fine, "ok"),
    };
    Line::of(Check::Terminal, health, key, vec![("term", term), ("colours", colours.to_owned())])
}
