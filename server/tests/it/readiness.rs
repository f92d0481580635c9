//! What `/readyz` says of the work in the background. Nobody does it here, so that it grows old.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use monban_axum::background::PARTS;
use tokio::time;
use tower::ServiceExt;

use crate::app::accounts_in;

async fn readyz(app: &Router) -> (u16, String) {
    let request = Request::get("/readyz")
        .header("host", "localhost")
        .body(Body::empty())
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 4096).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn what_people_cannot_do_without_takes_the_node_out_of_service_by_its_name() {
    let required = PARTS.iter().filter(|part| part.required);
    let required: Vec<_> = required.map(|part| (part.name, part.patience)).collect();
    assert!(required.len() >= 3, "{required:?}");
    let step = Duration::from_secs(1);
    for (name, patience) in required {
        let data = tempfile::tempdir().unwrap();
        let accounts = accounts_in(&data).await;
        let store = accounts.store().clone();
        let app = monban::in_sandbox(accounts);
        assert_eq!(readyz(&app).await, (200, "ready\n".to_owned()));
        time::pause();
        time::advance(patience.saturating_sub(step)).await;
        assert!(!readyz(&app).await.1.contains(name));
        time::advance(2 * step).await;
        let (status, body) = readyz(&app).await;
        let line = format!("{name}: last well {} s ago\n", patience.as_secs() + 1);
        assert!(status == 503 && body.starts_with("not ready\n"), "{body}");
        assert!(body.contains(&line), "{body}");
        time::resume();
        store.close().await;
    }
}
