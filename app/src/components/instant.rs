//! An instant in words.

use leptos::prelude::*;

use crate::{
    view::InstantView,
    words::i18n::{Locale, use_i18n},
};

#[component]
pub(crate) fn Instant(
    /// Which.
    at: InstantView,
    /// Whether the day says enough.
    #[prop(optional)]
    day_only: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let InstantView { iso, day_en, day_ja, time } = at;
    let text = move || {
        let day = if i18n.get_locale() == Locale::ja { &day_ja } else { &day_en };
        if day_only { day.clone() } else { format!("{day} {time}") }
    };
    view! { <time datetime=iso>{text}</time> }
}
