//! The `monban` binary: puts the kit, Monban's own site and the learning pages together, and nothing else.

pub mod site;

use std::sync::Arc;

use axum::Router;
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async};
use monban_app::{App, shell};
use monban_auth::Auth;
use monban_axum::{
    router::router,
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
    let document = {
        let options = axum::extract::FromRef::from_ref(&state);
        move || shell(LeptosOptions::clone(&options))
    };
    let pages = Router::new()
        // The pages of `App`, and every server function under `/api`.
        .leptos_routes(&state, pages(), document.clone())
        .fallback(render_app_async(document));
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
