//! A whole life with its errors, logged as talkatively as can be: no secret is in the log.

use std::{io::BufRead, net::SocketAddr, time::Duration};

use axum::http::Method;
use futures::future::join_all;
use serde_json::Value;
use tokio::{net::TcpStream, task::spawn_blocking, time::timeout};

use crate::{
    browser::{ACCESS, REFRESH, as_navigation},
    connections::ask,
    process::Process,
};

const NAME: &str = "Marigold Featherstone";
const EMAIL: &str = "goldie.secret@planted.example";
const PASSWORD: &str = "planted kettle orbit plum";
const WRONG: &str = "planted but wrong password";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_learning_pages_run_is_logged_at_level_debug() {
    for (level, expected) in [("info", 0), ("debug", 1)] {
        let mut process = Process::start(&[("MONBAN_LOG", level)]);
        let form = [("flow", "sign_up")];
        let answer = process.browser().call("learn/run_flow", &form).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(process.terminate().success());
        let log = process.log();
        let of = |route: &str| log.matches(&format!(r#""route":"{route}""#)).count();
        assert_eq!(of("/api/learn/run_flow"), 1, "{log}");
        assert_eq!(of("/api/sign_up"), expected, "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_logged() {
    let mut process = Process::start(&[("MONBAN_LOG", "trace"), ("MONBAN_REFRESH_WINDOW", "0s")]);
    let mut secrets: Vec<String> = [
        "Marigold",
        "Featherstone",
        "goldie",
        "planted",
        "kettle",
        "in-the-query",
        "in-the-path",
        "in-the-referer",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut browser = process.browser();
    let mut answers = Vec::new();

    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    answers.push(
        browser
            .call(
                "sign_up",
                &[("name", NAME), ("email", EMAIL), ("password", "planted")],
            )
            .await,
    );
    answers.push(browser.call("sign_up", &form).await);
    answers.push(browser.call("sign_up", &form).await);
    answers.push(
        browser
            .submit("sign_in", &[("email", EMAIL), ("password", WRONG)])
            .await,
    );
    answers.push(browser.navigate("/sign-in?next=/in-the-query").await);
    answers.push(
        browser
            .sign_in("nobody.planted@planted.example", WRONG)
            .await,
    );
    answers.push(browser.sign_in(EMAIL, PASSWORD).await);
    answers.push(browser.navigate("/account?token=in-the-query").await);
    answers.push(browser.navigate("/reset/in-the-path").await);
    let mut thief = browser.clone();
    browser.cookies.remove(ACCESS);
    answers.push(browser.navigate("/account").await);
    browser.cookies.remove(ACCESS);
    answers.push(browser.call("refresh", &[]).await);
    answers.push(browser.ask("list_sessions").await);
    answers.push(
        browser
            .submit("update_account", &[("name", "Featherstone")])
            .await,
    );
    let cross_site = browser
        .post("update_account", &[("name", NAME)])
        .header("referer", "https://evil.example/in-the-referer");
    answers.push(
        browser
            .send(as_navigation(
                cross_site.header("sec-fetch-site", "cross-site"),
            ))
            .await,
    );
    answers.push(
        browser
            .send(browser.request(Method::DELETE, "/api/in-the-path"))
            .await,
    );
    thief.cookies.remove(ACCESS);
    answers.push(thief.navigate("/account").await);
    thief.cookies.set(ACCESS, "planted.access.token");
    thief.cookies.set(REFRESH, "planted.refresh.token");
    answers.push(thief.navigate("/account").await);
    answers.push(browser.navigate("/account").await);
    answers.push(browser.call("sign_out", &[]).await);
    secrets.extend(
        answers
            .iter()
            .flat_map(|answer| answer.set_cookies())
            .filter_map(secret_of),
    );
    assert!(secrets.len() > 20, "{}", secrets.len());

    assert!(process.terminate().success());
    let log = process.log();
    for route in ["/account", "/api/sign_in", "/api/refresh"] {
        assert!(
            log.contains(&format!(r#""route":"{route}""#)),
            "the log is a log: {log}"
        );
    }
    for secret in secrets {
        let found = log.lines().find(|line| line.contains(&secret));
        assert_eq!(found, None, "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_one_line_with_its_id_route_status_and_duration() {
    let mut process = Process::start(&[]);
    let mut browser = process.browser();
    let answers = [
        browser.navigate("/sign-in").await,
        browser.ask("who_am_i").await,
        browser.navigate("/no-such-page").await,
    ];
    process.terminate();
    let log = process.log();
    for (answer, route) in answers.iter().zip(["/sign-in", "/api/who_am_i", "(none)"]) {
        let id = answer.header("x-request-id");
        let lines: Vec<_> = log.lines().filter(|line| line.contains(id)).collect();
        let [line] = lines[..] else {
            panic!("{id}: {lines:?}")
        };
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let fields = &line["fields"];
        assert_eq!(
            (&fields["route"], &fields["status"]),
            (&route.into(), &answer.status.into())
        );
        assert!(fields["ms"].as_f64().unwrap() > 0.0);
    }
}

/// More lines than a pipe and the queue hold.
const FLOOD: usize = 12_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_holds_up_neither_a_request_nor_the_end_and_what_is_lost_is_told() {
    let (mut process, log) = Process::start_piped(&[]);
    flood_log(process.address, FLOOD).await;

    let reading = spawn_blocking(move || {
        let (mut written, mut log) = (0, log.lines());
        let told = log.by_ref().find_map(|line| {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            written += usize::from(line["target"] == "monban::request");
            let message = line["fields"]["message"].as_str().unwrap_or_default();
            let is_told = message.starts_with("log lines were dropped");
            is_told.then(|| line["fields"]["lines"].as_u64().unwrap())
        });
        (written, usize::try_from(told.unwrap()).unwrap(), log)
    });
    let (written, dropped, log) = reading.await.unwrap();
    assert!(dropped > 0);
    assert!(
        written + dropped >= FLOOD,
        "{written} written, {dropped} dropped"
    );

    // Nobody reads once more.
    flood_log(process.address, FLOOD).await;
    assert!(process.terminate().success());
    drop(log);
}

pub async fn flood_log(address: SocketAddr, requests: usize) {
    const CONNECTIONS: usize = 8;
    let client = || async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        for _ in 0..requests / CONNECTIONS {
            let status = timeout(Duration::from_mins(1), ask(&mut stream)).await;
            assert_eq!(status.unwrap(), Some(200));
        }
    };
    join_all((0..CONNECTIONS).map(|_| client())).await;
}

/// The value of a cookie that opens something, or tells something.
fn secret_of(cookie: &str) -> Option<String> {
    let value = cookie.split(['=', ';']).nth(1)?;
    // A token's signature is enough to find it by, however the rest was cut.
    let telling = value.rsplit('.').next()?;
    (telling.len() > 20).then(|| telling.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_unnamed_who_speaks_like_a_proxy_is_told_of_once() {
    let mut process = Process::start(&[]);
    let mut browser = process.browser();
    for header in ["x-forwarded-for", "forwarded", "x-forwarded-for"] {
        let request = browser.navigation("/").header(header, "for=198.51.100.7");
        assert_eq!(browser.send(request).await.status, 200);
    }
    process.terminate();
    let log = process.log();
    assert_eq!(log.matches("trusted_proxies").count(), 1, "{log}");
}
