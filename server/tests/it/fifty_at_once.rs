//! Fifty requests with one refresh token, released together: every one is answered as the same
//! person, one generation comes out, and no reply takes a cookie away.

use crate::{
    app::TestApp,
    browser::{ACCESS, Answer, Browser, REFRESH},
    forge::claims_of,
    wire,
};

const FIFTY: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_make_one_generation() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.cookies.remove(ACCESS);

    let answers = all_at_once(&app, &wire::refresh_request(&browser)).await;
    assert_one_generation(&app, &answers, 2).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.body.as_str()), (200, "null"));
    }
    assert_session_goes_on_with_any_of(&mut browser, &answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_navigations_at_once_with_a_stale_access_token_make_one_generation() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;

    let answers = all_at_once(&app, &navigation_request(&browser)).await;
    assert_one_generation(&app, &answers, 2).await;
    for answer in &answers {
        assert_eq!(answer.status, 200);
        assert!(answer.is_members());
    }
    assert_session_goes_on_with_any_of(&mut browser, &answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_calls_at_once_agree_too() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.grow_stale(&app).await;
    let kinds = [
        wire::refresh_request(&browser),
        navigation_request(&browser),
    ];
    let requests: Vec<_> = kinds.into_iter().cycle().take(FIFTY).collect();

    let answers = wire::released_together(app.address, &requests).await;
    assert_one_generation(&app, &answers, 2).await;
    assert_session_goes_on_with_any_of(&mut browser, &answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn generation_after_generation_holds() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for generation in 2..6 {
        browser.cookies.remove(ACCESS);
        let answers = all_at_once(&app, &wire::refresh_request(&browser)).await;
        assert_one_generation(&app, &answers, generation).await;
        browser.cookies.keep(&answers[FIFTY / 2]);
        assert_eq!(browser.ask("who_am_i").await.status, 200);
    }
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_zero_still_lets_fifty_in_while_nobody_has_used_what_came_out() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut browser = app.member().await;
    browser.cookies.remove(ACCESS);
    let old = browser.clone();

    let answers = all_at_once(&app, &wire::refresh_request(&browser)).await;
    assert_one_generation(&app, &answers, 2).await;

    browser.cookies.keep(&answers[0]);
    assert_eq!(browser.ask("who_am_i").await.status, 200);
    let replayed = old.clone().call("refresh", &[]).await;
    assert_eq!((replayed.status, replayed.code()), (401, "session_ended"));
    assert_eq!(
        app.texts("SELECT end_reason FROM sessions").await,
        ["reused"]
    );
}

fn navigation_request(browser: &Browser) -> String {
    let cookies = browser.cookies.header().unwrap();
    let headers = [
        ("cookie", cookies.as_str()),
        ("sec-fetch-site", "none"),
        ("sec-fetch-mode", "navigate"),
        ("accept", "text/html"),
    ];
    wire::request("GET", "/account", &headers, "")
}

async fn all_at_once(app: &TestApp, request: &str) -> Vec<Answer> {
    wire::released_together(app.address, &vec![request.to_owned(); FIFTY]).await
}

async fn assert_one_generation(app: &TestApp, answers: &[Answer], generation: i64) {
    assert_eq!(answers.len(), FIFTY);
    for answer in answers {
        assert!(answer.renews(), "{answer:?}");
        assert!(
            !answer.removes(ACCESS) && !answer.removes(REFRESH),
            "{answer:?}"
        );
        for cookie in answer.set_cookies() {
            let token = cookie.split(['=', ';']).nth(1).unwrap();
            assert_eq!(claims_of(token)["gen"], generation);
        }
    }
    assert_eq!(
        app.count("SELECT generation FROM sessions").await,
        generation
    );
    assert_eq!(
        app.count("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
            .await,
        1
    );
}

/// Whichever reply came last into the browser, the person stays signed in, and so do the tabs that
/// another one came last into.
async fn assert_session_goes_on_with_any_of(browser: &mut Browser, answers: &[Answer]) {
    for answer in answers {
        browser.cookies.keep(answer);
        assert_ne!(browser.ask("who_am_i").await.body, "null");
    }
    for answer in [&answers[0], &answers[FIFTY - 1]] {
        browser.cookies.keep(answer);
        browser.cookies.remove(ACCESS);
        assert!(browser.call("refresh", &[]).await.renews());
        assert_eq!(browser.generation(), answers_generation(answer) + 1);
    }
}

fn answers_generation(answer: &Answer) -> i64 {
    let cookie = answer.set_cookies()[0];
    claims_of(cookie.split(['=', ';']).nth(1).unwrap())["gen"]
        .as_i64()
        .unwrap()
}
