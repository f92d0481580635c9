//! What an app calls once, in its root component.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;

use crate::{
    page::PageContext,
    pages::{AccountPage, KeysPage, SessionsPage},
};

/// Provides [`PageContext`] and [`CurrentAccount`](crate::page::CurrentAccount) to every page, and, once
/// the page is alive, keeps the tabs of a browser in step and fetches the code of the account pages
/// ahead of time. The first call in an app's root component.
pub fn provide_accounts() {
    PageContext::provide();
    #[cfg(feature = "hydrate")]
    come_alive();
}

/// Fetches the code of the account page at that path. Answers whether it is here, or none is needed.
pub async fn preload(path: &str) -> bool {
    match path {
        "/account" => AccountPage::load().await,
        "/account/sessions" => SessionsPage::load().await,
        "/admin/keys" => KeysPage::load().await,
        _ => true,
    }
}

/// Starts what only a living page does: watching the other tabs, and fetching what a member's other
/// pages need, so that a line that breaks later does not break the way there.
#[cfg(feature = "hydrate")]
fn come_alive() {
    // Whoever signs in, up or out leaves the page: the server renders the truth, and nothing of the
    // previous person stays in memory. The first hook set wins, and the router would set its own.
    let _ = server_fn::redirect::set_redirect_hook(crate::tabs::leave_for);
    crate::client::on_signed_out(crate::tabs::signed_out);
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
