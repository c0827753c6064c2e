//! Finding a text by some of its letters, in their order: `dtg` finds `delete the tag`.

/// Where the letters of a search are in a text, and how good a find that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The more the better.
    pub score: i32,
    /// The characters that were found, by number.
    pub at: Vec<usize>,
}

/// Letters of one word that are looked at: nobody types more to find something.
const MOST: usize = 48;
const LETTER: i32 = 4;
const IN_A_ROW: i32 = 6;
const WORD_START: i32 = 8;
const NEVER: i32 = i32::MIN / 2;

/// Finds every word of a search in a text; beginnings of words and letters in a row count most. Nothing is found everywhere.
pub fn find(wanted: &str, text: &str) -> Option<Match> {
    let text: Vec<char> = text.chars().map(lower).collect();
    let mut found = Match { score: 0, at: Vec::new() };
    for word in wanted.split_whitespace() {
        let word: Vec<char> = word.chars().take(MOST).map(lower).collect();
        let one = find_word(&word, &text)?;
        found.score += one.score;
        found.at.extend(one.at);
    }
    found.at.sort_unstable();
    found.at.dedup();
    Some(found)
}

/// For each letter, and each place where it may be: the best score up to there, and where the letter before is then.
fn find_word(word: &[char], text: &[char]) -> Option<Match> {
    let mut rows: Vec<Vec<(i32, usize)>> = Vec::new();
    for (index, letter) in word.iter().enumerate() {
        // The best end of the letters before, less one for each character since.
        let mut best = (if index == 0 { 0 } else { NEVER }, 0);
        let mut row = vec![(NEVER, 0); text.len()];
        for at in 0..text.len() {
            let before = rows.last().filter(|_| at > 0).map(|row| row[at - 1].0);
            if text[at] == *letter {
                let worth = LETTER + if starts_word(text, at) { WORD_START } else { 0 };
                let apart = (best.0 + worth, best.1);
                let in_a_row = (before.unwrap_or(NEVER) + IN_A_ROW + worth, at.wrapping_sub(1));
                row[at] = if index > 0 && in_a_row.0 >= apart.0 { in_a_row } else { apart };
            }
            match before {
                Some(score) if score > best.0 => best = (score - 1, at - 1),
                _ => best.0 = (best.0 - 1).max(NEVER),
            }
        }
        rows.push(row);
    }
    let (mut at, score) = rows.last()?.iter().enumerate().map(|(at, (score, _))| (at, *score)).max_by_key(|(_, score)| *score)?;
    if score <= NEVER / 2 {
        return None;
    }
    let mut found = Vec::new();
    for row in rows.iter().rev() {
        found.push(at);
        at = row[at].1;
    }
    Some(Match { score, at: found })
}

fn starts_word(text: &[char], at: usize) -> bool {
    text[at].is_alphanumeric() && !at.checked_sub(1).is_some_and(|before| text[before].is_alphanumeric())
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wanted: &str, text: &str) -> Option<Vec<usize>> {
        find(wanted, text).map(|found| found.at)
    }

    #[test]
    fn letters_are_found_in_their_order() {
        assert_eq!(at("dtg", "delete the tag"), Some(vec![0, 7, 13]));
        assert_eq!(at("gtd", "delete the tag"), None);
        assert_eq!(at("", "delete"), Some(vec![]));
        assert_eq!(at("a", ""), None);
        assert_eq!(at("TAG del", "delete the tag"), Some(vec![0, 1, 2, 11, 12, 13]));
    }

    #[test]
    fn chinese_is_found_by_characters() {
        assert_eq!(at("发单", "发送订单"), Some(vec![0, 3]));
        assert_eq!(at("单发", "发送订单"), None);
    }

    #[test]
    fn beginnings_of_words_and_letters_in_a_row_come_first() {
        let score = |text: &str| find("send", text).unwrap().score;
        assert!(score("send") > score("resend"), "the beginning of a word");
        assert!(score("resend") > score("rsxexnd"), "letters in a row");
        assert_eq!(at("ta", "retry the tag"), Some(vec![10, 11]), "the best place, not the first");
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_is_there(wanted in "[a-c你]{0,5}", text in "[a-c 你]{0,12}") {
            let chars: Vec<char> = text.chars().collect();
            let mut rest = text.chars();
            let is_there = wanted.chars().all(|c| rest.any(|other| other == c));
            match find(&wanted, &text) {
                Some(found) => {
                    let letters: String = found.at.iter().map(|at| chars[*at]).collect();
                    proptest::prop_assert_eq!(letters, wanted);
                }
                None => proptest::prop_assert!(!is_there),
            }
        }
    }
}
