//! Making an account.

use serde_json::{Value, json};

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    rest::{self, Api},
};

#[tokio::test]
async fn a_new_account_is_signed_in_and_led_to_its_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [
        ("name", NAME),
        ("email", " ann@EXAMPLE.com "),
        ("password", PASSWORD),
    ];
    let answer = browser.submit("sign_up", &form).await;
    assert_eq!((answer.status, answer.location()), (302, "/account"));
    let page = browser.follow(&answer).await;
    assert!(page.is_members() && page.shows(NAME) && page.shows(EMAIL));
}

#[tokio::test]
async fn every_fault_is_named_with_its_field_and_nothing_is_made() {
    let app = TestApp::start().await;
    let long_name = "n".repeat(101);
    let long_email = format!("{}@example.com", "e".repeat(250));
    let long_password = "p".repeat(1025);
    for (form, faults) in [
        (
            ["", "", ""],
            json!([
                fault("name", "required"),
                fault("email", "required"),
                fault("password", "required")
            ]),
        ),
        (
            [&long_name, "no address", &long_password],
            json!([
                fault("name", "too_long"),
                fault("email", "malformed"),
                fault("password", "too_long")
            ]),
        ),
        (
            ["a\u{0}b", &long_email, PASSWORD],
            json!([fault("name", "forbidden"), fault("email", "too_long")]),
        ),
        (
            [NAME, EMAIL, "short"],
            json!([{ "field": "password", "problem": { "too_short": 15 } }]),
        ),
        (
            [NAME, EMAIL, "passwordpassword"],
            json!([fault("password", "weak_repeats")]),
        ),
        (
            [NAME, EMAIL, "ann featherstone"],
            json!([fault("password", "weak_predictable")]),
        ),
    ] {
        let [name, email, password] = form;
        let form = [("name", name), ("email", email), ("password", password)];
        let answer = app.browser().call("sign_up", &form).await;
        assert_eq!(answer.status, 400, "{faults}");
        assert_eq!(
            answer.json(),
            json!({ "code": "invalid", "faults": faults })
        );
        assert_eq!(answer.cookie_names(), [""; 0]);
    }
    assert_eq!(app.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM audit").await, 0);
}

#[tokio::test]
async fn a_password_of_1024_bytes_is_accepted_and_one_more_is_too_long_to_sign_in_with_too() {
    let app = TestApp::start().await;
    let longest = format!("{PASSWORD}{}", "門".repeat(333));
    let longest = format!(
        "{longest:x<width$}",
        width = longest.chars().count() + 1024 - longest.len()
    );
    assert_eq!(longest.len(), 1024);
    let form = [("name", NAME), ("email", EMAIL), ("password", &longest)];
    assert_eq!(app.browser().call("sign_up", &form).await.status, 200);
    assert_eq!(app.browser().sign_in(EMAIL, &longest).await.status, 200);

    let answer = app.browser().sign_in(EMAIL, &format!("{longest}x")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({ "code": "invalid", "faults": [fault("password", "too_long")] })
    );
}

#[tokio::test]
async fn a_taken_address_is_said_openly_and_makes_nothing() {
    let app = TestApp::start().await;
    app.member().await;
    let before = app.everything().await;
    let form = [
        ("name", "Bob"),
        ("email", "ann@EXAMPLE.com"),
        ("password", "another good long secret"),
    ];
    let answer = app.browser().call("sign_up", &form).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({ "code": "invalid", "faults": [fault("email", "taken")] })
    );
    assert_eq!(app.everything().await, before);
}

fn fault(field: &str, problem: &str) -> Value {
    json!({ "field": field, "problem": problem })
}

#[tokio::test]
async fn closed_sign_up_makes_no_account_and_is_offered_nowhere() {
    let app = TestApp::with("SIGN_UP", "closed").start().await;
    let mut browser = app.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    let refused = browser.call("sign_up", &form).await;
    assert_eq!((refused.status, refused.code()), (403, "sign_up_closed"));
    browser.submit("sign_up", &form).await;
    let account = json!({ "email": EMAIL, "password": PASSWORD, "name": NAME });
    let refused = Api::stranger(&app).post("/accounts", &account).await;
    assert_eq!(rest::refused(&refused), (403, "sign_up_closed".to_owned()));
    assert_eq!(app.count("SELECT count(*) FROM accounts").await, 0);

    for path in ["/", "/sign-in"] {
        let page = browser.navigate(path).await;
        assert!(!page.shows("/sign-up"), "{path}");
    }
    let page = browser.navigate("/sign-up").await;
    assert!(page.shows("New accounts can't be created here at the moment."));
    assert!(!page.shows("name=\"password\"") && page.shows("href=\"/sign-in\""));
    browser.submit("set_language", &[("language", "ja")]).await;
    let page = browser.navigate("/sign-up").await;
    assert!(page.shows("現在、新しいアカウントの作成は受け付けていません。"));
}

#[tokio::test]
async fn one_network_asks_for_so_many_accounts_and_others_for_theirs() {
    let app = TestApp::with("SIGN_UP_ATTEMPTS", "2")
        .with("TRUSTED_PROXIES", "127.0.0.1/32")
        .start()
        .await;
    let account = |number: u32| json!({ "email": format!("{number}@example.com"), "password": PASSWORD, "name": NAME });
    let api = Api::stranger(&app);
    assert_eq!(api.post("/accounts", &account(1)).await.status, 201);
    // Taken: it tells as much, and costs as much.
    assert_eq!(api.post("/accounts", &account(1)).await.status, 400);
    let refused = api.post("/accounts", &account(2)).await;
    assert_eq!(
        rest::refused(&refused),
        (429, "too_many_sign_ups".to_owned())
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60 * 60).contains(&wait), "{wait}");

    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    let mut browser = app.browser();
    let answer = browser.submit("sign_up", &form).await;
    let page = browser.follow(&answer).await;
    assert!(page.shows("Too many sign-ups from your network."));
    let elsewhere = app
        .browser()
        .post("sign_up", &form)
        .header("x-forwarded-for", "198.51.100.7");
    assert_eq!(app.browser().send(elsewhere).await.status, 200);
}
