//! What is no request of this API is refused with a document that says why.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Api, assert_problem, refused};
use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    pace::PATIENCE,
    wire,
};

const BAD: &str = "bad_request";

#[tokio::test]
async fn what_is_no_json_object_cannot_be_read() {
    let app = TestApp::start().await;
    let api = Api::stranger(&app);
    for body in [
        "",
        "{",
        "null",
        "[]",
        "\"text\"",
        r#"["ann@example.com","kettle orbit plum sandal"]"#,
        r#"{"email":"a@example.com","email":"b@example.com","password":"x"}"#,
        r#"{"email":"a@example.com","password":"x"} {}"#,
        "\u{feff}{}",
        "email=a&password=b",
    ] {
        let request = api.request(Method::POST, "/sessions").body(body);
        let answer = api
            .send(request.header("content-type", "application/json"))
            .await;
        assert_eq!(refused(&answer), (400, BAD.to_owned()), "{body}");
    }
    let request = api
        .request(Method::POST, "/sessions")
        .body(&b"{\"email\":\"\xff\"}"[..]);
    let answer = api
        .send(request.header("content-type", "application/json"))
        .await;
    assert_eq!(refused(&answer), (400, BAD.to_owned()));
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let body = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
    ] {
        let request = api.request(Method::POST, "/sessions").body(body.clone());
        let answer = api.send(request.header("content-type", kind)).await;
        assert_eq!(
            refused(&answer),
            (415, "unsupported_media_type".to_owned()),
            "{kind}"
        );
    }
    let answer = api
        .send(api.request(Method::POST, "/sessions").body(body))
        .await;
    assert_eq!(answer.status, 415, "none at all");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let api = Api::stranger(&app);
    let large = json!({ "email": "x".repeat(64 * 1024) });
    let answer = api.post("/sessions", &large).await;
    assert_eq!(refused(&answer), (413, "too_large".to_owned()));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_one_answer() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let mut answers = Vec::new();
    for (email, password) in [
        (EMAIL, "not the password"),
        ("eve@example.com", PASSWORD),
        ("no address", PASSWORD),
    ] {
        let answer = api
            .post(
                "/sessions",
                &json!({ "email": email, "password": password }),
            )
            .await;
        assert_eq!(refused(&answer), (401, "invalid_credentials".to_owned()));
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer realm="monban""#
        );
        let mut problem = answer.json();
        problem["request_id"] = Value::Null;
        answers.push(problem);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn without_a_good_token_nothing_is_answered() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let mut expired = crate::forge::claims_of(api.access_token());
    expired["exp"] = json!(expired["iat"].as_i64().unwrap() - 1);
    let expired = app.forge().await.access(&expired);
    let realm = r#"Bearer realm="monban""#;
    let invalid = r#"Bearer error="invalid_token""#;
    for (authorization, code, challenge) in [
        (None, "session_required", realm),
        (Some("Basic YTpi".to_owned()), "session_required", realm),
        (Some("Bearer".to_owned()), "session_required", realm),
        (
            Some("Bearer nonsense".to_owned()),
            "session_required",
            invalid,
        ),
        (
            Some(format!("Bearer {}", api.refresh_token())),
            "session_required",
            invalid,
        ),
        (
            Some(format!("Bearer {}", expired.expose())),
            "session_expired",
            invalid,
        ),
    ] {
        for (method, path) in [
            (Method::GET, "/session"),
            (Method::GET, "/account"),
            (Method::PATCH, "/account"),
            (Method::GET, "/sessions"),
            (Method::DELETE, "/sessions?except=current"),
            (Method::DELETE, "/sessions/current"),
            (Method::DELETE, "/sessions/nonsense"),
        ] {
            let mut request = api.request(method, path);
            if let Some(authorization) = &authorization {
                request = request.header("authorization", authorization);
            }
            let answer = api.send(request).await;
            assert_eq!(
                refused(&answer),
                (401, code.to_owned()),
                "{authorization:?} {path}"
            );
            assert_eq!(answer.header("www-authenticate"), challenge);
        }
    }
    assert_eq!(api.get("/session").await.status, 200);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    for path in [
        "",
        "/",
        "/nothing",
        "/sessions/",
        "/sessions/current/more",
        "/%ff",
        "/../v1/x",
    ] {
        for method in [Method::GET, Method::POST, Method::PUT] {
            let answer = api.send(api.request(method.clone(), path)).await;
            assert_eq!(
                refused(&answer),
                (404, "not_found".to_owned()),
                "{method} {path}"
            );
        }
    }
    for (method, path, allow) in [
        (Method::PUT, "/account", "GET,HEAD,PATCH"),
        (Method::GET, "/accounts", "POST"),
        (Method::OPTIONS, "/session", "GET,HEAD"),
        (Method::GET, "/sessions/refresh", "POST"),
    ] {
        let answer = api.send(api.request(method.clone(), path)).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(refused(&answer).1, "method_not_allowed");
        assert!(
            answer.header("allow").contains(allow),
            "{method} {path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_database_that_is_gone_is_a_problem_without_its_cause() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    app.sql("ALTER TABLE sessions RENAME TO elsewhere").await;
    for answer in [api.refresh().await, api.get("/sessions").await] {
        assert_eq!(refused(&answer), (500, "internal".to_owned()));
        assert!(!answer.shows("sessions\"") && !answer.shows("table"));
    }
    app.sql("ALTER TABLE elsewhere RENAME TO sessions").await;
    assert_eq!(api.refresh().await.status, 200);
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let app = TestApp::with("REQUEST_TIMEOUT", "1s").start().await;
    let headers = [("content-type", "application/json")];
    let body = json!({ "email": EMAIL, "password": PASSWORD, "device_name": NAME }).to_string();
    let request = wire::request("POST", "/api/v1/sessions", &headers, &body);
    let (head, _) = request.split_at(request.len() - 5);
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes())
        .await
        .unwrap();
    let answer = tokio::time::timeout(PATIENCE, wire::read_answer(&mut stream))
        .await
        .unwrap();
    assert_eq!(refused(&answer), (503, "busy".to_owned()));
    assert_problem(&answer);
}
