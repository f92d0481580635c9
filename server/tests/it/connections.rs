//! What a client may not do to the server with connections alone: hold too many, or never read.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{
    app::TestApp,
    process::Process,
    wire::{self, parse},
};

/// Longer than a busy machine takes for anything here.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection from another address of this machine.
pub async fn connect_from(ip: [u8; 4], to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((ip, 0).into())?;
    socket.connect(to).await
}

/// One request on a connection that stays open: the status of its answer, `None` if it is closed.
pub async fn ask(stream: &mut TcpStream) -> Option<u16> {
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request).await.ok()?;
    let (mut bytes, mut more) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut more).await.ok()?;
        bytes.extend(&more[..read]);
        let answer = parse(&bytes);
        let length = |answer: &crate::browser::Answer| answer.header("content-length").parse().ok();
        if let Some(answer) = answer
            && Some(answer.body.len()) == length(&answer)
        {
            return Some(answer.status);
        }
        if read == 0 {
            return None;
        }
    }
}

/// Connections that were answered, and stay open.
async fn hold(app: &TestApp, many: usize) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..many {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        assert_eq!(ask(&mut stream).await, Some(200));
        held.push(stream);
    }
    held
}

async fn assert_turned_away(app: &TestApp) {
    let request = wire::request("GET", "/sign-in", &[], "");
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = wire::read_answer(&mut stream).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
    assert_eq!(answer.body, r#"{"code":"busy"}"#);
}

#[tokio::test]
async fn a_connection_too_many_is_answered_503_and_a_closed_one_makes_room() {
    let app = TestApp::with("MAX_CONNECTIONS", "3").start().await;
    let mut held = hold(&app, 3).await;
    assert_turned_away(&app).await;
    assert_eq!(ask(&mut held[0]).await, Some(200), "the others are served");

    held.pop();
    let room = async {
        while ask(&mut TcpStream::connect(app.address).await.unwrap()).await != Some(200) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, room).await.unwrap();
}

#[tokio::test]
async fn one_network_cannot_take_the_connections_of_the_others() {
    let app = TestApp::with("MAX_CONNECTIONS_PER_NETWORK", "2")
        .start()
        .await;
    let _held = hold(&app, 2).await;
    assert_turned_away(&app).await;
    let mut other = connect_from([127, 0, 0, 2], app.address).await.unwrap();
    assert_eq!(ask(&mut other).await, Some(200));
}

#[tokio::test]
async fn a_named_proxy_may_hold_more_connections_than_one_network() {
    let app = TestApp::with("MAX_CONNECTIONS_PER_NETWORK", "2")
        .with("TRUSTED_PROXIES", "127.0.0.1")
        .start()
        .await;
    hold(&app, 5).await;
}

#[tokio::test]
async fn an_answered_connection_may_be_used_again_after_longer_than_a_head_may_take() {
    let app = TestApp::with("HEADER_TIMEOUT", "1s").start().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    assert_eq!(ask(&mut stream).await, Some(200));
    sleep(Duration::from_secs(2)).await;
    assert_eq!(ask(&mut stream).await, Some(200));
    // The head of a later request has no more time than that of the first.
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let closed = timeout(PATIENCE, stream.read(&mut [0])).await;
    assert_eq!(closed.unwrap().unwrap_or(0), 0);
}

#[tokio::test]
async fn a_connection_that_waits_too_long_for_its_next_request_is_closed() {
    let app = TestApp::with("KEEP_ALIVE_TIMEOUT", "1s")
        .with("HEADER_TIMEOUT", "5m")
        .start()
        .await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    assert_eq!(ask(&mut stream).await, Some(200));
    let closed = timeout(PATIENCE, stream.read(&mut [0])).await;
    assert_eq!(closed.unwrap().unwrap_or(0), 0);
}

/// Asks for document after document and reads none, until the server takes no more requests. Fails if the
/// connection is still open long after that.
async fn never_read(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"GET /api/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(64);
    let written = async { while stream.write_all(&request).await.is_ok() {} };
    timeout(PATIENCE, written).await.unwrap();
}

#[tokio::test]
async fn a_client_that_never_reads_is_closed() {
    let app = TestApp::with("WRITE_TIMEOUT", "1s").start().await;
    never_read(app.address).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_open_files_is_raised_at_the_start_and_connections_stay_below_it() {
    let process = Process::start_by("ulimit -Sn 200; ulimit -Hn 400", &[]);
    let limits = format!("/proc/{}/limits", process.id());
    let limits = std::fs::read_to_string(limits).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let numbers: Vec<_> = files.unwrap().split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers, ["400", "400"]);
    assert!(
        process
            .log()
            .contains("fewer connections than max_connections")
    );

    let mut open = Vec::new();
    let turned_away = loop {
        let mut stream = TcpStream::connect(process.address).await.unwrap();
        let status = ask(&mut stream).await;
        if status != Some(200) {
            break status;
        }
        open.push(stream);
    };
    assert_eq!(turned_away, Some(503), "out of files after {}", open.len());
    assert!(open.len() > 100, "only {}", open.len());
}
