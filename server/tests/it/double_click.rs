//! A form that is posted twice, as by a double click without script: one thing happens, and the second
//! answer, the one that a browser shows, is that of the first.

use futures::future::join_all;

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::{Answer, Browser, Form, REFRESH},
};

/// Posts the same form so many times at once from one browser, which hears the last answer only.
async fn press(browser: &mut Browser, function: &str, form: Form<'_>, times: usize) -> Vec<Answer> {
    let posts = (0..times).map(|_| {
        let mut copy = browser.another();
        copy.cookies = browser.cookies.clone();
        async move { copy.submit(function, form).await }
    });
    let answers = join_all(posts).await;
    browser.cookies.keep(answers.last().unwrap());
    answers
}

/// The name of the page, as its form carries it.
fn once(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("name=\"once\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_double_click_on_sign_in_starts_one_session() {
    let app = TestApp::start().await;
    app.member().await;
    let before = app.count("SELECT count(*) FROM sessions").await;
    let mut browser = app.browser();
    let once = once(&browser.navigate("/sign-in").await);
    let form = [
        ("once", once.as_str()),
        ("email", EMAIL),
        ("password", PASSWORD),
    ];
    let answers = press(&mut browser, "sign_in", &form, 5).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.location()), (302, "/account"));
        assert_eq!(answer.set_cookies(), answers[0].set_cookies());
    }
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, before + 1);
    assert!(browser.navigate("/account").await.is_members());

    // A click that comes a moment later is the same one still.
    let mut late = app.browser();
    let answer = late.submit("sign_in", &form).await;
    assert_eq!(answer.status, 302);
    assert_eq!(late.cookies.get(REFRESH), browser.cookies.get(REFRESH));
}

#[tokio::test]
async fn a_double_click_on_sign_up_is_not_told_that_the_address_is_taken() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let once = once(&browser.navigate("/sign-up").await);
    let form = [
        ("once", once.as_str()),
        ("name", NAME),
        ("email", EMAIL),
        ("password", PASSWORD),
    ];
    for answer in press(&mut browser, "sign_up", &form, 3).await {
        assert_eq!((answer.status, answer.location()), (302, "/account"));
    }
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 1);
    assert!(browser.navigate("/account").await.is_members());
}

#[tokio::test]
async fn two_forms_that_differ_in_anything_are_two() {
    let app = TestApp::start().await;
    app.member().await;
    let before = app.count("SELECT count(*) FROM sessions").await;
    for form in [
        [("once", "a"), ("email", EMAIL), ("password", PASSWORD)],
        [("once", "b"), ("email", EMAIL), ("password", PASSWORD)],
        [
            ("once", "a"),
            ("email", EMAIL),
            ("password", "not the one, sorry"),
        ],
        [("other", "a"), ("email", EMAIL), ("password", PASSWORD)],
        [("other", "a"), ("email", EMAIL), ("password", PASSWORD)],
    ] {
        app.browser().submit("sign_in", &form).await;
    }
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, before + 4);

    // Nor is what somebody does with their cookies anybody else's.
    let form = [("once", "c"), ("name", "Ann of Oxford")];
    let mut member = app.admit().await;
    let saved = member.submit("update_account", &form).await;
    let stranger = app.browser().submit("update_account", &form).await;
    assert_ne!(saved.set_cookies(), stranger.set_cookies());
}

#[tokio::test]
async fn the_first_click_counts_even_if_the_browser_has_hung_up_on_it() {
    let app = TestApp::with("ARGON2_ITERATIONS", "4")
        .with("ARGON2_MEMORY", "4096")
        .start()
        .await;
    let mut browser = app.member().await;
    browser.cookies = app.browser().cookies;
    // The cookie that shows that cookies are kept.
    browser.navigate("/sign-in").await;
    let before = app.count("SELECT count(*) FROM sessions").await;
    let form = [("once", "a"), ("email", EMAIL), ("password", PASSWORD)];
    let first = browser.submission("sign_in", &form).send();
    // Dropped as soon as it has been sent: the hash takes longer than this.
    let _ = tokio::time::timeout(std::time::Duration::from_millis(200), first).await;
    let second = browser.submit("sign_in", &form).await;
    assert_eq!(second.location(), "/account");
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, before + 1);
    assert!(browser.navigate("/account").await.is_members());
}
