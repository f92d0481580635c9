//! The sandbox, through the real server: it is separate from the server's own accounts.

use monban_axum::settings::{self, Sources};
use monban_learn::sandbox::{FlowName, Participant};
use monban_learn::server::sandbox::{Recorder, SandboxClient, SandboxInstance};

use super::{
    exchanges::{SIGNATURE, longest_of_base64url},
    flows::{ask, run},
};
use crate::{
    app::TestApp,
    browser::{ACCESS, REFRESH},
};

#[tokio::test]
async fn two_runs_at_once_are_made_one_after_the_other() {
    let app = TestApp::start().await;
    let both = futures::future::join(ask(&app, FlowName::Theft), ask(&app, FlowName::SignUp));
    let (one, other) = both.await;
    assert_eq!((one.status, other.status), (200, 200));
}

#[tokio::test]
async fn a_visitor_who_repeats_the_costliest_run_is_soon_told_how_long_to_wait() {
    let app = TestApp::start().await;
    let form = [("attack", "timing")];
    let mut runs = 0;
    let refused = loop {
        let answer = app.browser().call("learn/run_attack", &form).await;
        if answer.status != 200 {
            break answer;
        }
        runs += 1;
        assert!(runs < 100, "it never ends");
    };
    assert_eq!((refused.status, refused.code()), (429, "too_many_requests"));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let body = format!(r#"{{"code":"too_many_requests","retry_after":{wait}}}"#);
    assert_eq!(refused.body, body);
    // What else the learning pages run is refused, too, and nothing else is.
    let mut browser = app.browser();
    let flow = browser.call("learn/run_flow", &[("flow", "sign_up")]).await;
    let measured = browser.call("learn/measure_checks", &[]).await;
    assert_eq!((flow.status, measured.status), (429, 429));
    assert_eq!(browser.navigate("/learn/attacks").await.status, 200);
}

#[tokio::test]
async fn what_is_no_flow_is_refused_and_without_the_pages_there_is_none() {
    let app = TestApp::start().await;
    let unknown = [("flow", "x")];
    let answer = app.browser().call("learn/run_flow", &unknown).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (400, r#"{"code":"bad_request"}"#)
    );
    let app = TestApp::with("LEARN", "false").start().await;
    assert_eq!(ask(&app, FlowName::SignUp).await.status, 404);
}

#[tokio::test]
async fn nothing_of_the_real_accounts_is_touched() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    let before = app.everything().await;
    for flow in FlowName::ALL {
        run(&app, flow).await;
    }
    assert_eq!(app.everything().await, before);
    assert_eq!(app.count("SELECT count(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM signing_keys").await, 1);
    assert_eq!(browser.ask("who_am_i").await.status, 200);
}

#[tokio::test]
async fn no_signature_leaves_whatever_signs() {
    for algorithm in ["EdDSA", "HS256"] {
        let app = TestApp::with("KEY_ALGORITHM", algorithm).start().await;
        for flow in FlowName::ALL {
            let answer = ask(&app, flow).await;
            assert_eq!(answer.status, 200, "{flow:?}: {answer:?}");
            assert!(answer.shows("eyJ"), "{flow:?} shows no token at all");
            let longest = longest_of_base64url(&answer.body);
            // A public key of the JWKS is as long as the shortest signature.
            let allowed = usize::from(algorithm == "EdDSA");
            assert!(longest.len() < SIGNATURE + allowed, "{flow:?}: {longest}");
        }
    }
}

#[tokio::test]
async fn tokens_of_the_sandbox_open_nothing_outside() {
    let app = TestApp::start().await;
    app.member().await;
    let settings = settings::load(&Sources::default()).unwrap().settings;
    let instance = SandboxInstance::open(&settings, monban::in_sandbox)
        .await
        .unwrap();
    let recorder = Recorder::new(&instance);
    let client = recorder.signed_up_browser().await.unwrap();

    let mut browser = app.browser();
    for name in [ACCESS, REFRESH] {
        browser.cookies.set(name, client.cookie(name).unwrap());
    }
    assert_eq!(browser.ask("list_sessions").await.status, 401);
    assert_eq!(browser.call("refresh", &[]).await.status, 401);
    let page = browser.navigate("/account").await;
    assert_eq!((page.status, page.renews()), (302, false));
    let bearer = app
        .browser()
        .question("v1/session")
        .bearer_auth(client.cookie(ACCESS).unwrap());
    assert_eq!(app.browser().send(bearer).await.status, 401);

    // And the other way round.
    let mut owner = app.admit().await;
    assert_eq!(owner.ask("list_sessions").await.status, 200);
    let mut visitor = SandboxClient::new(Participant::Browser);
    let mut headers = axum::http::HeaderMap::new();
    for name in [ACCESS, REFRESH] {
        let cookie = format!("{name}={}", owner.cookies.get(name).unwrap());
        headers.append("set-cookie", cookie.parse().unwrap());
    }
    visitor.store_response(&headers, "");
    let request = visitor
        .ask("list_sessions")
        .unwrap()
        .map(axum::body::Body::from);
    assert_eq!(instance.respond(request).await.status(), 401);
}
