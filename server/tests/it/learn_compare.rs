//! `/learn/compare`: what is measured, within which bounds, and that nothing is left behind.

use std::time::Duration;

use monban_learn::MeasurementView;
use tokio::time::Instant;

use crate::{
    app::TestApp,
    browser::{Answer, Browser},
};

const FUNCTION: &str = "learn/measure_checks";
/// Two seconds, and a second more for a slow machine.
const LIMIT: Duration = Duration::from_secs(3);

async fn measure(browser: &mut Browser) -> Answer {
    browser.call(FUNCTION, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_is_measured_in_two_seconds_and_others_are_served_meanwhile() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let start = Instant::now();
    let measuring = tokio::spawn(async move { measure(&mut browser).await });
    let (mut watcher, mut slowest) = (app.browser(), Duration::ZERO);
    while !measuring.is_finished() {
        let start = Instant::now();
        assert_eq!(watcher.navigate("/healthz").await.status, 200);
        slowest = slowest.max(start.elapsed());
    }
    let answer = measuring.await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");

    let measured: Vec<MeasurementView> = serde_json::from_str(&answer.body).unwrap();
    let ways: Vec<_> = measured.iter().map(|way| way.way.as_str()).collect();
    assert_eq!(
        ways,
        [
            "jwt",
            "jwt_denylist",
            "jwt_remembered",
            "session_sqlite",
            "api_key_sqlite"
        ]
    );
    for way in &measured {
        assert!(way.checks >= 10, "{way:?}");
        assert!(
            0 < way.p50 && way.p50 <= way.p95 && way.p95 <= way.p99,
            "{way:?}"
        );
        assert!(way.mean > 0 && way.histogram.len() == 60, "{way:?}");
        assert_eq!(way.histogram.iter().sum::<u32>(), way.checks, "{way:?}");
        assert!(
            (50..=1_000).contains(&way.bytes) && !way.headers.is_empty(),
            "{way:?}"
        );
    }
    let [jwt, _, remembered, session, key] = &measured[..] else {
        unreachable!()
    };
    assert!(remembered.p50 < jwt.p50, "{remembered:?} {jwt:?}");
    assert!(key.bytes < session.bytes && session.bytes < jwt.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_at_a_time_and_not_again_at_once() {
    let app = TestApp::start().await;
    let (mut one, mut other) = (app.browser(), app.member().await);
    let both = tokio::join!(measure(&mut one), measure(&mut other));
    let (done, refused) = if both.0.status == 200 {
        both
    } else {
        (both.1, both.0)
    };
    assert_eq!(done.status, 200);
    for refused in [refused, measure(&mut one).await] {
        assert_eq!((refused.status, refused.code()), (503, "busy"));
        assert_eq!(refused.body, r#"{"code":"busy"}"#);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_in_the_store_and_no_secret_in_the_answer() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    let everything = async || {
        let mut all = app.everything().await;
        let keys = "SELECT hex(kid || sealed) FROM signing_keys";
        all.extend(app.texts(keys).await);
        all.extend(
            app.texts("SELECT name FROM sqlite_schema ORDER BY name")
                .await,
        );
        all
    };
    let before = everything().await;
    let answer = measure(&mut member).await;
    assert_eq!(answer.status, 200);
    assert_eq!(everything().await, before);
    assert!(answer.cookie_names().is_empty());
    // Tokens, ids and keys are long words; the longest that is said is the name of a way or header.
    let words = answer
        .body
        .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    let longest = words.max_by_key(|word| word.len()).unwrap();
    assert!(longest.len() <= "session_postgres".len(), "{longest}");
    assert!(!answer.shows("eyJ"));
}

#[tokio::test]
async fn without_script_the_form_leads_back_and_the_page_says_why() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.navigate("/learn/compare").await;
    assert!(
        page.shows("action=\"/api/learn/measure_checks\""),
        "{}",
        page.body
    );
    assert!(page.shows("This part needs JavaScript."));
    let start = Instant::now();
    let answer = browser.submit(FUNCTION, &[]).await;
    assert_eq!((answer.status, answer.location()), (302, "/learn/compare"));
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "nothing is measured"
    );
    // Nor does it keep anybody else from measuring.
    assert_eq!(measure(&mut browser).await.status, 200);
}

#[tokio::test]
async fn it_is_not_there_where_the_lessons_are_not() {
    let app = TestApp::with("LEARN", "false").start().await;
    assert_eq!(measure(&mut app.browser()).await.status, 404);
}

#[tokio::test]
async fn the_page_reads_without_script_in_both_languages() {
    let app = TestApp::start().await;
    for (language, table, guide) in [
        ("en", "Who can end it", "Use plain sessions"),
        ("ja", "誰が無効にできるか", "ふつうのセッションで十分"),
    ] {
        let mut browser = app.browser();
        browser
            .call("set_language", &[("language", language)])
            .await;
        let page = browser.navigate("/learn/compare").await;
        assert!(page.shows(table) && page.shows(guide), "{}", page.body);
    }
}
