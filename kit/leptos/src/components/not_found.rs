//! Any path that is no page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{i18n::t, page::PageContext};

/// Says that there is no such page, with the status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let request_id = PageContext::get().request_id;
    #[cfg(feature = "ssr")]
    crate::server::context::set_page_status(404);
    view! {
        <Title text=t!(page_error.not_found_title)/>
        <div class="page narrow">
            <h1>{t!(page_error.not_found_title)}</h1>
            <p class="lead">{t!(page_error.not_found)}</p>
            <p><A href="/" attr:class="button">{t!(page_error.home)}</A></p>
            <p class="hint">{t!(page_error.request_id)} " " <code>{request_id}</code></p>
        </div>
    }
}
