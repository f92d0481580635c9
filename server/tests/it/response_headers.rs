//! The headers of every route, from the router's own list.

use std::collections::BTreeSet;

use axum::http::Method;
use monban::pages;
use server_fn::axum::server_fn_paths;

use crate::{
    app::TestApp,
    browser::{Answer, Browser, as_call, as_navigation},
};

/// Routes that are the same for everybody.
const FOR_EVERYBODY: [&str; 9] = [
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/favicon.ico",
    "/.well-known/change-password",
    "/.well-known/security.txt",
    "/favicon.svg",
    "/api/openapi.json",
    "/api/docs",
];

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let app = TestApp::start().await;
    for (what, answer) in every_answer(&app).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(
                answer.headers.get_all(name).iter().count(),
                1,
                "{what}: {name}"
            );
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        for feature in ["camera", "geolocation", "microphone", "payment", "usb"] {
            assert!(
                answer
                    .header("permissions-policy")
                    .contains(&format!("{feature}=()")),
                "{what}"
            );
        }
        assert!(!answer.header("x-request-id").is_empty(), "{what}");
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "{what}: not by http"
        );
        for telltale in ["server", "x-powered-by"] {
            assert!(!answer.headers.contains_key(telltale), "{what}: {telltale}");
        }
    }
}

#[tokio::test]
async fn every_page_has_a_policy_with_a_nonce_of_its_own_and_the_rest_may_nothing() {
    let app = TestApp::start().await;
    let mut nonces = BTreeSet::new();
    for (what, answer) in every_answer(&app).await {
        assert_eq!(
            answer
                .headers
                .get_all("content-security-policy")
                .iter()
                .count(),
            1,
            "{what}"
        );
        if !answer.header("content-type").starts_with("text/html") {
            assert_eq!(
                answer.header("content-security-policy"),
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "{what}"
            );
            continue;
        }
        let nonce = nonce_of(&answer);
        assert!(
            nonce.len() >= 22,
            "{what}: 128 bits at least, not {nonce:?}"
        );
        assert_eq!(
            answer.header("content-security-policy"),
            format!(
                "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
                 style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
                 base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            ),
            "{what}"
        );
        assert!(
            nonces.insert(nonce.to_owned()),
            "{what}: a nonce came twice"
        );
    }
    assert!(nonces.len() > 5, "pages: {}", nonces.len());
}

#[tokio::test]
async fn pages_run_no_script_and_wear_no_style_that_the_policy_does_not_know() {
    let app = TestApp::start().await;
    let mut seen = 0;
    for (what, answer) in every_answer(&app).await {
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        seen += 1;
        let nonce = nonce_of(&answer);
        for tag in tags(&answer.body) {
            let name = tag.split_whitespace().next().unwrap();
            let attributes: Vec<_> = tag.split_whitespace().skip(1).collect();
            let with = |start: &str| {
                attributes
                    .iter()
                    .any(|attribute| attribute.starts_with(start))
            };
            assert_ne!(name, "style", "{what}");
            assert!(!with("style="), "{what}: <{tag}>");
            assert!(!with("on"), "{what}: <{tag}>");
            assert!(name != "script" || with("nonce="), "{what}: <{tag}>");
            for attribute in attributes
                .iter()
                .filter(|attribute| attribute.starts_with("nonce="))
            {
                assert_eq!(
                    attribute.trim_end_matches('/'),
                    &format!("nonce=\"{nonce}\""),
                    "{what}"
                );
            }
        }
    }
    assert!(seen > 20, "{seen} pages");
}

#[tokio::test]
async fn whatever_depends_on_a_cookie_is_nobody_elses() {
    let app = TestApp::start().await;
    for (what, answer) in every_answer(&app).await {
        if FOR_EVERYBODY.iter().any(|path| what.contains(path)) {
            assert!(answer.cookie_names().is_empty(), "{what}");
            continue;
        }
        assert_eq!(
            answer.header("cache-control"),
            "private, no-store",
            "{what}"
        );
        assert_eq!(answer.headers.get_all("vary").iter().count(), 1, "{what}");
        assert!(answer.header("vary").contains("Cookie"), "{what}");
    }
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there() {
    let app = TestApp::with("BASE_URL", "https://app.example")
        .start()
        .await;
    for (what, answer) in every_answer(&app).await {
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=63072000",
            "{what}"
        );
    }
}

#[tokio::test]
async fn how_long_they_stay_there_is_a_setting_and_never_for_this_machine() {
    for (url, life, all, said) in [
        (
            "https://app.example",
            "1d",
            "true",
            "max-age=86400; includeSubDomains",
        ),
        ("https://app.example", "0s", "false", "max-age=0"),
        ("https://localhost:3000", "1d", "true", ""),
        ("https://127.0.0.1:3000", "1d", "true", ""),
        ("http://localhost:3000", "1d", "true", ""),
    ] {
        let app = TestApp::with("BASE_URL", url)
            .with("HSTS_MAX_AGE", life)
            .with("HSTS_INCLUDE_SUBDOMAINS", all)
            .start()
            .await;
        let answer = app.browser().navigate("/").await;
        assert_eq!(answer.header("strict-transport-security"), said, "{url}");
    }
}

#[tokio::test]
async fn a_page_that_fails_has_its_status_and_a_request_id() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.navigate("/no-such-page").await;
    assert_eq!(page.status, 404);
    assert!(page.shows("Page not found"));
    assert!(page.shows(page.header("x-request-id")));

    let refused = browser
        .send(as_navigation(
            browser
                .post("sign_out", &[])
                .header("sec-fetch-site", "cross-site"),
        ))
        .await;
    assert_eq!(refused.status, 403);
    assert!(refused.shows("This request was refused"));
    assert!(refused.shows(refused.header("x-request-id")));
}

/// Each route, as a stranger and as a member asks for it, as a page and as a call; in words, and
/// what came back. Then the answers of the layers around them.
async fn every_answer(app: &TestApp) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    let member = app.member().await;
    for (who, browser) in [("stranger", app.browser()), ("member", member)] {
        for (method, path) in every_route() {
            for (how, page) in [("page", true), ("call", false)] {
                // Each starts from the same cookies, whatever became of the ones before.
                let mut browser: Browser = browser.clone();
                let request = browser
                    .request(method.clone(), &path)
                    .header("sec-fetch-site", "same-origin");
                let request = if page {
                    as_navigation(request)
                } else {
                    as_call(request)
                };
                let answer = browser.send(request).await;
                answers.push((format!("{who} {method} {path} {how}"), answer));
            }
        }
        for page in [true, false] {
            let mut browser = browser.clone();
            let way = if page { as_navigation } else { as_call };
            let cross_site = browser
                .post("sign_out", &[])
                .header("sec-fetch-site", "cross-site");
            let too_large = browser.post("sign_in", &[("email", "x".repeat(70_000).as_str())]);
            let too_large = too_large.header("sec-fetch-site", "same-origin");
            answers.push((
                format!("{who} cross-site {page}"),
                browser.send(way(cross_site)).await,
            ));
            answers.push((
                format!("{who} too large {page}"),
                browser.send(way(too_large)).await,
            ));
        }
    }
    answers
}

fn every_route() -> Vec<(Method, String)> {
    let pages = pages()
        .into_iter()
        .map(|page| (Method::GET, page.path().to_owned()));
    let functions = server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    let favicon = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site/favicon.svg");
    let favicon = std::path::Path::new(favicon).exists();
    let others = [
        "/healthz",
        "/readyz",
        "/robots.txt",
        "/favicon.ico",
        "/.well-known/change-password",
        "/.well-known/security.txt",
        "/api/openapi.json",
        "/api/docs",
        "/no-such-page",
        "/api/no_such_function",
        "/api/sign_out",
    ]
    .into_iter()
    .chain(favicon.then_some("/favicon.svg"))
    .map(|path| (Method::GET, path.to_owned()));
    let routes: Vec<_> = pages.chain(functions).chain(others).collect();
    assert!(routes.len() > 18, "{routes:?}");
    routes
}

fn nonce_of(answer: &Answer) -> &str {
    let policy = answer.header("content-security-policy");
    policy
        .split_once("'nonce-")
        .unwrap()
        .1
        .split_once('\'')
        .unwrap()
        .0
}

/// What stands between `<` and `>`, but for closing tags and comments.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
}
