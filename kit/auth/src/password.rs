//! Passwords: which ones are accepted.
//!
//! Length counts, composition does not (NIST SP 800-63B-4 §3.1.1.2): at least
//! [`PasswordPolicy::min_chars`] characters of any script, NFC before anything else, never cut.
//! What an attacker would try first is refused, and the person is told why.

mod strength;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, feedback::Warning};

use crate::accounts::{Email, Name};

/// A password as typed, in NFC. Does not print.
#[derive(Clone)]
pub struct Password(SecretString);

impl Password {
    /// The longest password, in bytes as typed.
    pub const MAX_BYTES: usize = 1024;

    /// Takes what a person typed. White space counts; nothing is trimmed.
    pub fn parse(typed: &str) -> Result<Self, PasswordError> {
        if typed.is_empty() {
            return Err(PasswordError::Empty);
        }
        if typed.len() > Self::MAX_BYTES {
            return Err(PasswordError::TooLong);
        }
        Ok(Self(SecretString::from(typed.nfc().collect::<String>())))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

/// Which passwords a new account may have. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The fewest characters.
    pub min_chars: usize,
}

impl PasswordPolicy {
    /// Refuses what is too short. Costs nothing, so that it can be said beside the faults of other
    /// fields, before anything is hashed.
    pub fn check_length(self, password: &Password) -> Result<(), PasswordError> {
        if password.expose().chars().count() < self.min_chars {
            return Err(PasswordError::TooShort {
                min_chars: self.min_chars,
            });
        }
        Ok(())
    }

    /// Refuses what is too short or too easy to guess, for the person of that name and address.
    /// Takes milliseconds, and never more than about as long as a hash: not for an async thread.
    pub fn check(
        self,
        password: &Password,
        name: &Name,
        email: &Email,
    ) -> Result<(), PasswordError> {
        self.check_length(password)?;
        let password = password.expose();
        let known: Vec<&str> = known_words(name, email).collect();
        let estimate = zxcvbn::zxcvbn(&strength::judged(password), &known);
        if estimate.score() >= Score::Three {
            return Ok(());
        }
        let warning = estimate
            .feedback()
            .and_then(zxcvbn::feedback::Feedback::warning);
        Err(PasswordError::Guessable(
            warning.map_or(Weakness::Predictable, Weakness::from),
        ))
    }
}

/// Why a password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was given.
    #[error("a password is needed")]
    Empty,
    /// Under the policy's length.
    #[error("a password has at least {min_chars} characters")]
    TooShort {
        /// What the policy asks for.
        min_chars: usize,
    },
    /// Over [`Password::MAX_BYTES`].
    #[error("a password has at most 1024 bytes")]
    TooLong,
    /// An attacker would try it early.
    #[error("that password is easy to guess")]
    Guessable(Weakness),
}

/// What makes a password easy to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It is on lists of common passwords, or close to one that is.
    Common,
    /// Neighbouring keys.
    Keyboard,
    /// The same again and again.
    Repeats,
    /// `abcdef`, `13579`.
    Sequence,
    /// Dates and years.
    Date,
    /// One word, or names, alone.
    Words,
    /// Made of parts that are easy to predict, the person's own name or address among them.
    Predictable,
}

impl From<Warning> for Weakness {
    fn from(warning: Warning) -> Self {
        match warning {
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword => Self::Common,
            Warning::StraightRowsOfKeysAreEasyToGuess
            | Warning::ShortKeyboardPatternsAreEasyToGuess => Self::Keyboard,
            Warning::RepeatsLikeAaaAreEasyToGuess
            | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Self::Repeats,
            Warning::SequencesLikeAbcAreEasyToGuess => Self::Sequence,
            Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Self::Date,
            Warning::AWordByItselfIsEasyToGuess
            | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess => Self::Words,
        }
    }
}

/// What an attacker who knows the person would try: the name, the address, their parts, and ours.
fn known_words<'a>(name: &'a Name, email: &'a Email) -> impl Iterator<Item = &'a str> {
    let words = |text: &'a str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2)
    };
    [name.as_str(), email.as_str(), "monban", "門番"]
        .into_iter()
        .chain(words(name.as_str()))
        .chain(words(email.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy { min_chars: 15 };

    fn check(typed: &str) -> Result<(), PasswordError> {
        let (name, email) = (
            Name::parse("Marigold Featherstone").unwrap(),
            Email::parse("goldie@featherstone.example.com").unwrap(),
        );
        POLICY.check(&Password::parse(typed)?, &name, &email)
    }

    #[test]
    fn a_long_password_of_any_script_is_accepted() {
        for typed in [
            "kettle orbit plum sandal",
            "静かな湖畔の森の影から郭公の声",
            "ω 📎 zebra ffö 44 !! lamp",
        ] {
            assert_eq!(check(typed), Ok(()), "{typed}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_after_normalising() {
        assert_eq!(
            check("kettle orbit p"),
            Err(PasswordError::TooShort { min_chars: 15 })
        );
        // Fifteen characters as typed, fourteen once e + U+0301 became one.
        assert_eq!(
            check("kettle orbit e\u{301}"),
            Err(PasswordError::TooShort { min_chars: 15 })
        );
    }

    #[test]
    fn two_spellings_of_one_text_are_one_password() {
        let (composed, decomposed) = (
            Password::parse("caf\u{e9}").unwrap(),
            Password::parse("cafe\u{301}").unwrap(),
        );
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn a_password_is_cut_nowhere_and_capped_at_1024_bytes() {
        assert_eq!(
            Password::parse(&"x".repeat(1024)).unwrap().expose().len(),
            1024
        );
        assert!(matches!(
            Password::parse(&"x".repeat(1025)),
            Err(PasswordError::TooLong)
        ));
        assert_eq!(
            Password::parse("  spaces  ").unwrap().expose(),
            "  spaces  "
        );
    }

    #[test]
    fn the_guessable_is_refused_with_the_reason() {
        for (typed, weakness) in [
            ("passwordpassword", Weakness::Repeats),
            ("aaaaaaaaaaaaaaaaaaaa", Weakness::Repeats),
            ("abcdefghijklmnopqrst", Weakness::Sequence),
        ] {
            assert_eq!(
                check(typed),
                Err(PasswordError::Guessable(weakness)),
                "{typed}"
            );
        }
    }

    #[test]
    fn the_persons_own_words_do_not_count() {
        for typed in [
            "marigoldfeatherstone",
            "goldie@featherstone.example.com",
            "Marigold Featherstone",
        ] {
            assert!(
                matches!(check(typed), Err(PasswordError::Guessable(_))),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_password_does_not_print() {
        assert_eq!(
            format!("{:?}", Password::parse("secret").unwrap()),
            "Password([redacted])"
        );
    }
}
