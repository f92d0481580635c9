//! What an app calls once, in its root component.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::interface::Interface;
use crate::{
    account::{self, AccountPage},
    keys::{self, KeysPage},
    page::PageContext,
    sessions::{self, SessionsPage},
};

/// Provides [`PageContext`] and [`CurrentAccount`](crate::page::CurrentAccount) to every page, and, once
/// the page is alive, keeps the tabs of a browser in step and fetches the code of the account pages
/// ahead of time. The first call in an app's root component.
pub fn provide_accounts() {
    #[cfg(feature = "ssr")]
    PageContext::provide(page_context);
    #[cfg(not(feature = "ssr"))]
    PageContext::provide(PageContext::default);
    #[cfg(feature = "hydrate")]
    come_alive();
}

/// Fetches the code of the account page at that path. Answers whether it is here, or none is needed. Asked
/// before the page has said below which prefix the account pages are, so it goes by how the path ends.
pub async fn preload(path: &str) -> bool {
    if path.ends_with(account::FORM.path()) {
        AccountPage::load().await
    } else if path.ends_with(sessions::FORM.path()) {
        SessionsPage::load().await
    } else if path.ends_with(keys::FORM.path()) {
        KeysPage::load().await
    } else {
        true
    }
}

/// What a page is told beside its data.
#[cfg(feature = "ssr")]
fn page_context() -> PageContext {
    let interface = Interface::current();
    crate::server::context::request().map_or_else(
        |_| PageContext::default(),
        |request| {
            let sign_up_open = request.auth.rules().sign_up.open;
            let own_texts = interface.texts.iter();
            let own_texts = own_texts.flat_map(|own| [own.name(), own.text(request.language)]);
            PageContext {
                account: request.account.clone(),
                flash: request.flash.clone(),
                language: request.language,
                theme: request.theme,
                password_min: request.auth.rules().password.min_chars,
                sign_up_open,
                request_id: request.request_id.clone(),
                flags: request.flags.to_vec(),
                form_paths: crate::forms::paths(sign_up_open),
                prefix: interface.prefix.to_owned(),
                own_texts: own_texts.map(str::to_owned).collect(),
            }
        },
    )
}

/// Starts what only a living page does: watching the other tabs, and fetching what a member's other
/// pages need, so that a line that breaks later does not break the way there.
#[cfg(feature = "hydrate")]
fn come_alive() {
    // Whoever signs in, up or out leaves the page: the server renders the truth, and nothing of the
    // previous person stays in memory. The first hook set wins, and the router would set its own.
    let _ = server_fn::redirect::set_redirect_hook(crate::session::tabs::leave_for);
    crate::client::on_signed_out(crate::session::tabs::signed_out);
    let shown = PageContext::get().account.map(|account| account.id);
    Effect::new(move || {
        // Hydration failed, and left this behind: see `start.js`.
        if document()
            .document_element()
            .is_some_and(|root| root.has_attribute("data-plain"))
        {
            return;
        }
        crate::session::tabs::watch(shown.clone());
        if shown.is_some() {
            use leptos_router::LazyRoute;
            leptos::task::spawn_local(async {
                AccountPage::preload().await;
                SessionsPage::preload().await;
            });
        }
    });
}
