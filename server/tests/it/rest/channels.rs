//! One account, two kinds of clients: neither's tokens work in the other's place, and both see one
//! list of sessions.

use axum::http::Method;

use super::{Api, refused};
use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    browser::{ACCESS, REFRESH},
    forge::claims_of,
};

const REQUIRED: &str = "session_required";

#[tokio::test]
async fn a_cookies_access_token_is_no_bearer_token() {
    let app = TestApp::start().await;
    let browser = app.member().await;
    let api = Api::stranger(&app);
    let token = browser.cookies.get(ACCESS).unwrap();
    for (method, path) in [
        (Method::GET, "/session"),
        (Method::GET, "/account"),
        (Method::GET, "/sessions"),
        (Method::DELETE, "/sessions/current"),
    ] {
        let request = api.request(method, path).bearer_auth(token);
        let answer = api.send(request).await;
        assert_eq!(refused(&answer), (401, REQUIRED.to_owned()), "{path}");
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer error="invalid_token""#
        );
    }
}

#[tokio::test]
async fn a_cookie_is_not_read_here() {
    let app = TestApp::start().await;
    let browser = app.member().await;
    let api = Api::stranger(&app);
    let request = api
        .request(Method::GET, "/session")
        .header("cookie", browser.cookies.header().unwrap());
    let answer = api.send(request).await;
    assert_eq!(refused(&answer), (401, REQUIRED.to_owned()));
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="monban""#
    );
}

#[tokio::test]
async fn a_bearer_token_is_not_read_by_the_browsers_endpoints() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let mut browser = app.browser();
    let request = browser
        .request(Method::GET, "/api/who_am_i")
        .bearer_auth(api.access_token());
    assert_eq!(browser.send(request).await.body, "null");
}

#[tokio::test]
async fn bearer_tokens_in_cookies_are_nobodys_and_end_nothing() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    api.refresh().await;
    let mut browser = app.browser();
    browser.cookies.set(ACCESS, api.access_token());
    browser.cookies.set(REFRESH, api.refresh_token());
    let told = browser.ask("list_sessions").await;
    assert_eq!(told.status, 401);
    let told = browser.call("refresh", &[]).await;
    assert_eq!((told.status, told.renews()), (401, false));
    let page = browser.navigate("/account").await;
    assert!(!page.is_members() && !page.renews());
    // Neither a sign-in over it nor a sign-out reaches the app's session.
    browser.sign_in(EMAIL, PASSWORD).await;
    browser.cookies.set(REFRESH, api.refresh_token());
    browser.cookies.remove(ACCESS);
    browser.call("sign_out", &[]).await;

    assert_eq!(api.get("/session").await.status, 200);
    assert_eq!(api.refresh().await.status, 200);
    assert_eq!(claims_of(api.refresh_token())["gen"], 3);
}

#[tokio::test]
async fn a_cookies_refresh_token_is_refused_here_and_its_session_lives_on() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut browser = app.member().await;
    let api = Api::stranger(&app);
    let old = browser.cookies.get(REFRESH).unwrap().to_owned();
    browser.cookies.remove(ACCESS);
    assert!(browser.call("refresh", &[]).await.renews());
    browser.ask("who_am_i").await;
    let new = browser.cookies.get(REFRESH).unwrap().to_owned();
    // The old one would be a replay where it belongs.
    for token in [old, new] {
        let answer = api.refresh_with(&token).await;
        assert_eq!(refused(&answer), (401, REQUIRED.to_owned()));
    }
    assert!(browser.navigate("/account").await.is_members());
    browser.cookies.remove(ACCESS);
    assert!(browser.navigate("/account").await.renews());
    assert_eq!(browser.generation(), 3);
}

#[tokio::test]
async fn a_phone_shows_in_the_browsers_list_and_is_ended_there() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let mut browser = app.admit().await;
    let page = browser.navigate("/account/sessions").await;
    assert!(
        page.shows("Ann's phone") || page.shows("Ann&#39;s phone"),
        "{}",
        page.body
    );
    assert!(page.shows("Firefox on Linux"));

    let answer = browser
        .submit("end_session", &[("id", api.session_id())])
        .await;
    assert_eq!(answer.status, 302);
    let told = api.get("/session").await;
    assert_eq!(refused(&told), (401, "session_ended".to_owned()));
    assert_eq!(told.json()["reason"], "revoked");
    let told = api.refresh_with(api.refresh_token()).await;
    assert_eq!(refused(&told), (401, "session_ended".to_owned()));
    assert!(!browser.navigate("/account/sessions").await.shows("phone"));
}

#[tokio::test]
async fn a_browser_shows_in_the_phones_list_and_is_ended_there() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let mut browser = app.admit().await;
    let list = api.get("/sessions").await.json();
    assert_eq!(list[1]["device"], "Firefox on Linux");
    let id = list[1]["id"].as_str().unwrap();
    assert_eq!(api.delete(&format!("/sessions/{id}")).await.status, 204);
    let page = browser.navigate("/").await;
    assert!(page.shows("This session was ended from another device."));
}

#[tokio::test]
async fn a_device_that_calls_itself_like_a_system_keeps_its_name() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    for name in ["Ann's iPhone", "Windows", "<b>門番</b>", "Firefox"] {
        api.sign_in(name).await;
        assert_eq!(api.tokens["session"]["device"], name);
    }
    let mut browser = app.admit().await;
    let page = browser.navigate("/account/sessions").await;
    assert!(page.shows("&lt;b&gt;門番&lt;/b&gt;") && !page.shows("<b>門番"));
}
