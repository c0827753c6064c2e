//! What helps against a refusal, each on one key: the helps of the catalogue as things that the screen can do.

use super::context::Context;
use super::effect::{AccountsEffect, CheckupEffect, PeopleEffect, ProfileEffect, SendEffect, TemplatesEffect};
use super::layers::{Layer, Pace, UserHistory};
use super::msg::{AccountHelp, AccountsMsg, ComposeMsg, DraftsMsg};
use super::out::Out;
use super::panes::retry;
use crate::domain::delivery::{Delivery, State};
use crate::domain::draft::Spot;
use crate::domain::errcode::{Help, helps, helps_unanswered};
use crate::domain::job::{Job, JobState};
use crate::domain::reply::ErrmsgParts;

/// One thing to do.
#[derive(Debug)]
pub struct Offer {
    /// What it does, for people.
    pub text: String,
    /// Doing it.
    pub out: Out,
}

/// What is wrong: with a job, or with one row of it.
#[derive(Debug, Clone, Copy)]
pub struct Trouble<'a> {
    /// Of which job.
    pub job: &'a Job,
    /// The row, and what the recipient is called; none where it is about the whole job.
    pub row: Option<(&'a Delivery, &'a str)>,
    /// WeChat's code; none if it never answered.
    pub errcode: Option<i64>,
    /// What came with it.
    pub errmsg: &'a str,
    /// The call that gave it.
    pub call: &'static str,
}

/// What helps, the likeliest first.
pub fn offers(trouble: Trouble<'_>, ctx: &Context) -> Vec<Offer> {
    let parts = ErrmsgParts::read(trouble.errmsg);
    let found = trouble.errcode.map_or_else(helps_unanswered, |code| helps(code, trouble.call));
    let field = parts.field.map(|fault| fault.key);
    let mut offers: Vec<Offer> = found.into_iter().filter_map(|help| offer(help, trouble, field, ctx)).collect();
    if let Some(rid) = parts.rid {
        let effect = CheckupEffect::LookUpRid { account: trouble.job.account, rid: rid.to_owned() };
        offers.push(Offer {
            text: ctx.say("help_with.look_up_rid").to_owned(),
            out: Out { effects: vec![effect.into()], ..Out::default() },
        });
    }
    offers
}

fn offer(help: Help, trouble: Trouble<'_>, field: Option<&str>, ctx: &Context) -> Option<Offer> {
    let Trouble { job, row, .. } = trouble;
    let account = job.account;
    let mut out = Out::default();
    let mut text = ctx.say_with(&format!("help_with.{}", help.as_str()), &[("field", field.unwrap_or_default())]);
    match help {
        Help::RenewToken => out.ask(AccountsEffect::RenewToken { account }),
        Help::CheckAccount => out.tell(AccountsMsg::Wanted { account, what: AccountHelp::Check }),
        Help::EditAccount => out.tell(AccountsMsg::Wanted { account, what: AccountHelp::Edit }),
        Help::ClearQuota => out.tell(AccountsMsg::Wanted { account, what: AccountHelp::ClearQuota }),
        // One that has come to its end sends neither faster nor slower.
        Help::SlowDown if is_open(job) => out.open(Layer::Pace(Box::new(Pace::new(job.id, job.pace)))),
        Help::EditField => {
            let key = field?;
            out.tell(DraftsMsg::JobTaken { job: Box::new(job.clone()) });
            out.tell(ComposeMsg::Jumped { spot: Spot::Value(key.to_owned()) });
        }
        Help::EditMessage => out.tell(DraftsMsg::JobTaken { job: Box::new(job.clone()) }),
        Help::RefreshTemplate => {
            let (template, title) = (job.message.template_id.clone(), job.title.clone());
            out.ask(TemplatesEffect::Refresh { account, template, title });
        }
        Help::Retry if !is_open(job) => {
            let state = row.map_or(State::Failed, |(delivery, _)| delivery.state);
            if state == State::Unknown {
                ctx.say("help_with.retry_unknown").clone_into(&mut text);
            }
            retry(job, state, ctx, &mut out);
        }
        Help::ReadUser => {
            let (delivery, name) = row?;
            UserHistory::open(account, delivery.openid.clone(), name.to_owned(), &mut out);
            out.ask(ProfileEffect::LookUp { account, openid: delivery.openid.clone() });
        }
        Help::MarkGone => out.ask(PeopleEffect::MarkGone { account, openid: row?.0.openid.clone() }),
        Help::Review => out.ask(SendEffect::ReviewJob { job: job.id }),
        Help::SlowDown | Help::Retry => return None,
    }
    let does_nothing = out.effects.is_empty() && out.msgs.is_empty() && out.layers.is_empty();
    (!does_nothing).then_some(Offer { text, out })
}

fn is_open(job: &Job) -> bool {
    matches!(job.state, JobState::Running | JobState::Paused)
}
