//! The openids of an account's followers: computed from their number, so that a million of them cost nothing.

use crate::sim::rng::{ALPHABET, at, mix, unmix};
use std::collections::HashMap;

/// Length of an openid (`wechat-api.md §0`).
const LEN: usize = 28;
/// `o` and five characters are the same for all openids of one account.
const PREFIX: usize = 6;

/// Numbers ⇄ openids. The first `computed` are derived from the account's key, the others were given by name.
#[derive(Debug, Clone)]
pub(super) struct Openids {
    key: u64,
    prefix: [u8; PREFIX],
    computed: u32,
    given: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Openids {
    pub(super) fn new(key: u64) -> Self {
        let mut prefix = [b'o'; PREFIX];
        for (place, byte) in prefix.iter_mut().enumerate().skip(1) {
            *byte = ALPHABET[(at(key, place as u64) >> 58) as usize % 62];
        }
        Self { key, prefix, computed: 0, given: Vec::new(), numbers: HashMap::new() }
    }

    pub(super) fn len(&self) -> u32 {
        self.computed + self.given.len() as u32
    }

    /// Sets how many are computed; only before any was given by name.
    pub(super) fn compute(&mut self, count: u32) {
        self.computed = count;
    }

    /// Takes an openid chosen by a test; the number it has from now on.
    pub(super) fn give(&mut self, openid: &str) -> u32 {
        if let Some(known) = self.number(openid) {
            return known;
        }
        let number = self.len();
        self.given.push(openid.to_owned());
        self.numbers.insert(openid.to_owned(), number);
        number
    }

    /// Writes the openid with this number, which must be one of ours.
    pub(super) fn write(&self, number: u32, out: &mut Vec<u8>) {
        if number < self.computed {
            out.extend_from_slice(&self.computed_text(number));
        } else if let Some(text) = self.given.get((number - self.computed) as usize) {
            out.extend_from_slice(text.as_bytes());
        }
    }

    pub(super) fn text(&self, number: u32) -> String {
        let mut out = Vec::with_capacity(LEN);
        self.write(number, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn number(&self, openid: &str) -> Option<u32> {
        self.computed_number(openid).or_else(|| self.numbers.get(openid).copied())
    }

    /// Whether it looks like an openid, but of another account: real ones begin alike within one account.
    pub(super) fn is_foreign(&self, openid: &str) -> bool {
        let bytes = openid.as_bytes();
        bytes.len() == LEN
            && bytes.starts_with(b"o")
            && bytes.iter().all(|b| ALPHABET.contains(b))
            && !bytes.starts_with(&self.prefix)
    }

    /// 22 characters: 64 bits that lead back to the number, then 68 bits that check them.
    fn computed_text(&self, number: u32) -> [u8; LEN] {
        let back = mix(u64::from(number) ^ self.key);
        let check = mix(back ^ self.key.rotate_left(17));
        let sixes = |word: u64, place: usize| ALPHABET[(word >> (58 - 6 * place)) as usize & 63];
        let mut text = [0; LEN];
        text[..PREFIX].copy_from_slice(&self.prefix);
        for place in 0..10 {
            text[PREFIX + place] = sixes(back, place);
            text[PREFIX + 11 + place] = sixes(check, place);
        }
        text[PREFIX + 10] = ALPHABET[(((back & 15) << 2) | (check & 3)) as usize];
        text[PREFIX + 21] = ALPHABET[((back ^ check) >> 21) as usize & 63];
        text
    }

    fn computed_number(&self, openid: &str) -> Option<u32> {
        let bytes: &[u8; LEN] = openid.as_bytes().try_into().ok()?;
        let mut back = 0u64;
        for &byte in bytes.get(PREFIX..PREFIX + 10)? {
            back = back << 6 | six_bits(byte)?;
        }
        back = back << 4 | six_bits(bytes[PREFIX + 10])? >> 2;
        let number = u32::try_from(unmix(back) ^ self.key).ok().filter(|&n| n < self.computed)?;
        (self.computed_text(number) == *bytes).then_some(number)
    }
}

/// The place of a byte in the alphabet of base64url.
fn six_bits(byte: u8) -> Option<u64> {
    Some(u64::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_and_openids_lead_to_each_other() {
        let mut ids = Openids::new(42);
        ids.compute(5000);
        let given = ids.give("oHandMadeOpenidOfATest");
        let mut seen = HashSet::new();
        for number in 0..ids.len() {
            let text = ids.text(number);
            assert_eq!(ids.number(&text), Some(number));
            assert!(number == given || text.len() == LEN && text.starts_with('o'), "{text}");
            assert!(seen.insert(text));
        }
        assert_eq!(ids.give("oHandMadeOpenidOfATest"), given);
    }

    #[test]
    fn what_was_never_given_out_is_unknown() {
        let mut ids = Openids::new(42);
        ids.compute(10);
        let mut more = Openids::new(42);
        more.compute(11);
        let mut other = Openids::new(43);
        other.compute(10);
        assert_eq!(ids.number(&more.text(10)), None);
        assert_eq!(ids.number(&other.text(3)), None);
        assert!(ids.is_foreign(&other.text(3)) && !ids.is_foreign(&ids.text(3)));
        let mut changed = ids.text(3).into_bytes();
        changed[27] ^= 1;
        assert_eq!(ids.number(&String::from_utf8(changed).unwrap()), None);
        for bad in ["", "o", "o张三", " oTD8i6Wz6jQZPSNJlzQv43ApodvI", "oTD8i6Wz6jQZPSNJlzQv43Apodv\r"] {
            assert_eq!(ids.number(bad), None, "{bad}");
            assert!(!ids.is_foreign(bad), "{bad}");
        }
    }
}
