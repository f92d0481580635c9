//! Every route and every layer, on one screen.

use axum::{
    Router,
    extract::{FromRef, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use leptos::{IntoView, config::LeptosOptions, prelude::provide_context};
use leptos_axum::{
    LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context,
    render_app_async_with_context,
};

use crate::{
    http::{
        body::limit_body,
        cookie_check,
        errors::{self, render_refusals},
        health::{healthz, readyz},
        jwks::jwks,
        log::log,
        same_origin::check_origin,
        session::session,
        shape::describe,
        well_formed::check_content_type,
        well_known::well_known,
    },
    rest,
    state::AppState,
};

/// The pages of a Leptos app and every server function, each page in the document that `shell` makes.
pub fn pages<A, V, D>(
    state: &AppState,
    app: A,
    shell: impl Fn(LeptosOptions) -> D + Clone + Send + Sync + 'static,
) -> Router<AppState>
where
    A: Fn() -> V + Clone + Send + 'static,
    V: IntoView + 'static,
    D: IntoView + 'static,
{
    let options = LeptosOptions::from_ref(state);
    let document = move || shell(options.clone());
    // Where the pages are, and in whose words, is known to every page and every server function.
    let interface = state.interface;
    let context = move || provide_context(interface);
    let (routes, _) = generate_route_list_with_exclusions_and_ssg_and_context(app, None, context);
    Router::new()
        .leptos_routes_with_context(state, routes, context, document.clone())
        .fallback(render_app_async_with_context(context, document))
}

/// The whole server: an app's `pages` with its server functions behind the session layer, its `others`
/// that know nobody, and the account system's own routes. A request passes the layers from the
/// last one named to the first. They are few and do much each: each layer boxes the inner service
/// once per request.
pub fn router(state: AppState, pages: Router<AppState>, others: Router<AppState>) -> Router {
    let (api, reference) = rest::api();
    // JSON for native clients: Bearer only, no session, no cookies.
    let api = api.layer(from_fn_with_state(state.clone(), rest::render_problems));
    let api = rest::allow_origins(api, &state.cors_origins);
    pages
        .layer(from_fn_with_state(state.clone(), browser_pipeline))
        // For monitors: no session, no cookies.
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .merge(others)
        .merge(well_known())
        // For other services: no session, no cookies.
        .route("/.well-known/jwks.json", get(jwks))
        // What the REST API has to offer, for machines and for people.
        .merge(rest::reading(reference, &state))
        .layer(from_fn_with_state(state.clone(), render_refusals))
        .merge(api)
        .layer(from_fn_with_state(state.clone(), log))
        .with_state(state)
}

/// The way to a page or a server function.
async fn browser_pipeline(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // The site's files are the same for everybody: no session is looked up for them.
    if let Some(file) = state.site.respond(&request) {
        return file;
    }
    let checked = async {
        check_origin(&request, &state.origin)?;
        check_content_type(&request, &state.body_types)?;
        let request = limit_body(request, state.body_limit).await?;
        if let Some(answer) = cookie_check::ask_for_cookies(&state, &request) {
            return Ok(answer);
        }
        let (posts, within) = (state.posts.clone(), state.request_timeout);
        let respond = |request| async move {
            let response = session(&state, request, next).await;
            describe(response.unwrap_or_else(errors::refuse)).await
        };
        Ok(posts.once(request, within, respond).await)
    };
    checked.await.unwrap_or_else(errors::refuse)
}
