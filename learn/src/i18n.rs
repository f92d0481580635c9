//! The words of the learning pages, in the language of the page.

monban_leptos::i18n!($);
