//! The database does not answer. That is our fault and nobody's sign-out.

use axum::http::Method;

use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    browser::ACCESS,
};

#[tokio::test]
async fn a_stale_page_is_answered_503_and_nobody_is_signed_out() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.cookies.remove(ACCESS);
    let held = browser.cookies.header();
    app.sql("ALTER TABLE sessions RENAME TO hidden").await;
    for path in ["/", "/account", "/sign-in"] {
        let page = browser.navigate(path).await;
        assert_eq!(
            (page.status, page.header("retry-after")),
            (503, "2"),
            "{path}"
        );
        assert_eq!(page.cookie_names(), [""; 0]);
        assert!(page.shows("Something went wrong") && page.shows(page.header("x-request-id")));
        assert!(!page.shows("hidden") && !page.shows("sqlite") && !page.shows("table"));
    }
    assert_eq!(browser.cookies.header(), held);

    app.sql("ALTER TABLE hidden RENAME TO sessions").await;
    assert!(browser.navigate("/account").await.is_members());
}

#[tokio::test]
async fn a_sign_out_without_script_that_does_not_work_is_not_taken_for_one() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    app.sql("ALTER TABLE sessions RENAME TO hidden").await;
    let form = browser.submission("sign_out", &[]);
    let form = form.header("referer", format!("{}/account", app.origin()));
    let answer = browser.send(form).await;
    assert_eq!(answer.location(), "/account");
    app.sql("ALTER TABLE hidden RENAME TO sessions").await;
    let page = browser.follow(&answer).await;
    assert!(page.is_members());
    assert!(page.shows("You are still signed in: signing out didn"));
    assert!(
        !browser
            .navigate("/account")
            .await
            .shows("You are still signed in")
    );
}

#[tokio::test]
async fn a_call_fails_without_a_word_about_the_session() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    app.sql("ALTER TABLE sessions RENAME TO hidden").await;
    app.sql("ALTER TABLE accounts RENAME TO hidden_accounts")
        .await;
    assert_eq!(
        browser.ask("who_am_i").await.status,
        200,
        "needs no database"
    );
    let mut stale = browser.clone();
    stale.cookies.remove(ACCESS);
    let form = [
        ("name", "Ann"),
        ("email", "bob@example.com"),
        ("password", PASSWORD),
    ];
    for answer in [
        browser.ask("list_sessions").await,
        browser.call("update_account", &form).await,
        browser.call("sign_out", &[]).await,
        browser.sign_in(EMAIL, PASSWORD).await,
        browser.call("sign_up", &form).await,
        stale.call("refresh", &[]).await,
        stale.call("sign_out", &[]).await,
    ] {
        assert!([500, 503].contains(&answer.status), "{answer:?}");
        assert!(["internal", "busy"].contains(&answer.code()), "{answer:?}");
        assert!(!answer.body.contains("table"), "{}", answer.body);
        assert_eq!(answer.cookie_names(), [""; 0]);
    }
    app.sql("ALTER TABLE hidden RENAME TO sessions").await;
    app.sql("ALTER TABLE hidden_accounts RENAME TO accounts")
        .await;
    assert!(stale.navigate("/account").await.is_members());
}

#[tokio::test]
async fn a_page_of_a_member_is_not_shown_as_a_strangers() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    app.sql("ALTER TABLE accounts RENAME TO hidden").await;
    for path in ["/", "/account", "/account/sessions"] {
        let page = browser.navigate(path).await;
        assert_eq!(page.status, 503, "{path}");
        assert_eq!(page.cookie_names(), [""; 0]);
        assert!(!page.shows("href=\"/sign-in\""), "{path}");
    }
}

/// Another process, such as a backup, may hold the lock for longer than anybody waits.
#[tokio::test]
async fn a_database_that_is_locked_for_long_is_a_503_and_then_all_is_well() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    browser.cookies.remove(ACCESS);
    let database = app.database().await;
    let lock = database.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = browser.call("refresh", &[]).await;
    assert_eq!(
        (
            refused.status,
            refused.code(),
            refused.header("retry-after")
        ),
        (503, "busy", "2")
    );
    assert_eq!(refused.cookie_names(), [""; 0]);
    lock.rollback().await.unwrap();
    assert!(browser.navigate("/account").await.is_members());
}

#[tokio::test]
async fn health_is_said_while_all_is_well() {
    let app = TestApp::start().await;
    let mut watcher = app.browser();
    for (path, body) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        let answer = watcher.send(watcher.request(Method::GET, path)).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body));
    }
}
