//! Headers that every response carries.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use monban_leptos::server::content_security_policy;

use crate::settings::Settings;

/// What is the same on every response.
const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    // An answer to a form posted without script needs to know the page it came from.
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
        ),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// The policy of what is no page: whatever it is taken for, it loads nothing and runs nothing.
const NO_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// That browsers should come by TLS only (RFC 6797 §6.1). Never said of this machine, whose names all
/// its programs share; nor of subdomains unless the operator asks, because they may not be ready.
pub fn hsts(settings: &Settings) -> Option<HeaderValue> {
    if !settings.server.base_url.is_https() || settings.server.base_url.is_loopback() {
        return None;
    }
    let seconds = settings.tls.hsts_max_age.as_secs();
    let all = if settings.tls.hsts_include_subdomains {
        "; includeSubDomains"
    } else {
        ""
    };
    HeaderValue::try_from(format!("max-age={seconds}{all}")).ok()
}

/// Adds them.
pub fn secure(headers: &mut HeaderMap, hsts: Option<&HeaderValue>) {
    // With the policy, the transport's and the request's id: grown once.
    headers.reserve(ALWAYS.len() + 3);
    headers.extend(ALWAYS);
    if let Some(hsts) = hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
    // A page that runs script has named its own nonce.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy(headers));
    }
}

fn policy(headers: &HeaderMap) -> HeaderValue {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !kind.is_some_and(|kind| kind.starts_with(b"text/html")) {
        return NO_PAGE;
    }
    HeaderValue::try_from(content_security_policy(&nonce())).unwrap_or(NO_PAGE)
}

/// Whether it is one of those.
pub fn is_on_every_response(name: &HeaderName) -> bool {
    let others = [
        header::CONTENT_SECURITY_POLICY,
        header::STRICT_TRANSPORT_SECURITY,
    ];
    ALWAYS.iter().any(|(always, _)| always == name) || others.contains(name)
}

fn nonce() -> String {
    STANDARD_NO_PAD.encode(rand::random::<[u8; 16]>())
}
