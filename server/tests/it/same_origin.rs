//! Only pages of this site change anything: every server function that changes something, against
//! everything that a browser may say about where a request comes from.

use axum::http::Method;
use reqwest::RequestBuilder;
use server_fn::axum::server_fn_paths;

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::{Browser, as_call, as_navigation},
};

#[tokio::test]
async fn what_comes_from_elsewhere_is_refused_and_does_nothing() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let mut stranger = app.browser();
    let session = app.admit().await.access()["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = app.everything().await;
    for function in changing() {
        for (what, headers) in elsewhere(&app) {
            for browser in [&mut member, &mut stranger] {
                for answer in [
                    browser
                        .send(as_call(from(
                            attack(browser, &function, &session),
                            &headers,
                        )))
                        .await,
                    browser
                        .send(as_navigation(from(
                            attack(browser, &function, &session),
                            &headers,
                        )))
                        .await,
                ] {
                    assert_eq!(answer.status, 403, "{function} {what}");
                    assert!(answer.cookie_names().is_empty(), "{function} {what}");
                }
            }
        }
    }
    assert_eq!(app.everything().await, before);
    assert!(member.navigate("/account").await.is_members());
}

#[tokio::test]
async fn without_a_word_about_its_origin_a_request_with_cookies_is_refused() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let mut stale = member.clone();
    stale.grow_stale(&app).await;
    let session = app.admit().await.access()["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = app.everything().await;
    for function in changing() {
        for browser in [&mut member, &mut stale] {
            let answer = browser.send(attack(browser, &function, &session)).await;
            assert_eq!(answer.status, 403, "{function}");
            assert!(answer.cookie_names().is_empty(), "{function}");
        }
    }
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn without_cookies_there_is_no_browser_to_deceive() {
    let app = TestApp::start().await;
    app.member().await;
    let mut program = app.browser();
    let form = [("email", EMAIL), ("password", PASSWORD)];
    let answer = program.send(program.post("sign_in", &form)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn either_header_is_enough_where_the_other_is_missing() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let origin = app.origin();
    for (header, value) in [
        ("sec-fetch-site", "same-origin"),
        ("origin", origin.as_str()),
    ] {
        let request = member
            .post("update_account", &[("name", header)])
            .header(header, value);
        assert_eq!(member.send(as_call(request)).await.status, 200);
        assert_eq!(app.texts("SELECT name FROM accounts").await, [header]);
    }
}

#[tokio::test]
async fn what_changes_something_is_not_to_be_had_by_a_link() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let session = app.admit().await.access()["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = app.everything().await;
    let query = format!(
        "name=Mallory&email=mallory@example.com&password={}&id={session}&theme=dark&language=ja",
        PASSWORD.replace(' ', "+")
    );
    for function in changing() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let request = member.request(method.clone(), &format!("{function}?{query}"));
            let answer = member.send(as_navigation(request)).await;
            assert!(answer.cookie_names().is_empty(), "{method} {function}");
            assert!(
                method == Method::OPTIONS || answer.status >= 400,
                "{method} {function}: {}",
                answer.status
            );
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let request = member.request(method.clone(), &format!("{function}?{query}"));
            let answer = member
                .send(request.header("sec-fetch-site", "same-origin"))
                .await;
            assert!(
                answer.status >= 400,
                "{method} {function}: {}",
                answer.status
            );
        }
    }
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn no_other_site_may_read_an_answer() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    for path in ["/", "/account", "/api/who_am_i", "/api/list_sessions"] {
        let request = member
            .request(Method::GET, path)
            .header("origin", "https://evil.example");
        let answer = member
            .send(request.header("sec-fetch-site", "cross-site"))
            .await;
        assert!(
            !answer
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("access-control")),
            "{path}"
        );
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    }
}

/// The paths of the server functions that change something.
fn changing() -> Vec<String> {
    let mut paths: Vec<_> = server_fn_paths()
        .filter(|(_, method)| method == Method::POST)
        .map(|(path, _)| path.to_owned())
        .collect();
    paths.sort();
    assert!(paths.len() >= 9, "{paths:?}");
    paths
}

/// What a browser, or whoever pretends to be one, may say about another origin.
fn elsewhere(app: &TestApp) -> Vec<(String, Vec<(&'static str, String)>)> {
    let here = app.origin();
    let port = app.address.port();
    let by_site = [
        "cross-site",
        "same-site",
        "none",
        "",
        "Same-Origin",
        "same-origin, cross-site",
    ]
    .map(|site| vec![("sec-fetch-site", site.to_owned())]);
    let by_both = ["cross-site", "same-site", "none"].map(|site| {
        vec![
            ("sec-fetch-site", site.to_owned()),
            ("origin", here.clone()),
        ]
    });
    let by_origin = [
        "null".to_owned(),
        "https://evil.example".to_owned(),
        format!("https://localhost:{port}"),
        format!("http://localhost:{}", port.wrapping_add(1)),
        format!("http://127.0.0.1:{port}"),
        format!("{here}.evil.example"),
        format!("{here}/"),
        String::new(),
    ]
    .map(|origin| vec![("origin", origin)]);
    let all = by_site.into_iter().chain(by_both).chain(by_origin);
    all.map(|headers| (format!("{headers:?}"), headers))
        .collect()
}

/// What an attacker would send there, with everything that any of the functions asks for.
fn attack(browser: &Browser, path: &str, session: &str) -> RequestBuilder {
    let function = path.strip_prefix("/api/").unwrap();
    let email = if function == "sign_up" {
        "mallory@example.com"
    } else {
        EMAIL
    };
    let name = if function == "update_account" {
        "Mallory"
    } else {
        NAME
    };
    browser.post(
        function,
        &[
            ("name", name),
            ("email", email),
            ("password", PASSWORD),
            ("id", session),
            ("theme", "dark"),
            ("language", "ja"),
        ],
    )
}

fn from(request: RequestBuilder, headers: &[(&'static str, String)]) -> RequestBuilder {
    headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, value)
    })
}
