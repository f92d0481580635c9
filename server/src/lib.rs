//! The `monban` binary: puts the kit, Monban's own site and the learning pages together, and nothing else.

pub mod site;

use std::sync::Arc;

use axum::Router;
use leptos_axum::{AxumRouteListing, generate_route_list};
use monban_app::{App, shell};
use monban_auth::Auth;
use monban_axum::{
    router::{self, router},
    settings::Settings,
    state::{AppParts, AppState},
};
use monban_learn::server::Learning;

/// The site as it is served with these settings.
pub fn app(auth: Arc<Auth>, settings: &Settings) -> (AppState, Router) {
    let site = site::site();
    if !cfg!(debug_assertions) && !site.is_built() {
        tracing::warn!(
            "this binary was built without the site: its pages have no style and no script; `make dist` builds one that has"
        );
    }
    let learning = settings.learn.then(|| Learning::new(settings, app));
    let mut parts = AppParts {
        site,
        ..AppParts::default()
    };
    if let Some(learning) = &learning {
        learning.join(&mut parts);
    }
    parts.quiet = monban_learn::server::is_sandbox(settings);
    let state = AppState::new(auth, settings, parts);
    // The pages of `App`, and every server function under `/api`.
    let pages = router::pages(&state, App, shell);
    let (pages, others) = match learning {
        Some(learning) => (pages, learning.routes()),
        None => (monban_learn::server::hide(pages), Router::new()),
    };
    (state.clone(), router(state, pages, others))
}

/// The routes of the pages.
pub fn pages() -> Vec<AxumRouteListing> {
    generate_route_list(App)
}
