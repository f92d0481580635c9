//! Any path that is no page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    page::PageContext,
    words::i18n::{t, t_string, use_i18n},
};

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    let request_id = PageContext::get().request_id;
    #[cfg(feature = "ssr")]
    crate::server::set_page_status(404);
    view! {
        <Title text=move || t_string!(i18n, page_error.not_found_title)/>
        <div class="page narrow">
            <h1>{t!(i18n, page_error.not_found_title)}</h1>
            <p class="lead">{t!(i18n, page_error.not_found)}</p>
            <p><A href="/" attr:class="button">{t!(i18n, page_error.home)}</A></p>
            <p class="hint">{t!(i18n, page_error.request_id)} " " <code>{request_id}</code></p>
        </div>
    }
}
