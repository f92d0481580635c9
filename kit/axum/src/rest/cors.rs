//! Which pages of other origins may call the API from a browser.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
};
use tower_http::cors::CorsLayer;

use crate::state::AppState;

/// Browsers cap it at two hours or less.
const PREFLIGHT_LIFE: std::time::Duration = std::time::Duration::from_hours(1);

/// Answers preflights and names the origin, if it is on the list (Fetch §3.2). Without a list
/// nothing is said, and browsers let no page of another origin read an answer. Never with
/// credentials: there is no cookie here to send.
pub fn allow_origins(api: Router<AppState>, origins: &[HeaderValue]) -> Router<AppState> {
    if origins.is_empty() {
        return api;
    }
    api.layer(
        CorsLayer::new()
            .allow_origin(origins.to_vec())
            .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers([
                header::LINK,
                header::WWW_AUTHENTICATE,
                header::RETRY_AFTER,
                HeaderName::from_static("x-request-id"),
            ])
            .max_age(PREFLIGHT_LIFE),
    )
}
