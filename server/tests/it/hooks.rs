//! What an app does when somebody signs up: once for each, by a page and by the REST API, and for nobody
//! who was refused. And what it adds to the tokens of those who did.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use leptos_axum::LeptosRoutes;
use tower::ServiceExt;

use crate::{
    app::{EMAIL, NAME, PASSWORD, Setting, accounts_in},
    forge::claims_of,
    rest::Api,
    wire::PROBE,
};

#[tokio::test]
async fn what_an_app_does_at_sign_up_is_done_once_for_each() {
    let data = tempfile::tempdir().unwrap();
    let accounts = accounts_in(&data).await;
    let (auth, store) = (Arc::clone(accounts.auth()), accounts.store().clone());
    let greeted = Arc::new(Mutex::new(Vec::new()));
    let accounts = accounts.on_sign_up({
        let greeted = Arc::clone(&greeted);
        move |account| {
            let greeted = Arc::clone(&greeted);
            async move { greeted.lock().unwrap().push(account) }
        }
    });
    let pages = Router::new().leptos_routes(accounts.state(), Vec::new(), || ());
    let app = accounts.into_router(pages);
    let ask = async |path: &str, kind: &str, body: String| {
        let request = Request::post(path)
            .header(header::HOST, "localhost:3000")
            .header(header::COOKIE, PROBE)
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        app.clone()
            .oneshot(request)
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let password = PASSWORD.replace(' ', "+");
    let form = |email: &str| format!("name=Ann&email={email}&password={password}");
    let json = |email: &str| {
        serde_json::json!({ "name": NAME, "email": email, "password": PASSWORD }).to_string()
    };
    let (page, rest) = ("/api/sign_up", "/api/v1/accounts");
    let (urlencoded, as_json) = ("application/x-www-form-urlencoded", "application/json");
    assert_eq!(ask(page, urlencoded, form("ann@example.com")).await, 200);
    assert_eq!(
        ask(page, urlencoded, form("ann@example.com")).await,
        400,
        "taken"
    );
    assert_eq!(ask(rest, as_json, json("bob@example.com")).await, 201);
    assert_eq!(
        ask(rest, as_json, json("bob@example.com")).await,
        400,
        "taken"
    );
    let accounts = auth.accounts().list(None, 10).await.unwrap();
    let made: Vec<_> = accounts.iter().map(|account| account.id).collect();
    assert_eq!(made.len(), 2);
    assert_eq!(*greeted.lock().unwrap(), made);
    store.close().await;
}

#[tokio::test]
async fn what_an_app_adds_is_in_the_tokens_of_a_page_and_of_the_rest_api() {
    fn plan() -> serde_json::Value {
        serde_json::json!({ "plan": "free" })
    }
    let app = Setting::default().start_app(|accounts, _| {
        let accounts = accounts.claims(async |_| {
            let claims = plan().as_object().cloned();
            claims.ok_or("no object")
        });
        let pages = Router::new().leptos_routes(accounts.state(), Vec::new(), || ());
        (accounts, pages)
    });
    let app = app.await;
    let mut browser = app.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    assert_eq!(browser.call("sign_up", &form).await.status, 200);
    assert_eq!(browser.access()["app"], plan());
    assert_eq!(browser.call("sign_out", &[]).await.status, 200);
    let api = Api::signed_in(&app).await;
    assert_eq!(claims_of(api.access_token())["app"], plan());
}
