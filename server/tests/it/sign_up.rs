//! Making an account.

use serde_json::{Value, json};

use crate::app::{EMAIL, NAME, PASSWORD, TestApp};

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
