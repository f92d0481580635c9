//! The whole life of an account and its sessions.

use axum::http::Method;
use serde_json::json;

use super::{Api, faults, refused, with_json};
use crate::{
    app::{EMAIL, NAME, PASSWORD, TestApp},
    browser::Answer,
    forge::claims_of,
};

#[tokio::test]
async fn an_account_is_made_and_starts_no_session() {
    let app = TestApp::start().await;
    let api = Api::stranger(&app);
    let new = json!({ "email": "Ann@EXAMPLE.com ", "password": PASSWORD, "name": NAME });
    let answer = api.post("/accounts", &new).await;
    assert_eq!(answer.status, 201);
    let account = answer.json();
    assert_eq!(
        (&account["email"], &account["name"]),
        (&"Ann@example.com".into(), &NAME.into())
    );
    assert!(account["created_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(account.as_object().unwrap().len(), 4, "{account}");
    assert_eq!(app.count("SELECT count(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_sign_in_answers_with_both_tokens_and_how_long_they_live() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let tokens = &api.tokens;
    assert_eq!(tokens["token_type"], "Bearer");
    let life = |name: &str| tokens[name].as_u64().unwrap();
    assert!((299..=300).contains(&life("expires_in")), "{tokens}");
    let month = 30 * 24 * 60 * 60;
    assert!((month - 1..=month).contains(&life("refresh_expires_in")));
    let session = &tokens["session"];
    assert_eq!(
        (&session["device"], &session["ip"], &session["current"]),
        (&"Ann's phone".into(), &"127.0.0.1".into(), &true.into())
    );
    let access = claims_of(api.access_token());
    assert_eq!(access["sid"], session["id"]);
    assert_eq!(access["aud"], format!("{}/api/v1", app.origin()));
    assert_eq!(
        claims_of(api.refresh_token())["aud"],
        format!("{}/api/v1/sessions/refresh", app.origin())
    );
}

#[tokio::test]
async fn who_am_i_is_answered_by_the_token_alone() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let claims = claims_of(api.access_token());
    app.sql("ALTER TABLE sessions RENAME TO elsewhere").await;
    let answer = api.get("/session").await;
    assert_eq!(answer.status, 200);
    let who = answer.json();
    assert_eq!((&who["sub"], &who["sid"]), (&claims["sub"], &claims["sid"]));
    assert_eq!(who["roles"], json!([]));
    assert!(who["expires_at"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn the_account_is_shown_and_renamed() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    let before = api.get("/account").await;
    assert_eq!(
        (before.status, &before.json()["email"]),
        (200, &EMAIL.into())
    );
    let after = api
        .patch("/account", &json!({ "name": " 門番 太郎 " }))
        .await;
    assert_eq!(
        (after.status, &after.json()["name"]),
        (200, &"門番 太郎".into())
    );
    assert_eq!(api.get("/account").await.json(), after.json());
}

#[tokio::test]
async fn a_client_without_a_device_name_is_listed_by_its_user_agent() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    let who = json!({ "email": EMAIL, "password": PASSWORD });
    let request = with_json(api.request(Method::POST, "/sessions"), &who);
    let answer = api.send(request.header("user-agent", "backup/2.1")).await;
    assert_eq!(answer.json()["session"]["device"], "backup/2.1");
    api.tokens = api.post("/sessions", &who).await.json();
    assert_eq!(
        api.tokens["session"]["device"],
        json!(null),
        "it said nothing"
    );
}

#[tokio::test]
async fn the_list_marks_the_askers_own_session_and_puts_it_first() {
    let app = TestApp::start().await;
    let phone = Api::member(&app).await;
    let mut watch = Api::stranger(&app);
    watch.sign_in("Ann's watch").await;
    for (asker, order) in [
        (&phone, ["Ann's phone", "Ann's watch"]),
        (&watch, ["Ann's watch", "Ann's phone"]),
    ] {
        let list = asker.get("/sessions").await.json();
        let list = list.as_array().unwrap();
        let devices: Vec<_> = list.iter().map(|s| s["device"].as_str().unwrap()).collect();
        assert_eq!(devices, order);
        assert_eq!(list[0]["id"], asker.session_id());
        assert_eq!(
            (&list[0]["current"], &list[1]["current"]),
            (&true.into(), &false.into())
        );
    }
}

#[tokio::test]
async fn a_long_list_comes_in_pages_by_links() {
    let app = TestApp::start().await;
    let phone = Api::member(&app).await;
    for place in 1..=4 {
        Api::stranger(&app).sign_in(&format!("place {place}")).await;
    }
    let whole = phone.get("/sessions").await;
    assert_eq!(whole.header("link"), "");
    let ids = |answer: &Answer| -> Vec<String> {
        let list = answer.json();
        let list = list.as_array().unwrap().iter();
        list.map(|session| session["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let (mut read, mut path) = (Vec::new(), "/sessions?limit=2".to_owned());
    loop {
        let page = phone.get(&path).await;
        assert!(ids(&page).len() <= 2);
        read.extend(ids(&page));
        let link = page.header("link");
        let Some(next) = link.strip_prefix("</api/v1") else {
            assert_eq!(link, "");
            break;
        };
        let (next, rel) = next.split_once('>').unwrap();
        assert_eq!(rel, "; rel=\"next\"");
        path = next.to_owned();
    }
    assert_eq!((read.len(), read), (5, ids(&whole)));

    for (query, field) in [
        ("limit=1", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("after=nobody", "after"),
    ] {
        let answer = phone.get(&format!("/sessions?{query}")).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert_eq!(
            faults(&answer),
            [(field.to_owned(), "malformed".to_owned())]
        );
    }
}

#[tokio::test]
async fn signing_out_means_now() {
    let app = TestApp::start().await;
    let api = Api::member(&app).await;
    assert_eq!(api.delete("/sessions/current").await.status, 204);
    let told = api.get("/session").await;
    assert_eq!(refused(&told), (401, "session_ended".to_owned()));
    assert_eq!(told.json()["reason"], "signed_out");
    let told = api.refresh_with(api.refresh_token()).await;
    assert_eq!(refused(&told), (401, "session_ended".to_owned()));
    assert_eq!(
        app.texts("SELECT end_reason FROM sessions").await,
        ["signed_out"]
    );
}

#[tokio::test]
async fn another_session_is_ended_by_its_id_and_refused_at_once() {
    let app = TestApp::start().await;
    let phone = Api::member(&app).await;
    let mut watch = Api::stranger(&app);
    watch.sign_in("Ann's watch").await;
    let path = format!("/sessions/{}", watch.session_id());
    assert_eq!(phone.delete(&path).await.status, 204);
    assert_eq!(watch.get("/session").await.json()["reason"], "revoked");
    assert_eq!(
        phone.delete(&path).await.status,
        204,
        "again changes nothing"
    );
    assert_eq!(phone.get("/session").await.status, 200);
}

#[tokio::test]
async fn everywhere_else_leaves_only_this_one() {
    let app = TestApp::start().await;
    let phone = Api::member(&app).await;
    let mut browser = app.admit().await;
    let mut watch = Api::stranger(&app);
    watch.sign_in("Ann's watch").await;
    assert_eq!(phone.delete("/sessions?except=current").await.status, 204);
    assert_eq!(watch.get("/session").await.json()["reason"], "revoked");
    assert_eq!(browser.ask("who_am_i").await.code(), "session_ended");
    assert_eq!(
        phone
            .get("/sessions")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn nobody_ends_the_sessions_of_others() {
    let app = TestApp::start().await;
    let ann = Api::member(&app).await;
    let mut bob = Api::stranger(&app);
    let new = json!({ "email": "bob@example.com", "password": PASSWORD, "name": "Bob" });
    bob.post("/accounts", &new).await;
    let who = json!({ "email": "bob@example.com", "password": PASSWORD });
    bob.tokens = bob.post("/sessions", &who).await.json();
    let path = format!("/sessions/{}", ann.session_id());
    assert_eq!(
        bob.delete(&path).await.status,
        204,
        "as for an id that is not there"
    );
    assert_eq!(bob.delete("/sessions?except=current").await.status, 204);
    assert_eq!(ann.get("/session").await.status, 200);
    assert_eq!(
        bob.get("/sessions").await.json().as_array().unwrap().len(),
        1
    );
}
