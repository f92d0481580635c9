//! The log: lines to standard output that no request waits for.
//!
//! The reader of the log may be slow, or stop: a full pipe blocks its writer. So a thread of its own
//! writes, requests only [`queue`] their lines, and what finds the queue full is dropped, counted and
//! told once there is room. Panics go the same way, because standard error may be the same pipe.

mod queue;

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    fs::File,
    io::{self, IsTerminal},
    os::fd::AsFd,
    panic::{self, PanicHookInfo},
    thread,
};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

pub use self::queue::Flush;
use crate::settings::{LogFormat, Settings};

/// Starts the log. What it answers writes the last lines when it is dropped.
pub fn start(settings: &Settings) -> io::Result<Flush> {
    // Not through `Stdout`, whose lock a blocked write would keep from all threads.
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let is_terminal = output.is_terminal();
    let (lines, flush) = queue::start(output)?;
    let lines = move || lines.clone();
    let registry = tracing_subscriber::registry().with(EnvFilter::new(settings.log.log.as_str()));
    match settings.log.log_format {
        LogFormat::Text => registry
            .with(fmt::layer().with_ansi(is_terminal).with_writer(lines))
            .init(),
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(lines)).init(),
    }
    panic::set_hook(Box::new(log_panic));
    Ok(flush)
}

fn log_panic(info: &PanicHookInfo<'_>) {
    let backtrace = Backtrace::capture();
    let captured = backtrace.status() == BacktraceStatus::Captured;
    tracing::error!(
        thread = thread::current().name(),
        location = info.location().map(tracing::field::display),
        backtrace = captured.then(|| tracing::field::display(&backtrace)),
        "panicked: {}",
        info.payload_as_str().unwrap_or("(no message)"),
    );
}
