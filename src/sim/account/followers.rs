//! Who follows an account, what the operator noted about them, and whose sends fail.

use super::openids::Openids;
use crate::sim::{bits::Bits, rng::at};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// How one follower stands to the account. What differs from [`Standing::Follows`] fails by design.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Follows, and gets what is sent.
    #[default]
    Follows,
    /// Does not follow any more: not in the lists, `subscribe` 0, sends answer 43004.
    Left,
    /// Left so lately that all lists still show a follower; sends answer 43004.
    Stale,
    /// Declined messages; sends answer 43101.
    Refuses,
    /// On the blacklist without being shown there; sends answer 43019. (Shown ones: [`Account::blacklist`](super::Account::blacklist).)
    Barred,
    /// Listed, but sends answer 40003.
    Unknown,
    /// Listed, but every batch of details with this openid answers 40003, as sends do.
    Broken,
}

/// Words that remarks of computed followers are made of.
#[derive(Debug, Default, Deserialize)]
pub(in crate::sim) struct Names {
    pub(in crate::sim) surnames: Vec<String>,
    pub(in crate::sim) given: Vec<String>,
    pub(in crate::sim) notes: Vec<String>,
}

/// The followers of one account. Everything of a computed follower that no one has changed is derived from its number.
#[derive(Debug, Clone)]
pub(in crate::sim) struct Followers {
    ids: Openids,
    seed: u64,
    names: &'static Names,
    standing: Vec<Standing>,
    listed: usize,
    /// How many are computed; whoever follows later has a time of their own.
    computed: u32,
    came: HashMap<u32, u64>,
    remarks: HashMap<u32, String>,
    pub(in crate::sim) blacklist: Bits,
    /// Whether the account is bound to an Open Platform account, so that details carry a `unionid`.
    pub(in crate::sim) unionids: bool,
}

/// 2019-01-01: the first computed follower came then.
const FIRST: u64 = 1_546_300_800;
/// The last one came so many seconds later, in November 2025.
const SPAN: u64 = 217_000_000;

const SCENES: [&str; 6] = [
    "ADD_SCENE_QR_CODE",
    "ADD_SCENE_SEARCH",
    "ADD_SCENE_PROFILE_CARD",
    "ADD_SCENE_PAID",
    "ADD_SCENE_PROFILE_LINK",
    "ADD_SCENE_OTHERS",
];

impl Followers {
    pub(in crate::sim) fn new(seed: u64, names: &'static Names) -> Self {
        Self {
            ids: Openids::new(seed),
            seed,
            names,
            standing: Vec::new(),
            listed: 0,
            computed: 0,
            came: HashMap::new(),
            remarks: HashMap::new(),
            blacklist: Bits::default(),
            unionids: false,
        }
    }

    /// Fills an empty account with `count` computed followers.
    pub(in crate::sim) fn compute(&mut self, count: u32) {
        self.ids.compute(count);
        self.standing = vec![Standing::Follows; count as usize];
        self.listed = count as usize;
        self.computed = count;
    }

    /// Lets someone with a chosen openid follow (again).
    pub(in crate::sim) fn follow(&mut self, openid: &str) -> u32 {
        let number = self.ids.give(openid);
        if number as usize == self.standing.len() {
            self.standing.push(Standing::Left);
        }
        if self.standing(number) == Standing::Left {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            let last = self.came.values().copied().max().unwrap_or(FIRST + SPAN);
            self.came.insert(number, now.max(last + 1));
        }
        self.set(number, Standing::Follows);
        number
    }

    pub(in crate::sim) fn number(&self, openid: &str) -> Option<u32> {
        self.ids.number(openid)
    }

    pub(in crate::sim) fn is_foreign(&self, openid: &str) -> bool {
        self.ids.is_foreign(openid)
    }

    pub(in crate::sim) fn openid(&self, number: u32) -> String {
        self.ids.text(number)
    }

    pub(in crate::sim) fn write_openid(&self, number: u32, out: &mut Vec<u8>) {
        self.ids.write(number, out);
    }

    /// All that ever followed: numbers run from 0 to this.
    pub(in crate::sim) fn known(&self) -> u32 {
        self.ids.len()
    }

    /// How many `user/get` lists.
    pub(in crate::sim) fn listed(&self) -> usize {
        self.listed
    }

    pub(in crate::sim) fn standing(&self, number: u32) -> Standing {
        self.standing.get(number as usize).copied().unwrap_or(Standing::Left)
    }

    pub(in crate::sim) fn set(&mut self, number: u32, standing: Standing) {
        let Some(place) = self.standing.get_mut(number as usize) else { return };
        self.listed -= usize::from(*place != Standing::Left);
        self.listed += usize::from(standing != Standing::Left);
        *place = standing;
    }

    /// The numbers `user/get` lists, from `first` on.
    pub(in crate::sim) fn list_from(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        (first..self.known()).filter(|&n| self.standing(n) != Standing::Left)
    }

    /// The note of the operator: what was set, else for six of ten computed followers a Chinese name and perhaps a word.
    pub(in crate::sim) fn remark(&self, number: u32) -> String {
        if let Some(set) = self.remarks.get(&number) {
            return set.clone();
        }
        if self.dice(number) % 10 < 6 { self.likely_name(number) } else { String::new() }
    }

    /// Gives a follower a remark who has none.
    pub(in crate::sim) fn name(&mut self, number: u32) {
        if self.remark(number).is_empty() || self.is_bare(number) {
            self.remarks.insert(number, self.likely_name(number));
        }
    }

    fn dice(&self, number: u32) -> u64 {
        at(self.seed ^ 0x5eed_0f1e, u64::from(number))
    }

    fn likely_name(&self, number: u32) -> String {
        let dice = self.dice(number);
        let pick = |of: &[String], bits: u64| of.get((bits & 0xffff) as usize % of.len().max(1)).cloned().unwrap_or_default();
        let mut remark = pick(&self.names.surnames, dice >> 8) + &pick(&self.names.given, dice >> 24);
        if (dice >> 40).is_multiple_of(8) {
            remark.push(' ');
            remark += &pick(&self.names.notes, dice >> 44);
        }
        remark
    }

    pub(in crate::sim) fn set_remark(&mut self, number: u32, remark: &str) {
        self.remarks.insert(number, remark.to_owned());
    }

    /// When they followed the last time, in seconds since 1970; of computed ones later numbers came later.
    pub(in crate::sim) fn since(&self, number: u32) -> u64 {
        if let Some(came) = self.came.get(&number) {
            return *came;
        }
        let step = SPAN / u64::from(self.computed.max(1));
        FIRST + u64::from(number) * step + at(self.seed, u64::from(number)) % step.max(1)
    }

    pub(in crate::sim) fn scene(&self, number: u32) -> &'static str {
        SCENES[(at(self.seed ^ 0x5cee, u64::from(number)) % SCENES.len() as u64) as usize]
    }

    /// One follower in a hundred has nothing but `subscribe`, `openid` and `tagid_list` (§9.2).
    pub(in crate::sim) fn is_bare(&self, number: u32) -> bool {
        at(self.seed ^ 0xba4e, u64::from(number)).is_multiple_of(100) && !self.remarks.contains_key(&number)
    }

    pub(in crate::sim) fn unionid(&self, number: u32) -> Option<String> {
        if !self.unionids {
            return None;
        }
        let mut ids = Openids::new(!self.seed);
        ids.compute(self.known());
        Some(ids.text(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::demo;

    #[test]
    fn who_left_is_not_listed_and_may_come_back() {
        let mut all = Followers::new(1, demo::names());
        all.compute(10);
        all.set(3, Standing::Left);
        all.set(4, Standing::Stale);
        let new = all.follow("oNewcomer");
        assert_eq!(all.listed(), 10);
        assert_eq!(all.list_from(2).collect::<Vec<_>>(), [2, 4, 5, 6, 7, 8, 9, new]);
        all.follow(&all.openid(3));
        assert_eq!(all.listed(), 11);
        assert!(all.since(9) < all.since(new) && all.since(new) < all.since(3), "who comes back is the newest");
        assert_eq!(all.known(), 11);
    }

    #[test]
    fn a_bare_follower_is_rare_and_times_rise() {
        let mut all = Followers::new(9, demo::names());
        all.compute(5000);
        let bare = (0..5000).filter(|&n| all.is_bare(n)).count();
        assert!((20..90).contains(&bare), "{bare}");
        assert!((1..5000).all(|n| all.since(n - 1) < all.since(n)));
        assert!(all.unionid(3).is_none());
        all.unionids = true;
        assert_ne!(all.unionid(3).unwrap(), all.openid(3));
    }
}
