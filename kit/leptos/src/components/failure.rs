//! In place of a page, or a part of one, that could not be made.

use leptos::{either::Either, prelude::*};

use crate::{address::here, error::AppError, form::error_text, i18n::t, page::PageContext};

/// Says that it did not work, what to do, and what to quote when asking about it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a component owns what it is given"
)]
#[component]
pub fn Failure(
    /// What went wrong.
    error: AppError,
    /// Whether it stands within a page that has a heading of its own.
    #[prop(optional)]
    within: bool,
) -> impl IntoView {
    let text = error_text(&error);
    let title = if error == AppError::Forbidden {
        t!(page_error.forbidden_title)
    } else {
        t!(page_error.failed_title)
    };
    // What was refused stays refused; anything else may work at the next try, by a new document.
    let (way_on, label) = match error {
        AppError::Forbidden => ("/".to_owned(), t!(page_error.home)),
        _ => (here().to_string(), t!(page_error.try_again)),
    };
    // The id is that of the document, so it names the fault only where the document brought it.
    let id = is_of_the_document().then(|| PageContext::get().request_id);
    #[cfg(feature = "ssr")]
    crate::server::context::set_page_status(error.status());
    let body = view! {
        <p class="form-error" role="alert">{text}</p>
        <p><a class="button" href=way_on rel="external">{label}</a></p>
        {id.map(|id| view! { <p class="hint">{t!(page_error.request_id)} " " <code>{id}</code></p> })}
    };
    if within {
        Either::Left(view! { <section class="failure"><h2>{title}</h2>{body}</section> })
    } else {
        Either::Right(view! { <div class="page narrow"><h1>{title}</h1>{body}</div> })
    }
}

/// Whether the server renders this, or the browser takes over what it rendered.
fn is_of_the_document() -> bool {
    cfg!(feature = "ssr")
        || Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}
