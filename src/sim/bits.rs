//! A set of small numbers: one bit each, so that a tag with a million members costs 125 kB.

/// A set of follower numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn contains(&self, n: u32) -> bool {
        self.words.get(n as usize / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// Whether it was new.
    pub(super) fn insert(&mut self, n: u32) -> bool {
        let at = n as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let new = !self.contains(n);
        self.words[at] |= 1 << (n % 64);
        self.len += usize::from(new);
        new
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, n: u32) -> bool {
        let there = self.contains(n);
        if there {
            self.words[n as usize / 64] &= !(1 << (n % 64));
            self.len -= 1;
        }
        there
    }

    /// The members from `first` on, in order.
    pub(super) fn from(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        let words = self.words.iter().enumerate().skip(first as usize / 64);
        words.flat_map(|(at, &word)| Ones(word).map(move |bit| at as u32 * 64 + bit)).skip_while(move |&n| n < first)
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<T: IntoIterator<Item = u32>>(numbers: T) -> Self {
        let mut bits = Self::default();
        for n in numbers {
            bits.insert(n);
        }
        bits
    }
}

/// The places of the ones in a word, lowest first.
struct Ones(u64);

impl Iterator for Ones {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let place = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (place < 64).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_set_in_order() {
        let mut bits: Bits = [5, 64, 0, 130, 64].into_iter().collect();
        assert_eq!(bits.len(), 4);
        assert_eq!(bits.from(0).collect::<Vec<_>>(), [0, 5, 64, 130]);
        assert_eq!(bits.from(6).collect::<Vec<_>>(), [64, 130]);
        assert!(bits.remove(64) && !bits.remove(64) && !bits.remove(9_999));
        assert!(!bits.contains(64) && bits.contains(130) && bits.len() == 3);
        assert_eq!(bits.from(131).count(), 0);
    }
}
