//! Signing out means now, on every way.

use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    browser::{ACCESS, Answer, DEVICE, PROBE, REFRESH},
};

#[tokio::test]
async fn signing_out_leaves_nothing_but_that_the_account_was_at_home_in_this_browser() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let answer = browser.call("sign_out", &[]).await;
    assert_eq!(answer.status, 200);
    assert_signs_out(&answer);
    // It opens nothing: strangers who guess elsewhere keep nobody out of a browser that holds it.
    let left = browser.cookies.header().unwrap();
    assert!(left.starts_with(DEVICE) && !left.contains(';'), "{left}");
    assert!(!browser.navigate("/").await.is_members());
    assert_eq!(
        app.texts("SELECT end_reason FROM sessions").await,
        ["signed_out"]
    );
}

#[tokio::test]
async fn the_access_token_of_an_ended_session_is_refused_at_once() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let mut copy = browser.clone();
    assert_eq!(copy.ask("who_am_i").await.status, 200);
    browser.call("sign_out", &[]).await;
    for function in ["who_am_i", "list_sessions"] {
        let answer = copy.ask(function).await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "session_ended"),
            "{function}"
        );
        assert_eq!(
            answer.body,
            r#"{"code":"session_ended","reason":"signed_out"}"#
        );
    }
    assert_eq!(copy.call("refresh", &[]).await.code(), "session_ended");
    copy.cookies.remove(ACCESS);
    assert_eq!(copy.call("refresh", &[]).await.code(), "session_ended");
    assert!(!copy.navigate("/account").await.renews());
}

#[tokio::test]
async fn signing_out_again_is_signing_out() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let mut same = browser.clone();
    assert_signs_out(&browser.call("sign_out", &[]).await);
    assert_signs_out(&browser.call("sign_out", &[]).await);
    assert_signs_out(&same.call("sign_out", &[]).await);
    assert_eq!(
        app.count("SELECT count(*) FROM audit WHERE event = 'session_ended'")
            .await,
        1
    );
}

#[tokio::test]
async fn signing_out_works_without_script() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let answer = browser.submit("sign_out", &[]).await;
    assert_eq!((answer.status, answer.location()), (302, "/"));
    assert_signs_out(&answer);
    assert!(!browser.follow(&answer).await.is_members());
}

#[tokio::test]
async fn signing_out_works_with_a_stale_token_on_both_ways() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for script in [true, false] {
        browser.sign_in(EMAIL, PASSWORD).await;
        browser.grow_stale(&app).await;
        let answer = if script {
            browser.call("sign_out", &[]).await
        } else {
            browser.submit("sign_out", &[]).await
        };
        assert_signs_out(&answer);
        assert_eq!(
            app.count("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
                .await,
            0
        );
    }
}

#[tokio::test]
async fn signing_out_here_leaves_the_other_browsers_signed_in() {
    let app = TestApp::start().await;
    let mut here = app.member().await;
    let mut elsewhere = app.admit().await;
    here.call("sign_out", &[]).await;
    assert!(elsewhere.navigate("/account").await.is_members());
}

#[tokio::test]
async fn a_request_that_was_under_way_does_not_undo_a_sign_in_that_followed() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let mut late = browser.clone();
    browser.call("sign_out", &[]).await;
    browser.sign_in(EMAIL, PASSWORD).await;
    for answer in [
        late.navigate("/account").await,
        late.ask("list_sessions").await,
        late.call("refresh", &[]).await,
    ] {
        // The browser asserts that the tokens are not taken away.
        browser.cookies.keep(&answer);
    }
    assert!(browser.navigate("/account").await.is_members());
}

/// Both cookies go, and with them what the browser has cached and stored (W3C Clear Site Data).
fn assert_signs_out(answer: &Answer) {
    let gone = |name| format!("{name}=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    let removed = answer.set_cookies();
    assert_eq!(removed[..2], [gone(ACCESS), gone(REFRESH)]);
    // The first sign-out takes away, too, what showed that this browser keeps cookies.
    assert!(
        removed[2..].iter().all(|cookie| *cookie == gone(PROBE)),
        "{answer:?}"
    );
    assert_eq!(answer.header("clear-site-data"), "\"storage\"");
}
