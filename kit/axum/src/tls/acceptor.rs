//! What a new connection passes before its first request.

use std::{
    io::{self, ErrorKind},
    sync::Arc,
};

use axum_server::accept::Accept;
use futures::future::{BoxFuture, FutureExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::either::Either;

use super::Tls;
use crate::http::connections::{Connections, Marked, TimedStream};

/// The first byte of a `ClientHello`'s record (RFC 8446 §5.1). No HTTP request begins with it.
const HANDSHAKE: u8 = 22;

/// Makes of a connection one that speaks HTTP, if there is room for it: through TLS where there is a
/// certificate.
#[derive(Clone, Debug)]
pub struct Acceptor {
    tls: Option<Arc<Tls>>,
    connections: Connections,
}

impl Acceptor {
    /// By TLS, or without.
    pub fn new(tls: Option<Arc<Tls>>, connections: Connections) -> Self {
        Self { tls, connections }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Acceptor {
    type Stream = Either<TimedStream<TcpStream>, TlsStream<TimedStream<TcpStream>>>;
    type Service = Marked<S>;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Marked<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { tls, connections } = self.clone();
        async move {
            let (stream, service) = connections.admit(stream, service).await?;
            let Some(tls) = tls else {
                return Ok((Either::Left(stream), service));
            };
            let stream = timeout(tls.handshake_timeout, handshake(&tls, stream))
                .await
                .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
                // Scanners and health checks do this all day.
                .inspect_err(|error| tracing::debug!(%error, "TLS handshake"))?;
            Ok((Either::Right(stream), service))
        }
        .boxed()
    }
}

async fn handshake(
    tls: &Tls,
    stream: TimedStream<TcpStream>,
) -> io::Result<TlsStream<TimedStream<TcpStream>>> {
    let mut first = [0];
    match stream.peek(&mut first).await? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        _ if first == [HANDSHAKE] => TlsAcceptor::from(tls.config()).accept(stream).await,
        _ => {
            send_elsewhere(stream, &tls.origin).await?;
            Err(io::Error::new(
                ErrorKind::InvalidData,
                "a request without TLS",
            ))
        }
    }
}

/// Tells a client that spoke without TLS where to ask. Not a redirect: what was sent in clear would be
/// sent so again.
async fn send_elsewhere(mut stream: TimedStream<TcpStream>, origin: &str) -> io::Result<()> {
    let text = format!("This port speaks TLS. Please go to {origin}\n");
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // Closed with bytes unread, a connection is reset, and the answer may be lost with it.
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
