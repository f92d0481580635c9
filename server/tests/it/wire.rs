//! Requests byte by byte, for what a well-behaved client never does.

use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::browser::{Answer, Browser};

/// A request that lacks its last byte.
pub struct Held {
    stream: TcpStream,
    last: u8,
}

impl Held {
    /// Sends all but the last byte.
    pub async fn back(address: SocketAddr, request: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (last, rest) = request.as_bytes().split_last().unwrap();
        stream.write_all(rest).await.unwrap();
        Self {
            stream,
            last: *last,
        }
    }

    /// Sends the last byte too, and waits for the answer.
    pub async fn release(mut self) -> Answer {
        self.stream.write_all(&[self.last]).await.unwrap();
        read_answer(&mut self.stream).await
    }
}

/// Sends every request up to its last byte on a connection of its own, then all last bytes at once.
/// A plain burst arrives one after the other; this one does not.
pub async fn released_together(address: SocketAddr, requests: &[String]) -> Vec<Answer> {
    let held = join_all(requests.iter().map(|request| Held::back(address, request))).await;
    join_all(held.into_iter().map(Held::release)).await
}

/// A request as text. The connection closes after it.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let headers = lines.concat();
    let length = if method == "GET" {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}{length}\r\n{body}"
    )
}

/// What a living page sends to renew its pair.
pub fn refresh_request(browser: &Browser) -> String {
    let cookies = browser.cookies.header().unwrap();
    let headers = [
        ("cookie", cookies.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "cors"),
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    request("POST", "/api/refresh", &headers, "")
}

/// Reads until the server closes.
pub async fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    parse(&bytes)
}

pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers: HeaderMap = lines
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (
                name.parse::<HeaderName>().unwrap(),
                value.parse::<HeaderValue>().unwrap(),
            )
        })
        .collect();
    let chunked = headers
        .get("transfer-encoding")
        .is_some_and(|coding| coding == "chunked");
    let body = &bytes[end + 4..];
    let body = if chunked {
        join_chunks(body)
    } else {
        body.to_vec()
    };
    Answer {
        status,
        headers,
        body: String::from_utf8(body).unwrap(),
    }
}

/// RFC 9112 §7.1.
fn join_chunks(mut bytes: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return joined;
        }
        joined.extend(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 2 + size + 2..];
    }
}
