//! The flows, run in the sandbox through the real server.

use monban_learn::{
    flows::{FLOWS, step::Shows},
    sandbox::{ExchangeView, FlowName, Participant},
};

use crate::{
    app::TestApp,
    browser::{ACCESS, Answer, REFRESH},
    learn::exchanges::{ended, generations, header, run_when_allowed, summary, tokens},
};

/// The exchanges of a run of that flow.
pub(super) async fn run(app: &TestApp, flow: FlowName) -> Vec<ExchangeView> {
    let answer = ask(app, flow).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).unwrap()
}

/// The answer to a request to run that flow.
pub(super) async fn ask(app: &TestApp, flow: FlowName) -> Answer {
    let form = [("flow", flow.name())];
    run_when_allowed(app, "learn/run_flow", &form).await
}

#[tokio::test]
async fn a_sign_up_sets_two_cookies_and_starts_a_row() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::SignUp).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::Browser, "POST /api/sign_up", 200),
            (Participant::Browser, "GET /account", 200)
        ]
    );
    assert_eq!(generations(&flow[0]), (None, Some(1)));
    let cookies = header(&flow[0], "set-cookie");
    assert!(
        cookies[0].starts_with(&format!("{ACCESS}=eyJ")),
        "{cookies:?}"
    );
    assert!(
        cookies[0].ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=300"),
        "{cookies:?}"
    );
    assert!(
        cookies[1].starts_with(&format!("{REFRESH}=eyJ")),
        "{cookies:?}"
    );
    assert!(
        flow[0].request.body.contains("password=…"),
        "{}",
        flow[0].request.body
    );
    assert!(flow[1].after.as_ref().unwrap().generation_seen_at.is_some());
}

#[tokio::test]
async fn a_thief_ends_the_session_and_the_owner_signs_in_again() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::Theft).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::Browser, "POST /api/refresh", 200),
            (Participant::Browser, "GET /api/who_am_i", 200),
            (Participant::Attacker, "POST /api/refresh", 401),
            (Participant::Browser, "GET /api/who_am_i", 401),
            (Participant::Browser, "POST /api/sign_in", 200),
        ]
    );
    assert_eq!(generations(&flow[0]), (Some(1), Some(2)));
    assert_eq!((ended(&flow[1]), ended(&flow[2])), (None, Some("reused")));
    for refused in &flow[2..4] {
        assert_eq!(
            refused.response.body,
            r#"{"code":"session_ended","reason":"reused"}"#
        );
    }
}

#[tokio::test]
async fn racing_tabs_get_one_generation() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::RacingTabs).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::Browser, "POST /api/refresh", 200),
            (Participant::OtherTab, "POST /api/refresh", 200),
            (Participant::Browser, "GET /api/who_am_i", 200),
            (Participant::OtherTab, "GET /api/who_am_i", 200),
        ]
    );
    for renewed in &flow[..2] {
        assert_eq!(generations(renewed), (Some(1), Some(2)));
        let tokens = tokens(renewed);
        assert_eq!(
            tokens
                .iter()
                .map(|(_, generation)| *generation)
                .collect::<Vec<_>>(),
            [2, 2]
        );
    }
}

#[tokio::test]
async fn a_wrong_password_says_nothing_and_the_right_one_starts_a_row() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::SignIn).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::Browser, "POST /api/sign_in", 401),
            (Participant::Browser, "POST /api/sign_in", 200),
            (Participant::Browser, "GET /api/who_am_i", 200),
        ]
    );
    assert_eq!(flow[0].response.body, r#"{"code":"invalid_credentials"}"#);
    assert!(header(&flow[0], "set-cookie").is_empty());
    assert_eq!(generations(&flow[1]), (None, Some(1)));
    let kinds = flow[1]
        .response
        .tokens
        .iter()
        .map(|token| token.typ.as_str());
    assert_eq!(kinds.collect::<Vec<_>>(), ["at+jwt", "rt+jwt"]);
}

#[tokio::test]
async fn a_native_client_gets_tokens_in_a_body_and_an_altered_one_is_refused() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::CallApi).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::App, "POST /api/v1/sessions", 201),
            (Participant::App, "GET /api/v1/session", 200),
            (Participant::App, "GET /api/v1/session", 401),
            (Participant::Service, "GET /.well-known/jwks.json", 200),
        ]
    );
    assert!(header(&flow[0], "set-cookie").is_empty());
    assert_eq!(tokens(&flow[0]).len(), 2);
    assert!(flow[0].request.body.contains(r#""password":"…""#));
    assert!(
        flow[3].response.body.contains(tokens(&flow[0])[0].0),
        "the kid"
    );
}

#[tokio::test]
async fn a_call_renews_behind_the_page_and_a_page_ahead_of_itself() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::Refresh).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::Browser, "GET /api/who_am_i", 401),
            (Participant::Browser, "POST /api/refresh", 200),
            (Participant::Browser, "GET /api/who_am_i", 200),
            (Participant::Browser, "GET /account", 200),
        ]
    );
    assert_eq!(flow[0].waited, 300);
    assert_eq!(flow[0].response.body, r#"{"code":"session_expired"}"#);
    assert_eq!(generations(&flow[1]), (Some(1), Some(2)));
    let seen = |place: usize| {
        flow[place]
            .after
            .as_ref()
            .unwrap()
            .generation_seen_at
            .clone()
    };
    assert_eq!((seen(1), seen(2).is_some()), (None, true));
    assert_eq!(generations(&flow[3]), (Some(2), Some(3)));
    assert_eq!(header(&flow[3], "set-cookie").len(), 2);
}

#[tokio::test]
async fn after_a_sign_out_a_copy_of_the_cookies_is_worth_nothing() {
    let app = TestApp::start().await;
    let flow = run(&app, FlowName::SignOut).await;
    assert_eq!(
        summary(&flow),
        [
            (Participant::Browser, "POST /api/sign_out", 200),
            (Participant::Attacker, "GET /api/who_am_i", 401),
        ]
    );
    assert_eq!(ended(&flow[0]), Some("signed_out"));
    assert_eq!(header(&flow[0], "clear-site-data").len(), 1);
    assert_eq!(
        flow[1].response.body,
        r#"{"code":"session_ended","reason":"signed_out"}"#
    );
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_one_still_verifies() {
    let app = TestApp::start().await;
    // Twice: the second run is not to find the keys of the first.
    for _ in 0..2 {
        let flow = run(&app, FlowName::KeyRotation).await;
        assert_eq!(
            summary(&flow),
            [
                (Participant::Service, "GET /.well-known/jwks.json", 200),
                (Participant::Operator, "$ monban keys rotate", 0),
                (Participant::Service, "GET /.well-known/jwks.json", 200),
                (Participant::Browser, "POST /api/sign_in", 200),
                (Participant::Browser, "GET /api/who_am_i", 200),
                (Participant::Browser, "GET /account", 200),
            ]
        );
        let keys = |place: usize| flow[place].response.body.matches("\"kid\"").count();
        assert_eq!((keys(0), keys(2)), (1, 2));
        let new = flow[1].response.line.as_str();
        let of = |place: usize| tokens(&flow[place])[0].0;
        assert_ne!(of(3), new);
        assert_eq!(
            flow[4].request.tokens[0].kid,
            of(3),
            "verified by the old key"
        );
        assert_eq!(of(5), new);
    }
}

#[tokio::test]
async fn each_step_matches_what_happens() {
    let app = TestApp::start().await;
    for flow in FLOWS {
        let run = run(&app, flow.name).await;
        let mut shown = vec![false; run.len()];
        for step in flow.steps {
            let (from, to) = (step.from, step.to);
            match step.shows {
                Shows::Nothing => {}
                Shows::Request(place) => {
                    assert_eq!((from, to), (run[place].from, run[place].to), "{step:?}");
                    shown[place] = true;
                }
                Shows::Response(place) => {
                    assert_eq!(from, run[place].to, "{step:?}");
                    assert!(to == run[place].from || to == Participant::Page, "{step:?}");
                    shown[place] = true;
                }
                Shows::Row(place) => {
                    assert_eq!(to, Participant::Store, "{step:?}");
                    assert_ne!(run[place].before, run[place].after, "{step:?}");
                }
            }
        }
        assert!(!shown.contains(&false), "{:?}: {shown:?}", flow.name);
    }
}

#[tokio::test]
async fn the_page_can_be_read_without_script() {
    let app = TestApp::start().await;
    let mut shown = String::new();
    for flow in FLOWS {
        let name = flow.name.name();
        let path = format!("/learn/flows/{}", name.replace('_', "-"));
        let page = app.browser().navigate(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.body.matches("<summary>").count(), flow.steps.len());
        assert_eq!(page.body.matches("<svg aria-hidden=\"true\"").count(), 1);
        assert!(page.shows(&format!("<h1 id=\"{name}\">")), "{name}");
        assert!(!page.shows(" style="), "the policy forbids it");
        shown += &page.body;
    }
    for what in [
        "POST /api/sign_up HTTP/1.1",
        "__Host-monban_refresh=eyJ",
        "<code>generation_seen_at",
        "<strong>reused",
        "href=\"https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2\"",
        "<code>kit/auth/src/sessions/rotation.rs",
    ] {
        assert!(shown.contains(what), "{what}");
    }
}
