//! A clean stop: what is open finishes, within its time.

use std::time::Duration;

use tokio::{net::TcpStream, time::timeout};

use crate::{
    app::{EMAIL, PASSWORD, TestApp},
    pace::PATIENCE,
    process::Process,
    wire::{self, Held},
};

const FORM: [(&str, &str); 4] = [
    ("cookie", wire::PROBE),
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
    ("content-type", "application/x-www-form-urlencoded"),
];

#[tokio::test]
async fn an_open_request_finishes_and_no_new_one_is_taken() {
    let app = TestApp::start().await;
    app.member().await;
    let body = format!("email={EMAIL}&password={}", PASSWORD.replace(' ', "+"));
    let open = Held::back(
        app.address,
        &wire::request("POST", "/api/sign_in", &FORM, &body),
    )
    .await;
    // The server has begun with the request once it has answered another that came later.
    assert_eq!(app.browser().navigate("/healthz").await.status, 200);

    app.ask_to_stop(PATIENCE);
    let address = app.address;
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let answer = open.release().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.renews());
    app.ended().await.unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_finish_is_cut_off_in_time() {
    let app = TestApp::start().await;
    let _open = Held::back(
        app.address,
        &wire::request("POST", "/api/sign_in", &FORM, "email=a"),
    )
    .await;
    assert_eq!(app.browser().navigate("/healthz").await.status, 200);
    app.ask_to_stop(Duration::from_millis(300));
    timeout(PATIENCE, app.ended()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_that_waits_for_nothing_holds_nothing_up() {
    let app = TestApp::start().await;
    let mut browser = app.member().await;
    assert_eq!(browser.ask("who_am_i").await.status, 200);
    let _silent = TcpStream::connect(app.address).await.unwrap();
    assert_eq!(app.browser().navigate("/healthz").await.status, 200);
    app.ask_to_stop(PATIENCE * 5);
    timeout(PATIENCE, app.ended()).await.unwrap().unwrap();
}

#[test]
fn a_closed_terminal_stops_the_server_as_cleanly_as_ctrl_c() {
    let mut process = Process::start(&[]);
    process.signal("HUP");
    assert!(process.wait().success());
    assert!(process.log().contains("stopped"), "{}", process.log());
}
