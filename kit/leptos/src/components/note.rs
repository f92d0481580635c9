//! A line above a form or a page.

use std::borrow::Cow;

use leptos::prelude::*;

/// Something to say. Its place is there from the start, so that a screen reader hears the change.
#[component]
pub fn Note(
    /// What, if anything.
    #[prop(into)]
    text: Signal<Option<Cow<'static, str>>>,
    /// Whether it is bad news.
    #[prop(optional, into)]
    warning: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="notice" class:warning=warning role="status" hidden=move || text.get().is_none()>
            // A text that changes, not one that comes and goes: a comment would mark its place, and some
            // extensions and proxies remove comments.
            {move || text.get().unwrap_or_default()}
        </div>
    }
}
