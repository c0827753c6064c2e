//! Why an action cannot do anything now: for the palette, and for the footer when its key is pressed.

use super::app::App;
use super::areas::Splits;
use super::jumps::Way;
use super::keys::{Action, Place};
use super::panes::compose::Blocked;
use crate::domain::job::{Job, JobState};

impl App {
    /// What is in the way of an action in a place, as the name of a sentence; nothing if it can be done.
    pub(super) fn obstacle(&self, place: Place, action: Action) -> Option<&'static str> {
        if needs_account(place, action) && self.accounts.active().is_none() {
            return Some("why.account");
        }
        let without_template = self.compose.chosen().is_none().then_some("why.template");
        let without_audience = self.compose.has_no_audience().then_some("why.audience");
        match action {
            Action::Send | Action::DryRun => self.compose.blocked(&self.ctx).map(|blocked| blocked.why()),
            Action::TestSend => self.compose.flawed(&self.ctx).map(|blocked| blocked.why()),
            Action::Findings | Action::Export | Action::Example | Action::Copy => without_template,
            Action::Color => without_template.or((!self.compose.has_colors()).then_some("why.no_colors")),
            Action::ClearAudience => without_audience,
            Action::NextRecipient | Action::PreviousRecipient | Action::NextFlawed => without_template.or(without_audience),
            Action::Offer | Action::NextField | Action::PreviousField if !self.compose.is_typing() => Some("why.no_field"),
            Action::EvenPanes => (self.splits == Splits::default() && !self.zoomed).then_some("why.even"),
            Action::JumpBack => (!self.jumps.leads(Way::Back)).then_some("why.no_way_back"),
            Action::JumpForward => (!self.jumps.leads(Way::Forward)).then_some("why.no_way_forward"),
            _ => match place {
                Place::Templates => self.in_templates(action),
                Place::Tags => self.in_tags(action),
                Place::Users => self.in_users(action),
                Place::Send => self.in_send(action),
                _ => None,
            },
        }
    }

    /// The sentence of an obstacle, with the keys that lead on.
    pub(super) fn why(&self, obstacle: &str) -> String {
        let keys = [
            ("add_account", Action::AddAccount),
            ("sync", Action::Sync),
            ("templates", Action::FocusTemplates),
            ("tags", Action::FocusTags),
            ("history", Action::History),
            ("filter", Action::Filter),
            ("select", Action::Select),
        ];
        let keys: Vec<(&str, String)> = keys.into_iter().map(|(name, action)| (name, self.ctx.key(action))).collect();
        let args: Vec<(&str, &str)> = keys.iter().map(|(name, key)| (*name, key.as_str())).collect();
        self.ctx.say_with(obstacle, &args)
    }

    fn in_templates(&self, action: Action) -> Option<&'static str> {
        let of_one = matches!(action, Action::Act | Action::DeleteTemplate | Action::RefreshTemplate | Action::AliasTemplate);
        (of_one && self.templates.selected().is_none()).then_some("why.no_template_here")
    }

    fn in_tags(&self, action: Action) -> Option<&'static str> {
        let of_one = matches!(action, Action::RenameTag | Action::DeleteTag | Action::ShowUsers);
        let of_any = matches!(action, Action::Act | Action::Join | Action::Subtract | Action::Intersect);
        if (of_one || of_any) && self.tags.has_no_rows() {
            return Some(if self.tags.is_narrow() { "why.none_found" } else { "why.no_tags" });
        }
        (of_one && self.tags.selected().is_none()).then_some("why.everyone")
    }

    fn in_users(&self, action: Action) -> Option<&'static str> {
        let of_chosen = matches!(action, Action::Act | Action::Join | Action::Subtract | Action::TagUsers | Action::BlockUsers);
        let of_one = matches!(action, Action::RemarkUser | Action::UserHistory | Action::PreviewAs | Action::Select);
        match action {
            Action::ClearSelection => (!self.users.has_marks()).then_some("why.no_marks"),
            _ if of_chosen && self.users.chosen().is_empty() => Some("why.no_user"),
            _ if of_one && self.users.current().is_none() => Some("why.no_user"),
            _ => None,
        }
    }

    fn in_send(&self, action: Action) -> Option<&'static str> {
        match self.send.job() {
            None => is_of_job(action).then_some("why.no_job"),
            Some(job) => of_this_job(action, job).or_else(|| match action {
                Action::Act => (!self.send.has_row()).then_some("why.no_row"),
                Action::OlderJob => (!self.send.has_older()).then_some("why.oldest"),
                Action::NewerJob => (!self.send.has_newer()).then_some("why.newest"),
                _ => None,
            }),
        }
    }
}

/// What needs a job in the send pane.
fn is_of_job(action: Action) -> bool {
    matches!(
        action,
        Action::Act
            | Action::Search
            | Action::Filter
            | Action::Save
            | Action::Errors
            | Action::Review
            | Action::Summary
            | Action::RetryFailed
            | Action::RetryUnknown
            | Action::Pause
            | Action::Pace
            | Action::HandOver
            | Action::CancelJob
            | Action::OlderJob
            | Action::NewerJob
            | Action::Join
            | Action::Subtract
            | Action::Intersect
    )
}

fn of_this_job(action: Action, job: &Job) -> Option<&'static str> {
    let ended = matches!(job.state, JobState::Done | JobState::Cancelled);
    match action {
        Action::RetryFailed => (job.counts.failed == 0).then_some("why.nothing_failed"),
        Action::RetryUnknown => (job.counts.unknown == 0).then_some("why.nothing_unknown"),
        Action::Pause | Action::Pace | Action::HandOver | Action::CancelJob => ended.then_some("why.job_ended"),
        _ => None,
    }
}

fn needs_account(place: Place, action: Action) -> bool {
    let in_lists = matches!(place, Place::Templates | Place::Tags | Place::Users) && !matches!(action, Action::Search);
    let everywhere = matches!(
        action,
        Action::Send | Action::DryRun | Action::TestSend | Action::Sync | Action::History | Action::Export | Action::ClearQuota
    );
    let of_pane = in_lists
        && matches!(
            action,
            Action::Act
                | Action::AddTemplate
                | Action::DeleteTemplate
                | Action::RefreshTemplate
                | Action::AliasTemplate
                | Action::Industries
                | Action::NewTag
                | Action::RenameTag
                | Action::DeleteTag
                | Action::ShowUsers
                | Action::TagUsers
                | Action::RemarkUser
                | Action::BlockUsers
                | Action::WhichOne
                | Action::ImportNames
                | Action::Filter
                | Action::GoTo
                | Action::UserHistory
                | Action::Select
                | Action::PreviewAs
                | Action::Join
                | Action::Subtract
                | Action::Intersect
        );
    everywhere || of_pane || matches!(place, Place::Accounts | Place::Compose) && action == Action::Act
}

impl Blocked {
    fn why(&self) -> &'static str {
        match self {
            Self::NoAccount => "why.account",
            Self::NoTemplate => "why.template",
            Self::UnknownTemplate(_) => "why.unknown_template",
            Self::NoAudience => "why.audience",
            Self::Findings => "why.findings",
        }
    }
}
