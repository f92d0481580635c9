//! Every field at fault is named, with the reason, and nothing is half-written.

use serde_json::{Value, json};

use super::{Api, faults, refused};
use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    browser::Answer,
};

#[tokio::test]
async fn of_a_new_account() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let before = app.everything().await;
    let long = "x".repeat(1025);
    for (field, value, code) in [
        ("email", json!("ann"), "malformed"),
        ("email", json!(EMAIL), "taken"),
        ("password", json!("short"), "too_short"),
        ("password", json!(long), "too_long"),
        ("password", json!("aaaaaaaaaaaaaaaaaaaa"), "weak_repeats"),
        ("name", json!("a\u{0}b"), "forbidden"),
        ("name", json!(7), "malformed"),
        ("name", Value::Null, "malformed"),
        ("admin", json!(true), "unknown"),
        ("a`, expected `b", json!(1), "unknown"),
    ] {
        let mut body = json!({ "email": "bob@example.com", "password": PASSWORD, "name": "Bob" });
        body[field] = value;
        assert_faults(&api.post("/accounts", &body).await, &[(field, code)]);
    }
    let all = [
        ("name", "required"),
        ("email", "required"),
        ("password", "required"),
    ];
    assert_faults(&api.post("/accounts", &json!({})).await, &all);
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn of_a_changed_account() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let before = app.everything().await;
    for (body, fault) in [
        (json!({}), ("name", "required")),
        (json!({ "name": " " }), ("name", "required")),
        (json!({ "name": "x".repeat(101) }), ("name", "too_long")),
        (
            json!({ "name": "A", "email": "b@example.com" }),
            ("email", "unknown"),
        ),
    ] {
        assert_faults(&api.patch("/account", &body).await, &[fault]);
    }
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn of_a_sign_in() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let before = app.everything().await;
    for (field, value, code) in [
        ("password", json!([PASSWORD]), "malformed"),
        ("device_name", json!(""), "required"),
        ("device_name", json!("x".repeat(101)), "too_long"),
        ("device_name", json!("a\nb"), "forbidden"),
        ("keep", json!(true), "unknown"),
    ] {
        let mut body = json!({ "email": EMAIL, "password": PASSWORD });
        body[field] = value;
        assert_faults(&api.post("/sessions", &body).await, &[(field, code)]);
    }
    let both = [("email", "required"), ("password", "required")];
    assert_faults(&api.post("/sessions", &json!({})).await, &both);
    let body = json!({ "email": "", "password": "x", "device_name": "a\u{7}b" });
    let two = [("email", "required"), ("device_name", "forbidden")];
    assert_faults(&api.post("/sessions", &body).await, &two);
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn of_a_refresh() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    for (body, code) in [
        (json!({}), "required"),
        (json!({ "refresh_token": "" }), "required"),
        (json!({ "refresh_token": 1 }), "malformed"),
    ] {
        let answer = api.post("/sessions/refresh", &body).await;
        assert_faults(&answer, &[("refresh_token", code)]);
    }
}

#[tokio::test]
async fn of_a_path_or_a_query() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    for (path, field) in [
        ("/sessions/nonsense", "id"),
        ("/sessions/%ff", "id"),
        ("/sessions", "except"),
        ("/sessions?except=none", "except"),
        ("/sessions?except=current&except=current", "except"),
        ("/sessions?except=current&all=1", "except"),
    ] {
        assert_faults(&api.delete(path).await, &[(field, "malformed")]);
    }
    assert_eq!(api.get("/session").await.status, 200);
}

fn assert_faults(answer: &Answer, expected: &[(&str, &str)]) {
    assert_eq!(refused(answer), (400, "invalid".to_owned()), "{answer:?}");
    let found = faults(answer);
    let found: Vec<_> = found
        .iter()
        .map(|(field, code)| (field.as_str(), code.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert!(!answer.shows(PASSWORD), "{answer:?}");
}
