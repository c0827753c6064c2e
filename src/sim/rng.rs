//! splitmix64: small, seeded, the same everywhere.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Scatters a number; a bijection, undone by [`unmix`].
pub(super) const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What [`mix`] was given.
pub(super) const fn unmix(mut z: u64) -> u64 {
    z = (z ^ (z >> 31) ^ (z >> 62)).wrapping_mul(0x3196_42b2_d24d_8ec3);
    z = (z ^ (z >> 27) ^ (z >> 54)).wrapping_mul(0x96de_1b17_3f11_9089);
    z ^ (z >> 30) ^ (z >> 60)
}

/// A number that depends on nothing but `seed` and `index`.
pub(super) const fn at(seed: u64, index: u64) -> u64 {
    mix(seed.wrapping_add(GOLDEN.wrapping_mul(index.wrapping_add(1))))
}

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Whether an event that happens in `percent` of 100 cases happens now. Draws nothing for 0, so that a switch left
    /// alone changes no later draw.
    pub(super) fn hits(&mut self, percent: f64) -> bool {
        percent > 0.0 && (self.next() >> 11) as f64 / (1u64 << 53) as f64 * 100.0 < percent
    }

    /// Text of `len` characters of base64url.
    pub(super) fn text(&mut self, len: usize) -> String {
        (0..len).map(|_| char::from(ALPHABET[(self.next() >> 58) as usize])).collect()
    }

    /// Text of `len` lower-case hexadecimal digits.
    pub(super) fn hex(&mut self, len: usize) -> String {
        (0..len).map(|_| char::from(b"0123456789abcdef"[(self.next() >> 60) as usize])).collect()
    }
}

/// The alphabet of base64url, which openids, template ids and tokens are written in.
pub(super) const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_is_undone() {
        for n in [0, 1, 2, 999_999, u64::MAX, 0x0123_4567_89ab_cdef] {
            assert_eq!(unmix(mix(n)), n);
        }
    }

    #[test]
    fn a_percentage_is_about_what_it_says_and_repeats() {
        let draw = |seed| {
            let mut rng = Rng::new(seed);
            (0..10_000).filter(|_| rng.hits(5.0)).count()
        };
        assert!((400..600).contains(&draw(7)), "{}", draw(7));
        assert_eq!(draw(7), draw(7));
        assert!(!Rng::new(1).hits(0.0));
        assert!(Rng::new(1).hits(100.0));
    }
}
