//! What people's programs ask every site for.

use axum::http::{Method, header};

use crate::{app::TestApp, browser::Answer};

async fn get(app: &TestApp, path: &str) -> Answer {
    let mut browser = app.browser();
    browser.send(browser.request(Method::GET, path)).await
}

#[tokio::test]
async fn robots_and_icons_are_there() {
    let app = TestApp::start().await;
    let robots = get(&app, "/robots.txt").await;
    assert_eq!(robots.status, 200);
    assert!(robots.header("content-type").starts_with("text/plain"));
    for line in ["User-agent: *", "Disallow: /account", "Disallow: /api/"] {
        assert!(robots.shows(line), "{}", robots.body);
    }
    let icon = get(&app, "/favicon.ico").await;
    assert_eq!(
        (icon.status, icon.header("content-type")),
        (200, "image/x-icon")
    );
    for answer in [robots, icon] {
        assert_eq!(answer.header("cache-control"), "public, max-age=86400");
    }
}

#[tokio::test]
async fn password_managers_are_led_to_where_the_password_is() {
    let app = TestApp::start().await;
    let answer = get(&app, "/.well-known/change-password").await;
    assert_eq!((answer.status, answer.location()), (303, "/account"));
    // By this they see whether a site answers 200 to everything (W3C Change Password URL §3).
    let nothing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(get(&app, nothing).await.status, 404);
}

#[tokio::test]
async fn who_takes_reports_of_vulnerabilities_is_said_if_somebody_does() {
    let app = TestApp::start().await;
    assert_eq!(get(&app, "/.well-known/security.txt").await.status, 404);
    let app = TestApp::with(
        "SECURITY_CONTACT",
        "mailto:security@example.com,https://example.com/report",
    )
    .start()
    .await;
    let answer = get(&app, "/.well-known/security.txt").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "Contact: mailto:security@example.com",
            "Contact: https://example.com/report"
        ]
    );
    assert!(lines[2].starts_with("Expires: 20") && lines[2].ends_with("T00:00:00Z"));
    let canonical = format!("Canonical: {}/.well-known/security.txt", app.origin());
    assert!(lines.contains(&canonical.as_str()), "{lines:?}");
}

#[tokio::test]
async fn search_engines_are_told_what_a_public_page_is() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for (path, english, japanese) in [
        ("/", "guards the door", "門番"),
        ("/sign-in", "Sign in to your account.", "サインインします"),
        ("/sign-up", "Create an account", "アカウントを作成します"),
        ("/learn", "by the running system", "稼働中のシステム"),
    ] {
        for (language, text) in [("en", english), ("ja", japanese)] {
            let mut stranger = app.browser();
            let page = stranger
                .navigation(path)
                .header(header::ACCEPT_LANGUAGE, language);
            let page = stranger.send(page).await;
            let described = page
                .body
                .split("<meta name=\"description\" content=\"")
                .nth(1);
            let described = described
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default();
            assert!(described.contains(text), "{path} {language}: {described:?}");
        }
    }
    assert!(
        !browser
            .navigate("/account")
            .await
            .shows("name=\"description\"")
    );
}

#[tokio::test]
async fn a_redirect_carries_no_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let led = browser.navigate("/account").await;
    assert_eq!((led.status, led.body.as_str()), (302, ""));
    assert_eq!(led.header("content-type"), "");
    let led = browser
        .submit("sign_in", &[("email", "x"), ("password", "")])
        .await;
    assert_eq!((led.status, led.body.as_str()), (302, ""));
}
