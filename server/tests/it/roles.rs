//! What takes a role: pages, server functions and routes, each with its guard.

use crate::{
    app::TestApp,
    browser::Browser,
    rest::{Api, refused},
};

const PAGE: &str = "/admin/keys";

/// A browser in which an administrator is signed in.
async fn admin(app: &TestApp) -> Browser {
    app.member().await;
    app.sql("UPDATE accounts SET roles = 'admin'").await;
    app.admit().await
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_a_member_is_told_that_it_is_not_theirs() {
    let app = TestApp::start().await;
    let stranger = app.browser().navigate(PAGE).await;
    assert_eq!(stranger.location(), "/sign-in?next=/admin/keys");
    assert_eq!(app.browser().ask("list_keys").await.status, 401);

    let mut member = app.member().await;
    let page = member.navigate(PAGE).await;
    assert_eq!(page.status, 403);
    assert!(page.shows("Not for this account") && !page.shows("kid"));
    assert!(!member.navigate("/account").await.shows(PAGE));
    for answer in [
        member.ask("list_keys").await,
        member.call("rotate_keys", &[]).await,
    ] {
        assert_eq!((answer.status, answer.code()), (403, "forbidden"));
    }
    let posted = member.submit("rotate_keys", &[]).await;
    assert_eq!(posted.location(), PAGE);
    assert_eq!(app.count("SELECT COUNT(*) FROM signing_keys").await, 1);
}

#[tokio::test]
async fn an_administrator_sees_the_keys_and_rotates_them() {
    let app = TestApp::start().await;
    let mut admin = admin(&app).await;
    assert!(admin.navigate("/account").await.shows(PAGE));
    let keys = admin.ask("list_keys").await.json();
    assert_eq!(keys.as_array().unwrap().len(), 1);
    assert_eq!(keys[0]["state"], "signing");
    assert!(
        admin
            .navigate(PAGE)
            .await
            .shows(keys[0]["kid"].as_str().unwrap())
    );

    // The second time the new key waits already: no other is made, and none is said to be.
    for (said, other) in [
        ("A new key is published.", "Nothing was changed"),
        ("Nothing was changed", "A new key is published."),
    ] {
        let posted = admin.submit("rotate_keys", &[]).await;
        let page = admin.follow(&posted).await;
        assert!(page.shows(said) && !page.shows(other), "{}", page.body);
    }
    let keys = admin.ask("list_keys").await.json();
    assert_eq!(keys.as_array().unwrap().len(), 2);
    assert_eq!(
        (&keys[0]["state"], &keys[1]["state"]),
        (&"signing".into(), &"published".into())
    );
}

#[tokio::test]
async fn a_route_of_the_api_asks_for_the_role_too() {
    let app = TestApp::start().await;
    let mut api = Api::member(&app).await;
    assert_eq!(
        refused(&api.get("/keys").await),
        (403, "forbidden".to_owned())
    );
    app.sql("UPDATE accounts SET roles = 'admin'").await;
    api.sign_in("Ann's phone").await;
    let answer = api.get("/keys").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()[0]["state"], "signing");
    // Nothing of a key but its name.
    let known: Vec<_> = answer.json()[0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(known, ["alg", "kid", "signs_at", "state"]);
}
