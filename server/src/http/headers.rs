//! Headers that every response carries.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use monban_app::server::content_security_policy;

use crate::router::Gate;

/// What is the same on every response.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // An answer to a form posted without script needs to know the page it came from.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Two years (RFC 6797 §6.1.1).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Adds them.
pub async fn security_headers(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if gate.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    // A page has named its own nonce; what is no page runs no script, whatever it is taken for.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::try_from(content_security_policy(&nonce()))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn nonce() -> String {
    let mut bytes = [0; 16];
    // Without randomness the nonce guards a response in which no script may run anyway.
    let _ = getrandom::fill(&mut bytes);
    STANDARD_NO_PAD.encode(bytes)
}
