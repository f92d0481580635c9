//! What the names of the cookies begin with.

use super::Value;

/// The longest one.
const MAX: usize = 32;

/// The beginning of every cookie's name: what RFC 6265 §4.1.1 allows in all of them, and no prefix
/// that means something to browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieName(String);

impl CookieName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for CookieName {
    fn default() -> Self {
        Self("monban".to_owned())
    }
}

impl Value for CookieName {
    const NOUN: &'static str =
        "1 to 32 ASCII letters, digits, `-` and `_`, beginning with a letter";

    fn read(text: &str) -> Option<Self> {
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (starts && text.len() <= MAX && text.chars().all(goes_on)).then(|| Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_fits_into_every_cookie() {
        for text in ["monban", "m", "Staging-2_b"] {
            assert_eq!(CookieName::read(text).unwrap().show(), text);
        }
        let long = "x".repeat(33);
        for text in [
            "", "_a", "-a", "1a", "__Host-a", "a b", "a;b", "a=b", "a,b", "a\"b", "門番", "a\n",
            &long,
        ] {
            assert_eq!(CookieName::read(text), None, "{text}");
        }
    }
}
