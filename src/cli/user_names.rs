//! `user import-names`: what the operator calls users.

use super::args::UserNamesArgs;
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit};
use super::progress::{Stand, watched};
use crate::audience::import_names_seen;
use crate::domain::names::{Imported, NameProblem};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// Keeps the names of a file, and tells which rows are to be looked at.
pub async fn run(context: &Context, args: &UserNamesArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let (seen, begun) = (AtomicU64::new(0), Instant::now());
    let part = context.texts().say("manners.rows");
    let stand = || Stand::since(part, (seen.load(Relaxed), 0), 0, begun.elapsed());
    let choices = args.choices();
    let work = import_names_seen(&store, account.id, &args.file, &choices, &seen);
    let imported = watched(context, "manners.names_interrupted", stand, work).await??;
    context.texts().imported(&imported).iter().for_each(|line| say(line));
    if context.json {
        print_json(&document(&imported));
    }
    Ok(if imported.refused == 0 { Exit::Fine } else { Exit::NotAll })
}

fn document(imported: &Imported) -> Value {
    let problem = |problem: &NameProblem| json!({ "row": problem.row, "openid": problem.openid, "problem": problem.kind.key() });
    json!({
        "column": imported.column,
        "named": imported.named,
        "removed": imported.removed,
        "empty": imported.empty,
        "unknown": imported.unknown,
        "refused": imported.refused,
        "problems": imported.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}
