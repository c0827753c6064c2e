//! `account add | list | set | remove`; `clear-quota` has a file of its own.

use super::args::{AccountAddArgs, AccountCommand, AccountSetArgs, SecretArgs};
use super::context::{Context, print, print_json, say, warn_odd_openids};
use super::doctor::check;
use super::failure::{Done, Exit, Failure, on_command};
use super::quota::clear_quota;
use crate::domain::account::{Account, NewAccount, PaceLimits, SecretSource, parse_name};
use crate::domain::api_base::ApiBase;
use crate::domain::id::{AppId, OpenId};
use crate::domain::secret::AppSecret;
use crate::store::Store;
use crate::text::number::date_time;
use crate::text::width::pad;
use jiff::Timestamp;
use serde_json::json;
use std::io::Read;

/// Where a secret comes from, with the secret itself if it was piped in.
type Named = (SecretSource, Option<AppSecret>);

/// Longest input that is read for a secret, in bytes.
const SECRET_INPUT: u64 = 4096;

/// Does what is asked with accounts.
pub async fn run(context: &Context, command: AccountCommand) -> Done {
    match command {
        AccountCommand::Add(args) => add(context, args).await,
        AccountCommand::List => list(context).await,
        AccountCommand::Set(args) => set(context, args).await,
        AccountCommand::Remove { name } => remove(context, &name).await,
        AccountCommand::ClearQuota(args) => clear_quota(context, &args).await,
        AccountCommand::Check { name } => check(context, name.as_deref()).await,
    }
}

async fn add(context: &Context, args: AccountAddArgs) -> Done {
    let name = parse_name(&args.name)?;
    let appid = AppId::parse(&args.appid)?;
    let api_base = args.api_base.as_deref().map(ApiBase::parse).transpose()?.unwrap_or_default();
    let Some((secret, typed)) = secret(&args.secret)? else {
        return Err(Failure::usage(context.texts().say("cli.secret_source")));
    };
    let new = NewAccount { name, appid, secret, api_base, token: args.token.unwrap_or_default(), pace: PaceLimits::default() };
    let store = context.store()?;
    let (name, appid) = (new.name.clone(), new.appid.clone());
    store.add_account(new, Timestamp::now()).await?;
    if typed.is_some() {
        store.put_secret(appid.clone(), typed).await?;
    }
    say(&context.texts().say_with("cli.account_added", &[("name", &name)]));
    if context.json {
        print_json(&json!({ "name": name, "appid": appid }));
    }
    Ok(Exit::Fine)
}

async fn set(context: &Context, args: AccountSetArgs) -> Done {
    let store = context.store()?;
    let mut account = context.account(&store, Some(&args.account)).await?;
    let old_appid = account.appid.clone();
    if let Some(name) = &args.name {
        account.name = parse_name(name)?;
    }
    if let Some(appid) = &args.appid {
        account.appid = AppId::parse(appid)?;
    }
    if let Some(base) = &args.api_base {
        account.api_base = ApiBase::parse(base)?;
    }
    account.token = args.token.unwrap_or(account.token);
    account.pace.rate = args.rate.unwrap_or(account.pace.rate);
    account.pace.concurrency = args.concurrency.unwrap_or(account.pace.concurrency);
    let test_openids = test_openids(context, &args)?;
    let new_secret = secret(&args.secret)?;
    if let Some((source, _)) = &new_secret {
        account.secret = source.clone();
    }
    store.update_account(account.clone()).await?;
    move_secret(&store, &account, old_appid, new_secret).await?;
    // Last, since another AppID forgets them.
    if let Some(openids) = test_openids {
        store.set_test_openids(account.id, openids).await?;
    }
    say(&context.texts().say_with("cli.account_changed", &[("name", &account.name)]));
    if context.json {
        print_json(&row(&account));
    }
    Ok(Exit::Fine)
}

/// Whom test sends shall go to from now on, if that was said.
fn test_openids(context: &Context, args: &AccountSetArgs) -> Result<Option<Vec<OpenId>>, Failure> {
    let openids = args.test_openids.iter().map(|text| OpenId::parse(text)).collect::<Result<Vec<_>, _>>()?;
    warn_odd_openids(context, &openids);
    Ok((args.no_test_openids || !openids.is_empty()).then_some(openids))
}

/// Keeps the vault in step with a changed secret or AppID.
async fn move_secret(store: &Store, account: &Account, old: AppId, new: Option<Named>) -> Result<(), Failure> {
    let secret = match new {
        Some((_, typed)) => typed,
        None if old != account.appid => store.secret(old.clone()).await?,
        None => return Ok(()),
    };
    if old != account.appid {
        store.put_secret(old, None).await?;
    }
    Ok(store.put_secret(account.appid.clone(), secret).await?)
}

async fn list(context: &Context) -> Done {
    let accounts = context.store()?.accounts().await?;
    if context.json {
        print_json(&accounts.iter().map(row).collect::<Vec<_>>());
        return Ok(Exit::Fine);
    }
    if accounts.is_empty() {
        say(context.texts().say("cli.no_account"));
    }
    let zone = context.settings.zone();
    for account in accounts {
        let synced = account.last_synced_at.map_or_else(|| "-".to_owned(), |at| date_time(at, &zone));
        print(&format!("{}  {}  {}  {synced}", pad(&account.name, 24), account.appid, account.api_base));
    }
    Ok(Exit::Fine)
}

async fn remove(context: &Context, name: &str) -> Done {
    let store = context.store()?;
    let account = context.account(&store, Some(name)).await?;
    if let Some(job) = store.unfinished_job(account.id).await? {
        let args = [("name", account.name.as_str()), ("job", &job.to_string())];
        return Err(Failure::usage(context.texts().say_with("cli.account_busy", &args)));
    }
    store.remove_account(account.id, Timestamp::now()).await?;
    store.put_secret(account.appid.clone(), None).await?;
    say(&context.texts().say_with("cli.account_removed", &[("name", &account.name)]));
    if context.json {
        print_json(&json!({ "removed": account.name }));
    }
    Ok(Exit::Fine)
}

fn row(account: &Account) -> serde_json::Value {
    json!({
        "name": account.name,
        "appid": account.appid,
        "api_base": account.api_base.as_str(),
        "token": account.token.as_str(),
        "last_synced_at": account.last_synced_at.map(|at| at.to_string()),
    })
}

/// The source that was named, with the secret itself if it was piped in.
fn secret(args: &SecretArgs) -> Result<Option<Named>, Failure> {
    if let Some(variable) = &args.env {
        let good = !variable.is_empty() && !variable.contains(['=', '\0', ' ']);
        return if good {
            Ok(Some((SecretSource::Env(variable.clone()), None)))
        } else {
            Err(Failure::wrong(on_command("variable_name").with("name", variable)))
        };
    }
    if let Some(command) = &args.command {
        return Ok(Some((SecretSource::Command(command.clone()), None)));
    }
    if !args.stdin {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin()
        .take(SECRET_INPUT)
        .read_to_string(&mut text)
        .map_err(|error| Failure::wrong(on_command("secret_input").with("why", error)))?;
    let secret = AppSecret::parse(&text);
    // Not even a wrong secret should linger in memory longer than it must.
    drop(text);
    Ok(Some((SecretSource::Vault, Some(secret?))))
}
