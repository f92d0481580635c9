//! The smallest HTTP/1.1 client that will do, so that the client's own work hardly counts.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub struct Response {
    pub status: u16,
    /// Empty if it came in chunks.
    pub body: String,
    head: String,
}

/// What a browser brings that was here and keeps cookies.
pub const PROBE: &str = "__Host-monban_probe=1";

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    pub async fn get(&mut self, path: &str, cookies: &str) -> io::Result<Response> {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies}\r\n\r\n"
        ))
        .await
    }

    pub async fn post(&mut self, path: &str, cookies: &str, body: &str) -> io::Result<Response> {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies}\r\nsec-fetch-site: same-origin\r\n\
             accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    /// As a native client does: without a cookie.
    pub async fn post_json(&mut self, path: &str, body: &str) -> io::Result<Response> {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    async fn send(&mut self, request: &str) -> io::Result<Response> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.read_more().await?;
        };
        let mut response = Response::parse(&self.buffer[..head])?;
        let start = head + 4;
        match response.header("content-length").map(str::parse::<usize>) {
            Some(length) => {
                let end = start + length.map_err(|_| io::ErrorKind::InvalidData)?;
                while self.buffer.len() < end {
                    self.read_more().await?;
                }
                response.body = String::from_utf8_lossy(&self.buffer[start..end]).into_owned();
            }
            None if response.header("transfer-encoding").is_some() => {
                while !self.buffer[start..].ends_with(b"0\r\n\r\n") {
                    self.read_more().await?;
                }
            }
            None => (),
        }
        Ok(response)
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Response {
    fn parse(head: &[u8]) -> io::Result<Self> {
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Ok(Self {
            status: status.ok_or(io::ErrorKind::InvalidData)?,
            body: String::new(),
            head,
        })
    }

    fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers(name).next()
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The cookie of that name as it is sent back: `name=value`.
    pub fn cookie(&self, name: &str) -> io::Result<String> {
        self.set_cookies()
            .find(|pair| pair.starts_with(name))
            .map(str::to_owned)
            .ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
    /// All cookies as they are sent back.
    pub fn cookies(&self) -> String {
        self.set_cookies().collect::<Vec<_>>().join("; ")
    }

    fn set_cookies(&self) -> impl Iterator<Item = &str> {
        let cookies = self.headers("set-cookie");
        cookies.filter_map(|cookie| cookie.split(';').next())
    }
}
