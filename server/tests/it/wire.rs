//! Requests byte by byte, for what a well-behaved client never does.

use std::{io, net::SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use futures::future::join_all;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::browser::{Answer, Browser};

/// What a browser brings that was here and keeps cookies.
pub const PROBE: &str = "__Host-monban_probe=1";

/// A request that lacks its last byte.
pub struct Held {
    stream: TcpStream,
    last: u8,
}

impl Held {
    /// Sends all but the last byte.
    pub async fn back(address: SocketAddr, request: &str) -> Self {
        Self::try_back(address, request).await.unwrap()
    }

    /// The same, to a server that may be gone.
    pub async fn try_back(address: SocketAddr, request: &str) -> io::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (last, rest) = request.as_bytes().split_last().unwrap();
        stream.write_all(rest).await?;
        Ok(Self {
            stream,
            last: *last,
        })
    }

    /// Sends the last byte too, and waits for the answer.
    pub async fn release(mut self) -> Answer {
        self.let_go().await.unwrap();
        self.answer().await.unwrap()
    }

    /// Sends the last byte too.
    pub async fn let_go(&mut self) -> io::Result<()> {
        self.stream.write_all(&[self.last]).await
    }

    /// Closes this side, as a browser does when its tab is closed.
    pub async fn hang_up(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// What came back until the server closed or died; `None` without a complete head.
    pub async fn answer(mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        // What came before a server died has come.
        let _ = self.stream.read_to_end(&mut bytes).await;
        parse(&bytes)
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
pub async fn read_answer(stream: &mut (impl AsyncRead + Unpin)) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    parse(&bytes).unwrap()
}

/// `None` if the head is not complete. The body may be cut off.
pub fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
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
    Some(Answer {
        status,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// RFC 9112 §7.1, as far as the chunks are complete.
fn join_chunks(mut bytes: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        let Some(chunk) = bytes.get(end + 2..end + 2 + size) else {
            break;
        };
        if size == 0 {
            break;
        }
        joined.extend(chunk);
        bytes = bytes.get(end + 2 + size + 2..).unwrap_or_default();
    }
    joined
}
