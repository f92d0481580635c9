//! What browsers, service workers, prefetchers and monitors really send, and what they get.

use axum::http::{Method, header};
use reqwest::RequestBuilder;

use crate::{
    app::{EMAIL, TestApp},
    browser::{Browser, FLASH},
};

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

type Headers<'a> = &'a [(&'static str, &'a str)];

/// Ways to ask for a page that a person may get to see.
const SHOWN: [(&str, Headers<'_>); 7] = [
    (
        "a typed address",
        &[
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
            ("accept", HTML),
        ],
    ),
    ("an older browser", &[("accept", HTML)]),
    (
        "a worker, fetch(event.request)",
        &[
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "empty"),
            ("accept", HTML),
        ],
    ),
    (
        "a worker, fetch(request, {signal})",
        &[
            ("sec-fetch-mode", "same-origin"),
            ("sec-fetch-dest", "empty"),
            ("accept", HTML),
        ],
    ),
    (
        "a worker, fetch(request.url)",
        &[
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-dest", "empty"),
            ("accept", "*/*"),
        ],
    ),
    ("a window of a mail program", &[("accept", "*/*")]),
    ("nothing said at all", &[]),
];

/// Ways to ask for one that may never be seen.
const AHEAD: [(&str, Method, Headers<'_>); 4] = [
    (
        "speculation rules",
        Method::GET,
        &[
            ("sec-fetch-mode", "navigate"),
            ("accept", HTML),
            ("sec-purpose", "prefetch;prerender"),
        ],
    ),
    (
        "<link rel=prefetch>",
        Method::GET,
        &[
            ("sec-fetch-mode", "no-cors"),
            ("accept", "*/*"),
            ("purpose", "prefetch"),
        ],
    ),
    (
        "top sites",
        Method::GET,
        &[("accept", HTML), ("x-purpose", "preview")],
    ),
    ("a monitor", Method::HEAD, &[("accept", "*/*")]),
];

fn asking(browser: &Browser, method: &Method, headers: Headers<'_>) -> RequestBuilder {
    let request = browser.request(method.clone(), "/account");
    headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    })
}

#[tokio::test]
async fn a_stale_session_is_never_shown_as_a_stranger() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for (who, headers) in SHOWN {
        browser.grow_stale(&app).await;
        let page = browser.send(asking(&browser, &Method::GET, headers)).await;
        assert_eq!(page.status, 200, "{who}: {page:?}");
        assert!(page.is_members() && page.shows(EMAIL), "{who}");
        assert!(page.renews(), "{who}");
    }
    for (who, method, headers) in AHEAD {
        browser.grow_stale(&app).await;
        let page = browser.send(asking(&browser, &method, headers)).await;
        assert_eq!(page.status, 200, "{who}: {page:?}");
        assert!(page.renews(), "{who}");
        assert!(method == Method::HEAD || page.shows(EMAIL), "{who}");
    }
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in_whatever_they_say() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for (who, headers) in SHOWN {
        let answer = browser.send(asking(&browser, &Method::GET, headers)).await;
        assert_eq!(
            (answer.status, answer.location()),
            (302, "/sign-in?next=/account"),
            "{who}"
        );
    }
}

#[tokio::test]
async fn what_may_never_be_shown_takes_no_notice_away() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let saved = browser
        .submit("update_account", &[("name", "Ann Lee")])
        .await;
    assert!(saved.cookie_names().contains(&FLASH), "{saved:?}");
    let waiting = browser.cookies.get(FLASH).unwrap().to_owned();
    for (who, method, headers) in AHEAD {
        let page = browser.send(asking(&browser, &method, headers)).await;
        assert_eq!(page.cookie_names(), [""; 0], "{who}");
    }
    assert_eq!(browser.cookies.get(FLASH), Some(waiting.as_str()));
    let page = browser.navigate("/account").await;
    assert!(page.shows("Saved") && page.removes(FLASH), "{page:?}");
}

#[tokio::test]
async fn that_a_session_is_over_is_told_to_whom_it_is_shown() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let mut elsewhere = app.admit().await;
    elsewhere.submit("end_other_sessions", &[]).await;
    for (who, method, headers) in AHEAD {
        let page = browser.send(asking(&browser, &method, headers)).await;
        assert_eq!(page.cookie_names(), [""; 0], "{who}");
    }
    let page = browser.navigate("/").await;
    assert!(page.shows("This session was ended from another device."));
    assert!(!browser.navigate("/").await.shows("This session was ended"));
}

/// The form and what it leads to agree on whether a script is there, however the form was sent.
#[tokio::test]
async fn a_form_that_a_worker_passes_on_is_a_form() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for (mode, accept) in [("same-origin", HTML), ("navigate", "*/*")] {
        let form = browser
            .post("update_account", &[("name", "")])
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", mode)
            .header(header::ACCEPT, accept);
        let answer = browser.send(form).await;
        assert_eq!(
            (answer.status, answer.location()),
            (302, "/account"),
            "{mode}"
        );
        assert!(
            browser.follow(&answer).await.shows("aria-invalid"),
            "{mode}"
        );
    }
    let call = browser
        .post("update_account", &[("name", "")])
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors")
        .header(header::ACCEPT, HTML);
    let answer = browser.send(call).await;
    assert_eq!((answer.status, answer.code()), (400, "invalid"));
}
