//! `templates | tags | users`: what the cache holds.

use super::args::{ListArgs, UsersArgs, UsersSort};
use super::context::{Context, print, print_json};
use super::failure::{Done, Exit};
use super::voice::{Tone, on_stdout};
use crate::audience::find_tag;
use crate::domain::id::TagId;
use crate::domain::template::Template;
use crate::domain::user::{PageAt, User, UserFilter, UserOrder, Who};
use crate::text::number::thousands;
use crate::text::width::{cut, pad, pad_left};
use serde_json::{Value, json};

/// Rows of a list for people, if no limit is given.
const ROWS: u32 = 50;
/// Users fetched from the store at a time.
const PAGE: u32 = 1000;

/// The templates that can be sent.
pub async fn templates(context: &Context, args: &ListArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let mut templates = store.templates(account.id).await?;
    let aliases = store.aliases(account.id).await?;
    if let Some(search) = &args.search {
        let fits = |text: &str| text.contains(search.as_str());
        let named = |t: &Template| aliases.of(&t.id).is_some_and(fits);
        templates.retain(|t| named(t) || fits(&t.title) || fits(&t.content) || fits(t.id.as_str()));
    }
    templates.truncate(args.limit.map_or(usize::MAX, |limit| limit as usize));
    if context.json {
        print_json(&templates.iter().map(|template| template_row(template, aliases.of(&template.id))).collect::<Vec<_>>());
        return Ok(Exit::Fine);
    }
    for template in templates {
        print_template(&template, aliases.of(&template.id));
    }
    Ok(Exit::Fine)
}

/// A template for people: id, alias and title, then a field a line.
pub fn print_template(template: &Template, alias: Option<&str>) {
    let alias = alias.map(|alias| format!("[{alias}]  ")).unwrap_or_default();
    print(&format!("{}  {alias}{}", template.id, template.title));
    for field in template.fields() {
        print(&format!("    {}  {}  {}", pad(&field.key, 20), pad(field.kind.as_str(), 16), field.label));
    }
}

/// The tags of the account.
pub async fn tags(context: &Context, args: &ListArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let mut tags = store.tags(account.id).await?;
    if let Some(search) = &args.search {
        tags.retain(|tag| tag.name.contains(search.as_str()));
    }
    tags.truncate(args.limit.map_or(usize::MAX, |limit| limit as usize));
    if context.json {
        print_json(&tags.iter().map(|tag| json!({ "id": tag.id, "name": tag.name, "count": tag.count })).collect::<Vec<_>>());
        return Ok(Exit::Fine);
    }
    for tag in tags {
        print(&format!("{}  {}  {}", pad_left(&tag.id.to_string(), 6), pad(&tag.name, 24), thousands(tag.count)));
    }
    Ok(Exit::Fine)
}

/// The users, newest follower first or by name.
pub async fn users(context: &Context, args: &UsersArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.list.account.account.as_deref()).await?;
    let tags = store.tags(account.id).await?;
    let tag = args.list.tag.as_deref().map(|name| find_tag(&tags, name)).transpose()?;
    let filter = user_filter(args, tag);
    let limit = args.list.limit.unwrap_or(if context.json { u32::MAX } else { ROWS });
    // By name, each page would put all of them in order anew.
    let most = if filter.order == UserOrder::Name { limit } else { PAGE };
    let mut users: Vec<User> = Vec::new();
    let mut at = PageAt::First;
    while users.len() < limit as usize {
        let page = store.users_by_file(account.id, filter.clone(), at, most.min(limit - users.len() as u32)).await?;
        let Some((last, _)) = page.rows.last() else { break };
        at = PageAt::After(*last);
        let more = page.rows.len() == most as usize;
        users.extend(page.rows.into_iter().map(|(_, user)| user));
        if !more {
            break;
        }
    }
    if context.json {
        print_json(&users.iter().map(user_row).collect::<Vec<_>>());
        return Ok(Exit::Fine);
    }
    for user in users {
        let names: Vec<&str> =
            user.tags.iter().filter_map(|id| tags.iter().find(|t| t.id == *id)).map(|t| t.name.as_str()).collect();
        let mark = match (user.subscribed, user.blacklisted) {
            (_, true) => on_stdout(Tone::Bad, context.texts().say("cli.user_blacklisted")),
            (false, _) => on_stdout(Tone::Warning, context.texts().say("cli.user_left")),
            (true, false) => String::new(),
        };
        print(
            format!("{}  {}  {mark}{}", pad(user.openid.as_str(), 28), pad(&cut(user.label(), 20), 20), names.join(" "))
                .trim_end(),
        );
    }
    Ok(Exit::Fine)
}

fn user_filter(args: &UsersArgs, tag: Option<TagId>) -> UserFilter {
    let who = match (args.subscribed, args.left, args.blacklisted) {
        (true, ..) => Who::Following,
        (_, true, _) => Who::Left,
        (.., true) => Who::Blocked,
        _ => Who::Everyone,
    };
    let order = match args.sort {
        UsersSort::Newest => UserOrder::Newest,
        UsersSort::Name => UserOrder::Name,
    };
    UserFilter { search: args.list.search.clone().unwrap_or_default(), tag, who, never_sent: args.never_sent, order }
}

/// A template for programs.
pub fn template_row(template: &Template, alias: Option<&str>) -> Value {
    json!({
        "template_id": template.id,
        "alias": alias,
        "title": template.title,
        "generation": template.generation(),
        "fields": template.fields(),
        "content": template.content,
        "example": template.example,
    })
}

fn user_row(user: &User) -> Value {
    json!({
        "openid": user.openid,
        "nickname": user.nickname,
        "remark": user.remark,
        "subscribed": user.subscribed,
        "blacklisted": user.blacklisted,
        "tags": user.tags,
    })
}
