//! A copy of the cookies is used: it is noticed, that session ends, and the person is told why.

use crate::{app::TestApp, browser::ACCESS};

const REUSED: &str = "This session was ended because an old sign-in token was used again.";

#[tokio::test]
async fn a_replayed_token_ends_that_session_and_the_next_page_says_why() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut owner = app.member().await;
    let mut elsewhere = app.admit().await;
    let mut thief = owner.clone();
    owner.cookies.remove(ACCESS);
    assert!(owner.navigate("/account").await.renews());
    assert!(owner.navigate("/account").await.is_members());

    thief.cookies.remove(ACCESS);
    let caught = thief.navigate("/account").await;
    assert!(!caught.renews());
    assert_eq!(caught.status, 302);

    let told = owner.navigate("/account").await;
    assert_eq!(
        (told.status, told.location()),
        (302, "/sign-in?next=/account")
    );
    let page = owner.follow(&told).await;
    assert!(page.shows(REUSED), "{}", page.body);
    assert!(!page.is_members());
    let again = owner.navigate("/").await;
    assert!(!again.shows(REUSED), "said once");

    assert!(elsewhere.navigate("/account").await.is_members());
    let ended = app
        .texts("SELECT event || ' ' || reason FROM audit WHERE reason IS NOT NULL")
        .await;
    assert_eq!(ended, ["session_ended reused"]);
}

#[tokio::test]
async fn a_call_of_the_living_page_hears_the_reason_as_a_code() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut owner = app.member().await;
    let mut thief = owner.clone();
    owner.cookies.remove(ACCESS);
    owner.call("refresh", &[]).await;
    owner.ask("who_am_i").await;

    thief.cookies.remove(ACCESS);
    let caught = thief.call("refresh", &[]).await;
    assert_eq!(
        (caught.status, caught.body.as_str()),
        (401, r#"{"code":"session_ended","reason":"reused"}"#)
    );

    let told = owner.ask("list_sessions").await;
    assert_eq!((told.status, told.code()), (401, "session_ended"));
    assert_eq!(told.body, r#"{"code":"session_ended","reason":"reused"}"#);
    assert!(owner.navigate("/").await.shows(REUSED));
}

#[tokio::test]
async fn after_a_theft_the_person_signs_in_again_and_stays_in() {
    let app = TestApp::with("REFRESH_WINDOW", "0s").start().await;
    let mut owner = app.member().await;
    let mut thief = owner.clone();
    owner.cookies.remove(ACCESS);
    owner.navigate("/account").await;
    owner.navigate("/account").await;
    thief.cookies.remove(ACCESS);
    thief.navigate("/account").await;

    assert_eq!(
        owner
            .sign_in(crate::app::EMAIL, crate::app::PASSWORD)
            .await
            .status,
        200
    );
    assert!(owner.navigate("/account").await.is_members());
    assert!(!thief.navigate("/account").await.renews());
    assert!(owner.navigate("/account").await.is_members());
}
