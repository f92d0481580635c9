//! The experiments of `/learn/session`: they affect the visitor's own session and no other, and no answer
//! contains a token.

use server_fn::axum::server_fn_paths;

use crate::{
    app::{PASSWORD, TestApp},
    browser::{ACCESS, REFRESH},
};

#[tokio::test]
async fn an_expired_access_cookie_is_removed_and_the_next_page_renews() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let answer = member.call("learn/expire_access", &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.removes(ACCESS) && !answer.removes(REFRESH));
    let stale = member.ask("who_am_i").await;
    assert_eq!((stale.status, stale.code()), (401, "session_expired"));
    assert!(member.navigate("/account").await.renews());
    assert_eq!(member.generation(), 2);
}

#[tokio::test]
async fn a_reply_that_is_dropped_leaves_the_cookies_and_the_next_one_repeats() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    // The reply of a session that is not observed is not dropped.
    assert_eq!(member.call("learn/drop_next_reply", &[]).await.status, 200);
    assert_eq!(member.ask("learn/session_events?after=0").await.status, 200);
    assert_eq!(member.call("learn/drop_next_reply", &[]).await.status, 200);
    member.cookies.remove(ACCESS);
    let lost = member.call("refresh", &[]).await;
    assert_eq!((lost.status, lost.cookie_names().len()), (503, 0));
    assert_eq!(member.call("refresh", &[]).await.status, 200);
    assert_eq!(member.generation(), 2);
    let events = member.ask("learn/session_events?after=0").await.json();
    let kinds: Vec<_> = events.as_array().unwrap().iter().map(kind).collect();
    assert_eq!(
        kinds[kinds.len() - 3..],
        ["renewed", "reply_lost", "renewed"]
    );
}

#[tokio::test]
async fn the_cookies_are_described_as_the_browser_holds_them() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let look = member.ask("learn/look_at_session").await.json();
    let described: Vec<_> = look["cookies"].as_array().unwrap().iter().collect();
    assert_eq!(described.len(), 2);
    for (described, name) in described.into_iter().zip([ACCESS, REFRESH]) {
        assert_eq!(described["name"], name);
        assert_eq!(described["bytes"], bytes(&member, name));
        assert_eq!(
            described["attributes"],
            "HttpOnly; SameSite=Lax; Secure; Path=/"
        );
    }

    // A page that renews describes what it sets, and not what came.
    member.cookies.remove(ACCESS);
    let page = member.navigate("/learn/session").await;
    assert!(page.renews());
    for name in [ACCESS, REFRESH] {
        let said = format!("{} bytes, on every request", bytes(&member, name));
        assert!(page.shows(&said), "{said}");
    }
}

/// How long name and value of that cookie are.
fn bytes(browser: &crate::browser::Browser, name: &str) -> usize {
    name.len() + 1 + browser.cookies.get(name).unwrap().len()
}

#[tokio::test]
async fn a_replay_ends_the_askers_session_and_no_other() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let mut elsewhere = app.admit().await;
    let mut other = app.browser();
    let form = [
        ("name", "Bob"),
        ("email", "bob@example.com"),
        ("password", PASSWORD),
    ];
    assert_eq!(other.call("sign_up", &form).await.status, 200);
    member.ask("learn/session_events?after=0").await;
    assert_eq!(member.call("learn/replay_refresh", &[]).await.status, 200);
    let events = member.ask("learn/session_events?after=0").await.json();
    let kinds: Vec<_> = events.as_array().unwrap().iter().map(kind).collect();
    assert_eq!(
        kinds[kinds.len() - 5..],
        ["copied", "renewed", "renewed", "replayed", "ended"]
    );
    assert_eq!(member.ask("who_am_i").await.code(), "session_ended");
    assert!(elsewhere.navigate("/account").await.is_members());
    assert!(other.navigate("/account").await.is_members());
    let ended = app
        .texts("SELECT event || ' ' || reason FROM audit WHERE reason IS NOT NULL")
        .await;
    assert_eq!(ended, ["session_ended reused"]);
}

#[tokio::test]
async fn the_events_of_a_session_are_its_own() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let mut elsewhere = app.admit().await;
    member.ask("learn/session_events?after=0").await;
    elsewhere.ask("learn/session_events?after=0").await;
    member.ask("who_am_i").await;
    let seen = |events: &serde_json::Value| events.as_array().unwrap().len();
    let own = member.ask("learn/session_events?after=0").await.json();
    assert_eq!(seen(&own), 1, "{own}");
    let others = elsewhere.ask("learn/session_events?after=0").await.json();
    assert_eq!(seen(&others), 0, "{others}");
    let strangers = app
        .browser()
        .ask("learn/session_events?after=0")
        .await
        .json();
    assert_eq!(seen(&strangers), 0, "{strangers}");
}

#[tokio::test]
async fn no_answer_of_a_learning_function_holds_a_part_of_a_real_token() {
    let app = TestApp::start().await;
    let functions: Vec<_> = server_fn_paths()
        .filter_map(|(path, method)| Some((path.strip_prefix("/api/")?.to_owned(), method)))
        .filter(|(path, _)| path.starts_with("learn/"))
        .collect();
    assert!(functions.len() >= 8, "{functions:?}");
    for (function, method) in functions {
        let mut member = app.browser();
        let email = format!("{}@example.com", function.replace('/', "."));
        let form = [
            ("name", "Ann"),
            ("email", email.as_str()),
            ("password", PASSWORD),
        ];
        assert_eq!(member.call("sign_up", &form).await.status, 200);
        let before = tokens(&member);
        let arguments = [("after", "0"), ("token", "a.b.c"), ("alg", "EdDSA")];
        let answer = if method == reqwest::Method::GET {
            member.ask(&format!("{function}?after=0")).await
        } else {
            member.call(&function, &arguments).await
        };
        for token in before.iter().chain(&tokens(&member)) {
            for part in token.split('.').skip(1) {
                assert!(part.len() > 40);
                assert!(!answer.body.contains(part), "{function}: {}", answer.body);
            }
        }
    }
}

#[tokio::test]
async fn turned_off_there_are_no_pages_and_no_functions() {
    let app = TestApp::with("LEARN", "false").start().await;
    let mut member = app.member().await;
    for page in [
        "/learn",
        "/learn/token",
        "/learn/session",
        "/learn/attacks",
        "/learn/attacks/timing",
        "/learn/other-site",
    ] {
        assert_eq!(member.navigate(page).await.status, 404, "{page}");
    }
    for (path, method) in server_fn_paths() {
        let Some(function) = path
            .strip_prefix("/api/")
            .filter(|path| path.starts_with("learn/"))
        else {
            continue;
        };
        let answer = if method == reqwest::Method::GET {
            member.ask(function).await
        } else {
            member.call(function, &[]).await
        };
        assert_eq!(answer.status, 404, "{path}");
    }
    assert!(!member.navigate("/").await.shows("/learn"));
}

fn kind(event: &serde_json::Value) -> String {
    let kind = &event["kind"];
    match kind.as_str() {
        Some(kind) => kind.to_owned(),
        None => kind.as_object().unwrap().keys().next().unwrap().clone(),
    }
}

fn tokens(browser: &crate::browser::Browser) -> Vec<String> {
    [ACCESS, REFRESH]
        .into_iter()
        .filter_map(|name| browser.cookies.get(name).map(str::to_owned))
        .collect()
}
