//! Texts in both languages. On the server only: texts in the code of the browser would be loaded by every
//! visitor.

use monban_leptos::preferences::Language;

/// A text in English, then in Japanese.
pub(crate) type Bilingual = (&'static str, &'static str);

/// The text in that language.
pub(crate) fn in_language(text: Bilingual, language: Language) -> String {
    match language {
        Language::En => text.0,
        Language::Ja => text.1,
    }
    .to_owned()
}
