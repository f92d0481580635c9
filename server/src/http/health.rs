//! For whoever watches over the process.

use axum::{extract::State, http::StatusCode};

use crate::router::Gate;

/// `/healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "alive\n"
}

/// `/readyz`: the database answers, too, and the server was not told to stop.
pub async fn readyz(State(gate): State<Gate>) -> (StatusCode, &'static str) {
    if gate.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match gate.auth.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
