//! Staying signed in without noticing: before a page is rendered, before a form without script is
//! handled, and on being asked to by the living page.

use axum::http::Method;

use crate::{
    app::{NAME, TestApp},
    browser::{ACCESS, REFRESH, as_navigation},
};

#[tokio::test]
async fn a_page_is_rendered_for_the_person_and_brings_new_cookies() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let page = browser.navigate("/account").await;
    assert_eq!(page.status, 200);
    assert!(page.is_members() && page.shows(NAME), "{}", page.body);
    assert_eq!(page.cookie_names(), [ACCESS, REFRESH]);
    assert!(page.renews());
    assert_eq!(browser.generation(), 2);
    let page = browser.navigate("/account").await;
    assert!(page.is_members());
    assert_eq!(page.cookie_names(), [""; 0], "fresh is left alone");
}

#[tokio::test]
async fn an_access_cookie_that_the_browser_dropped_is_as_good_as_a_stale_one() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.cookies.remove(ACCESS);
    let page = browser.navigate("/").await;
    assert!(page.is_members() && page.renews());
}

#[tokio::test]
async fn somebody_who_arrives_from_a_link_in_a_mail_is_signed_in() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let arrival = browser
        .request(Method::GET, "/account")
        .header("sec-fetch-site", "cross-site");
    let page = browser.send(as_navigation(arrival)).await;
    assert!(page.is_members() && page.renews());
}

#[tokio::test]
async fn a_browser_without_fetch_metadata_is_known_by_what_it_accepts() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let request = browser
        .request(Method::GET, "/account")
        .header("accept", "text/html,*/*");
    let page = browser.send(request).await;
    assert!(page.is_members() && page.renews());
}

#[tokio::test]
async fn a_form_without_script_is_handled_and_brings_new_cookies() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let answer = browser
        .submit("update_account", &[("name", "Ann of Oxford")])
        .await;
    assert_eq!((answer.status, answer.location()), (302, "/account"));
    assert!(answer.renews());
    assert_eq!(
        app.texts("SELECT name FROM accounts").await,
        ["Ann of Oxford"]
    );
    assert!(browser.follow(&answer).await.shows("Ann of Oxford"));
}

#[tokio::test]
async fn a_form_without_script_that_is_refused_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let long = "Ann of Oxford ".repeat(10);
    let answer = browser.submit("update_account", &[("name", &long)]).await;
    assert_eq!((answer.status, answer.location()), (302, "/account"));
    assert!(answer.renews());
    let page = browser.follow(&answer).await;
    assert!(page.is_members());
    assert!(page.shows(&format!("value=\"{long}\"")), "{}", page.body);
    assert!(page.shows("Use at most 100 characters."));
}

#[tokio::test]
async fn a_call_is_told_to_refresh_and_nothing_else_happens() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    for (function, reads) in [
        ("who_am_i", true),
        ("list_sessions", true),
        ("update_account", false),
        ("end_other_sessions", false),
    ] {
        let answer = if reads {
            browser.ask(function).await
        } else {
            browser.call(function, &[("name", "Somebody Else")]).await
        };
        assert_eq!(
            (answer.status, answer.code()),
            (401, "session_expired"),
            "{function}"
        );
        assert_eq!(answer.body, r#"{"code":"session_expired"}"#);
        assert_eq!(answer.cookie_names(), [""; 0], "{function}");
    }
    assert_eq!(app.texts("SELECT name FROM accounts").await, [NAME]);
    assert_eq!(app.count("SELECT generation FROM sessions").await, 1);
}

#[tokio::test]
async fn the_living_page_refreshes_and_calls_again() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let form = [("name", "Ann of Oxford")];
    assert_eq!(
        browser.call("update_account", &form).await.code(),
        "session_expired"
    );

    let refreshed = browser.call("refresh", &[]).await;
    assert_eq!((refreshed.status, refreshed.body.as_str()), (200, "null"));
    assert_eq!(refreshed.cookie_names(), [ACCESS, REFRESH]);

    assert_eq!(browser.call("update_account", &form).await.status, 200);
    assert_eq!(
        app.texts("SELECT name FROM accounts").await,
        ["Ann of Oxford"]
    );
}

#[tokio::test]
async fn while_the_access_token_is_good_there_is_nothing_to_refresh() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let answer = browser.call("refresh", &[]).await;
    assert_eq!((answer.status, answer.cookie_names()), (200, vec![]));
    assert_eq!(app.count("SELECT generation FROM sessions").await, 1);
}

#[tokio::test]
async fn a_stranger_has_nothing_to_refresh() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser.call("refresh", &[]).await;
    assert_eq!((answer.status, answer.code()), (401, "session_required"));
    assert_eq!(answer.cookie_names(), [""; 0]);
}

#[tokio::test]
async fn a_reply_that_was_lost_costs_nothing() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    for lost in ["/", "/account", "/account/sessions"] {
        browser.clone().navigate(lost).await;
    }
    let page = browser.navigate("/account").await;
    assert!(page.is_members());
    assert_eq!(browser.generation(), 2);
}

#[tokio::test]
async fn the_access_token_lives_as_long_as_it_is_set_to() {
    let app = TestApp::with("ACCESS_TTL", "1s").start().await;
    let mut browser = app.member().await;
    let expires_at = browser.access()["exp"].as_i64().unwrap();
    let mut answer = browser.ask("who_am_i").await;
    while answer.status == 200 {
        answer = browser.ask("who_am_i").await;
    }
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert_eq!(answer.code(), "session_expired");
    assert!((expires_at..expires_at + 5).contains(&i64::try_from(now).unwrap()));
    assert!(browser.navigate("/account").await.is_members());
}

#[tokio::test]
async fn tokens_from_before_the_clock_was_set_back_are_renewed_in_silence() {
    let app = TestApp::start().await;
    app.member().await;
    let forge = app.forge().await;
    for by_script in [false, true] {
        let mut browser = app.admit().await;
        let access = forge.access(&an_hour_ahead(browser.access()));
        let refresh = forge.refresh(&an_hour_ahead(browser.refresh()));
        browser.cookies.set(ACCESS, access.expose());
        browser.cookies.set(REFRESH, refresh.expose());
        if by_script {
            let told = browser.ask("list_sessions").await;
            assert_eq!((told.status, told.code()), (401, "session_expired"));
            assert_eq!(browser.call("refresh", &[]).await.status, 200);
            assert_eq!(browser.ask("list_sessions").await.status, 200);
        } else {
            let page = browser.navigate("/account").await;
            assert!(page.is_members() && page.renews());
        }
    }
}

fn an_hour_ahead(mut claims: serde_json::Value) -> serde_json::Value {
    for name in ["iat", "exp"] {
        claims[name] = (claims[name].as_i64().unwrap() + 60 * 60).into();
    }
    claims
}
