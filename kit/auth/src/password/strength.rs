//! What of a password is judged: so much that the judgement stays quick, whatever was typed.
//!
//! zxcvbn compares every part of a password with its dictionaries, which is the square of the length,
//! and does so once more for every way to read its symbols as letters: `$` as `s`, `1` as `i` or as
//! `l`. Those ways multiply: a hundred characters with every symbol took forty times as long as a
//! hash.

/// The most characters: a password that is guessable is so within these.
const MOST_CHARS: usize = 100;
/// The most work: that of a hundred characters whose symbols can be read in so many ways.
const MOST_WORK: usize = 8 * MOST_CHARS * MOST_CHARS;

/// Which letters zxcvbn takes for which, and the one that it is taken for here when it is too much.
const SYMBOLS: [(char, &str); 12] = [
    ('a', "4@"),
    ('b', "8"),
    ('c', "({[<"),
    ('e', "3"),
    ('g', "69"),
    ('i', "1!|"),
    ('l', "1|7"),
    ('o', "0"),
    ('s', "$5"),
    ('t', "+7"),
    ('x', "%"),
    ('z', "2"),
];

/// The part of the password that is judged. Where its symbols can be read in too many ways they are
/// read in one, which makes the password look rather weaker than stronger.
pub(super) fn judged(password: &str) -> String {
    let judged: String = password.chars().take(MOST_CHARS).collect();
    let chars = judged.chars().count();
    if ways_to_read(&judged).saturating_mul(chars * chars) <= MOST_WORK {
        return judged;
    }
    judged.chars().map(as_letter).collect()
}

/// In how many ways its symbols can be read as letters, at most.
fn ways_to_read(text: &str) -> usize {
    let occurs = |symbol: &char| text.contains(*symbol);
    let is_shared = |symbol: char| {
        SYMBOLS
            .iter()
            .filter(|(_, all)| all.contains(symbol))
            .count()
            > 1
    };
    SYMBOLS
        .iter()
        .map(|(_, all)| {
            let occurring = all.chars().filter(occurs);
            // One that can be two letters is tried as either.
            let ways: usize = occurring
                .map(|symbol| 1 + usize::from(is_shared(symbol)))
                .sum();
            ways.max(1)
        })
        .fold(1, usize::saturating_mul)
}

fn as_letter(char: char) -> char {
    let found = SYMBOLS.iter().find(|(_, all)| all.contains(char));
    found.map_or(char, |(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    /// Every symbol, in the order that takes zxcvbn longest.
    const SYMBOL_SOUP: &str = "4@8({[<369&#!1/|0$5+7%2";

    fn quickest(text: &str) -> Duration {
        let time = |_| {
            let start = Instant::now();
            zxcvbn::zxcvbn(&judged(text), &["ann@example.com"]);
            start.elapsed()
        };
        (0..3).map(time).min().unwrap()
    }

    #[test]
    fn no_password_takes_many_times_as_long_as_another_of_its_length() {
        let words = "kettle orbit plum sandal ".repeat(4);
        let usual = quickest(&words);
        let hard = [
            SYMBOL_SOUP.repeat(5),
            SYMBOL_SOUP.chars().rev().cycle().take(100).collect(),
            "1|7!4@".repeat(20),
            "p4$$w0rd1|7!({[<".repeat(7),
            format!("{SYMBOL_SOUP}{}", "monkey".repeat(12)),
            SYMBOL_SOUP.to_owned(),
            "ab1!".repeat(25),
            "a".repeat(1024),
            "é".repeat(512),
        ];
        for text in hard {
            let took = quickest(&text);
            assert!(took < 40 * usual, "{took:?}, {usual:?} is usual: {text}");
        }
    }

    #[test]
    fn few_symbols_are_judged_as_typed_and_many_as_the_letters_they_stand_for() {
        for typed in ["P@$$w0rd for my c4t", "Tr0ub4dor&3", "1Il|", "静かな湖畔"] {
            assert_eq!(judged(typed), typed);
        }
        let soup = SYMBOL_SOUP.repeat(5);
        let letters = judged(&soup);
        assert_eq!(letters.chars().count(), MOST_CHARS);
        assert!(!letters.contains(['4', '@', '$', '1', '|']), "{letters}");
    }

    #[test]
    fn what_is_read_in_one_way_is_as_easy_to_guess_as_the_word_it_stands_for() {
        let typed = format!("p4$$w0rd{}", "p@55w0rd({[<|1!7+2%8".repeat(5));
        assert_ne!(judged(&typed), typed[..100]);
        assert!(judged(&typed).starts_with("passwordpassword"));
    }
}
