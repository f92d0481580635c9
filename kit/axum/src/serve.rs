//! From an open account system to a running server, and back to a clean stop.

use std::{
    net::{SocketAddr, TcpListener},
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use axum_server::Handle;
use monban_auth::Store;
use tokio::{runtime::Runtime, sync::oneshot, time};

use crate::{
    background::{CERTIFICATE, Health},
    error::RunError,
    http::connections::Connections,
    logging,
    settings::{Settings, other_port, unnamed_proxy},
    signals::{StopSignals, begin_serving},
    state::AppState,
    tls::{self, Tls},
};

/// How long the end may take after a second signal. What is in memory is written in that time, or lost
/// as in a crash.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Starts the log and a runtime, and runs a server there to its end. A signal to stop that comes before
/// it serves ends it as well, whatever it waits for.
pub fn start<E: From<RunError>>(
    settings: Settings,
    server: impl AsyncFnOnce(Settings) -> Result<(), E>,
) -> Result<(), E> {
    if let Some(why) = unnamed_proxy(&settings) {
        return Err(RunError::UnnamedProxy(why).into());
    }
    let _flush = logging::start(&settings).map_err(RunError::from)?;
    let runtime = Runtime::new().map_err(RunError::from)?;
    let ended = runtime.block_on(async {
        let mut signals = StopSignals::listen(&settings).map_err(RunError::from)?;
        unless_stopped(signals.next_before_serving(), server(settings)).await
    });
    // Work on other threads may be stuck: the process does not wait for it.
    runtime.shutdown_timeout(AT_ONCE);
    ended
}

/// Runs that server; to be told to stop is a good end of it.
async fn unless_stopped<E>(
    stopped: impl Future<Output = ()>,
    server: impl Future<Output = Result<(), E>>,
) -> Result<(), E> {
    tokio::select! {
        // First, so that signals are heard from now on.
        biased;
        () = stopped => Ok(()),
        ended = server => ended,
    }
}

/// Where requests come in.
#[derive(Debug)]
pub struct Endpoint {
    /// The address, taken.
    pub listener: TcpListener,
    /// TLS, if it is the server's own.
    pub tls: Option<Arc<Tls>>,
}

impl Endpoint {
    /// Takes the address that is set, and reads the certificate.
    pub fn open(settings: &Settings) -> Result<Self, RunError> {
        Self::on(listen(settings.server.listen)?, settings)
    }

    /// The same on that listener.
    pub fn on(listener: TcpListener, settings: &Settings) -> Result<Self, RunError> {
        let tls = Tls::open(settings)?;
        Ok(Self { listener, tls })
    }
}

/// Takes the address, without blocking on it.
fn listen(address: SocketAddr) -> Result<TcpListener, RunError> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    bind().map_err(|error| RunError::Listen(address, error))
}

/// An app that is put together, and the store to close at the end.
pub struct Opened {
    /// What it was told.
    pub settings: Settings,
    /// What its layers share.
    pub state: AppState,
    /// All of its routes.
    pub app: Router,
    /// What it keeps everything in.
    pub store: Store,
}

/// Serves until Ctrl-C or SIGTERM. A second one stops at once.
pub async fn serve(endpoint: Endpoint, opened: Opened) -> Result<(), RunError> {
    let handle = Handle::new();
    let mut signals = StopSignals::listen(&opened.settings)?;
    begin_serving();
    let (stop, stopped) = oneshot::channel();
    let told_to_stop: StopSignal = Box::pin(async { drop(stopped.await) });
    let mut serving = pin!(serve_until(endpoint, opened, handle.clone(), told_to_stop));
    // One after the other from one place: the second one is listened for before the first has any effect.
    let told_again = async {
        signals.next().await;
        let _it_has_ended = stop.send(());
        signals.next().await;
    };
    tokio::select! {
        ended = &mut serving => return ended,
        () = told_again => {}
    }
    tracing::warn!("told to stop again: stopping at once");
    handle.shutdown();
    if let Ok(ended) = time::timeout(AT_ONCE, serving).await {
        ended
    } else {
        tracing::error!("the database does not answer; what was not written is lost");
        Err(RunError::CutOff)
    }
}

/// Tells the server once to stop.
pub type StopSignal = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Serves until it is told to stop, and `shutdown_delay` longer, or until the handle says so.
pub async fn serve_until(
    endpoint: Endpoint,
    opened: Opened,
    handle: Handle<SocketAddr>,
    told_to_stop: StopSignal,
) -> Result<(), RunError> {
    let Endpoint { listener, tls } = endpoint;
    let Opened {
        settings,
        state,
        app,
        store,
    } = opened;
    if settings.sessions.access_ttl <= settings.sessions.refresh_window {
        tracing::warn!(
            "access_ttl should be longer than refresh_window: else a slow request is two generations behind before it arrives"
        );
    }
    let connections = Connections::new(&settings);
    let listening = listener.local_addr()?;
    if let Some(why) = other_port(&settings, listening) {
        tracing::warn!("{why}");
    }
    tracing::info!(url = settings.server.base_url.origin(), listen = %listening, "serving");

    let auth = Arc::clone(&state.auth);
    let mut background = state.health.supervise(&auth);
    let supervise = |tls| Arc::new(Health::of([CERTIFICATE])).supervise(tls);
    let _certificate = tls.as_ref().map(supervise);
    let stopped = {
        let handle = handle.clone();
        async move {
            told_to_stop.await;
            stop(&state, &settings, &handle).await;
            std::future::pending().await
        }
    };
    // HTTP/1 only, said after the acceptor, which forgets it.
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(tls::Acceptor::new(tls, connections))
        .handle(handle)
        .http1_only();
    // The connections have time-outs of their own.
    server.http_builder().http1().header_read_timeout(None);
    let serving = server.serve(app.into_make_service_with_connect_info::<SocketAddr>());
    tokio::select! {
        ended = serving => ended?,
        never = stopped => match never {},
    }

    background.shutdown().await;
    let written = auth.write_behind().await;
    if let Err(error) = &written {
        tracing::error!(%error, "what was in memory is lost");
    }
    // In any case: SQLite puts its log into the database file.
    store.close().await;
    written?;
    tracing::info!("stopped");
    Ok(())
}

/// Serves on until load balancers know that it stops, then lets open requests finish.
async fn stop(state: &AppState, settings: &Settings, handle: &Handle<SocketAddr>) {
    tracing::info!("stopping");
    state.stop();
    time::sleep(settings.server.shutdown_delay).await;
    handle.graceful_shutdown(Some(settings.server.shutdown_timeout));
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn told_to_stop_before_it_starts_it_does_not_start() {
        let start = async { Err("it has started") };
        unless_stopped(ready(()), start).await.unwrap();
    }

    #[tokio::test]
    async fn told_to_stop_while_it_starts_it_ends_well() {
        let hangs = pending::<Result<(), RunError>>();
        unless_stopped(tokio::task::yield_now(), hangs)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn what_stops_a_start_is_its_end() {
        let failed = unless_stopped(pending(), async { Err("why") }).await;
        assert_eq!(failed, Err("why"));
    }
}
