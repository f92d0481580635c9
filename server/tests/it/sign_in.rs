//! Signing in: a new session each time, and one answer for whoever may not.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    rest::{self, Api},
};

#[tokio::test]
async fn a_sign_in_takes_the_place_of_the_session_in_this_browser() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let mut before = browser.clone();
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, 200);
    assert_ne!(browser.access()["sid"], before.access()["sid"]);
    assert_eq!(
        app.texts("SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL")
            .await,
        ["replaced"]
    );
    assert_eq!(before.ask("who_am_i").await.code(), "session_ended");
    assert!(browser.navigate("/account").await.is_members());
}

#[tokio::test]
async fn a_session_that_somebody_planted_is_not_adopted() {
    let app = TestApp::start().await;
    let planted = app.member().await;
    let mut victim = app.browser();
    victim.cookies = planted.cookies.clone();
    let form = [
        ("name", NAME),
        ("email", "bob@example.com"),
        ("password", PASSWORD),
    ];
    assert_eq!(victim.call("sign_up", &form).await.status, 200);
    assert_ne!(victim.access()["sid"], planted.access()["sid"]);
    assert_ne!(victim.access()["sub"], planted.access()["sub"]);
    assert_eq!(
        planted.clone().ask("who_am_i").await.code(),
        "session_ended"
    );
}

#[tokio::test]
async fn another_persons_sign_in_shows_that_person() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let form = [
        ("name", "Bob Miller"),
        ("email", "bob@example.com"),
        ("password", PASSWORD),
    ];
    browser.submit("sign_up", &form).await;
    let page = browser.navigate("/account").await;
    assert!(page.shows("Bob Miller") && !page.shows(NAME));
}

#[tokio::test]
async fn a_mailbox_signs_in_however_it_is_spelled_in_forms_without_script_and_by_rest() {
    let app = TestApp::start().await;
    let form = [
        ("name", NAME),
        ("email", "Ａｎｎ＠example。com"),
        ("password", PASSWORD),
    ];
    let mut browser = app.browser();
    browser.submit("sign_up", &form).await;
    let page = browser.navigate("/account").await;
    assert!(page.shows("Ann@example.com"));
    let api = Api::stranger(&app);
    for typed in [
        "Ann@example.com",
        "ann@example.com",
        "ＡＮＮ＠ＥＸＡＭＰＬＥ．ＣＯＭ",
        "\u{200b}ann@example.com",
        "\u{3000}ann@exa\u{ad}mple.com\u{a0}",
    ] {
        let answer = app.browser().sign_in(typed, PASSWORD).await;
        assert_eq!(answer.status, 200, "{typed:?}");
        let form = [("email", typed), ("password", PASSWORD)];
        let answer = app.browser().submit("sign_in", &form).await;
        assert_eq!(answer.location(), "/account", "{typed:?}");
        let body = json!({ "email": typed, "password": PASSWORD });
        assert_eq!(api.post("/sessions", &body).await.status, 201, "{typed:?}");
        let form = [("name", NAME), ("email", typed), ("password", PASSWORD)];
        let answer = app.browser().call("sign_up", &form).await;
        assert_eq!(answer.status, 400, "{typed:?}");
        assert!(answer.body.contains("taken"), "{typed:?}");
    }
    let form = [("email", "\u{200b}\u{3000}"), ("password", PASSWORD)];
    let answer = app.browser().call("sign_in", &form).await;
    assert!(answer.body.contains("required"), "{}", answer.body);
    assert_eq!(
        app.texts("SELECT email FROM accounts").await,
        ["Ann@example.com"]
    );
}

#[tokio::test]
async fn unknown_address_and_wrong_password_are_one_answer() {
    let app = TestApp::start().await;
    app.member().await;
    app.sql("INSERT INTO accounts (id, email, name, password_hash, roles, created_at, disabled_at) SELECT randomblob(16), 'disabled@example.com', name, password_hash, roles, created_at, 1 FROM accounts").await;
    let attempts = [
        (EMAIL, "not the password at all"),
        ("nobody@example.com", PASSWORD),
        ("no address", PASSWORD),
        ("disabled@example.com", PASSWORD),
    ];
    for (email, password) in attempts {
        let answer = app.browser().sign_in(email, password).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (401, r#"{"code":"invalid_credentials"}"#),
            "{email}"
        );
        assert_eq!(answer.cookie_names(), [""; 0]);
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        assert_eq!(
            names.join(" "),
            "cache-control content-length content-security-policy content-type cross-origin-opener-policy cross-origin-resource-policy date monban-code permissions-policy referrer-policy serverfnerror vary x-content-type-options x-frame-options x-request-id",
            "{email}"
        );

        let mut browser = app.browser();
        let answer = browser
            .submit("sign_in", &[("email", email), ("password", password)])
            .await;
        assert_eq!(
            (answer.status, answer.location()),
            (302, "/sign-in?next=/account")
        );
        assert!(
            browser
                .follow(&answer)
                .await
                .shows("Wrong email or password.")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_address_and_wrong_password_take_the_same_time() {
    // Enough work for the difference to show, if there were one.
    let app = TestApp::with("ARGON2_MEMORY", "8192")
        .with("SIGN_IN_FAILURES", "0")
        .start()
        .await;
    app.member().await;
    let mut browser = app.browser();
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..21 {
        for (times, email) in times
            .iter_mut()
            .zip([EMAIL, "nobody@example.com", "no address"])
        {
            let start = Instant::now();
            assert_eq!(
                browser
                    .sign_in(email, "not the password at all")
                    .await
                    .status,
                401
            );
            times.push(start.elapsed());
        }
    }
    // The fastest of each: what else the machine does only adds, to one more than to another. An answer
    // without the hash would take a tenth of the time or less.
    let fastest = times.map(|times| times.into_iter().min().unwrap());
    let (least, most) = (fastest.iter().min().unwrap(), fastest.iter().max().unwrap());
    assert!(*most < *least * 4, "{fastest:?}");
    let mut without_work = Duration::MAX;
    for _ in 0..21 {
        let start = Instant::now();
        browser.ask("who_am_i").await;
        without_work = without_work.min(start.elapsed());
    }
    assert!(
        *least > without_work * 2,
        "the work shows: {least:?} against {without_work:?}"
    );
}

#[tokio::test]
async fn whoever_fails_too_often_waits_and_others_do_not() {
    let app = TestApp::with("SIGN_IN_FAILURES", "3")
        .with("TRUSTED_PROXIES", "127.0.0.1/32")
        .start()
        .await;
    let member = app.member().await;
    let mut guesser = app.browser();
    for _ in 0..3 {
        assert_eq!(
            guesser.sign_in(EMAIL, "not the one, sorry").await.status,
            401
        );
    }
    // Not even with the password: it may have been the guess.
    let refused = guesser.sign_in(EMAIL, PASSWORD).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_failures"));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=15 * 60).contains(&wait), "{wait}");
    let form = [("email", EMAIL), ("password", PASSWORD)];
    let answer = guesser.submit("sign_in", &form).await;
    let page = guesser.follow(&answer).await;
    assert!(page.shows("Too many failed sign-ins. Please try again in "));

    let api = Api::stranger(&app);
    let who = json!({ "email": EMAIL, "password": PASSWORD });
    let refused = api.post("/sessions", &who).await;
    assert_eq!(
        rest::refused(&refused),
        (429, "too_many_failures".to_owned())
    );
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 2);

    // Nobody is signed out by it, and elsewhere the door is open.
    assert_eq!(member.clone().ask("who_am_i").await.status, 200);
    let elsewhere = app
        .browser()
        .post("sign_in", &form)
        .header("x-forwarded-for", "198.51.100.7");
    assert_eq!(app.browser().send(elsewhere).await.status, 200);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser.sign_in(" ", "").await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({ "code": "invalid", "faults": [
            { "field": "email", "problem": "required" },
            { "field": "password", "problem": "required" },
        ]})
    );
    for form in [
        vec![],
        vec![("email", EMAIL)],
        vec![
            ("email", EMAIL),
            ("password", PASSWORD),
            ("keep", "perhaps"),
        ],
    ] {
        let answer = browser.call("sign_in", &form).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (400, r#"{"code":"bad_request"}"#),
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn no_answer_to_a_browser_holds_a_token() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    let mut answers = vec![
        browser.call("sign_up", &form).await,
        browser.sign_in(EMAIL, PASSWORD).await,
    ];
    browser.grow_stale(&app).await;
    answers.push(browser.call("refresh", &[]).await);
    answers.push(browser.ask("who_am_i").await);
    answers.push(browser.ask("list_sessions").await);
    for page in ["/", "/account", "/account/sessions"] {
        browser.grow_stale(&app).await;
        answers.push(browser.navigate(page).await);
    }
    for answer in answers {
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains("eyJ"), "{}", answer.body);
    }
}
