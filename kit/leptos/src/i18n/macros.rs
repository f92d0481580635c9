//! What makes the words of a crate from what its build script has compiled.

/// The words that `kit/leptos/build.rs` has made of a crate's `locales/`.
#[doc(hidden)]
#[macro_export]
macro_rules! locales {
    () => {
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
    };
}

/// Makes the words of a crate from its `locales/`, which its build script has compiled: the
/// functions `locale_of` and `locale`, and the macro `t!`, which is a key's text in the language of
/// the page. Called as `monban_leptos::i18n!($);` in its module `i18n`.
#[expect(
    clippy::crate_in_macro_def,
    reason = "the words are those of the crate that calls this"
)]
#[macro_export]
macro_rules! i18n {
    ($dollar:tt) => {
        $crate::locales!();

        /// The words of that language.
        pub(crate) const fn locale_of(language: $crate::preferences::Language) -> Locale {
            match language {
                $crate::preferences::Language::En => Locale::en,
                $crate::preferences::Language::Ja => Locale::ja,
            }
        }

        /// The words of this page's language.
        pub(crate) fn locale() -> Locale {
            locale_of($crate::i18n::language())
        }

        /// The text of that key in this page's language.
        macro_rules! t {
                            ($dollar($dollar key:tt)+) => {
                                leptos_i18n::td_string!(crate::i18n::locale(), $dollar($dollar key)+)
                            };
                        }
        pub(crate) use t;
    };
}
