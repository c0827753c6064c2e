//! `user show`: all that is known of one user, and what they were sent.

use super::args::UserShowArgs;
use super::context::{Context, print, print_json};
use super::failure::{Done, Exit, Failure};
use super::user;
use crate::domain::account::Account;
use crate::domain::id::OpenId;
use crate::domain::profile::{Profile, Read};
use crate::store::Store;
use crate::sync::{self, LookedUp};
use crate::text::number::date_time;
use crate::text::width::pad;
use crate::wechat::USER_INFO_PATH;
use serde_json::{Value, json};

/// Columns of the labels.
const LABELS: usize = 12;

/// Shows what the cache has of a user, or what WeChat tells now, and the newest of what they were sent.
pub async fn run(context: &Context, args: &UserShowArgs) -> Done {
    let openid = OpenId::parse(&args.openid)?;
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let found = find(context, &store, &account, &openid, args.refresh).await?;
    let sent = store.deliveries_to(account.id, &openid, args.limit).await?;
    if context.json {
        let sent: Vec<Value> = sent.iter().map(|past| user::document(context, past)).collect();
        print_json(&document(&found, &sent));
        return Ok(Exit::Fine);
    }
    show(context, &found);
    print("");
    user::show_deliveries(context, &sent);
    Ok(Exit::Fine)
}

async fn find(context: &Context, store: &Store, account: &Account, openid: &OpenId, refresh: bool) -> Result<LookedUp, Failure> {
    if refresh {
        let session = context.session(store, account).await?;
        let found = sync::look_up(&session, store, openid).await;
        return found.map_err(|error| Failure::explained(context.lang, error, USER_INFO_PATH));
    }
    if let Some(profile) = store.profile(account.id, openid.clone()).await? {
        return Ok(LookedUp { profile, qr: None });
    }
    let named = [("openid", openid.as_str()), ("account", account.name.as_str())];
    Err(Failure::usage(context.texts().say_with("user_detail.unknown_cli", &named)))
}

fn show(context: &Context, LookedUp { profile, qr }: &LookedUp) {
    let texts = context.texts();
    let user = &profile.user;
    let line = |key: &str, text: &str| {
        if !text.is_empty() {
            print(&format!("{}{text}", pad(texts.say(&format!("user_detail.{key}")), LABELS)));
        }
    };
    line("openid", user.openid.as_str());
    line("remark", &user.remark);
    match &profile.name {
        Some(name) => line("name", &texts.say_with("user_detail.imported", &[("name", name)])),
        None => line("nickname", &user.nickname),
    }
    line("standing", &standing(context, profile));
    let tags: Vec<String> = profile.tags.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    line("tags", &tags.join(", "));
    line("scene", texts.scene(&profile.scene));
    line("qr", qr.as_deref().unwrap_or_default());
    line("language", &profile.language);
    line("unionid", profile.unionid.as_deref().unwrap_or_default());
    let key = match profile.read {
        Read::Never => "user_detail.read_never_cli",
        Read::LastSync(None) => "user_detail.read_now_syncing",
        Read::LastSync(Some(_)) => "user_detail.read_by_sync",
        Read::Earlier => "user_detail.read_earlier_cli",
        Read::Now(_) => "user_detail.read_now",
    };
    let zone = context.settings.zone();
    line("read", &texts.say_with(key, &[("time", &profile.read.at().map(|at| date_time(at, &zone)).unwrap_or_default())]));
}

fn standing(context: &Context, profile: &Profile) -> String {
    let texts = context.texts();
    let since = profile.user.subscribe_time.map(|at| date_time(at, &context.settings.zone()));
    let key = match (profile.user.subscribed, since.is_some()) {
        (true, true) => "user_detail.follows_since",
        (true, false) => "user_detail.follows",
        (false, true) => "user_detail.left_since",
        (false, false) => "user_detail.left",
    };
    let mut said = vec![texts.say_with(key, &[("time", since.as_deref().unwrap_or_default())])];
    if profile.user.blacklisted {
        said.push(texts.say("user_detail.blacklisted").to_owned());
    }
    said.join("; ")
}

fn document(LookedUp { profile, qr }: &LookedUp, sent: &[Value]) -> Value {
    let user = &profile.user;
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "openid": user.openid,
        "nickname": user.nickname,
        "imported_name": profile.name,
        "remark": user.remark,
        "subscribed": user.subscribed,
        "subscribe_time": user.subscribe_time.map(|at| at.to_string()),
        "subscribe_scene": known(&profile.scene),
        "blacklisted": user.blacklisted,
        "tags": profile.tags.iter().map(|(id, name)| json!({ "id": id, "name": known(name) })).collect::<Vec<_>>(),
        "unionid": profile.unionid,
        "language": known(&profile.language),
        "qr_scene": qr,
        "read": profile.read.as_str(),
        "read_at": profile.read.at().map(|at| at.to_string()),
        "deliveries": sent,
    })
}
