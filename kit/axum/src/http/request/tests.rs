//! What is read out of headers.

use super::*;
use crate::http::cookies::CookieNames;

use Kind::{Ahead, Call, Page};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const NAVIGATE: (&str, &str) = ("sec-fetch-mode", "navigate");
const SAME_ORIGIN: (&str, &str) = ("sec-fetch-mode", "same-origin");
const CORS: (&str, &str) = ("sec-fetch-mode", "cors");
const NO_CORS: (&str, &str) = ("sec-fetch-mode", "no-cors");
const DOCUMENT: (&str, &str) = ("sec-fetch-dest", "document");
const EMPTY: (&str, &str) = ("sec-fetch-dest", "empty");
const ACCEPT_ANY: (&str, &str) = ("accept", "*/*");
const ACCEPT_JSON: (&str, &str) = ("accept", "application/json");
const ACCEPT_HTML: (&str, &str) = (
    "accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
);

fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                header::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect()
}

#[test]
fn a_navigation_is_what_a_browser_shows() {
    assert!(is_navigation(&of(&[("sec-fetch-mode", "navigate")])));
    assert!(is_navigation(&of(&[("accept", "text/html,*/*")])));
    assert!(!is_navigation(&of(&[
        ("sec-fetch-mode", "cors"),
        ("accept", "text/html")
    ])));
    assert!(!is_navigation(&of(&[("accept", "application/json")])));
}

/// By whom something is sent, how, where to, with which headers, and what it is.
type Sent = (
    &'static str,
    Method,
    &'static str,
    &'static [(&'static str, &'static str)],
    Kind,
);

/// What is really sent.
#[rustfmt::skip]
const CLIENTS: &[Sent] = &[
    ("a typed address, Chromium, Firefox, Safari 16.4", GET, "/account", &[NAVIGATE, DOCUMENT, ("sec-fetch-user", "?1"), ACCEPT_HTML], Page),
    ("a typed address, an older browser", GET, "/account", &[ACCEPT_HTML], Page),
    ("a link in a mail program's own window", GET, "/account", &[ACCEPT_ANY], Page),
    ("a frame", GET, "/", &[NAVIGATE, ("sec-fetch-dest", "iframe"), ACCEPT_HTML], Page),
    ("a form without script", POST, "/api/sign_in", &[NAVIGATE, DOCUMENT, ACCEPT_HTML], Page),
    ("a form without script, an older browser", POST, "/api/sign_in", &[ACCEPT_HTML], Page),
    ("a form without script, in a web view", POST, "/api/sign_in", &[NAVIGATE, ACCEPT_ANY], Page),
    ("a worker, fetch(event.request)", GET, "/account", &[NAVIGATE, EMPTY, ACCEPT_HTML], Page),
    ("a worker, fetch(request, {signal})", GET, "/account", &[SAME_ORIGIN, EMPTY, ACCEPT_HTML], Page),
    ("a worker, fetch(request, {signal}), of a form", POST, "/api/sign_in", &[SAME_ORIGIN, EMPTY, ACCEPT_HTML], Page),
    ("a worker, fetch(request.url)", GET, "/account", &[CORS, EMPTY, ACCEPT_ANY], Page),
    ("a worker, new Request(url, {mode: 'no-cors'})", GET, "/account", &[NO_CORS, EMPTY, ACCEPT_ANY], Page),
    ("a library that swaps pages", GET, "/account", &[CORS, EMPTY, ("accept", "text/html, application/xhtml+xml")], Page),
    ("speculation rules, prefetch", GET, "/account", &[NAVIGATE, DOCUMENT, ACCEPT_HTML, ("sec-purpose", "prefetch")], Ahead),
    ("speculation rules, prerender", GET, "/account", &[NAVIGATE, DOCUMENT, ACCEPT_HTML, ("sec-purpose", "prefetch;prerender")], Ahead),
    ("<link rel=prefetch>, Chromium", GET, "/account", &[NO_CORS, EMPTY, ACCEPT_ANY, ("sec-purpose", "prefetch"), ("purpose", "prefetch")], Ahead),
    ("<link rel=prefetch>, Firefox", GET, "/account", &[NO_CORS, ACCEPT_ANY, ("x-moz", "prefetch")], Ahead),
    ("Safari's top sites", GET, "/", &[ACCEPT_HTML, ("x-purpose", "preview")], Ahead),
    ("a link preview", GET, "/", &[("user-agent", "Slackbot-LinkExpanding 1.0"), ACCEPT_ANY], Page),
    ("a search engine", GET, "/", &[("user-agent", "Googlebot/2.1"), ACCEPT_HTML], Page),
    ("curl", GET, "/", &[("user-agent", "curl/8.5"), ACCEPT_ANY], Page),
    ("a monitor", Method::HEAD, "/", &[("user-agent", "Uptime/1")], Ahead),
    ("nothing said at all", GET, "/", &[], Page),
    ("a picture that is none", GET, "/account", &[NO_CORS, ("sec-fetch-dest", "image"), ("accept", "image/avif,image/webp,*/*;q=0.8")], Page),
    ("the living page", POST, "/api/sign_in", &[CORS, EMPTY, ACCEPT_JSON], Call),
    ("the living page, reading", GET, "/api/who_am_i", &[CORS, EMPTY, ACCEPT_JSON], Call),
    ("the living page, an older browser", POST, "/api/sign_in", &[ACCEPT_JSON], Call),
    ("a script that likes HTML", POST, "/api/sign_in", &[CORS, EMPTY, ACCEPT_HTML], Call),
    ("curl, a server function", POST, "/api/sign_in", &[ACCEPT_ANY], Call),
    ("a program that says nothing", POST, "/api/sign_in", &[], Call),
    ("a monitor's probe", GET, "/healthz", &[ACCEPT_ANY], Call),
    ("a service that verifies tokens", GET, "/.well-known/jwks.json", &[ACCEPT_JSON], Call),
    ("a person who looks at the keys", GET, "/.well-known/jwks.json", &[NAVIGATE, ACCEPT_HTML], Page),
    ("a preflight", Method::OPTIONS, "/account", &[CORS], Call),
    ("a post to a page", POST, "/account", &[CORS], Call),
];

#[test]
fn every_client_is_answered_as_it_expects() {
    for (who, method, path, headers, kind) in CLIENTS {
        assert_eq!(Kind::of(method, path, &of(headers)), *kind, "{who}");
    }
}

fn chosen(headers: &HeaderMap) -> Language {
    language(headers, &Cookies::of(headers, &CookieNames::default()))
}

#[test]
fn the_choice_goes_before_what_the_browser_asks_for() {
    assert_eq!(chosen(&of(&[("accept-language", "ja")])), Language::Ja);
    assert_eq!(
        chosen(&of(&[(
            "accept-language",
            "fr;q=0.9, en;q=0.5, ja-JP;q=0.8"
        )])),
        Language::Ja
    );
    assert_eq!(
        chosen(&of(&[("accept-language", "ja;q=0, fr")])),
        Language::En
    );
    let both = of(&[("accept-language", "ja"), ("cookie", "monban_language=en")]);
    assert_eq!(chosen(&both), Language::En);
}
#[test]
fn bytes_that_are_no_text_hide_nothing_that_is() {
    let bytes = |name, value: &[u8]| {
        HeaderMap::from_iter([(name, HeaderValue::from_bytes(value).unwrap())])
    };
    let asked = bytes(
        header::ACCEPT_LANGUAGE,
        b"\xff, ja;q=0.8, \xe9\x96\x80;q=0.9",
    );
    assert_eq!(chosen(&asked), Language::Ja);
    let agent = bytes(header::USER_AGENT, b"Caf\xe9/1 \xe9\x96\x80");
    assert_eq!(user_agent(&agent), "Caf\u{fffd}/1 \u{9580}");
    let accept = bytes(header::ACCEPT, "text/html, x/é".as_bytes());
    assert!(is_navigation(&accept));
}
