//! What a client may not do to the server: send too much, too slowly, or too much at once.

use std::time::Duration;

use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    app::{EMAIL, TestApp},
    browser::as_navigation,
    pace::PATIENCE,
    wire,
};

const FORM: [(&str, &str); 3] = [
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
    ("content-type", "application/x-www-form-urlencoded"),
];

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let large = "x".repeat(64 * 1024);
    let answer = browser.sign_in(&large, "password").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (413, r#"{"code":"bad_request"}"#)
    );
    let page = browser
        .submit("sign_in", &[("email", &large), ("password", "x")])
        .await;
    assert_eq!(page.status, 413);
    assert!(page.shows("That was too large"));
    // As large as it may be.
    let rest = "email=&password=&keep=true".len();
    let answer = browser
        .sign_in(&"x".repeat(64 * 1024 - rest - 1), "p")
        .await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_body_that_does_not_say_is_cut_off() {
    let app = TestApp::start().await;
    for accept in ["application/json", "text/html"] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "POST /api/sign_in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
             accept: {accept}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
            .write_all(format!("6\r\nemail=\r\n{}0\r\n\r\n", chunk.repeat(17)).as_bytes())
            .await
            .unwrap();
        let answer = wire::read_answer(&mut stream).await;
        assert_eq!(answer.status, 413, "{accept}: {answer:?}");
    }
}

#[tokio::test]
async fn a_limit_is_what_it_is_set_to() {
    let app = TestApp::with("BODY_LIMIT", "1KiB").start().await;
    let mut browser = app.browser();
    assert_eq!(
        browser.sign_in(&"x".repeat(1000), "password").await.status,
        413
    );
    assert_eq!(
        browser.sign_in(&"x".repeat(900), "password").await.status,
        401
    );
}

#[tokio::test]
async fn a_client_that_is_slow_to_say_what_it_wants_is_cut_off() {
    let app = TestApp::with("HEADER_TIMEOUT", "1s").start().await;
    for (what, start) in [
        ("nothing", ""),
        ("a letter", "G"),
        ("half a line", "GET / HT"),
        ("half a head", "GET / HTTP/1.1\r\nhost: localhost\r\n"),
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let closed = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "{what}: still open");
    }
}

#[tokio::test]
async fn a_trickle_does_not_keep_a_connection_alive() {
    let app = TestApp::with("HEADER_TIMEOUT", "1s").start().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if stream.write_all(b"x").await.is_err() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("still open");
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let app = TestApp::with("REQUEST_TIMEOUT", "1s").start().await;
    let request = wire::request("POST", "/api/sign_in", &FORM, "email=a&password=b");
    let (head, _) = request.split_at(request.len() - 5);
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = timeout(PATIENCE, wire::read_answer(&mut stream))
        .await
        .unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_is_turned_away_and_stalls_nobody_else() {
    let app = TestApp::with("ARGON2_MEMORY", "8192")
        .with("MAX_CONNECTIONS_PER_NETWORK", "4096")
        .with("SIGN_IN_FAILURES", "0")
        .with("HASH_WAIT", "1s")
        .start()
        .await;
    let mut member = app.member().await;
    let flood = (0..600).map(|_| {
        let mut browser = app.browser();
        async move { browser.sign_in(EMAIL, "not the password at all").await }
    });
    let flood = tokio::spawn(join_all(flood));

    let mut watcher = app.browser();
    let mut rounds = 0;
    while !flood.is_finished() {
        assert_eq!(watcher.navigate("/healthz").await.status, 200);
        assert_eq!(member.ask("who_am_i").await.status, 200);
        rounds += 1;
    }
    let answers = flood.await.unwrap();
    let busy: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 503)
        .collect();
    for answer in &busy {
        assert_eq!(
            (answer.body.as_str(), answer.header("retry-after")),
            (r#"{"code":"busy"}"#, "2")
        );
    }
    let judged = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(busy.len() + judged, answers.len());
    assert!(
        !busy.is_empty() && judged > 0,
        "{} busy, {judged} judged",
        busy.len()
    );
    // Whoever waited behind the hashing would have been answered once or twice.
    assert!(rounds >= 5, "{rounds} rounds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_turned_away_says_so_and_keeps_what_was_typed() {
    // Hard enough that no machine hashes all of them in the time.
    let app = TestApp::with("ARGON2_MEMORY", "131072")
        .with("HASH_WAIT", "100ms")
        .start()
        .await;
    let floods = (0..30).map(|_| {
        let mut browser = app.browser();
        async move {
            let answer = browser
                .submit("sign_in", &[("email", EMAIL), ("password", "not the one")])
                .await;
            browser.follow(&answer).await
        }
    });
    let pages = join_all(floods).await;
    let busy = "The server can't do this right now. Please try again in a moment.";
    let turned_away: Vec<_> = pages.iter().filter(|page| page.shows(busy)).collect();
    assert!(!turned_away.is_empty());
    assert!(
        turned_away
            .iter()
            .all(|page| page.shows(&format!("value=\"{EMAIL}\"")))
    );
}

#[tokio::test]
async fn a_path_that_is_no_text_and_a_very_long_one_are_answered() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in [
        "/%ff%fe",
        "/%00",
        "/..%2f..%2fetc%2fpasswd",
        "/pkg/../../Cargo.toml",
        &format!("/{}", "x".repeat(8000)),
    ] {
        let request = browser
            .request(axum::http::Method::GET, path)
            .header("sec-fetch-site", "none");
        let answer = browser.send(as_navigation(request)).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}
