//! The words, in the language of the page: the kit's, or an app's own in their place.
//!
//! A page has one language from its first byte on: to change it is to load the page anew. So words
//! are plain text and nothing in a page has to watch them, which halves what a browser must load.

mod macros;
mod own_text;

use std::fmt::Display;

use leptos::prelude::*;

pub use self::own_text::OwnText;
pub(crate) use self::own_text::key;
use crate::preferences::Language;

crate::locales!();

/// The texts that have values in them, as they stand in the locale files.
mod raw {
    include!(concat!(env!("OUT_DIR"), "/i18n/templates.rs"));
}

/// In whose words and in which language a page speaks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts {
    /// The language.
    pub language: Language,
    /// An app's own words.
    pub own: &'static [OwnText],
}

impl Texts {
    /// Those of the page that is being made.
    pub(crate) fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The app's own text by that key, if it has one.
    fn own(self, key: u32) -> Option<&'static str> {
        let own = self.own.iter().find(|text| text.is(key))?;
        Some(own.text(self.language))
    }

    /// The app's own text by that key, or the kit's, which is one of these.
    pub(crate) fn text(self, key: u32, en: &'static str, ja: &'static str) -> &'static str {
        self.own(key).unwrap_or(match self.language {
            Language::En => en,
            Language::Ja => ja,
        })
    }
}

/// The text by that key on the page that is being made. One function for all texts: what stands at each of
/// them is what a browser loads a hundred times.
#[inline(never)]
pub(crate) fn text(key: u32, en: &'static str, ja: &'static str) -> &'static str {
    Texts::current().text(key, en, ja)
}

/// The language of the page that is being made.
pub fn language() -> Language {
    Texts::current().language
}

/// A text with these values in the place of `{{ name }}`, as in the locale files.
pub(crate) fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or(("", part));
        let value = values.iter().find(|(of, _)| *of == name.trim());
        if let Some((_, value)) = value {
            filled.push_str(&value.to_string());
        }
        filled.push_str(rest);
    }
    filled
}

/// The text of that key in the words and the language of this page, as in `t!(sign_in.title)` and
/// `t!(sign_up.password_hint, min = min)`.
macro_rules! t {
    ($section:ident . $name:ident) => {{
        use $crate::i18n::Locale;
        const KEY: u32 = $crate::i18n::key(concat!(stringify!($section), ".", stringify!($name)));
        $crate::i18n::text(
            KEY,
            leptos_i18n::td_string!(Locale::en, $section.$name),
            leptos_i18n::td_string!(Locale::ja, $section.$name),
        )
    }};
    ($section:ident . $name:ident $(, $argument:ident = $value:expr)+) => {{
        const KEY: u32 = $crate::i18n::key(concat!(stringify!($section), ".", stringify!($name)));
        const TEXTS: [&str; 2] = $crate::i18n::raw_text!($section.$name $(, $argument)+);
        $crate::i18n::fill(
            $crate::i18n::text(KEY, TEXTS[0], TEXTS[1]),
            &[$((stringify!($argument), &$value)),+],
        )
    }};
}

/// The same in these words, where no page is being made.
#[cfg(feature = "ssr")]
macro_rules! t_in {
    ($texts:expr, $section:ident . $name:ident) => {{
        use $crate::i18n::Locale;
        const KEY: u32 = $crate::i18n::key(concat!(stringify!($section), ".", stringify!($name)));
        $texts.text(
            KEY,
            leptos_i18n::td_string!(Locale::en, $section.$name),
            leptos_i18n::td_string!(Locale::ja, $section.$name),
        )
    }};
}

#[cfg(feature = "ssr")]
pub(crate) use t_in;
pub(crate) use {raw::raw_text, t};

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[OwnText] = &[
        OwnText::new("sign_in.lead", "Welcome to Notes.", "ノートへようこそ。"),
        OwnText::new(
            "sign_up.password_hint",
            "{{ min }} or more, {{min}}!",
            "{{ min }}～",
        ),
    ];

    #[test]
    fn an_apps_own_words_stand_in_the_place_of_the_kits_in_both_languages() {
        let owner = Owner::new();
        owner.with(|| {
            assert_eq!(t!(sign_in.lead), "Good to see you again.");
            let hint = t!(sign_up.password_hint, min = 15);
            assert!(hint.starts_with("At least 15 characters."), "{hint}");
            for (language, lead, hint) in [
                (Language::En, "Welcome to Notes.", "15 or more, 15!"),
                (Language::Ja, "ノートへようこそ。", "15～"),
            ] {
                provide_context(Texts { language, own: OWN });
                assert_eq!(t!(sign_in.lead), lead);
                assert_eq!(t!(sign_up.password_hint, min = 15), hint);
            }
            assert_eq!(t!(sign_in.title), "サインイン", "the others stay the kit's");
        });
    }

    #[test]
    fn what_no_value_is_given_for_is_left_out() {
        assert_eq!(fill("a {{ b }} c {{ d }}{{", &[("b", &1)]), "a 1 c ");
    }
}
