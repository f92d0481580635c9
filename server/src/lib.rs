//! The `monban` binary: puts the kit, Monban's own site and the learning pages together, and nothing else.

mod site;

use axum::Router;
use leptos_axum::{AxumRouteListing, generate_route_list};
use monban_app::{App, shell};
use monban_axum::{Accounts, AppState, RunError, settings::Settings};
use monban_learn::server::{Learning, hide};

pub use monban_learn::server::LearnSettings;

/// Serves the site until it is told to stop.
pub async fn serve(settings: Settings, learn: LearnSettings) -> Result<(), RunError> {
    let (accounts, pages) = site(Accounts::open(settings).await?, &learn);
    accounts.serve(pages).await
}

/// The site on these accounts: what it brings along, and its pages with every server function.
pub fn site(accounts: Accounts, learn: &LearnSettings) -> (Accounts, Router<AppState>) {
    let accounts = accounts.files(site::site());
    if learn.learn {
        let learning = Learning::new(accounts.settings(), in_sandbox);
        let accounts = learning.join(accounts);
        let pages = accounts.pages(App, shell);
        (accounts, pages)
    } else {
        let pages = hide(accounts.pages(App, shell));
        (accounts, pages)
    }
}

/// The site as the learning pages run it in their sandbox: without learning pages, or it would have a
/// sandbox of its own, and so on.
pub fn in_sandbox(accounts: Accounts) -> Router {
    let (accounts, pages) = site(accounts, &LearnSettings { learn: false });
    accounts.into_router(pages)
}

/// The routes of the pages.
pub fn pages() -> Vec<AxumRouteListing> {
    generate_route_list(App)
}
