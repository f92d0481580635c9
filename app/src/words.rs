//! The words, in the language of the page.
//!
//! A page has one language from its first byte on: to change it is to load the page anew. So words
//! are plain text and nothing in a page has to watch them, which halves what a browser must load.

use crate::{page::PageContext, preferences::Language};

#[expect(unused_imports, dead_code, reason = "made by the build script")]
#[expect(
    clippy::expect_used,
    clippy::pedantic,
    reason = "made by the build script"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub(crate) use generated::i18n::Locale;

/// The words of that language.
pub(crate) const fn locale_of(language: Language) -> Locale {
    match language {
        Language::En => Locale::en,
        Language::Ja => Locale::ja,
    }
}

/// The words of this page's language.
pub(crate) fn locale() -> Locale {
    locale_of(PageContext::get().language)
}

/// The text of that key in this page's language.
macro_rules! text {
    ($($key:tt)+) => {
        leptos_i18n::td_string!($crate::words::locale(), $($key)+)
    };
}
pub(crate) use text;
