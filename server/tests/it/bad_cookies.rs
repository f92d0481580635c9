//! Tokens that must be refused, as cookies: anonymous, or 401 with a body that says nothing.

use axum::http::{HeaderValue, header};
use monban_auth::{TokenError, TokenKind};

use crate::{
    app::TestApp,
    bad_tokens::Bad,
    browser::{ACCESS, REFRESH},
};

#[tokio::test]
async fn a_bad_access_token_is_nobody() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let mut browser = app.browser();
    for bad in presentable(
        app.forge()
            .await
            .bad_tokens(TokenKind::Access, member.cookies.get(ACCESS).unwrap()),
    ) {
        browser.cookies.set(ACCESS, &bad.token);
        let answer = browser.ask("list_sessions").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (401, r#"{"code":"session_required"}"#),
            "{}",
            bad.what
        );
        let answer = browser.call("update_account", &[("name", "Mallory")]).await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "session_required"),
            "{}",
            bad.what
        );
        assert_eq!(browser.ask("who_am_i").await.body, "null", "{}", bad.what);
    }
    assert_eq!(
        app.texts("SELECT name FROM accounts").await,
        [crate::app::NAME]
    );
}

#[tokio::test]
async fn a_bad_refresh_token_renews_nothing_and_ends_nothing() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let mut browser = app.browser();
    for bad in presentable(
        app.forge()
            .await
            .bad_tokens(TokenKind::Refresh, member.cookies.get(REFRESH).unwrap()),
    ) {
        browser.cookies.set(REFRESH, &bad.token);
        let answer = browser.call("refresh", &[]).await;
        let body = match bad.error {
            TokenError::Expired => r#"{"code":"session_ended","reason":"idle"}"#,
            _ => r#"{"code":"session_required"}"#,
        };
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (401, body),
            "{}",
            bad.what
        );
        assert_eq!(answer.cookie_names(), [""; 0], "{}", bad.what);
    }
    assert!(member.navigate("/account").await.is_members());
    assert_eq!(app.count("SELECT generation FROM sessions").await, 1);
}

#[tokio::test]
async fn a_page_is_a_strangers_whatever_is_presented() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let forge = app.forge().await;
    let access = forge.bad_tokens(TokenKind::Access, member.cookies.get(ACCESS).unwrap());
    let refresh = forge.bad_tokens(TokenKind::Refresh, member.cookies.get(REFRESH).unwrap());
    // One of each refusal: a page takes longer than a call.
    let mut refusals = Vec::new();
    for (access, refresh) in presentable(access).into_iter().zip(presentable(refresh)) {
        if refusals.contains(&access.error) {
            continue;
        }
        refusals.push(access.error);
        let mut browser = app.browser();
        browser.cookies.set(ACCESS, &access.token);
        browser.cookies.set(REFRESH, &refresh.token);
        let page = browser.navigate("/account").await;
        assert_eq!(
            (page.status, page.location()),
            (302, "/sign-in?next=/account"),
            "{}",
            access.what
        );
        assert!(!browser.navigate("/").await.is_members(), "{}", access.what);
    }
    assert!(refusals.len() >= 10, "{refusals:?}");
}

#[tokio::test]
async fn each_token_is_refused_in_the_place_of_the_other() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let mut swapped = app.browser();
    swapped
        .cookies
        .set(ACCESS, member.cookies.get(REFRESH).unwrap());
    swapped
        .cookies
        .set(REFRESH, member.cookies.get(ACCESS).unwrap());
    assert_eq!(swapped.ask("who_am_i").await.code(), "session_expired");
    assert_eq!(
        swapped.call("refresh", &[]).await.code(),
        "session_required"
    );
    assert!(!swapped.navigate("/").await.is_members());
}

#[tokio::test]
async fn a_token_is_taken_from_its_cookie_only() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let token = member.cookies.get(ACCESS).unwrap().to_owned();
    let mut browser = app.browser();
    let request = browser.request(
        axum::http::Method::GET,
        &format!("/api/who_am_i?access_token={token}"),
    );
    let answer = browser
        .send(request.header("authorization", format!("Bearer {token}")))
        .await;
    assert_eq!(answer.body, "null");
    for name in [
        "monban_access",
        "__host-monban_access",
        "__Secure-monban_access",
        "x__Host-monban_access",
    ] {
        let mut browser = app.browser();
        browser.cookies.set(name, &token);
        assert_eq!(browser.ask("who_am_i").await.body, "null", "{name}");
    }
}

#[tokio::test]
async fn a_genuine_token_of_a_session_that_is_not_there_renews_nothing() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let mut claims = member.refresh();
    claims["sid"] = "01890000-0000-7000-8000-000000000000".into();
    let mut browser = app.browser();
    browser
        .cookies
        .set(REFRESH, app.forge().await.refresh(&claims).expose());
    let answer = browser.call("refresh", &[]).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (401, r#"{"code":"session_ended","reason":"unknown"}"#)
    );
    assert!(
        browser
            .navigate("/")
            .await
            .shows("This session is no longer valid. Please sign in again.")
    );
}

#[tokio::test]
async fn a_byte_in_somebody_elses_cookie_signs_nobody_out() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let own = member.cookies.header().unwrap();
    for foreign in [
        "x=\u{e9}".as_bytes(),
        b"x=\xff",
        b"\xe9=\x80; y",
        b"x=\"",
        b"=; ;;==",
    ] {
        let line = [foreign, b"; ", own.as_bytes(), b"; ", foreign].concat();
        let mut browser = app.browser();
        for request in [browser.question("who_am_i"), browser.navigation("/account")] {
            let line = HeaderValue::from_bytes(&line).unwrap();
            let answer = browser.send(request.header(header::COOKIE, line)).await;
            assert!(
                answer.shows("account_id") || answer.is_members(),
                "{foreign:?}: {answer:?}"
            );
            assert_eq!(answer.cookie_names(), [""; 0], "{foreign:?}");
        }
    }
}

#[tokio::test]
async fn a_name_that_only_looks_like_ours_is_not_read() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let token = member.cookies.get(ACCESS).unwrap();
    for before in ["\u{a0}", "\u{2003}", "\u{3000}", "\u{85}"] {
        let mut browser = app.browser();
        let line = HeaderValue::from_bytes(format!("{before}{ACCESS}={token}").as_bytes());
        let request = browser.question("who_am_i");
        let answer = browser
            .send(request.header(header::COOKIE, line.unwrap()))
            .await;
        assert_eq!(answer.body, "null", "{before:?}");
    }
}

/// Those that a cookie can carry.
fn presentable(bad: Vec<Bad>) -> Vec<Bad> {
    let fits =
        |bad: &Bad| HeaderValue::from_str(&bad.token).is_ok() && !bad.token.contains([';', ' ']);
    let presentable: Vec<_> = bad.into_iter().filter(fits).collect();
    assert!(presentable.len() > 80);
    presentable
}
