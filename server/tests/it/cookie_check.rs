//! A browser that keeps no cookies is told so, and nothing is made that it could not use.

use axum::http::header;
use reqwest::{RequestBuilder, StatusCode};

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::{ACCESS, Answer, Browser, Jar, with_query},
};

const SIGN_UP: [(&str, &str); 3] = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
const SIGN_IN: [(&str, &str); 2] = [("email", EMAIL), ("password", PASSWORD)];

const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

const NO_COOKIES: &str = "accept this site";

/// Sends it as a browser does that loses every cookie.
async fn forgetting(browser: &mut Browser, request: RequestBuilder) -> Answer {
    let again = request.try_clone().unwrap();
    browser.cookies = Jar::default();
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    let location = str::from_utf8(response.headers()[header::LOCATION].as_bytes()).unwrap();
    assert!(location.ends_with("?cookies=asked"), "{location}");
    let answer = browser.send(with_query(again, "cookies=asked")).await;
    browser.cookies = Jar::default();
    answer
}

async fn made(app: &TestApp) -> (i64, i64) {
    let accounts = app.count("SELECT count(*) FROM accounts").await;
    (accounts, app.count("SELECT count(*) FROM sessions").await)
}

#[tokio::test]
async fn a_call_without_cookies_is_refused_and_nothing_is_made() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let request = browser.order("sign_up", &SIGN_UP);
    let answer = forgetting(&mut browser, request).await;
    assert_eq!(
        (answer.status, answer.code(), answer.body.as_str()),
        (400, "cookies_refused", r#"{"code":"cookies_refused"}"#)
    );
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(made(&app).await, (0, 0));

    app.member().await;
    let request = browser.order("sign_in", &SIGN_IN);
    let answer = forgetting(&mut browser, request).await;
    assert_eq!((answer.status, answer.code()), (400, "cookies_refused"));
    assert_eq!(made(&app).await, (1, 1));
}

#[tokio::test]
async fn a_form_without_script_and_cookies_leads_back_to_its_page_which_says_so() {
    let app = TestApp::start().await;
    app.member().await;
    for (function, form, page, leads_to) in [
        (
            "sign_up",
            &SIGN_UP[..],
            "/sign-up",
            "/sign-up?cookies=refused",
        ),
        (
            "sign_in",
            &SIGN_IN,
            "/sign-in?next=/account/sessions?tab=1&cookies=refused",
            "/sign-in?next=%2Faccount%2Fsessions%3Ftab%3D1&cookies=refused",
        ),
    ] {
        let mut browser = app.browser();
        let request = browser
            .submission(function, form)
            .header(header::REFERER, format!("{}{page}", app.origin()));
        let answer = forgetting(&mut browser, request).await;
        assert_eq!((answer.status, answer.location()), (303, leads_to));
        let page = browser.follow(&answer).await;
        assert_eq!(page.status, 200);
        assert!(page.shows(NO_COOKIES), "{}", page.body);
        assert_eq!(page.set_cookies(), Vec::<&str>::new());
    }
    assert_eq!(made(&app).await, (1, 1));
}

#[tokio::test]
async fn only_a_browser_without_cookies_is_told_by_an_address() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.navigate("/sign-in?cookies=refused").await;
    assert!(page.shows(NO_COOKIES));
    browser.cookies.set("monban_theme", "dark");
    let page = browser.navigate("/sign-in?cookies=refused").await;
    assert!(!page.shows(NO_COOKIES));
}

#[tokio::test]
async fn safari_without_tls_is_told_of_it() {
    let app = TestApp::start().await;
    let answer = |agent: &'static str, app: &TestApp| {
        let mut browser = app.browser();
        let request = browser.order("sign_up", &SIGN_UP);
        async move {
            let (client, request) = request.build_split();
            let mut request = request.unwrap();
            request
                .headers_mut()
                .insert(header::USER_AGENT, agent.parse().unwrap());
            let request = RequestBuilder::from_parts(client, request);
            forgetting(&mut browser, request).await.code().to_owned()
        }
    };
    assert_eq!(answer(SAFARI, &app).await, "secure_cookies_refused");
    assert_eq!(answer(CHROME, &app).await, "cookies_refused");
    let behind_tls = TestApp::with("BASE_URL", "https://example.com")
        .start()
        .await;
    assert_eq!(answer(SAFARI, &behind_tls).await, "cookies_refused");
}

#[tokio::test]
async fn who_keeps_cookies_is_asked_once_and_notices_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let asked = browser.order("sign_up", &SIGN_UP).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(browser.call("sign_up", &SIGN_UP).await.status, 200);
    assert!(browser.cookies.get(ACCESS).is_some());
    // Any cookie of ours is enough; somebody else's says nothing.
    for (cookie, status) in [("monban_theme=dark", 200), ("theme=dark", 307)] {
        let request = browser
            .order("sign_in", &SIGN_IN)
            .header(header::COOKIE, cookie);
        assert_eq!(request.send().await.unwrap().status(), status, "{cookie}");
    }
}
