//! Where somebody is signed in, and ending it from elsewhere.

use serde_json::Value;

use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    browser::{Browser, as_call},
};

#[tokio::test]
async fn the_list_names_each_browser_and_marks_this_one() {
    let app = TestApp::start().await;
    let mut first = app.member().await;
    let mut second = app.admit().await;
    let list = second.ask("list_sessions").await.json();
    assert_eq!(ids(&list), [id_of(&second), id_of(&first)]);
    let [here, there] = &list.as_array().unwrap()[..] else {
        panic!("{list}")
    };
    assert_eq!(
        (&here["current"], &there["current"]),
        (&true.into(), &false.into())
    );
    assert_eq!(
        (&here["browser"], &here["os"], &here["ip"]),
        (&"Firefox".into(), &"Linux".into(), &"127.0.0.1".into())
    );

    let page = first.navigate("/account/sessions").await;
    assert!(page.shows("Firefox on Linux") && page.shows("127.0.0.1") && page.shows("This device"));
    assert_eq!(page.body.matches("This device").count(), 1);
}

#[tokio::test]
async fn a_session_is_ended_from_another_and_refused_at_once() {
    let app = TestApp::start().await;
    let mut lost = app.member().await;
    let mut here = app.admit().await;
    let id = id_of(&lost);
    let answer = here.submit("end_session", &[("id", &id)]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (302, "/account/sessions")
    );
    assert!(
        here.follow(&answer)
            .await
            .shows("That device is signed out.")
    );

    let told = lost.ask("who_am_i").await;
    assert_eq!(
        (told.status, told.body.as_str()),
        (401, r#"{"code":"session_ended","reason":"revoked"}"#)
    );
    assert!(
        lost.navigate("/")
            .await
            .shows("This session was ended from another device.")
    );
    assert_eq!(
        here.ask("list_sessions")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn everywhere_else_leaves_only_this_one() {
    let app = TestApp::start().await;
    let mut others = [app.member().await, app.admit().await, app.admit().await];
    let mut here = app.admit().await;
    assert_eq!(here.call("end_other_sessions", &[]).await.status, 200);
    for other in &mut others {
        assert_eq!(other.ask("who_am_i").await.code(), "session_ended");
    }
    assert_eq!(ids(&here.ask("list_sessions").await.json()), [id_of(&here)]);
}

#[tokio::test]
async fn nobody_ends_or_sees_the_sessions_of_others() {
    let app = TestApp::start().await;
    let mut ann = app.member().await;
    let mut bob = app.browser();
    bob.call(
        "sign_up",
        &[
            ("name", "Bob"),
            ("email", "bob@example.com"),
            ("password", PASSWORD),
        ],
    )
    .await;
    let id = id_of(&ann);
    let answer = bob.call("end_session", &[("id", &id)]).await;
    assert_eq!(
        answer.status, 200,
        "the same as for an id that is not there"
    );
    bob.call("end_other_sessions", &[]).await;
    assert!(ann.navigate("/account").await.is_members());
    assert_eq!(ids(&bob.ask("list_sessions").await.json()), [id_of(&bob)]);
    for nonsense in ["", "1", "not-an-id"] {
        assert_eq!(
            bob.call("end_session", &[("id", nonsense)]).await.status,
            400
        );
    }
}

#[tokio::test]
async fn a_stranger_gets_no_list_and_ends_nothing() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = id_of(&member);
    let mut stranger = app.browser();
    for answer in [
        stranger.ask("list_sessions").await,
        stranger.call("end_session", &[("id", &id)]).await,
        stranger.call("end_other_sessions", &[]).await,
        stranger
            .call("update_account", &[("name", "Mallory")])
            .await,
    ] {
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (401, r#"{"code":"session_required"}"#)
        );
    }
    assert_eq!(
        app.count("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn an_address_is_believed_from_a_trusted_proxy_only() {
    for (trusted, shown) in [
        ("", "127.0.0.1"),
        ("none", "127.0.0.1"),
        ("10.0.0.0/8", "127.0.0.1"),
        ("127.0.0.0/8", "198.51.100.7"),
    ] {
        let app = TestApp::with("TRUSTED_PROXIES", trusted).start().await;
        app.member().await;
        let mut browser = app.browser();
        let request = browser
            .post("sign_in", &[("email", EMAIL), ("password", PASSWORD)])
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", "203.0.113.9, 198.51.100.7");
        assert_eq!(browser.send(as_call(request)).await.status, 200);
        assert_eq!(
            browser.ask("list_sessions").await.json()[0]["ip"],
            shown,
            "{trusted:?}"
        );
    }
}

fn id_of(browser: &Browser) -> String {
    browser.access()["sid"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    let sessions = list.as_array().unwrap().iter();
    sessions
        .map(|session| session["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_long_list_is_leafed_through() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    for _ in 0..59 {
        app.admit().await;
    }
    let page = browser.navigate("/account/sessions").await;
    let shown = |page: &str| page.matches("<li class=\"session").count();
    assert_eq!(shown(&page.body), 50);
    assert!(page.shows("This device") && page.shows("Sign out everywhere else"));
    let mut attributes = page.body.split('"');
    let link = attributes.find(|part| part.starts_with("/account/sessions?after="));
    let link = link.unwrap().to_owned();
    let page = browser.navigate(&link).await;
    assert_eq!(shown(&page.body), 10);
    assert!(!page.shows("This device") && !page.shows("Show older sign-ins"));

    // Who ends one from there stays there, for as long as one is left.
    let after = link.split('=').next_back().unwrap();
    let field = format!("name=\"after\" value=\"{after}\"");
    assert_eq!(page.body.matches(&field).count(), 10);
    let ids = page.body.split("name=\"id\" value=\"").skip(1);
    let ids: Vec<_> = ids.map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.len(), 10);
    for (place, id) in ids.into_iter().enumerate() {
        let form = [("id", id), ("after", after)];
        let ended = browser.submit("end_session", &form).await;
        let expected = if place < 9 {
            &link
        } else {
            "/account/sessions"
        };
        assert_eq!(ended.location(), expected, "{place}");
    }
    let form = [("id", after), ("after", "//evil.example")];
    let ended = browser.submit("end_session", &form).await;
    assert_eq!(ended.location(), "/account/sessions");
    let page = browser.navigate("/account/sessions?after=nobody").await;
    assert_eq!(shown(&page.body), 0);
}
