//! A while passes: some leave, some come back, some are new, some are tagged otherwise.

use super::{Account, Standing};

/// Of the tags, the first that is not WeChat's own.
const OWN: u32 = 100;

/// How many do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sim) struct Churn {
    pub(in crate::sim) leave: u32,
    pub(in crate::sim) back: u32,
    pub(in crate::sim) new: u32,
    pub(in crate::sim) retag: u32,
}

impl Account {
    /// Lets it happen to followers all over the list, the same ones in each run.
    pub(in crate::sim) fn churn(&mut self, churn: Churn) {
        let known = self.followers.known();
        let stays = |n: &u32| self.followers.standing(*n) == Standing::Follows;
        let all: Vec<u32> = (0..known).filter(stays).collect();
        let step = (all.len() / (churn.leave + churn.retag).max(1) as usize).max(1);
        let mut chosen = all.into_iter().step_by(step);
        let leave: Vec<u32> = chosen.by_ref().take(churn.leave as usize).collect();
        let retag: Vec<u32> = chosen.take(churn.retag as usize).collect();
        let back: Vec<u32> =
            (0..known).filter(|n| self.followers.standing(*n) == Standing::Left).take(churn.back as usize).collect();
        for number in back {
            let openid = self.followers.openid(number);
            self.follow(&openid);
        }
        for number in leave {
            self.followers.set(number, Standing::Left);
            self.tags.forget(number);
        }
        if let Ok(tag) = self.tags.get_mut(OWN) {
            for number in retag {
                if tag.members.contains(number) {
                    tag.members.remove(number)
                } else {
                    tag.members.insert(number)
                };
            }
        }
        let start: String = self.followers.openid(0).chars().take(6).collect();
        for number in known..known + churn.new {
            self.follow(&format!("{start}{number:022}"));
        }
    }
}
