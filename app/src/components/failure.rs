//! In place of a page that could not be made.

use leptos::prelude::*;

use crate::{
    error::AppError,
    form::error_text,
    page::PageContext,
    words::i18n::{t, use_i18n},
};

/// Says that it did not work, and what to quote when asking about it.
#[component]
pub(crate) fn Failure(
    /// Why.
    error: AppError,
) -> impl IntoView {
    let i18n = use_i18n();
    let request_id = PageContext::get().request_id;
    #[cfg(feature = "ssr")]
    crate::server::set_page_status(error.status());
    view! {
        <div class="page narrow">
            <h1>{t!(i18n, page_error.failed_title)}</h1>
            <p class="form-error" role="alert">{move || error_text(i18n, &error)}</p>
            <p class="hint">{t!(i18n, page_error.request_id)} " " <code>{request_id}</code></p>
        </div>
    }
}
