//! Every cookie, with its attributes, letter by letter.

use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    browser::{ACCESS, Answer, FLASH, REFRESH},
};

const ALWAYS: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

#[tokio::test]
async fn a_kept_pair_lives_as_long_as_its_tokens() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for answer in [
        browser.sign_in(EMAIL, PASSWORD).await,
        {
            browser.grow_stale(&app).await;
            browser.call("refresh", &[]).await
        },
        {
            browser.grow_stale(&app).await;
            browser.navigate("/").await
        },
    ] {
        assert_pair(&answer, Some((5 * 60, 30 * 24 * 60 * 60)));
    }
}

#[tokio::test]
async fn a_pair_that_is_not_kept_goes_with_the_browser_also_after_a_refresh() {
    let app = TestApp::start().await;
    app.member().await;
    let mut browser = app.browser();
    let answer = browser
        .call("sign_in", &[("email", EMAIL), ("password", PASSWORD)])
        .await;
    assert_pair(&answer, None);
    browser.grow_stale(&app).await;
    assert_pair(&browser.navigate("/account").await, None);
    let life =
        browser.refresh()["exp"].as_i64().unwrap() - browser.refresh()["iat"].as_i64().unwrap();
    assert_eq!(life, 12 * 60 * 60);
}

#[tokio::test]
async fn both_tokens_and_their_cookies_stay_small() {
    let app = TestApp::start().await;
    let browser = app.member().await;
    assert!(browser.cookies.header().unwrap().len() < 2048);
}

#[tokio::test]
async fn what_waits_for_the_next_page_lives_a_minute() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser
        .submit("sign_in", &[("email", EMAIL), ("password", "wrong")])
        .await;
    let [cookie] = answer.set_cookies()[..] else {
        panic!("{answer:?}")
    };
    assert!(cookie.starts_with(&format!("{FLASH}=ey")));
    assert!(
        cookie.ends_with(&format!("; {ALWAYS}; Max-Age=60")),
        "{cookie}"
    );
    let page = browser.follow(&answer).await;
    assert_eq!(
        page.set_cookies(),
        [format!("{FLASH}=; {ALWAYS}; Max-Age=0")]
    );
}

#[tokio::test]
async fn preferences_live_a_year_and_hold_only_what_is_on_offer() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let language = browser.call("set_language", &[("language", "ja")]).await;
    assert_eq!(
        language.set_cookies(),
        [format!("monban_language=ja; {ALWAYS}; Max-Age=31536000")]
    );
    let theme = browser.call("set_theme", &[("theme", "dark")]).await;
    assert_eq!(
        theme.set_cookies(),
        [format!("monban_theme=dark; {ALWAYS}; Max-Age=31536000")]
    );
    let page = browser.navigate("/").await;
    assert!(
        page.shows("<html lang=\"ja\" data-theme=\"dark\""),
        "{}",
        page.body
    );

    for (function, form) in [
        ("set_language", ("language", "x; Domain=evil.example")),
        ("set_theme", ("theme", "")),
    ] {
        let answer = browser.call(function, &[form]).await;
        assert_eq!(
            (answer.status, answer.set_cookies()),
            (400, vec![]),
            "{function}"
        );
    }
}

/// The two cookies of a pair, and how long they live, in seconds.
fn assert_pair(answer: &Answer, lives: Option<(u32, u32)>) {
    let lives = lives.map_or([None, None], |(access, refresh)| {
        [Some(access), Some(refresh)]
    });
    assert_eq!(answer.cookie_names(), [ACCESS, REFRESH]);
    for ((cookie, name), life) in answer
        .set_cookies()
        .into_iter()
        .zip([ACCESS, REFRESH])
        .zip(lives)
    {
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert!(pair.starts_with(&format!("{name}=ey")));
        match life {
            None => assert_eq!(attributes, ALWAYS),
            Some(life) => {
                // Tokens count whole seconds, so the first one may be cut.
                let lives = [life, life - 1].map(|life| format!("{ALWAYS}; Max-Age={life}"));
                assert!(lives.contains(&attributes.to_owned()), "{cookie}");
            }
        }
    }
}
