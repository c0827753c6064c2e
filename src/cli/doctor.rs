//! `account check` and `doctor`: whether everything works, line by line, each with what to do about it.

use super::context::{Context, print, print_json};
use super::failure::{Done, Exit};
use super::voice::{Tone, on_stdout};
use crate::check::{self, Check, Health, Line};
use crate::domain::account::Account;
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

/// Looks at the files, the terminal, the keys and every account.
pub async fn doctor(context: &Context) -> Done {
    let store = context.store()?;
    let mut lines = Vec::new();
    for line in [check::files(&store).await, check::terminal(), crate::tui::check_keys(&context.home, context.lang)] {
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
    let sessions = context.sessions(store);
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
    let (sign, tone) = match line.health {
        Health::Fine => ("✓", Tone::Good),
        Health::Warning => ("!", Tone::Warning),
        Health::Failed => ("✗", Tone::Bad),
        Health::NotTried => ("·", Tone::Faint),
    };
    let sign = on_stdout(tone, sign);
    let name = context.texts().say(&format!("checkup.{}", line.check.as_str())).to_owned();
    print(&format!("{sign} {} {}", pad(&name, NAME), line.said(context.texts())));
    if let Some(remedy) = line.remedy(context.texts()) {
        print(&format!("  {} {remedy}", pad("", NAME)));
    }
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
        "text": line.said(context.texts()),
        "remedy": line.remedy(context.texts()),
    })
}
