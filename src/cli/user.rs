//! `user …`: one user of an account.

use super::args::{BlockArgs, UserCommand, UserDeliveriesArgs};
use super::context::{Context, print, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::members::{Told, Whom, change};
use super::tag::{changing, parsed};
use super::user_names;
use super::user_show;
use super::voice::{Tone, on_stdout};
use crate::dispatch::explanation;
use crate::domain::audience::Excluded;
use crate::domain::delivery::State;
use crate::domain::id::OpenId;
use crate::domain::people::{RemarkFits, check_remark};
use crate::manage::members::Change;
use crate::manage::users;
use crate::store::PastDelivery;
use crate::text::number::date_time;
use crate::text::width::{cut, pad, pad_left};
use crate::wechat::REMARK_PATH;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

/// Does what is asked with one user.
pub async fn run(context: &Context, command: UserCommand) -> Done {
    match command {
        UserCommand::Show(args) => user_show::run(context, &args).await,
        UserCommand::ImportNames(args) => user_names::run(context, &args).await,
        UserCommand::Deliveries(args) => deliveries(context, &args).await,
        UserCommand::Remark { openid, remark, account } => {
            set_remark(context, &openid, remark.trim(), account.account.as_deref()).await
        }
        UserCommand::Block(args) => block(context, &args, true).await,
        UserCommand::Unblock(args) => block(context, &args, false).await,
    }
}

async fn set_remark(context: &Context, openid: &str, remark: &str, account: Option<&str>) -> Done {
    let texts = context.texts();
    let openid = OpenId::parse(openid)?;
    if check_remark(remark).map_err(|rule| Failure::usage(texts.remark_error(rule)))? == RemarkFits::Perhaps {
        context.warn(texts.say("user.remark_long"));
    }
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let session = context.session(&store, &account).await?;
    let named = users::remark(&session, &store, &openid, remark).await;
    named.map_err(|error| changing(context, error, REMARK_PATH))?;
    say(&texts.say_with("user.remarked", &[("openid", openid.as_str()), ("remark", remark)]));
    if context.json {
        print_json(&json!({ "openid": openid, "remark": remark }));
    }
    Ok(Exit::Fine)
}

async fn block(context: &Context, args: &BlockArgs, blocked: bool) -> Done {
    let openids = parsed(&args.openids)?;
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let session = context.session(&store, &account).await?;
    let whom = Whom { openids, excluded: Excluded::default() };
    let (wanted, key, sentence) =
        if blocked { (Change::Block, "blocked", "user.blocked") } else { (Change::Unblock, "unblocked", "user.unblocked") };
    change(context, &store, &session, wanted, whom, Told { head: Map::new(), key, sentence, name: "" }).await
}

async fn deliveries(context: &Context, args: &UserDeliveriesArgs) -> Done {
    let openid = OpenId::parse(&args.openid)?;
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let found = store.deliveries_to(account.id, &openid, args.limit).await?;
    if context.json {
        print_json(&found.iter().map(|past| document(context, past)).collect::<Vec<_>>());
        return Ok(Exit::Fine);
    }
    show_deliveries(context, &found);
    Ok(Exit::Fine)
}

/// What somebody was sent, for people.
pub fn show_deliveries(context: &Context, found: &[PastDelivery]) {
    if found.is_empty() {
        say(context.texts().say("cli.nothing_sent"));
    }
    let zone = context.settings.zone();
    for past in found {
        print(&line(past, &zone));
        if let Some(why) = explanation(&past.delivery, context.lang) {
            print(&format!("       {why}"));
        }
    }
}

fn tone_of(state: State) -> Tone {
    match state {
        State::Accepted => Tone::Good,
        State::Failed => Tone::Bad,
        State::Unknown => Tone::Warning,
        State::Queued | State::Sending | State::Skipped => Tone::Faint,
    }
}

fn line(past: &PastDelivery, zone: &TimeZone) -> String {
    let delivery = &past.delivery;
    let at = delivery.updated_at.map(|at| date_time(at, zone)).unwrap_or_default();
    let code = delivery.errcode.filter(|code| *code != 0).map(|code| code.to_string()).unwrap_or_default();
    let (job, title) = (pad_left(&delivery.job.to_string(), 5), pad(&cut(&past.title, 24), 24));
    format!("{job}  {title}  {}  {}  {at}", on_stdout(tone_of(delivery.state), &pad(delivery.state.as_str(), 8)), pad(&code, 6))
}

/// One of them for programs.
pub fn document(context: &Context, past: &PastDelivery) -> Value {
    let delivery = &past.delivery;
    json!({
        "job": delivery.job,
        "title": past.title,
        "template_id": past.template_id,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "errcode": delivery.errcode,
        "errmsg": delivery.errmsg,
        "explanation": explanation(delivery, context.lang),
        "msgid": delivery.msgid.map(|msgid| msgid.to_string()),
        "updated_at": delivery.updated_at.map(|at| at.to_string()),
    })
}
