//! Which pages of other origins may call: none, or exactly those on the list.

use axum::http::Method;

use super::Api;
use crate::app::TestApp;

const LISTED: &str = "https://app.example";

#[tokio::test]
async fn without_a_list_no_origin_is_told_anything() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    for origin in [LISTED, "null"] {
        let call = api
            .request(Method::GET, "/session")
            .header("origin", origin);
        let answer = api.send(call.bearer_auth(api.access_token())).await;
        assert_eq!(answer.status, 200);
        assert!(
            !answer
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("access-control"))
        );
        let preflight = api
            .request(Method::OPTIONS, "/session")
            .header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "GET");
        let answer = api.send(preflight).await;
        assert_eq!(answer.status, 405);
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn a_listed_origin_may_call_and_never_with_cookies() {
    let app = TestApp::with("CORS_ORIGINS", "https://other.example,https://app.example")
        .start()
        .await;
    let api = Api::member(&app).await;
    let browser = app.browser();
    let preflight = browser
        .request(Method::OPTIONS, "/api/v1/account")
        .header("origin", LISTED)
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "authorization,content-type",
        );
    let answer = preflight.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let told =
        |name: &str| String::from_utf8_lossy(answer.headers()[name].as_bytes()).to_lowercase();
    assert_eq!(told("access-control-allow-origin"), LISTED);
    assert!(told("access-control-allow-methods").contains("patch"));
    assert_eq!(
        told("access-control-allow-headers"),
        "authorization,content-type"
    );
    assert!(
        !answer
            .headers()
            .contains_key("access-control-allow-credentials")
    );

    // Also what is refused, or the page could not read why.
    for (token, status) in [(api.access_token(), 200), ("nonsense", 401)] {
        let call = api
            .request(Method::GET, "/session")
            .header("origin", LISTED);
        let answer = api.send(call.bearer_auth(token)).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), LISTED);
        assert!(answer.header("vary").to_lowercase().contains("origin"));
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
}

#[tokio::test]
async fn an_origin_that_is_not_listed_letter_by_letter_is_told_nothing() {
    let app = TestApp::with("CORS_ORIGINS", LISTED).start().await;
    let api = Api::member(&app).await;
    for origin in [
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:8443",
        "null",
    ] {
        let call = api
            .request(Method::GET, "/session")
            .header("origin", origin);
        let answer = api.send(call.bearer_auth(api.access_token())).await;
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn the_pages_and_their_functions_are_not_on_offer() {
    let app = TestApp::with("CORS_ORIGINS", LISTED).start().await;
    let mut browser = app.member().await;
    for path in ["/", "/api/who_am_i", "/api/list_sessions"] {
        let request = browser.request(Method::GET, path).header("origin", LISTED);
        let answer = browser.send(request).await;
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_app_in_a_web_view_may_be_listed() {
    for origin in ["capacitor://localhost", "tauri://localhost"] {
        let app = TestApp::with("CORS_ORIGINS", origin).start().await;
        let api = Api::member(&app).await;
        let call = api
            .request(Method::GET, "/session")
            .header("origin", origin);
        let answer = api.send(call.bearer_auth(api.access_token())).await;
        assert_eq!(answer.header("access-control-allow-origin"), origin);
    }
}

#[tokio::test]
async fn the_keys_and_the_document_are_for_everybodys_pages() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in ["/.well-known/jwks.json", "/api/openapi.json"] {
        let request = browser
            .request(Method::GET, path)
            .header("origin", "https://anybody.example");
        let answer = browser.send(request).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
}
