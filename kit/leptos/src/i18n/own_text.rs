//! An app's own words in the place of the kit's.

use crate::preferences::Language;

/// What the kit's words are called: `sign_in.title` is the `title` in `locales/sign_in.en.json`.
const KEYS: &[&str] = &include!(concat!(env!("OUT_DIR"), "/i18n/keys.rs"));

/// A text of an app's own, in the place of one of the kit's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnText {
    name: &'static str,
    key: u32,
    texts: [&'static str; 2],
}

impl OwnText {
    /// The text by that name, in English and in Japanese. `{{ min }}` and the like are filled in as in
    /// the kit's. A name that the kit does not know does not compile where this stands in a constant:
    ///
    /// ```
    /// use monban_leptos::i18n::OwnText;
    ///
    /// const TEXTS: &[OwnText] = &[
    ///     OwnText::new("sign_in.lead", "Welcome back to Notes.", "ノートへようこそ。"),
    /// ];
    /// ```
    ///
    /// ```compile_fail
    /// # use monban_leptos::i18n::OwnText;
    /// const TEXTS: &[OwnText] = &[OwnText::new("sign_in.laed", "Welcome", "ようこそ")];
    /// ```
    ///
    /// # Panics
    ///
    /// Elsewhere, if the kit does not know it.
    pub const fn new(name: &'static str, en: &'static str, ja: &'static str) -> Self {
        assert!(is_known(name), "the kit has no text by that name");
        Self::of(name, [en, ja])
    }

    /// The same, by a name that the server has sent.
    pub(crate) const fn of(name: &'static str, texts: [&'static str; 2]) -> Self {
        Self {
            name,
            key: key(name),
            texts,
        }
    }

    /// What the kit calls it.
    #[cfg(feature = "ssr")]
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn is(&self, key: u32) -> bool {
        self.key == key
    }

    pub(crate) const fn text(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.texts[0],
            Language::Ja => self.texts[1],
        }
    }
}

/// A number for a name (FNV-1a), so that no name goes to the browser. A test sees to it that no two of
/// the kit's have the same.
pub(crate) const fn key(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let (mut hash, mut at) = (0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

const fn is_known(name: &str) -> bool {
    let mut at = 0;
    while at < KEYS.len() {
        if is_same(KEYS[at].as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// `==` is not const.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_has_a_number_of_its_own() {
        let numbers: BTreeSet<_> = KEYS.iter().map(|name| key(name)).collect();
        assert_eq!(numbers.len(), KEYS.len());
        assert!(KEYS.len() > 100, "{}", KEYS.len());
    }
}
