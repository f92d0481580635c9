//! The interface as a whole: its routes, and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::{Header, NoticeBar},
    learn::LearnPage,
    page::PageContext,
    pages::{AccountPage, HomePage, KeysPage, NotFoundPage, SessionsPage, SignInPage, SignUpPage},
    words::text,
};

/// The interface. Every page is rendered whole on the server before its first byte is sent.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    PageContext::provide();
    #[cfg(feature = "hydrate")]
    come_alive();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Monban".into() } else { format!("{title} · Monban") }/>
        <Router>
            // `external`: the browser's own way there moves the focus, too, which the router's does not.
            <a class="skip" href="#main" rel="external">{text!(skip)}</a>
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
                </Routes>
            </main>
        </Router>
    }
}

/// Starts what only a living page does: watching the other tabs, and fetching what a member's other
/// pages need, so that a line that breaks later does not break the way there.
#[cfg(feature = "hydrate")]
fn come_alive() {
    // Whoever signs in, up or out leaves the page: the server renders the truth, and nothing of the
    // previous person stays in memory. The first hook set wins, and the router would set its own.
    let _ = server_fn::redirect::set_redirect_hook(crate::tabs::leave_for);
    let shown = PageContext::get().account.map(|account| account.id);
    Effect::new(move || {
        // Hydration failed, and left this behind: see `start.js`.
        if document()
            .document_element()
            .is_some_and(|root| root.has_attribute("data-plain"))
        {
            return;
        }
        crate::tabs::watch(shown.clone());
        if shown.is_some() {
            use leptos_router::LazyRoute;
            leptos::task::spawn_local(async {
                AccountPage::preload().await;
                SessionsPage::preload().await;
            });
        }
    });
}
