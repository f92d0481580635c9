//! What an app does when somebody signs up: once for each, by a page and by the REST API, and for nobody
//! who was refused.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use leptos_axum::LeptosRoutes;
use monban_axum::{
    router::router,
    run,
    state::{AppParts, AppState},
};
use monban_leptos::sign_up::SignUpHook;
use tower::ServiceExt;

use crate::{
    app::{NAME, PASSWORD, settings_in},
    wire::PROBE,
};

#[tokio::test]
async fn what_an_app_does_at_sign_up_is_done_once_for_each() {
    let data = tempfile::tempdir().unwrap();
    let settings = settings_in(&data);
    let (auth, store) = run::open(&settings).await.unwrap();
    let greeted = Arc::new(Mutex::new(Vec::new()));
    let mut parts = AppParts::default();
    parts.extensions.insert(SignUpHook::new({
        let greeted = Arc::clone(&greeted);
        move |account| {
            let greeted = Arc::clone(&greeted);
            async move { greeted.lock().unwrap().push(account) }
        }
    }));
    let state = AppState::new(auth.clone(), &settings, parts);
    let pages = Router::new().leptos_routes(&state, Vec::new(), || ());
    let app = router(state, pages, Router::new());
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
    let accounts = auth.list_accounts(None, 10).await.unwrap();
    let made: Vec<_> = accounts.iter().map(|account| account.id).collect();
    assert_eq!(made.len(), 2);
    assert_eq!(*greeted.lock().unwrap(), made);
    store.close().await;
}
