//! PostgreSQL holds every connection open and answers nothing.

use std::time::Duration;

use axum::http::Method;
use futures::future::join_all;
use reqwest::RequestBuilder;
use tokio::{
    task::block_in_place,
    time::{Instant, sleep, timeout},
};

use super::{
    STRICT,
    load::{Kept, Load},
    report,
};
use crate::{
    app::{EMAIL, NAME, PASSWORD},
    browser::{ACCESS, Browser},
    pace::within,
    postgres::{Cluster, MASTER},
    process::Process,
};

const PEOPLE: usize = 4;
/// It is promised that nobody waits longer for an answer, and that everybody gets on in this time once
/// the database is back.
const SOON: Duration = Duration::from_secs(5);
/// What does not need the database is promised to be there in this time.
const AT_ONCE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_holds_up_nobody() {
    hung(Duration::from_secs(6)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_database_that_hangs_for_half_a_minute_holds_up_nobody() {
    hung(Duration::from_secs(30)).await;
}

async fn hung(at_least: Duration) {
    let cluster = Cluster::start();
    let database = [
        ("MONBAN_DATABASE_URL", cluster.url.as_str()),
        ("MONBAN_MASTER_KEY", MASTER),
    ];
    let process = Process::start(&[STRICT, database].concat());
    let mut member = process.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    assert_eq!(member.call("sign_up", &form).await.status, 200);
    let unneeding = unneeding(&process).await;
    let mut load = Load::start(process.address, PEOPLE);
    load.answers(100).await;

    load.tally.fault_begins();
    block_in_place(|| cluster.hang());
    let start = Instant::now();
    let mut refused = Vec::new();
    while start.elapsed() < at_least {
        let others = goes_on(&process, &unneeding);
        tokio::select! {
            took = all_refused(&member) => refused.extend(took),
            () = others => {}
        }
    }
    let lasted = start.elapsed();
    block_in_place(|| cluster.resume());
    let healed = load.fault_is_over().await;
    assert!(healed <= within(SOON), "{healed:?}");
    assert!(member.navigate("/account").await.is_members());

    load.answers(100).await;
    let tally = load.tally.clone();
    let kept = Kept::of(load.stop().await).await;
    assert!(tally.counts().refused > 0, "nobody noticed: {tally}");
    assert_eq!(tally.counts().broken, 0, "{tally}");
    let slowest = refused
        .iter()
        .fold(tally.slowest(), |one, &other| one.max(other));
    assert!(slowest <= within(SOON), "{slowest:?}");
    report(&format!(
        "PostgreSQL hung for {lasted:.1?}: {tally}, and {} more of every kind, all refused; \
         the slowest answer took {slowest:.1?}; {} went on; all well {healed:.1?} later; {kept}",
        refused.len(),
        unneeding.join(", ")
    ));
}

/// What needs no database. The site's files are there once it was built.
async fn unneeding(process: &Process) -> Vec<&'static str> {
    let mut paths = vec!["/healthz", "/.well-known/jwks.json"];
    if is_there(&process.browser(), "/favicon.svg").await {
        paths.push("/favicon.svg");
    }
    paths
}

/// Asks for all that needs no database, over and over.
async fn goes_on(process: &Process, paths: &[&str]) {
    let browser = process.browser();
    loop {
        for path in paths {
            let answer = timeout(within(AT_ONCE), is_there(&browser, path)).await;
            assert_eq!(answer, Ok(true), "{path}");
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn is_there(browser: &Browser, path: &str) -> bool {
    let request = browser.request(Method::GET, path);
    browser.clone().send(request).await.status == 200
}

/// Asks for each thing that needs the database, all at the same time. Answers how long each took.
async fn all_refused(member: &Browser) -> Vec<Duration> {
    let mut stale = member.clone();
    stale.cookies.remove(ACCESS);
    let stranger = member.another();
    let form = [
        ("name", NAME),
        ("email", "bob@example.com"),
        ("password", PASSWORD),
    ];
    let requests = [
        (member, member.navigation("/account")),
        (member, member.question("list_sessions")),
        (member, member.order("update_account", &form)),
        (member, member.order("sign_out", &[])),
        (&stale, stale.navigation("/")),
        (&stale, stale.order("refresh", &[])),
        (&stale, stale.order("sign_out", &[])),
        (&stranger, stranger.order("sign_up", &form)),
        (&stranger, stranger.order("sign_in", &form)),
    ];
    join_all(requests.map(|(browser, request)| refused(browser.clone(), request))).await
}

async fn refused(mut browser: Browser, request: RequestBuilder) -> Duration {
    let start = Instant::now();
    let answer = browser.send(request).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, "2"),
        "{answer:?}"
    );
    assert_eq!(answer.cookie_names(), [""; 0]);
    start.elapsed()
}
