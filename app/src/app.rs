//! The interface as a whole: its routes, and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::{Header, NoticeBar},
    error::AppError,
    page::PageContext,
    pages::{AccountPage, HomePage, NotFoundPage, SessionsPage, SignInPage, SignUpPage},
    session::current_account,
    view::AccountView,
    words::i18n::{I18nContextProvider, t, use_i18n},
};

/// Who is signed in, asked once for the whole page.
pub(crate) type CurrentAccount = Resource<Result<Option<AccountView>, AppError>>;

/// The interface. Every page is rendered whole on the server before its first byte is sent.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    PageContext::provide();
    view! {
        <I18nContextProvider set_lang_attr_on_html=false enable_cookie=false ssr_lang_header_getter=language_getter()>
            <Frame/>
        </I18nContextProvider>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let account: CurrentAccount = Resource::new_blocking(|| (), |()| current_account());
    provide_context(account);
    #[cfg(feature = "hydrate")]
    come_alive(account);
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Monban".into() } else { format!("{title} · Monban") }/>
        <Router>
            <a class="skip" href="#main">{t!(i18n, skip)}</a>
            <Header/>
            <main id="main" tabindex="-1">
                <NoticeBar/>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/account/sessions") view=SessionsPage ssr=SsrMode::Async/>
                </Routes>
            </main>
        </Router>
    }
}

/// The language that the server decided on, in place of the header that the library would read.
fn language_getter() -> leptos_use_locales::Options {
    leptos_use_locales::decided()
}

mod leptos_use_locales {
    //! `leptos_i18n` asks for a language through `leptos_use`.

    pub(super) type Options = leptos_i18n::context::UseLocalesOptions;

    pub(super) fn decided() -> Options {
        #[cfg(feature = "ssr")]
        return Options::default().ssr_lang_header_getter(|| {
            crate::server::request().ok().map(|request| request.language.tag().to_owned())
        });
        #[cfg(not(feature = "ssr"))]
        return Options::default();
    }
}

/// Starts what only a living page does: watching the other tabs, and marking itself as alive for
/// the style and for tests.
#[cfg(feature = "hydrate")]
fn come_alive(account: CurrentAccount) {
    // Whoever signs in, up or out leaves the page: the server renders the truth, and nothing of the
    // previous person stays in memory. The first hook set wins, and the router would set its own.
    let _ = server_fn::redirect::set_redirect_hook(crate::tabs::leave_for);
    Effect::new(move |alive: Option<bool>| {
        let shown = account.get();
        if alive == Some(true) {
            return true;
        }
        if let Some(Ok(found)) = shown {
            crate::tabs::watch(found.map(|account| account.id));
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-hydrated", "true");
            }
            return true;
        }
        false
    });
}
