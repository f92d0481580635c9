//! The time-outs of one connection, which hyper does not know: its timer for heads also ends a
//! connection that waits for its next request, and with a client that never reads it does not end.
//!
//! | phase | begins with | ends |
//! |---|---|---|
//! | head | the connection, or the first byte after an answer | after `head` |
//! | request | a complete head | by the time-out of requests |
//! | answer, and waiting for more | the answer | `idle` after the last byte written |
//!
//! In every phase a write that gets nowhere ends it after `write`.

use std::{
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};
use tower::Service;

use super::Place;

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the head of a request that has begun.
    pub head: Duration,
    /// For the next request to begin.
    pub idle: Duration,
    /// To take anything of what is sent.
    pub write: Duration,
}

/// Where a connection is between two requests. Its service knows when one begins and ends, its stream
/// when bytes come and go.
#[derive(Clone, Debug, Default)]
pub struct Phase(Arc<AtomicU8>);

const HEAD: u8 = 0;
const REQUEST: u8 = 1;
const ANSWER: u8 = 2;

impl Phase {
    fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, phase: u8) {
        self.0.store(phase, Ordering::Relaxed);
    }
}

/// A stream that ends when its client takes too long.
#[derive(Debug)]
pub struct TimedStream<S> {
    stream: S,
    timeouts: Timeouts,
    phase: Phase,
    /// The phase as of `since`.
    known: u8,
    since: Instant,
    reading: Timer,
    /// Since when nothing could be written.
    stalled: Option<Instant>,
    writing: Timer,
    /// Given back when the connection ends.
    _place: Option<Place>,
}

impl<S> TimedStream<S> {
    pub(super) fn new(
        stream: S,
        timeouts: Timeouts,
        phase: Phase,
        place: impl Into<Option<Place>>,
    ) -> Self {
        Self {
            stream,
            timeouts,
            known: phase.get(),
            phase,
            since: Instant::now(),
            reading: Timer::default(),
            stalled: None,
            writing: Timer::default(),
            _place: place.into(),
        }
    }

    /// Nothing has come: whether the client may go on being silent.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let phase = self.phase.get();
        if phase != self.known {
            (self.known, self.since) = (phase, Instant::now());
        }
        let Timeouts { head, idle, .. } = self.timeouts;
        let allowed = if phase == HEAD { head } else { idle };
        loop {
            let due = self.since + allowed;
            // hyper may wait from here on until bytes come, whatever phase begins meanwhile, and looks
            // again when this rings: so not later than any phase may end.
            let look = self.since + head.min(idle);
            let next = if Instant::now() < look { look } else { due };
            ready!(self.reading.poll(next, cx));
            if next == due && phase != REQUEST {
                return Poll::Ready(());
            }
            if next == due {
                self.since = Instant::now();
            }
        }
    }

    /// Bytes have come. The first ones after an answer begin a request.
    fn note_read(&mut self) {
        if self.phase.get() == ANSWER {
            self.phase.set(HEAD);
            (self.known, self.since) = (HEAD, Instant::now());
        }
    }

    fn poll_written(
        &mut self,
        written: Poll<io::Result<usize>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            (self.known, self.since) = (self.phase.get(), Instant::now());
            return written;
        }
        let since = *self.stalled.get_or_insert_with(Instant::now);
        ready!(self.writing.poll(since + self.timeouts.write, cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl TimedStream<TcpStream> {
    /// Looks at what comes first, and leaves it there. The caller has a time-out of its own.
    pub async fn peek(&self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.peek(bytes).await
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(read) => {
                self.note_read();
                Poll::Ready(read)
            }
            Poll::Pending => {
                ready!(self.poll_silence(cx));
                Poll::Ready(Err(ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.poll_written(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.poll_written(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A timer that is made when it is first needed, and moved only when it would ring too late or has rung
/// too early: most waits end before.
#[derive(Debug, Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    fn poll(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if sleep.deadline() > due {
            sleep.as_mut().reset(due);
        }
        ready!(sleep.as_mut().poll(cx));
        if sleep.deadline() < due {
            sleep.as_mut().reset(due);
            return sleep.as_mut().poll(cx);
        }
        Poll::Ready(())
    }
}

/// The service of one connection, which says when a request begins and when it is answered.
#[derive(Clone, Debug)]
pub struct Marked<S> {
    service: S,
    phase: Phase,
}

impl<S> Marked<S> {
    pub(super) fn new(service: S, phase: Phase) -> Self {
        Self { service, phase }
    }
}

impl<S: Service<R>, R> Service<R> for Marked<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.phase.set(REQUEST);
        Answering {
            answer: self.service.call(request),
            phase: self.phase.clone(),
        }
    }
}

pin_project! {
    /// An answer that is being made.
    pub struct Answering<F> {
        #[pin]
        answer: F,
        phase: Phase,
    }
}

impl<F: Future> Future for Answering<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let answer = ready!(this.answer.poll(cx));
        this.phase.set(ANSWER);
        Poll::Ready(answer)
    }
}
