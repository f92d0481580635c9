//! Every cookie, with its attributes, letter by letter.

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::{ACCESS, Answer, FLASH, REFRESH},
};

const ALWAYS: &str = "HttpOnly; SameSite=Lax; Secure; Path=/";

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

#[tokio::test]
async fn two_instances_on_one_host_leave_one_anothers_cookies_alone() {
    let first = TestApp::start().await;
    let second = TestApp::with("COOKIE_NAME", "second").start().await;
    let mut at_first = first.member().await;
    let mut at_second = second.browser();
    // Browsers keep one jar for all ports of a host.
    at_second.cookies = at_first.cookies.clone();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    let mut named = Vec::new();
    for answer in [
        at_second.call("sign_up", &form).await,
        at_second.submit("update_account", &[("name", "")]).await,
        at_second
            .submit("set_language", &[("language", "ja")])
            .await,
        at_second.call("set_theme", &[("theme", "dark")]).await,
        at_second.navigate("/account").await,
    ] {
        named.extend(answer.cookie_names().into_iter().map(str::to_owned));
    }
    named.sort();
    named.dedup();
    assert_eq!(
        named,
        [
            "__Host-second_access",
            "__Host-second_device",
            "__Host-second_flash",
            "__Host-second_refresh",
            "second_language",
            "second_theme",
        ]
    );
    let page = at_second.navigate("/").await;
    assert!(page.shows("<html lang=\"ja\" data-theme=\"dark\""));
    at_first.cookies = at_second.cookies.clone();
    assert!(at_first.navigate("/account").await.is_members());
    let left = at_first.call("sign_out", &[]).await;
    assert!(
        left.cookie_names()
            .iter()
            .all(|name| name.contains("monban"))
    );
    at_second.cookies = at_first.cookies.clone();
    assert!(at_second.navigate("/account").await.is_members());
}

/// The two cookies of a pair, and how long they live, in seconds.
fn assert_pair(answer: &Answer, lives: Option<(u32, u32)>) {
    let lives = lives.map_or([None, None], |(access, refresh)| {
        [Some(access), Some(refresh)]
    });
    // After a sign-in one of the device goes with it.
    assert_eq!(answer.cookie_names()[..2], [ACCESS, REFRESH]);
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
