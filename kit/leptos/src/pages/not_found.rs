//! Any path that is no page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{page::PageContext, words::text};

/// Says that there is no such page, with the status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let request_id = PageContext::get().request_id;
    #[cfg(feature = "ssr")]
    crate::server::set_page_status(404);
    view! {
        <Title text=text!(page_error.not_found_title)/>
        <div class="page narrow">
            <h1>{text!(page_error.not_found_title)}</h1>
            <p class="lead">{text!(page_error.not_found)}</p>
            <p><A href="/" attr:class="button">{text!(page_error.home)}</A></p>
            <p class="hint">{text!(page_error.request_id)} " " <code>{request_id}</code></p>
        </div>
    }
}
