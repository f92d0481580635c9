//! What machines ask every site for: no session, no cookies.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use monban_auth::Timestamp;

use super::errors::{Refusal, refuse};
use crate::state::AppState;

/// Search engines index public pages only.
fn robots(prefix: &str) -> String {
    format!(
        "User-agent: *\nDisallow: /api/\nDisallow: {prefix}/account\nDisallow: {prefix}/admin/\n"
    )
}

/// Where a password manager leads a person who should change their password. It is changed on the
/// account's page.
const CHANGE_PASSWORD: &str = "/account";

/// A `security.txt` that is no longer maintained must expire (RFC 9116 §2.5.5). This one is
/// what the running server says, so it is good for some time from now.
const SECURITY_TXT_DAYS: i64 = 90;
const DAY: i64 = 86_400_000;

/// The routes.
pub fn well_known() -> Router<AppState> {
    Router::new()
        .route(
            "/robots.txt",
            get(async |State(state): State<AppState>| {
                let robots = robots(state.interface.prefix);
                kept("text/plain; charset=utf-8", Bytes::from(robots))
            }),
        )
        .route(
            "/.well-known/change-password",
            get(async |State(state): State<AppState>| {
                Redirect::to(&[state.interface.prefix, CHANGE_PASSWORD].concat())
            }),
        )
        .route("/.well-known/security.txt", get(security_txt))
}

fn kept(kind: &'static str, body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=86400"),
        ),
    ];
    (headers, body).into_response()
}

/// The addresses for reports of vulnerabilities (RFC 9116), if the operator has set any.
async fn security_txt(State(state): State<AppState>) -> Response {
    if state.security_contacts.is_empty() {
        return refuse(Refusal::Absent);
    }
    let today = state.auth.now().as_millis() / DAY;
    let expires = Timestamp::from_millis((today + SECURITY_TXT_DAYS) * DAY);
    let mut lines: Vec<String> = state
        .security_contacts
        .iter()
        .map(|contact| format!("Contact: {contact}"))
        .collect();
    lines.extend([
        format!("Expires: {}", monban_leptos::server::instant_iso(expires)),
        "Preferred-Languages: en, ja".to_owned(),
        format!("Canonical: {}/.well-known/security.txt", state.origin),
    ]);
    kept(
        "text/plain; charset=utf-8",
        Bytes::from(lines.join("\n") + "\n"),
    )
}
