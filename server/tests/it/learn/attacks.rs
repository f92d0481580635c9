//! The attacks, run in the sandbox through the real server.

use monban_learn::{
    attacks::{ATTACKS, AttackName, RunView, TimingView},
    sandbox::{ExchangeView, Participant},
};
use serde_json::Value;

use crate::{
    app::TestApp,
    browser::Answer,
    learn::exchanges::{
        SIGNATURE, ended, generations, header, longest_of_base64url, run_when_allowed, status,
        tokens,
    },
};

/// The outcome of that attack.
async fn run(app: &TestApp, attack: AttackName) -> RunView {
    let answer = ask(app, attack).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).unwrap()
}

/// The exchanges of that attack, on a server of its own.
async fn exchanges_of(name: AttackName) -> Vec<ExchangeView> {
    let app = TestApp::start().await;
    run(&app, name).await.exchanges
}

/// The answer to a request to run that attack.
async fn ask(app: &TestApp, attack: AttackName) -> Answer {
    let form = [("attack", attack.name())];
    run_when_allowed(app, "learn/run_attack", &form).await
}

fn statuses(exchanges: &[ExchangeView]) -> Vec<u16> {
    exchanges.iter().map(status).collect()
}

/// The account that the server took the request for.
fn account(exchange: &ExchangeView) -> String {
    let body: Value = serde_json::from_str(&exchange.response.body).unwrap();
    body["account_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_script_in_a_name_is_text() {
    let exchanges = exchanges_of(AttackName::ScriptInjection).await;
    assert_eq!(statuses(&exchanges), [200; 4]);
    for (page, escaped) in [
        (&exchanges[1], "&lt;script&gt;fetch("),
        (&exchanges[3], "&lt;img src=x onerror="),
    ] {
        let body = &page.response.body;
        assert!(body.contains(escaped), "{body}");
        for alive in ["<script", "<img"] {
            assert!(!body.contains(alive), "{body}");
        }
        let policy = header(page, "content-security-policy");
        let nonces = policy[0].matches("script-src 'nonce-").count();
        assert_eq!((policy.len(), nonces), (1, 1), "{policy:?}");
        assert!(!policy[0].contains("unsafe-inline"), "{policy:?}");
        let cookies = header(page, "set-cookie");
        assert_eq!(cookies.len(), 2);
        assert!(cookies.iter().all(|cookie| cookie.contains("; HttpOnly")));
    }
    assert_ne!(
        header(&exchanges[1], "content-security-policy"),
        header(&exchanges[3], "content-security-policy"),
        "the nonce can be known"
    );
}

#[tokio::test]
async fn a_form_on_another_site_changes_nothing() {
    let exchanges = exchanges_of(AttackName::CrossSite).await;
    assert_eq!(statuses(&exchanges), [403, 403, 403, 200]);
    for posted in &exchanges[..3] {
        assert!(header(posted, "set-cookie").is_empty());
        assert_eq!(posted.before, posted.after);
        let names = posted.request.headers.iter().map(|(name, _)| name.as_str());
        assert!(names.clone().any(|name| name == "cookie"), "no victim");
    }
    let body = &exchanges[3].response.body;
    assert!(body.contains("value=\"Ann\""), "{body}");
}

#[tokio::test]
async fn of_two_good_cookies_neither_is_believed_and_no_look_alike() {
    let exchanges = exchanges_of(AttackName::CookieTossing).await;
    assert_eq!(statuses(&exchanges), [200, 200, 409, 409]);
    assert_eq!(account(&exchanges[1]), account(&exchanges[0]));
    // Whichever comes first: of two that are good, neither is believed.
    for refused in &exchanges[2..] {
        assert_eq!(refused.response.body, r#"{"code":"cookie_conflict"}"#);
    }
}

#[tokio::test]
async fn a_planted_session_does_not_become_the_victims() {
    let exchanges = exchanges_of(AttackName::SessionFixation).await;
    assert_eq!(statuses(&exchanges), [200, 200, 200, 401, 401]);
    assert_eq!(exchanges[3].from, Participant::Attacker);
    assert_ne!(account(&exchanges[2]), account(&exchanges[0]));
    for refused in &exchanges[3..] {
        let body = r#"{"code":"session_ended","reason":"replaced"}"#;
        assert_eq!(refused.response.body, body);
        assert!(tokens(refused).is_empty());
    }
}

#[tokio::test]
async fn a_tampered_token_is_none() {
    let exchanges = exchanges_of(AttackName::TamperedToken).await;
    assert_eq!(statuses(&exchanges), [401, 401, 401, 200]);
    assert_eq!(exchanges[0].response.body, r#"{"code":"session_expired"}"#);
    assert_eq!(exchanges[1].response.body, r#"{"code":"session_required"}"#);
    let claimed = exchanges[1]
        .request
        .tokens
        .iter()
        .map(|token| token.generation);
    assert_eq!(claimed.max(), Some(9), "nothing was tampered with");
    assert_eq!(generations(&exchanges[1]), (Some(1), Some(1)));
    assert_eq!(ended(&exchanges[3]), None);
}

#[tokio::test]
async fn inside_the_window_a_copy_works_until_both_go_on() {
    let exchanges = exchanges_of(AttackName::ReplayInside).await;
    assert_eq!(statuses(&exchanges), [200, 200, 200, 200, 200, 401]);
    assert_eq!(generations(&exchanges[0]), (Some(1), Some(2)));
    assert_eq!(generations(&exchanges[1]), (Some(2), Some(2)));
    let given = tokens(&exchanges[1]);
    assert!(given.iter().all(|(_, generation)| *generation == 2));
    assert_eq!((exchanges[1].from, given.len()), (Participant::Attacker, 2));
    assert_eq!(
        (ended(&exchanges[4]), ended(&exchanges[5])),
        (None, Some("reused"))
    );
}

#[tokio::test]
async fn after_the_window_a_copy_ends_the_session() {
    let exchanges = exchanges_of(AttackName::ReplayAfter).await;
    assert_eq!(statuses(&exchanges), [200, 200, 401, 401]);
    assert_eq!(
        (ended(&exchanges[1]), ended(&exchanges[2])),
        (None, Some("reused"))
    );
    assert!(tokens(&exchanges[2]).is_empty());
    let body = r#"{"code":"session_ended","reason":"reused"}"#;
    assert_eq!(exchanges[3].response.body, body);
}

#[tokio::test]
async fn guessing_ends_before_the_right_password_and_the_owner_gets_in() {
    let app = TestApp::start().await;
    // Twice: one reader's guesses are not to count for the next.
    for _ in 0..2 {
        let exchanges = run(&app, AttackName::Guessing).await.exchanges;
        assert_eq!(statuses(&exchanges), [401, 401, 401, 429, 429, 200]);
        for refused in &exchanges[3..5] {
            let after = header(refused, "retry-after");
            let seconds: u64 = after[0].parse().unwrap();
            assert!((1..=901).contains(&seconds), "{seconds}");
        }
        assert_eq!(exchanges[5].from, Participant::Browser);
    }
}

#[tokio::test]
async fn no_next_leads_elsewhere() {
    let exchanges = exchanges_of(AttackName::OpenRedirect).await;
    let to: Vec<_> = exchanges
        .iter()
        .map(|exchange| header(exchange, "location"))
        .collect();
    let (elsewhere, here) = to.split_at(4);
    assert!(elsewhere.iter().all(|to| to == &["/account"]), "{to:?}");
    assert_eq!(here, [["/account/sessions"]]);
    assert_eq!(statuses(&exchanges), [302; 5]);
}

#[tokio::test]
async fn unknown_accounts_take_as_long() {
    let app = TestApp::start().await;
    let view = run(&app, AttackName::Timing).await;
    let (known, unknown) = (&view.exchanges[0].response, &view.exchanges[1].response);
    assert_eq!((&known.line, &known.body), (&unknown.line, &unknown.body));
    let TimingView { known, unknown } = view.timing.unwrap();
    assert!(
        known.len() >= 5 && known.len() == unknown.len(),
        "{known:?}"
    );
    // The fastest of each: what else the machine does only adds, to one more than to the other. A sign-in
    // that skipped the hash would take a tenth of the time or less.
    let fastest = |times: Vec<u32>| f64::from(times.into_iter().min().unwrap());
    let ratio = fastest(unknown) / fastest(known);
    assert!((0.25..4.0).contains(&ratio), "{ratio}");
}

#[tokio::test]
async fn every_exchange_is_explained() {
    let app = TestApp::start().await;
    for explained in ATTACKS {
        let exchanges = run(&app, explained.name).await.exchanges;
        assert_eq!(
            exchanges.len(),
            explained.explanations.len(),
            "{:?}",
            explained.name
        );
    }
}

#[tokio::test]
async fn the_page_can_be_read_without_script() {
    let app = TestApp::start().await;
    for (language, drawn) in [("en", "Drawn, not run"), ("ja", "実行はしていません")] {
        for name in AttackName::ALL.map(AttackName::name) {
            let path = format!("/learn/attacks/{}", name.replace('_', "-"));
            let page = app.browser().navigation(&path);
            let page = page.header("accept-language", language);
            let page = app.browser().send(page).await;
            assert_eq!(page.status, 200, "{path}");
            let section = page.body.split(&format!("<h1 id=\"{name}\">")).nth(1);
            let section = section.unwrap();
            for what in [
                drawn,
                "<p class=\"title\">",
                "<li class=\"source\">",
                "href=\"https://",
                "<svg",
            ] {
                assert!(section.contains(what), "{name}: {what}");
            }
            assert!(section.split("<h2>").count() >= 3, "{name}");
            assert!(!page.shows(" style="), "the policy forbids it");
            assert!(!page.shows("<script>fetch("), "the text is no script");
        }
    }
}

#[tokio::test]
async fn what_is_no_attack_is_refused_and_without_the_pages_there_is_none() {
    let app = TestApp::start().await;
    let unknown = [("attack", "x")];
    let answer = app.browser().call("learn/run_attack", &unknown).await;
    let body = r#"{"code":"bad_request"}"#;
    assert_eq!((answer.status, answer.body.as_str()), (400, body));
    let app = TestApp::with("LEARN", "false").start().await;
    assert_eq!(ask(&app, AttackName::CrossSite).await.status, 404);
}

#[tokio::test]
async fn nothing_of_the_real_accounts_is_touched_and_no_signature_leaves() {
    for algorithm in ["EdDSA", "HS256"] {
        let app = TestApp::with("KEY_ALGORITHM", algorithm).start().await;
        let mut browser = app.member().await;
        let before = app.everything().await;
        for name in AttackName::ALL {
            let answer = ask(&app, name).await;
            assert_eq!(answer.status, 200, "{name:?}: {answer:?}");
            let longest = longest_of_base64url(&answer.body);
            assert!(longest.len() < SIGNATURE, "{name:?}: {longest}");
        }
        assert_eq!(app.everything().await, before);
        assert_eq!(browser.ask("who_am_i").await.status, 200);
    }
}
