//! Forms that are posted without any script: the answer is a redirect, and the page it leads to
//! says what was wrong, keeps what was typed, and says it once.

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::FLASH,
};

const SECRET: &str = "my secret password";

#[tokio::test]
async fn a_refused_sign_in_keeps_the_address_and_never_the_password() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [
        ("email", EMAIL),
        ("password", SECRET),
        ("next", "/account/sessions"),
    ];
    let answer = browser.submit("sign_in", &form).await;
    assert_eq!(
        (answer.status, answer.location()),
        (302, "/sign-in?next=/account/sessions")
    );
    assert_eq!(answer.cookie_names(), [FLASH]);
    assert!(!format!("{answer:?}").contains(SECRET));

    let page = browser.follow(&answer).await;
    assert_eq!(page.status, 200);
    assert!(page.shows("Wrong email or password."));
    assert!(page.shows(&format!("value=\"{EMAIL}\"")), "{}", page.body);
    assert!(page.shows("name=\"next\" value=\"/account/sessions\""));
    assert!(!page.shows(" checked"), "\"Keep me signed in\" was off");
    assert!(!page.shows(SECRET) && !page.shows("secret"));
}

#[tokio::test]
async fn a_refused_sign_up_names_each_field_next_to_it() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [
        ("name", "<b>\"Ann\" & co</b>"),
        ("email", "no address"),
        ("password", "short"),
    ];
    let answer = browser.submit("sign_up", &form).await;
    assert_eq!((answer.status, answer.location()), (302, "/sign-up"));
    let page = browser.follow(&answer).await;
    assert!(page.shows("That does not look like an email address."));
    assert!(page.shows("value=\"no address\""));
    assert!(
        page.shows("aria-invalid=\"true\"") && page.shows("aria-describedby=\"field-email-fault\"")
    );
    assert!(!page.shows("<b>"), "what was typed is text");
    assert!(!page.shows("value=\"short\""));

    let answer = browser
        .submit(
            "sign_up",
            &[("name", NAME), ("email", EMAIL), ("password", "short")],
        )
        .await;
    let page = browser.follow(&answer).await;
    assert!(page.shows("Use at least 15 characters."));
    assert!(page.shows(&format!("value=\"{NAME}\"")) && page.shows(&format!("value=\"{EMAIL}\"")));
}

#[tokio::test]
async fn a_fault_is_shown_once() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser
        .submit("sign_in", &[("email", EMAIL), ("password", SECRET)])
        .await;
    let page = browser.follow(&answer).await;
    assert!(page.removes(FLASH));
    let again = browser.navigate("/sign-in").await;
    assert!(!again.shows("Wrong email or password.") && !again.shows(EMAIL));
    assert_eq!(again.cookie_names(), [""; 0]);
}

#[tokio::test]
async fn a_call_in_between_does_not_eat_what_waits_for_the_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser
        .submit("sign_in", &[("email", EMAIL), ("password", SECRET)])
        .await;
    browser.ask("who_am_i").await;
    browser.navigate("/account").await;
    assert!(
        browser
            .follow(&answer)
            .await
            .shows("Wrong email or password.")
    );
}

#[tokio::test]
async fn nobody_can_make_a_link_that_says_something() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let link = "/sign-in?__path=%2Fapi%2Fsign_in&__err=eyJjb2RlIjoiaW52YWxpZF9jcmVkZW50aWFscyJ9";
    let page = browser.navigate(link).await;
    assert!(!page.shows("Wrong email or password."));
}

#[tokio::test]
async fn nonsense_in_the_flash_cookie_is_ignored() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for nonsense in ["", "x", "eyJub3RpY2UiOiJzb21ldGhpbmcifQ", "%00", "AAAA"] {
        browser.cookies.set(FLASH, nonsense);
        let page = browser.navigate("/sign-in").await;
        assert_eq!(page.status, 200, "{nonsense}");
    }
}

#[tokio::test]
async fn what_was_saved_is_said_on_the_page_that_follows() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let answer = browser
        .submit("update_account", &[("name", "Ann of Oxford")])
        .await;
    let page = browser.follow(&answer).await;
    assert!(page.shows("Saved.") && page.shows("Ann of Oxford"));
    assert!(!browser.navigate("/account").await.shows("Saved."));
}

#[tokio::test]
async fn a_very_long_field_is_refused_without_losing_the_answer() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let long = "x".repeat(20_000);
    let form = [
        ("name", long.as_str()),
        ("email", EMAIL),
        ("password", PASSWORD),
    ];
    let answer = browser.submit("sign_up", &form).await;
    assert_eq!(answer.status, 302);
    assert!(answer.set_cookies()[0].len() < 4096);
    assert!(
        browser
            .follow(&answer)
            .await
            .shows("Use at most 100 characters.")
    );
}

#[tokio::test]
async fn a_stranger_who_posts_a_members_form_is_told_to_sign_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser
        .submit("update_account", &[("name", "Mallory")])
        .await;
    assert_eq!((answer.status, answer.location()), (302, "/account"));
    let answer = browser.follow(&answer).await;
    assert_eq!(
        (answer.status, answer.location()),
        (302, "/sign-in?next=/account")
    );
}

#[tokio::test]
async fn a_language_is_chosen_and_the_page_comes_back_in_it() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let from = format!("{}/sign-in?next=/account/sessions", app.origin());
    let request = browser
        .submission("set_language", &[("language", "ja")])
        .header("referer", from);
    let answer = browser.send(request).await;
    assert_eq!(
        (answer.status, answer.location()),
        (302, "/sign-in?next=/account/sessions")
    );
    let page = browser.follow(&answer).await;
    assert!(page.shows("<html lang=\"ja\""));

    let request = browser
        .submission("set_theme", &[("theme", "dark")])
        .header("referer", "https://evil.example//evil.example/x");
    let answer = browser.send(request).await;
    assert!(
        !answer.location().starts_with("//"),
        "{}",
        answer.location()
    );
}

#[tokio::test]
async fn what_was_typed_stays_when_the_language_or_the_theme_is_switched_but_no_password() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for (switch, choice, page, typed, kept) in [
        (
            "set_language",
            ("language", "ja"),
            "/sign-in?next=/account/sessions",
            ("email", "half@an"),
            "value=\"half@an\"",
        ),
        (
            "set_theme",
            ("theme", "dark"),
            "/sign-up",
            ("name", "An \"A\""),
            "value=\"An &quot;A&quot;\"",
        ),
    ] {
        let mut stranger = browser.another();
        let form = [
            choice,
            typed,
            ("password", SECRET),
            ("next", "/account/sessions"),
            ("once", "1"),
        ];
        let request = stranger
            .submission(switch, &form)
            .header("referer", format!("{}{page}", app.origin()));
        let answer = stranger.send(request).await;
        assert_eq!((answer.status, answer.location()), (302, page));
        assert!(!format!("{answer:?}").contains(SECRET));
        let shown = stranger.follow(&answer).await;
        assert!(shown.shows(kept), "{}", shown.body);
        assert!(!shown.shows(SECRET) && !shown.shows(" checked"));
        assert!(!stranger.navigate(page).await.shows(kept), "said once");
    }

    let request = browser
        .submission("set_theme", &[("theme", "dark"), ("name", "Ann of O")])
        .header("referer", format!("{}/account", app.origin()));
    let answer = browser.send(request).await;
    assert!(browser.follow(&answer).await.shows("value=\"Ann of O\""));

    // Where nobody can type, nothing is left behind.
    let request = browser
        .submission("set_theme", &[("theme", "dark")])
        .header("referer", format!("{}/", app.origin()));
    let answer = browser.send(request).await;
    assert_eq!(answer.cookie_names(), ["monban_theme"]);
}
