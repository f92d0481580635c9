//! Refreshing over Bearer: the same verdicts as in the browser.

use super::{Api, refused};
use crate::{app::TestApp, forge::claims_of, wire};

const FIFTY: usize = 50;

#[tokio::test]
async fn a_refresh_answers_like_a_sign_in_and_moves_the_generation_on() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    let first = api.tokens.clone();
    for generation in 2..5 {
        assert_eq!(api.refresh().await.status, 200);
        assert_eq!(claims_of(api.access_token())["gen"], generation);
        assert_eq!(claims_of(api.refresh_token())["gen"], generation);
        assert_eq!(api.get("/session").await.status, 200);
    }
    let shape = |tokens: &serde_json::Value| {
        let members = tokens.as_object().unwrap();
        members.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(shape(&api.tokens), shape(&first));
    assert_eq!(api.tokens["session"]["id"], first["session"]["id"]);
    assert_eq!(api.tokens["session"]["device"], "Ann's phone");
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn a_lost_reply_is_mended_however_strict_the_window() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut api = Api::member(&app).await;
    api.refresh_with(api.refresh_token()).await;
    assert_eq!(api.refresh().await.status, 200);
    assert_eq!(claims_of(api.refresh_token())["gen"], 2);
}

#[tokio::test]
async fn the_cap_on_lost_replies_has_a_setting_of_its_own() {
    let app = TestApp::with("REFRESH_WINDOW", "0s")
        .with("REFRESH_UNSEEN_CAP", "0s")
        .start()
        .await;
    let mut api = Api::member(&app).await;
    api.refresh_with(api.refresh_token()).await;
    assert_eq!(
        api.refresh().await.status,
        200,
        "a browser's cap is not asked"
    );

    let app = TestApp::with("REFRESH_WINDOW", "0s")
        .with("REFRESH_UNSEEN_CAP_BEARER", "0s")
        .start()
        .await;
    let mut api = Api::member(&app).await;
    api.refresh_with(api.refresh_token()).await;
    assert_eq!(api.refresh().await.json()["reason"], "reused");
}

#[tokio::test]
async fn a_replayed_token_ends_that_session_only() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut api = Api::member(&app).await;
    let mut browser = app.admit().await;
    let stolen = api.refresh_token().to_owned();
    api.refresh().await;
    assert_eq!(api.get("/session").await.status, 200);

    let caught = api.refresh_with(&stolen).await;
    assert_eq!(refused(&caught), (401, "session_ended".to_owned()));
    assert_eq!(caught.json()["reason"], "reused");
    assert_eq!(
        caught.header("www-authenticate"),
        r#"Bearer error="invalid_token""#
    );
    assert_eq!(api.get("/session").await.json()["reason"], "reused");
    assert_eq!(refused(&api.refresh().await).1, "session_ended");
    assert!(browser.navigate("/account").await.is_members());
    let ended = app
        .texts("SELECT event || ' ' || reason FROM audit WHERE reason IS NOT NULL")
        .await;
    assert_eq!(ended, ["session_ended reused"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_make_one_generation() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let body = format!(r#"{{"refresh_token":"{}"}}"#, api.refresh_token());
    let headers = [("content-type", "application/json")];
    let request = wire::request("POST", "/api/v1/sessions/refresh", &headers, &body);

    let answers = wire::released_together(app.address, &vec![request; FIFTY]).await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        for token in ["access_token", "refresh_token"] {
            let claims = claims_of(answer.json()[token].as_str().unwrap());
            assert_eq!(claims["gen"], 2);
        }
    }
    assert_eq!(app.count("SELECT generation FROM sessions").await, 2);
    let mut api = api;
    for answer in [&answers[0], &answers[FIFTY - 1]] {
        api.tokens = answer.json();
        assert_eq!(api.get("/session").await.status, 200);
    }
    assert_eq!(api.refresh().await.status, 200);
    assert_eq!(claims_of(api.refresh_token())["gen"], 3);
}

#[tokio::test]
async fn a_token_that_is_none_is_refused_and_ends_nothing() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    let access = api.access_token().to_owned();
    for token in ["x", "a.b.c", "ey", access.as_str()] {
        let answer = api.refresh_with(token).await;
        assert_eq!(refused(&answer), (401, "session_required".to_owned()));
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer error="invalid_token""#
        );
    }
    assert_eq!(api.refresh().await.status, 200);
}

#[tokio::test]
async fn tokens_from_before_the_clock_was_set_back_ask_for_a_renewal_and_get_it() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    let forge = app.forge().await;
    let ahead = |token: &str| {
        let mut claims = claims_of(token);
        for name in ["iat", "exp"] {
            claims[name] = (claims[name].as_i64().unwrap() + 60 * 60).into();
        }
        claims
    };
    let access = forge.access(&ahead(api.access_token()));
    let refresh = forge.refresh(&ahead(api.refresh_token()));
    api.tokens["access_token"] = access.expose().into();
    api.tokens["refresh_token"] = refresh.expose().into();
    let told = api.get("/session").await;
    assert_eq!(refused(&told), (401, "session_expired".to_owned()));
    assert_eq!(api.refresh().await.status, 200);
    assert_eq!(api.get("/session").await.status, 200);
}
