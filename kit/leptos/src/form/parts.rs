//! What forms have besides fields.

use leptos::prelude::*;

use super::error_text::error_text;
use crate::{error::AppError, page::PageContext};

/// Why the form as a whole was refused. Empty while all is well, so that a screen reader hears the
/// change.
#[component]
pub fn FormError(
    /// What the form was refused for.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    // A text that changes, not one that comes and goes: see `Note`.
    let text = move || {
        let said = error.get().map(|error| error_text(&error));
        said.unwrap_or_default()
    };
    view! {
        <div class="form-error" role="alert" tabindex="-1" hidden=move || error.get().is_none()>
            {text}
        </div>
    }
}

/// Names the page that a form stands on, in a field of its own: two posts from one page that are the
/// same in all else are one, pressed twice. The server sees to that; a living page sends no second.
#[component]
pub fn Once() -> impl IntoView {
    view! { <input type="hidden" name="once" value=PageContext::get().request_id/> }
}

/// A form's button, which says when it is busy.
#[component]
pub fn SubmitButton(
    /// What it says.
    label: &'static str,
    /// Whether an answer is awaited.
    pending: Signal<bool>,
    /// Its look.
    #[prop(default = "button primary")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class aria-disabled=move || pending.get().then_some("true") aria-busy=move || pending.get().then_some("true")>
            {label}
        </button>
    }
}
