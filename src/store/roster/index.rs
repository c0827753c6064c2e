//! The block of text, and what stands beside it.

use super::super::Wanted;
use super::Marks;
use crate::domain::user::{PageAt, UserFilter, UserKey, UserOrder, Who};
use memchr::memmem::{Finder, FinderRev};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Rows between two looks at whether a count is still wanted.
const LOOK_EVERY: usize = 8192;

const SUBSCRIBED: u8 = 1;
const BLOCKED: u8 = 2;
const NAMED: u8 = 4;

/// Ends what is said of one user. No name has it: WeChat strips control characters, and they are dropped here.
const END: u8 = b'\n';
/// Between openid, nickname and remark.
const BETWEEN: char = '\t';

/// Users in list order. Places count from 0, the newest first.
#[derive(Debug)]
pub struct Roster {
    /// Rows in the cache.
    ids: Vec<u32>,
    /// Milliseconds are more than a list needs, seconds since 1970 are what WeChat gives; what is below is kept by the id.
    times: Vec<u32>,
    flags: Vec<u8>,
    /// Openid, nickname and remark of each, in small letters.
    text: Vec<u8>,
    /// Where each begins in the text, and where the last ends.
    begins: Vec<u32>,
    /// Places by id.
    places: Vec<u32>,
    by_name: OnceLock<ByName>,
    marks: Mutex<HashMap<Option<i64>, Arc<Vec<u64>>>>,
}

/// Places in the order of names, and where each place stands in it.
#[derive(Debug)]
struct ByName {
    places: Vec<u32>,
    ranks: Vec<u32>,
}

/// What is let through, made ready for many rows.
#[derive(Debug, Clone)]
pub struct Window {
    /// Each has to be there, in small letters; the longest first, since it is the rarest.
    words: Vec<Vec<u8>>,
    who: Who,
    tagged: Option<Arc<Vec<u64>>>,
    sent_to: Option<Arc<Vec<u64>>>,
    order: UserOrder,
}

impl Window {
    pub fn new(filter: &UserFilter, tagged: Option<Arc<Vec<u64>>>, sent_to: Option<Arc<Vec<u64>>>) -> Self {
        let mut words: Vec<Vec<u8>> = filter.search.split_whitespace().map(|word| small(word).into_bytes()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { words, who: filter.who, tagged, sent_to, order: filter.order }
    }
}

/// Puts a roster together, row by row.
pub struct Builder {
    ids: Vec<u32>,
    times: Vec<u32>,
    flags: Vec<u8>,
    text: Vec<u8>,
    begins: Vec<u32>,
}

impl Builder {
    pub fn with_capacity(users: usize) -> Self {
        let vec = || Vec::with_capacity(users);
        let text = Vec::with_capacity(users * 40);
        Self { ids: vec(), times: vec(), flags: Vec::with_capacity(users), text, begins: Vec::with_capacity(users + 1) }
    }

    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    pub fn push(&mut self, id: i64, millis: i64, (subscribed, blocked): (bool, bool), [openid, nickname, remark]: [&str; 3]) {
        self.ids.push(u32::try_from(id).unwrap_or(u32::MAX));
        self.times.push(u32::try_from(millis / 1000).unwrap_or(u32::MAX));
        let named = !nickname.is_empty() || !remark.is_empty();
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        self.flags.push(flag(subscribed, SUBSCRIBED) | flag(blocked, BLOCKED) | flag(named, NAMED));
        self.begins.push(self.text.len() as u32);
        self.write(openid);
        if named {
            self.text.push(BETWEEN as u8);
            self.write(nickname);
            self.text.push(BETWEEN as u8);
            self.write(remark);
        }
        self.text.push(END);
    }

    fn write(&mut self, part: &str) {
        if part.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.text.extend(part.bytes().map(|byte| byte.to_ascii_lowercase()));
        } else {
            self.text.extend_from_slice(small(part).as_bytes());
        }
    }

    pub fn finish(mut self) -> Roster {
        self.begins.push(self.text.len() as u32);
        self.text.shrink_to_fit();
        let most = self.ids.iter().copied().max().map_or(0, |most| most as usize + 1);
        let mut places = vec![u32::MAX; most];
        for (place, id) in (0..).zip(&self.ids) {
            if let Some(slot) = places.get_mut(*id as usize) {
                *slot = place;
            }
        }
        Roster {
            ids: self.ids,
            times: self.times,
            flags: self.flags,
            text: self.text,
            begins: self.begins,
            places,
            by_name: OnceLock::new(),
            marks: Mutex::default(),
        }
    }
}

impl Roster {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The place of a row of the cache.
    pub fn place_of(&self, id: i64) -> Option<usize> {
        let place = *self.places.get(usize::try_from(id).ok()?)?;
        (place != u32::MAX).then_some(place as usize)
    }

    pub fn marks(&self, marks: Marks) -> Option<Arc<Vec<u64>>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner).get(&key(marks)).cloned()
    }

    pub fn keep_marks(&self, marks: Marks, bits: Vec<u64>) -> Arc<Vec<u64>> {
        let mut kept = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        // One tag at a time is looked at.
        if key(marks).is_some() {
            kept.retain(|key, _| key.is_none());
        }
        Arc::clone(kept.entry(key(marks)).or_insert_with(|| Arc::new(bits)))
    }

    /// Makes ready what a list by name needs; once.
    pub fn sort_by_name(&self) {
        self.by_name.get_or_init(|| {
            let mut places: Vec<u32> = (0..self.ids.len() as u32).collect();
            // Who has no name comes last, in the order of the list.
            places.sort_by_cached_key(|place| {
                let name = self.name(*place as usize);
                (name.is_empty(), name.to_vec(), *place)
            });
            let mut ranks = vec![0; places.len()];
            for (rank, place) in (0..).zip(&places) {
                if let Some(slot) = ranks.get_mut(*place as usize) {
                    *slot = rank;
                }
            }
            ByName { places, ranks }
        });
    }

    /// The rows of a page, in list order.
    pub fn page(&self, window: &Window, at: PageAt<UserKey>, limit: usize) -> Vec<i64> {
        let places = match window.order {
            UserOrder::Newest => self.newest_page(window, at, limit),
            UserOrder::Name => self.named_page(window, at, limit),
        };
        places.into_iter().filter_map(|place| self.ids.get(place)).map(|id| i64::from(*id)).collect()
    }

    /// How many there are; nothing where nobody waits for it any more.
    pub fn count(&self, window: &Window, wanted: &Wanted) -> Option<u64> {
        let mut count = 0;
        let mut next = LOOK_EVERY;
        for place in self.forward(window, 0) {
            if place >= next {
                next = place + LOOK_EVERY;
                if !wanted.still() {
                    return None;
                }
            }
            count += 1;
        }
        wanted.still().then_some(count)
    }

    fn newest_page(&self, window: &Window, at: PageAt<UserKey>, limit: usize) -> Vec<usize> {
        match at {
            PageAt::First => self.forward(window, 0).take(limit).collect(),
            PageAt::After(key) => self.forward(window, self.first_after(key)).take(limit).collect(),
            PageAt::Before(key) => reversed(self.backward(window, self.first_from(key)).take(limit).collect()),
            PageAt::Last => reversed(self.backward(window, self.len()).take(limit).collect()),
        }
    }

    fn named_page(&self, window: &Window, at: PageAt<UserKey>, limit: usize) -> Vec<usize> {
        let Some(by_name) = self.by_name.get() else { return Vec::new() };
        let rank = |key: UserKey| {
            let place = self.place_of(key.id)?;
            by_name.ranks.get(place).map(|rank| *rank as usize)
        };
        let fits = |place: &&u32| self.fits(window, **place as usize);
        let after =
            |from: usize| by_name.places.iter().skip(from).filter(fits).take(limit).map(|place| *place as usize).collect();
        let before = |to: usize| {
            let places = by_name.places.get(..to).unwrap_or_default();
            reversed(places.iter().rev().filter(fits).take(limit).map(|place| *place as usize).collect())
        };
        match at {
            PageAt::First => after(0),
            PageAt::After(key) => rank(key).map(|rank| after(rank + 1)).unwrap_or_default(),
            PageAt::Before(key) => rank(key).map(before).unwrap_or_default(),
            PageAt::Last => before(by_name.places.len()),
        }
    }

    /// Places from one on that fit.
    fn forward<'a>(&'a self, window: &'a Window, from: usize) -> Box<dyn Iterator<Item = usize> + 'a> {
        let Some(word) = window.words.first() else {
            return Box::new((from..self.len()).filter(|place| self.fits(window, *place)));
        };
        let finder = Finder::new(word);
        let mut next = from;
        let hits = std::iter::from_fn(move || {
            let at = self.begin(next);
            let hit = at + finder.find(self.text.get(at..)?)?;
            let place = self.place_from(next, hit);
            next = place + 1;
            Some(place)
        });
        Box::new(hits.filter(|place| self.fits(window, *place)))
    }

    /// Places before one that fit, the nearest first.
    fn backward<'a>(&'a self, window: &'a Window, to: usize) -> Box<dyn Iterator<Item = usize> + 'a> {
        let Some(word) = window.words.first() else {
            return Box::new((0..to).rev().filter(|place| self.fits(window, *place)));
        };
        let finder = FinderRev::new(word);
        let mut end = self.begin(to);
        let hits = std::iter::from_fn(move || {
            let hit = finder.rfind(self.text.get(..end)?)?;
            let place = self.place_at(hit);
            end = self.begin(place);
            Some(place)
        });
        Box::new(hits.filter(|place| self.fits(window, *place)))
    }

    fn fits(&self, window: &Window, place: usize) -> bool {
        let flags = self.flags.get(place).copied().unwrap_or_default();
        let stands = match window.who {
            Who::Everyone => true,
            Who::Following => flags & SUBSCRIBED != 0,
            Who::Left => flags & SUBSCRIBED == 0,
            Who::Blocked => flags & BLOCKED != 0,
        };
        stands
            && window.tagged.as_ref().is_none_or(|bits| is_set(bits, place))
            && !window.sent_to.as_ref().is_some_and(|bits| is_set(bits, place))
            && window.words.iter().all(|word| memchr::memmem::find(self.said(place), word).is_some())
    }

    /// What is said of a user.
    fn said(&self, place: usize) -> &[u8] {
        self.text.get(self.begin(place)..self.begin(place + 1)).unwrap_or_default()
    }

    /// The remark, else the nickname; empty for most.
    fn name(&self, place: usize) -> &[u8] {
        if self.flags.get(place).is_none_or(|flags| flags & NAMED == 0) {
            return &[];
        }
        let said = self.said(place).strip_suffix(&[END]).unwrap_or_default();
        let mut parts = said.rsplit(|byte| *byte == BETWEEN as u8);
        let (remark, nickname) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if remark.is_empty() { nickname } else { remark }
    }

    fn begin(&self, place: usize) -> usize {
        self.begins.get(place).map_or(self.text.len(), |begin| *begin as usize)
    }

    /// The same for one that is not before a place, and mostly near to it.
    fn place_from(&self, place: usize, byte: usize) -> usize {
        let (mut from, mut step) = (place, 1);
        while self.begin(from + step) <= byte && from + step < self.len() {
            from += step;
            step *= 2;
        }
        let ahead = self.begins.get(from..(from + step).min(self.begins.len())).unwrap_or_default();
        from + ahead.partition_point(|begin| *begin as usize <= byte).saturating_sub(1)
    }

    fn place_at(&self, byte: usize) -> usize {
        self.begins.partition_point(|begin| *begin as usize <= byte).saturating_sub(1)
    }

    /// The first place that comes after a key. Times fall; of the same time, ids do.
    fn first_after(&self, key: UserKey) -> usize {
        self.partition(|time, id| (time, id) >= (key.subscribe_time / 1000, key.id))
    }

    /// The place of a key, or where it would be.
    fn first_from(&self, key: UserKey) -> usize {
        self.partition(|time, id| (time, id) > (key.subscribe_time / 1000, key.id))
    }

    fn partition(&self, comes_before: impl Fn(i64, i64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let time = self.times.get(middle).map_or(0, |time| i64::from(*time));
            let id = self.ids.get(middle).map_or(0, |id| i64::from(*id));
            if comes_before(time, id) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

fn key(marks: Marks) -> Option<i64> {
    match marks {
        Marks::Tag(tag) => Some(tag.0),
        Marks::SentTo => None,
    }
}

fn is_set(bits: &[u64], place: usize) -> bool {
    bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
}

fn reversed(mut places: Vec<usize>) -> Vec<usize> {
    places.reverse();
    places
}

/// In small letters, without the characters that stand between users here.
fn small(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase).collect()
}
