//! Requests that break a rule of HTTP, or are sent as what is not read here.

use axum::http::header;

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::{Answer, as_call, as_navigation},
    wire::Held,
};

#[tokio::test]
async fn a_server_function_is_sent_as_a_form_or_not_taken() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let before = app.everything().await;
    let form = [("name", "Mallory")];
    for sent in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "",
        "nonsense",
    ] {
        for way in [as_call, as_navigation] {
            let request = browser.post("update_account", &form);
            let mut request = way(request.header("sec-fetch-site", "same-origin"))
                .build()
                .unwrap();
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, sent.parse().unwrap());
            if sent.is_empty() {
                request.headers_mut().remove(header::CONTENT_TYPE);
            }
            let answer = browser.send_built(request).await;
            assert_eq!(answer.status, 415, "{sent:?}: {answer:?}");
            assert!(
                answer.shows("This request was refused")
                    || answer.body == r#"{"code":"bad_request"}"#
            );
        }
    }
    assert_eq!(app.everything().await, before);
    let mut request = browser.order("update_account", &form).build().unwrap();
    let taken = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, taken.parse().unwrap());
    assert_eq!(browser.send_built(request).await.status, 200);
}

/// What comes back for these lines.
async fn ask(app: &TestApp, line: &str, headers: &str) -> Answer {
    let request = format!("{line}\r\n{headers}connection: close\r\n\r\n");
    Held::back(app.address, &request).await.release().await
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/account",
        "/healthz",
        "/api/who_am_i",
        "/api/v1/session",
        "/.well-known/jwks.json",
        "/nowhere",
    ] {
        for hosts in [
            "",
            "host: a.example\r\nhost: b.example\r\n",
            "host: a b\r\n",
            "host: u@a.example\r\n",
        ] {
            let answer = ask(&app, &format!("GET {path} HTTP/1.1"), hosts).await;
            assert_eq!(answer.status, 400, "{path} {hosts:?}");
        }
    }
    for (line, hosts) in [
        ("GET /healthz HTTP/1.0", ""),
        ("GET /healthz HTTP/1.1", "host: whatever.example\r\n"),
        (
            "GET http://whatever.example/healthz HTTP/1.1",
            "host: whatever.example\r\n",
        ),
        ("GET /healthz HTTP/1.1", "host:\r\n"),
    ] {
        assert_eq!(ask(&app, line, hosts).await.status, 200, "{line} {hosts}");
    }
}

#[tokio::test]
async fn other_forms_of_a_target_break_nothing() {
    let app = TestApp::start().await;
    let host = "host: a.example\r\n";
    for (line, refused) in [
        ("OPTIONS * HTTP/1.1", false),
        ("CONNECT a.example:443 HTTP/1.1", true),
        ("TRACE / HTTP/1.1", true),
    ] {
        let status = ask(&app, line, host).await.status;
        assert!((200..500).contains(&status), "{line}: {status}");
        assert!(!refused || status >= 400, "{line}: {status}");
    }
}

/// Nothing that a request says of its host, or of how it came, is believed: a link, a redirect and an
/// issuer are of `base_url`.
#[tokio::test]
async fn no_header_gives_the_site_another_name() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    let request = browser
        .order("sign_up", &form)
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example;proto=https");
    let answer = browser.send(request).await;
    assert_eq!(answer.status, 200);
    assert!(!format!("{answer:?}").contains("evil.example"));
    assert_eq!(browser.access()["iss"], app.origin());
}
