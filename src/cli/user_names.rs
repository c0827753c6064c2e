//! `user import-names`: what the operator calls users.

use super::args::UserNamesArgs;
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit};
use crate::audience::{Imported, MOST_PROBLEMS, NameProblem, NameProblemKind, import_names};
use crate::domain::names::MAX_CHARS;
use crate::text::number::thousands;
use serde_json::{Value, json};

/// Keeps the names of a file, and tells which rows are to be looked at.
pub async fn run(context: &Context, args: &UserNamesArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let imported = import_names(&store, account.id, &args.file, &args.choices()).await?;
    tell(context, &imported);
    if context.json {
        print_json(&document(&imported));
    }
    Ok(if imported.refused == 0 { Exit::Fine } else { Exit::NotAll })
}

fn tell(context: &Context, imported: &Imported) {
    let texts = context.texts();
    let Imported { column, named, removed, unknown, refused, problems, .. } = imported;
    say(&texts.say_with("names.named", &[("count", &thousands(*named)), ("column", column)]));
    for (key, count) in [("names.removed", *removed), ("names.unknown_users", *unknown), ("names.refused", *refused)] {
        if count > 0 {
            say(&texts.say_with(key, &[("count", &thousands(count))]));
        }
    }
    for problem in problems {
        say(&line(context, problem));
    }
    if unknown + refused > MOST_PROBLEMS as u64 {
        say(&texts.say_with("names.more", &[("count", &thousands(unknown + refused - MOST_PROBLEMS as u64))]));
    }
}

fn line(context: &Context, problem: &NameProblem) -> String {
    let what = context.texts().say_with(
        match problem.kind {
            NameProblemKind::NoOpenid => "names.no_openid",
            NameProblemKind::Malformed => "names.malformed",
            NameProblemKind::LongName(_) => "names.long_name",
            NameProblemKind::Unknown => "names.unknown",
        },
        &[("openid", &problem.openid), ("max", &MAX_CHARS.to_string())],
    );
    context.texts().say_with("names.row", &[("row", &problem.row.to_string()), ("what", &what)])
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
