//! The words of the site, in the language of the page.

monban_leptos::i18n!($);
