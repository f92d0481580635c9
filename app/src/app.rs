//! The interface as a whole: its routes, and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{Route, Router, Routes},
    path,
};
use monban_learn::LearnPage;
use monban_leptos::{
    components::NoticeBar,
    pages::{AccountPage, KeysPage, NotFoundPage, SessionsPage, SignInPage, SignUpPage},
    provide_accounts,
};

use crate::{header::Header, home::HomePage, i18n::t};

/// The interface. Every page is rendered whole on the server before its first byte is sent.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_accounts();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Monban".into() } else { format!("{title} · Monban") }/>
        <Router>
            // `external`: the browser's own way there moves the focus, too, which the router's does not.
            <a class="skip" href="#main" rel="external">{t!(skip)}</a>
            <Header/>
            <main id="main" tabindex="-1">
                <NoticeBar/>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/account/sessions") view={Lazy::<SessionsPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/admin/keys") view={Lazy::<KeysPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/learn") view={Lazy::<LearnPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/learn/:page") view={Lazy::<LearnPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/learn/:page/:item") view={Lazy::<LearnPage>::new()} ssr=SsrMode::Async/>
                </Routes>
            </main>
        </Router>
    }
}

/// Fetches the code of the page at that path. Answers whether it is here, or none is needed.
pub async fn preload(path: &str) -> bool {
    if path.starts_with(monban_learn::ROOT) {
        LearnPage::load().await
    } else {
        monban_leptos::preload(path).await
    }
}
