//! The REST API for native clients, as one sees it.

mod bad_input;
mod channels;
mod cors;
mod document;
mod fields;
mod life;
mod refresh;

use axum::http::{Method, header};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::Answer,
};

/// A native client: it knows its tokens and no cookie.
pub struct Api<'a> {
    app: &'a TestApp,
    http: Client,
    /// What came with the last sign-in or refresh.
    pub tokens: Value,
}

impl<'a> Api<'a> {
    /// A client that was never here.
    pub fn stranger(app: &'a TestApp) -> Self {
        Self {
            app,
            http: Client::new(),
            tokens: Value::Null,
        }
    }

    /// A client in which a new account is signed in.
    pub async fn member(app: &'a TestApp) -> Self {
        let mut api = Self::stranger(app);
        let account = json!({ "email": EMAIL, "password": PASSWORD, "name": NAME });
        assert_eq!(api.post("/accounts", &account).await.status, 201);
        api.sign_in("Ann's phone").await;
        api
    }

    /// A client in which the account that is there is signed in.
    pub async fn signed_in(app: &'a TestApp) -> Self {
        let mut api = Self::stranger(app);
        api.sign_in("Ann's tablet").await;
        api
    }

    /// Signs in with the account that is there.
    pub async fn sign_in(&mut self, device: &str) {
        let who = json!({ "email": EMAIL, "password": PASSWORD, "device_name": device });
        let answer = self.post("/sessions", &who).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self.tokens = answer.json();
    }

    /// Takes up the next pair.
    pub async fn refresh(&mut self) -> Answer {
        let answer = self.refresh_with(self.refresh_token()).await;
        if answer.status == 200 {
            self.tokens = answer.json();
        }
        answer
    }

    pub async fn refresh_with(&self, token: &str) -> Answer {
        let body = json!({ "refresh_token": token });
        self.post("/sessions/refresh", &body).await
    }

    pub fn access_token(&self) -> &str {
        self.tokens["access_token"].as_str().unwrap()
    }

    pub fn refresh_token(&self) -> &str {
        self.tokens["refresh_token"].as_str().unwrap()
    }

    pub fn session_id(&self) -> &str {
        self.tokens["session"]["id"].as_str().unwrap()
    }

    /// A call without a token.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(with_json(self.request(Method::POST, path), body))
            .await
    }

    /// A call with the access token.
    pub async fn call(&self, method: Method, path: &str) -> Answer {
        self.send(self.request(method, path).bearer_auth(self.access_token()))
            .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        let request = with_json(self.request(Method::PATCH, path), body);
        self.send(request.bearer_auth(self.access_token())).await
    }

    /// A request below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}/api/v1{path}", self.app.address);
        self.http.request(method, url)
    }

    /// Sends it. Every answer of every test is watched: no cookie, no cache, and a problem is a
    /// document.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        };
        assert_eq!(answer.set_cookies(), Vec::<&str>::new());
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if answer.status >= 400 {
            assert_problem(&answer);
        }
        answer
    }
}

/// A request that holds this body.
pub fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_string())
}

/// RFC 9457, and what this API promises beyond it.
pub fn assert_problem(answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{answer:?}"
    );
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status);
    let code = problem["code"].as_str().unwrap();
    assert_eq!(problem["type"], format!("/api/docs#{code}"));
    for text in ["title", "detail"] {
        assert!(problem[text].as_str().unwrap().len() > 5, "{problem}");
    }
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    assert!(problem["errors"].is_array(), "{problem}");
    let challenge = answer.header(header::WWW_AUTHENTICATE.as_str());
    assert_eq!(answer.status == 401, challenge.starts_with("Bearer "));
    assert_eq!(answer.status == 503, answer.header("retry-after") == "2");
}

/// Status and code.
pub fn refused(answer: &Answer) -> (u16, String) {
    let code = answer.json()["code"].as_str().unwrap().to_owned();
    (answer.status, code)
}

/// Which fields are at fault, and why.
pub fn faults(answer: &Answer) -> Vec<(String, String)> {
    let problem = answer.json();
    let errors = problem["errors"].as_array().unwrap().iter();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    errors
        .map(|error| (word(&error["field"]), word(&error["code"])))
        .collect()
}
