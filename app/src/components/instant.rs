//! An instant in words.

use leptos::prelude::*;

use crate::{page::PageContext, preferences::Language, view::InstantView};

#[component]
pub(crate) fn Instant(
    /// Which.
    at: InstantView,
    /// Whether the day says enough.
    #[prop(optional)]
    day_only: bool,
) -> impl IntoView {
    let InstantView {
        iso,
        day_en,
        day_ja,
        time,
    } = at;
    let day = match PageContext::get().language {
        Language::En => day_en,
        Language::Ja => day_ja,
    };
    let text = if day_only {
        day
    } else {
        format!("{day} {time}")
    };
    view! { <time datetime=iso>{text}</time> }
}
