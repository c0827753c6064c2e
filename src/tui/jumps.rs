//! Where the operator came from: the way back, and forward again.

use super::app::App;
use super::msg::SendMsg;
use super::out::Out;
use super::panes::PaneId;
use crate::domain::id::{AccountId, JobId, OpenId, TagId, TemplateId};
use std::collections::VecDeque;

/// Places remembered at most.
const MOST: usize = 50;

/// A pane, and what was selected in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pane: PaneId,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Nothing,
    Account(AccountId),
    Template(TemplateId),
    Tag(TagId),
    User(OpenId),
    Job(JobId),
}

/// The places that were left by a jump, in both directions.
#[derive(Debug, Default)]
pub struct Jumps {
    behind: VecDeque<Spot>,
    ahead: Vec<Spot>,
    /// The pane changes now, and that is no jump: a step to the next one, or a way back.
    steps: bool,
}

/// One of the two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Back,
    Forward,
}

impl Jumps {
    /// Whether there is somewhere to go.
    pub fn leads(&self, way: Way) -> bool {
        match way {
            Way::Back => !self.behind.is_empty(),
            Way::Forward => !self.ahead.is_empty(),
        }
    }

    /// What changes the pane now is not to be remembered.
    pub fn step(&mut self) {
        self.steps = true;
    }

    /// The pane was this one before a key, and is another now.
    fn left(&mut self, from: Spot) {
        if std::mem::take(&mut self.steps) || self.behind.back() == Some(&from) {
            return;
        }
        self.ahead.clear();
        self.behind.push_back(from);
        if self.behind.len() > MOST {
            self.behind.pop_front();
        }
    }

    /// Goes one way from here.
    fn go(&mut self, way: Way, here: Spot) -> Option<Spot> {
        let spot = match way {
            Way::Back => self.behind.pop_back(),
            Way::Forward => self.ahead.pop(),
        }?;
        match way {
            Way::Back => self.ahead.push(here),
            Way::Forward => self.behind.push_back(here),
        }
        Some(spot)
    }
}

impl App {
    /// Where the operator is.
    pub(super) fn spot(&self) -> Spot {
        let what = match self.focus {
            PaneId::Accounts => self.accounts.selected().map(|account| What::Account(account.id)),
            PaneId::Templates => self.templates.selected().map(|template| What::Template(template.id.clone())),
            PaneId::Tags => self.tags.selected().map(|tag| What::Tag(tag.id)),
            PaneId::Users => self.users.current().map(|user| What::User(user.openid.clone())),
            PaneId::Send => self.send.job().map(|job| What::Job(job.id)),
            PaneId::Compose | PaneId::Preview => None,
        };
        Spot { pane: self.focus, what: what.unwrap_or(What::Nothing) }
    }

    /// Remembers where a key led away from.
    pub(super) fn came_from(&mut self, spot: Spot) {
        if spot.pane == self.focus {
            self.jumps.steps = false;
        } else {
            self.jumps.left(spot);
        }
    }

    /// Goes back to where the last jump began, or forward again. What is not there any more is not selected.
    pub(super) fn jump(&mut self, way: Way, out: &mut Out) {
        let here = self.spot();
        let Some(spot) = self.jumps.go(way, here) else { return };
        self.jumps.step();
        self.focus_on(spot.pane);
        match spot.what {
            What::Account(id) => self.accounts.select(id),
            What::Template(id) => self.templates.select(&id),
            What::Tag(id) => self.tags.select(id),
            What::User(openid) => self.users.select(&openid),
            What::Job(job) if self.send.job().is_none_or(|shown| shown.id != job) => out.tell(SendMsg::JobChosen { job }),
            What::Job(_) | What::Nothing => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(pane: PaneId) -> Spot {
        Spot { pane, what: What::Nothing }
    }

    #[test]
    fn back_and_forward_are_the_same_way() {
        let mut jumps = Jumps::default();
        jumps.left(spot(PaneId::Tags));
        jumps.left(spot(PaneId::Users));
        assert_eq!(jumps.go(Way::Back, spot(PaneId::Send)), Some(spot(PaneId::Users)));
        assert_eq!(jumps.go(Way::Back, spot(PaneId::Users)), Some(spot(PaneId::Tags)));
        assert_eq!(jumps.go(Way::Back, spot(PaneId::Tags)), None);
        assert_eq!(jumps.go(Way::Forward, spot(PaneId::Tags)), Some(spot(PaneId::Users)));
        jumps.left(spot(PaneId::Users));
        assert!(!jumps.leads(Way::Forward), "another way was taken");
    }

    #[test]
    fn only_so_many_are_remembered() {
        let mut jumps = Jumps::default();
        for index in 0..200 {
            jumps.left(spot(PaneId::ALL[index % 7]));
        }
        assert_eq!(jumps.behind.len(), MOST);
    }
}
