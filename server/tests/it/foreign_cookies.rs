//! Cookies that another site of the same domain has set by the names of ours, as it can in a browser
//! that does not keep the promise of `__Host-`.

use axum::http::{Method, header};
use reqwest::RequestBuilder;

use crate::{
    app::{PASSWORD, TestApp},
    browser::{ACCESS, Answer, Browser, REFRESH, as_navigation},
};

/// What a page offers when two sign-ins came.
const WAY_OUT: &str = "action=\"/api/clear_cookies\"";

/// Somebody else, with an account of their own.
async fn mallory(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    let form = [
        ("name", "Mallory"),
        ("email", "mallory@example.com"),
        ("password", PASSWORD),
    ];
    assert_eq!(browser.call("sign_up", &form).await.status, 200);
    browser
}

/// `name=value` as that browser holds it.
fn pair(name: &str, browser: &Browser) -> String {
    format!("{name}={}", browser.cookies.get(name).unwrap())
}

/// Sends exactly these cookies.
async fn send(app: &TestApp, request: RequestBuilder, cookies: &[String]) -> Answer {
    let request = request.header(header::COOKIE, cookies.join("; "));
    app.browser().send(request).await
}

/// A page, a form without script, and two calls.
fn requests(app: &TestApp) -> [RequestBuilder; 4] {
    let browser = app.browser();
    [
        browser.navigation("/account"),
        browser.submission("update_account", &[("name", "Ann")]),
        browser.question("who_am_i"),
        browser.order("refresh", &[]),
    ]
}

/// Neither is believed: whatever is asked for, nothing is done, nothing is taken away, and people are
/// told.
async fn assert_conflict(app: &TestApp, cookies: &[String]) {
    let before = app.everything().await;
    for request in requests(app) {
        let answer = send(app, request, cookies).await;
        assert_eq!(answer.status, 409, "{answer:?}");
        assert_eq!(answer.cookie_names(), [""; 0]);
        assert_eq!(answer.header("cache-control"), "private, no-store");
        assert!(
            answer.shows(WAY_OUT) || answer.body == r#"{"code":"cookie_conflict"}"#,
            "{answer:?}"
        );
    }
    assert_eq!(app.everything().await, before);
}

/// The person of that name is.
async fn assert_believed(app: &TestApp, cookies: &[String], name: &str) {
    let page = app.browser().navigation("/account");
    let page = send(app, page, cookies).await;
    assert!(
        page.is_members() && page.shows(name),
        "{cookies:?} {page:?}"
    );
}

#[tokio::test]
async fn of_two_good_access_cookies_neither_is_believed() {
    let app = TestApp::start().await;
    let (ann, mallory) = (app.member().await, mallory(&app).await);
    let (own, foreign) = (pair(ACCESS, &ann), pair(ACCESS, &mallory));
    let refresh = pair(REFRESH, &ann);
    for cookies in [
        [foreign.clone(), own.clone(), refresh.clone()],
        [own, refresh, foreign],
    ] {
        assert_conflict(&app, &cookies).await;
    }
}

#[tokio::test]
async fn of_two_good_refresh_cookies_neither_is_believed() {
    let app = TestApp::start().await;
    let (ann, mallory) = (app.member().await, mallory(&app).await);
    let (own, foreign) = (pair(REFRESH, &ann), pair(REFRESH, &mallory));
    for cookies in [
        vec![foreign.clone(), own.clone()],
        vec![own.clone(), foreign.clone()],
        vec![pair(ACCESS, &ann), own, foreign],
    ] {
        assert_conflict(&app, &cookies).await;
    }
}

#[tokio::test]
async fn a_pair_of_two_living_sessions_is_not_believed() {
    let app = TestApp::start().await;
    let (ann, mut mallory) = (app.member().await, mallory(&app).await);
    // The person's access cookie has run out, as it does every few minutes, and somebody is quick.
    let cookies = [pair(ACCESS, &mallory), pair(REFRESH, &ann)];
    assert_conflict(&app, &cookies).await;
    assert_conflict(&app, &[pair(ACCESS, &ann), pair(REFRESH, &mallory)]).await;
    let dead = [pair(ACCESS, &ann), pair(REFRESH, &mallory)];
    assert_eq!(mallory.call("sign_out", &[]).await.status, 200);
    assert_believed(&app, &dead, "Ann").await;
    assert_believed(&app, &cookies, "Ann").await;
}

#[tokio::test]
async fn one_good_cookie_beside_broken_ones_is_believed() {
    let app = TestApp::start().await;
    let (ann, mut mallory) = (app.member().await, mallory(&app).await);
    let (ended_access, ended_refresh) = (pair(ACCESS, &mallory), pair(REFRESH, &mallory));
    assert_eq!(mallory.call("sign_out", &[]).await.status, 200);
    let mut claims = ann.access();
    let id = claims["sub"].as_str().unwrap().to_owned();
    claims["exp"] = claims["iat"].clone();
    let expired = format!("{ACCESS}={}", app.forge().await.access(&claims).expose());
    let (access, refresh) = (pair(ACCESS, &ann), pair(REFRESH, &ann));
    for broken in [
        format!("{ACCESS}=nonsense"),
        format!("{ACCESS}="),
        access.replace('.', ".e30"),
        expired,
        ended_access,
        ended_refresh,
        format!("{REFRESH}=nonsense"),
    ] {
        for cookies in [
            [broken.clone(), access.clone(), refresh.clone()],
            [access.clone(), refresh.clone(), broken.clone()],
        ] {
            assert_believed(&app, &cookies, "Ann").await;
            // As it is, without a renewal, which a call would be told to ask for.
            let asked = send(&app, app.browser().question("who_am_i"), &cookies).await;
            assert_eq!(asked.status, 200, "{cookies:?} {asked:?}");
            assert!(asked.body.contains(&id), "{cookies:?} {asked:?}");
        }
        // Without its access cookie, too.
        assert_believed(&app, &[broken, refresh.clone()], "Ann").await;
    }
}

#[tokio::test]
async fn cookies_without_end_are_a_conflict_and_no_work_without_end() {
    let app = TestApp::start().await;
    let ann = app.member().await;
    let mut cookies: Vec<_> = (0..100)
        .map(|number| format!("{ACCESS}={number}"))
        .collect();
    cookies.push(pair(ACCESS, &ann));
    assert_conflict(&app, &cookies).await;
}

#[tokio::test]
async fn the_button_takes_all_cookies_away_and_ends_no_session() {
    let app = TestApp::start().await;
    let (ann, mallory) = (app.member().await, mallory(&app).await);
    let cookies = [pair(ACCESS, &mallory), pair(ACCESS, &ann)];
    let page = app.browser().navigation("/account");
    let page = page.header(header::ACCEPT_LANGUAGE, "ja");
    let page = send(&app, page, &cookies).await;
    assert!(page.shows("<html lang=\"ja\"") && page.shows("Cookie を削除する"));
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'self'")
    );

    let before = app.everything().await;
    let referer = format!("{}/account", app.origin());
    let button = || {
        let button = app.browser().submission("clear_cookies", &[]);
        button.header(header::REFERER, &referer)
    };
    let answer = send(&app, button(), &cookies).await;
    assert_eq!((answer.status, answer.location()), (302, "/account"));
    assert_eq!(answer.header("clear-site-data"), "\"cookies\"");
    assert!(answer.removes(ACCESS) && answer.removes(REFRESH));
    assert_eq!(app.everything().await, before);

    // Another site cannot press it.
    let browser = app.browser();
    let elsewhere = as_navigation(browser.request(Method::POST, "/api/clear_cookies"))
        .header("sec-fetch-site", "same-site");
    let answer = send(&app, elsewhere, &cookies).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("clear-site-data"), "");
}
