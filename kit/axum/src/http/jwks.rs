//! `/.well-known/jwks.json`: what others need to verify access tokens.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::state::AppState;

/// The JWK Set (RFC 7517 §5, media type §8.5.2). A key is in it for at least this max-age before it
/// signs.
pub async fn jwks(State(state): State<AppState>) -> impl IntoResponse {
    let max_age = state.auth.rules().keys.jwks_max_age.as_secs();
    (
        [
            (header::CONTENT_TYPE, "application/jwk-set+json".to_owned()),
            (header::CACHE_CONTROL, format!("public, max-age={max_age}")),
            // For pages of any origin: it is public, and does not depend on the client.
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        ],
        state.auth.keys().jwks().to_string(),
    )
}
