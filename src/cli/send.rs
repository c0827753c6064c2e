//! `preview` and `send`.

use super::args::{PaceArgs, PreviewArgs, SendArgs};
use super::context::{Context, ask, print, say, warn_odd_openids};
use super::dry_run::dry_run;
use super::failure::{Done, Exit, Failure};
use super::jobs::{show, warn_elsewhere, work};
use super::message::{self, Written};
use super::progress::told_if_slow;
use super::voice::insist;
use crate::audience::{self, AudienceError, Named};
use crate::dispatch::{self, ATTEMPTS, Confirmed, DispatchError, Intent};
use crate::domain::account::{Account, PaceLimits};
use crate::domain::audience::{Audience, Reach, Stale, UserSet};
use crate::domain::id::OpenId;
use crate::domain::job::Job;
use crate::domain::message::Message;
use crate::domain::placeholders::{Params, Personal};
use crate::domain::rules::{Finding, Level};
use crate::domain::seen::{self, Seen};
use crate::domain::user::{PageAt, UserFilter};
use crate::store::Store;
use crate::text::freshness::age;
use crate::text::number::thousands;
use jiff::Timestamp;
use serde_json::Value;
use std::io::IsTerminal;

/// Whom the preview is for where nobody is known.
const NOBODY: &str = "OPENID";

/// Prints the exact body; sends nothing.
pub async fn preview(context: &Context, args: &PreviewArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let written = message::build(context, &store, &account, &args.message, &Audience::default()).await?;
    warn(context, &written.warnings);
    let to = match (&args.to, written.to.clone()) {
        (Some(to), _) => OpenId::parse(to)?,
        (None, Some(to)) => to,
        (None, None) => {
            let newest = store.users(account.id, UserFilter::default(), PageAt::First, 1).await?;
            newest.rows.into_iter().next().map_or_else(|| OpenId::trusted(NOBODY), |(_, user)| user.openid)
        }
    };
    let body = message_to(context, &store, &account, &written, &to).await?.body(&to);
    if context.json {
        print(&body);
    } else {
        let pretty = serde_json::from_str::<Value>(&body).and_then(|value| serde_json::to_string_pretty(&value));
        print(&pretty.unwrap_or(body));
    }
    Ok(Exit::Fine)
}

/// The message as one recipient would get it; a failure says why they would get none.
async fn message_to(
    context: &Context,
    store: &Store,
    account: &Account,
    written: &Written,
    to: &OpenId,
) -> Result<Message, Failure> {
    let Some(personal) = Personal::read(&written.message) else { return Ok(written.message.clone()) };
    let user = store.user(account.id, to.clone()).await?;
    let (nickname, remark) = user.map(|user| (user.nickname, user.remark)).unwrap_or_default();
    let params = Params::new(to, &nickname, &remark, Timestamp::now(), &context.settings.zone());
    let known = dispatch::known(store, account.id, &written.template, &Audience::default()).await?;
    let Seen { message, mut findings } = seen::judge(&written.template, &personal, &params, &known);
    findings.retain(|finding| finding.level == Level::Error);
    let lines: Vec<String> = findings.iter().map(|finding| message::line(context, finding)).collect();
    if lines.is_empty() { Ok(message) } else { Err(Failure::usage(lines.join("\nmuban: "))) }
}

/// Sends, or says what would be sent.
pub async fn send(context: &Context, args: &SendArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let named = told_if_slow(context, "manners.finding_audience", named(&store, &account, args)).await?;
    let written =
        message::build(context, &store, &account, &args.message, named.as_ref().unwrap_or(&Audience::default())).await?;
    let audience = who(context, &account, args, &written, named)?;
    warn_if_stale(context, &store, &account, &audience).await?;
    if args.dry_run {
        return dry_run(context, &store, &account, &audience, &written, args.report.as_deref()).await;
    }
    warn(context, &written.warnings);
    warn_of_openids(context, &audience);
    let mut expected = None;
    if !args.yes {
        let zone = &context.settings.zone();
        let Written { template, message, .. } = &written;
        let intent = Intent { account: account.id, template, message, audience: &audience, zone };
        let reach = told_if_slow(context, "manners.counting", dispatch::look_ahead(&store, intent)).await?.reach;
        let must_type = !args.test && reach.recipients > context.settings.confirm_above;
        if !confirmed(context, &account, &written, reach, must_type)? {
            say(context.texts().say("cli.not_sent"));
            return Ok(Exit::Usage);
        }
        expected = must_type.then_some(reach);
    }
    let confirmed = Confirmed {
        message: written.message,
        template: written.template,
        zone: context.settings.zone(),
        audience,
        pace: pace(&args.pace, account.pace),
        attempts: args.pace.attempts.unwrap_or(ATTEMPTS),
        // A test is repeated on purpose.
        again: args.again || args.test,
        expected,
    };
    // The session comes first: an account that cannot be called should not leave a job behind.
    let session = context.session(&store, &account).await?;
    let job = match told_if_slow(context, "manners.writing_job", dispatch::create(&store, &account, confirmed)).await {
        Err(DispatchError::Changed(now)) => return Err(changed(context, expected, now)),
        created => created?.job,
    };
    if args.test && !args.to.is_empty() {
        let openids = args.to.iter().map(|text| OpenId::parse(text)).collect::<Result<_, _>>()?;
        store.set_test_openids(account.id, openids).await?;
    }
    if args.detach { detach(context, &store, &account, &job).await } else { work(context, &store, session, job).await }
}

/// Leaves the job to another process, and says how to follow it.
async fn detach(context: &Context, store: &Store, account: &Account, job: &Job) -> Done {
    warn_elsewhere(context, store, account, job.id).await?;
    let home = context.home_option.as_deref();
    dispatch::hand_over(store, job.id, home).await.map_err(|error| Failure::of(Exit::Stopped, &error))?;
    say(&context.texts().say_with("cli.detached", &[("job", &job.id.to_string())]));
    show(context, store, job.id.0).await
}

/// The pace that was asked for, else the account's or the job's own.
pub fn pace(args: &PaceArgs, own: PaceLimits) -> PaceLimits {
    PaceLimits { rate: args.rate.unwrap_or(own.rate), concurrency: args.concurrency.unwrap_or(own.concurrency) }
}

/// Whom the options name; nobody where they name none.
async fn named(store: &Store, account: &Account, args: &SendArgs) -> Result<Option<Audience>, Failure> {
    let choices = args.files.choices();
    if let Some(expression) = &args.audience {
        return Ok(Some(audience::parse(store, account.id, expression, &choices).await?));
    }
    let users = if args.test && args.to.is_empty() {
        account.test_openids.iter().map(ToString::to_string).collect()
    } else {
        args.to.clone()
    };
    let SendArgs { all, tag, minus_tag, .. } = args;
    let named = Named { all: *all, tags: tag.clone(), users, files: args.files.file.clone(), minus_tags: minus_tag.clone() };
    if named.is_nobody() { Ok(None) } else { Ok(Some(audience::resolve(store, account.id, &named, &choices).await?)) }
}

/// Who gets it: whom the options name, or whom the payload does.
fn who(
    context: &Context,
    account: &Account,
    args: &SendArgs,
    written: &Written,
    named: Option<Audience>,
) -> Result<Audience, Failure> {
    match (&written.to, named) {
        (Some(_), Some(_)) => Err(Failure::usage(context.texts().say("cli.touser_and_audience"))),
        // A test goes to the account's own openids, whomever the payload was for.
        (Some(_), None) if args.test => Err(Failure::usage(context.texts().say("cli.touser_and_audience"))),
        (Some(to), None) => Ok(Audience::of(UserSet::Users(vec![to.clone()]))),
        (None, Some(audience)) => Ok(audience),
        (None, None) if args.test => {
            Err(Failure::usage(context.texts().say_with("cli.no_test_openids", &[("name", &account.name)])))
        }
        (None, None) => Err(AudienceError::Nobody.into()),
    }
}

/// What changed between the question and the answer.
fn changed(context: &Context, before: Option<Reach>, now: Reach) -> Failure {
    let [before, recipients] = [before.unwrap_or_default().recipients, now.recipients].map(thousands);
    let args = [("before", before.as_str()), ("now", &recipients)];
    Failure::usage(format!("{}\n{}", context.texts().say_with("cli.audience_changed", &args), reach_line(context, now)))
}

/// Says so if what is known of the followers is old.
async fn warn_if_stale(context: &Context, store: &Store, account: &Account, audience: &Audience) -> Result<(), Failure> {
    let now = Timestamp::now();
    let stale = audience::stale(store, account.id, audience, context.settings.stale_after, now).await?;
    let text = match stale {
        None => return Ok(()),
        Some(Stale::Never) => context.texts().say("cli.never_synced").to_owned(),
        Some(Stale::CutOff(at)) => context.texts().say_with("cli.cut_off", &[("age", &age(at, now, context.lang))]),
        Some(Stale::Since(at)) => context.texts().say_with("cli.stale", &[("age", &age(at, now, context.lang))]),
    };
    context.warn(&text);
    Ok(())
}

fn warn_of_openids(context: &Context, audience: &Audience) {
    for (_, set) in &audience.terms {
        if let UserSet::Users(users) = set {
            warn_odd_openids(context, users);
        }
    }
}

fn warn(context: &Context, warnings: &[Finding]) {
    for warning in warnings {
        let text = message::line(context, warning);
        context.warn(&text);
    }
}

/// How many would get it, and who would not, by reason.
fn reach_line(context: &Context, reach: Reach) -> String {
    let e = reach.excluded;
    let [recipients, duplicate, unsubscribed, blacklisted, unknown] =
        [reach.recipients, e.duplicate, e.unsubscribed, e.blacklisted, e.unknown_user].map(|n| n.to_string());
    let args = [
        ("recipients", recipients.as_str()),
        ("duplicate", &duplicate),
        ("unsubscribed", &unsubscribed),
        ("blacklisted", &blacklisted),
        ("unknown", &unknown),
    ];
    context.texts().say_with("cli.reach", &args)
}

/// Asks on a terminal; refuses without one. Where many would get it, the number itself must be typed.
fn confirmed(context: &Context, account: &Account, written: &Written, reach: Reach, must_type: bool) -> Result<bool, Failure> {
    let texts = context.texts();
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(texts.say("cli.needs_yes")));
    }
    insist(&reach_line(context, reach));
    let count = reach.recipients.to_string();
    let args = [("title", written.template.title.as_str()), ("account", &account.name), ("count", &count)];
    let question = texts.say_with(if must_type { "cli.type_count" } else { "cli.ask" }, &args);
    let answer = ask(&question)?;
    Ok(if must_type { answer == count } else { answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes") })
}
