//! In place of a page that could not be made.

use leptos::prelude::*;

use crate::{error::AppError, form::error_text, page::PageContext, words::text};

/// Says that it did not work, and what to quote when asking about it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a component owns what it is given"
)]
#[component]
pub fn Failure(
    /// Why.
    error: AppError,
) -> impl IntoView {
    let (text, request_id) = (error_text(&error), PageContext::get().request_id);
    let title = match error {
        AppError::Forbidden => text!(page_error.forbidden_title),
        _ => text!(page_error.failed_title),
    };
    #[cfg(feature = "ssr")]
    crate::server::set_page_status(error.status());
    view! {
        <div class="page narrow">
            <h1>{title}</h1>
            <p class="form-error" role="alert">{text}</p>
            <p class="hint">{text!(page_error.request_id)} " " <code>{request_id}</code></p>
        </div>
    }
}
