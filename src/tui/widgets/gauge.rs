/// A bar of `width` columns, filled in proportion; it is full only when everything is done.
pub fn gauge(done: u64, total: u64, width: usize, ascii: bool) -> (String, String) {
    let (full, empty) = if ascii { ("#", "-") } else { ("▇", "░") };
    let filled = match total {
        0 => 0,
        _ => (u128::from(done.min(total)) * width as u128 / u128::from(total)) as usize,
    };
    (full.repeat(filled), empty.repeat(width - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_at_the_end_only() {
        for (done, total, expected) in [(0, 0, "----"), (0, 9, "----"), (8, 9, "###-"), (9, 9, "####"), (99, 9, "####")] {
            let (full, empty) = gauge(done, total, 4, true);
            assert_eq!(format!("{full}{empty}"), expected);
        }
    }
}
