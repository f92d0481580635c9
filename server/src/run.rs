//! From settings to a running server, and back to a clean stop.

use std::{
    io::{self, IsTerminal},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use monban_auth::{
    Auth, AuthError, Grace, HashingCost, KeyError, KeyRing, Lifetimes, PasswordPolicy, Rules,
    Store, StoreError, SystemClock,
};
use tokio::{runtime::Runtime, signal, time};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    router::{Gate, router},
    settings::{LogFormat, Settings},
};

/// How often memory is written behind: a crash forgets at most this much of who was last seen when.
const WRITE_BEHIND: Duration = Duration::from_secs(5);

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data directory cannot be made.
    #[error("{0}: {1}")]
    DataDirectory(String, io::Error),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The signing keys cannot be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account system does not start.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The server broke off.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Serves until Ctrl-C or SIGTERM.
pub fn serve(settings: Settings) -> Result<(), RunError> {
    start_log(&settings);
    Runtime::new()?.block_on(async move {
        let listener = listen(settings.listen)?;
        let handle = Handle::new();
        tokio::spawn(stop_on_signal(handle.clone(), settings.shutdown_timeout));
        serve_on(listener, settings, handle).await
    })
}

/// Serves on that listener until the handle says stop; open requests may finish.
pub async fn serve_on(
    listener: TcpListener,
    settings: Settings,
    handle: Handle<SocketAddr>,
) -> Result<(), RunError> {
    let store = open_store(&settings).await?;
    let auth = open_auth(&settings, store.clone()).await?;
    let app = router(Gate::new(Arc::clone(&auth), &settings));
    tracing::info!(url = settings.base_url.origin(), listen = %listener.local_addr()?, "serving");

    let behind = tokio::spawn(keep_writing_behind(Arc::clone(&auth)));
    // HTTP/1 only: while the version is guessed, the time-out for headers does not run.
    let mut server = axum_server::from_tcp(listener)?.handle(handle).http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout);
    server
        .serve(app.into_make_service_with_connect_info::<SocketAddr>())
        .await?;

    behind.abort();
    auth.write_behind().await?;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Takes the address, without blocking on it.
pub fn listen(address: SocketAddr) -> Result<TcpListener, RunError> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    bind().map_err(|error| RunError::Listen(address, error))
}

async fn open_store(settings: &Settings) -> Result<Store, RunError> {
    let directory = &settings.data_dir;
    std::fs::create_dir_all(directory)
        .map_err(|error| RunError::DataDirectory(directory.display().to_string(), error))?;
    Ok(Store::open(settings.database_url.expose()).await?)
}

async fn open_auth(settings: &Settings, store: Store) -> Result<Arc<Auth>, RunError> {
    let keys = KeyRing::load_or_create(&settings.data_dir.join("keys"))?;
    let issuer = settings.base_url.origin();
    let auth = Auth::new(store, keys, issuer, rules(settings), Arc::new(SystemClock)).await?;
    Ok(Arc::new(auth))
}

fn rules(settings: &Settings) -> Rules {
    Rules {
        lifetimes: Lifetimes {
            access: settings.access_ttl,
            idle_kept: settings.refresh_idle_ttl,
            idle_browser: settings.session_idle_ttl,
            absolute: settings.refresh_absolute_ttl,
        },
        grace: Grace {
            window: settings.refresh_window,
            unseen_cap: settings.refresh_unseen_cap,
        },
        unseen_cap_bearer: settings.refresh_unseen_cap_bearer,
        password: PasswordPolicy {
            min_chars: settings.password_min,
        },
        hashing: HashingCost {
            memory_kib: settings.argon2_memory,
            iterations: settings.argon2_iterations,
            parallelism: settings.argon2_parallelism,
            wait: settings.hash_wait,
        },
    }
}

async fn keep_writing_behind(auth: Arc<Auth>) {
    let mut tick = time::interval(WRITE_BEHIND);
    loop {
        tick.tick().await;
        if let Err(error) = auth.write_behind().await {
            tracing::warn!(%error, "write-behind; what is in memory stays there");
        }
    }
}

async fn stop_on_signal(handle: Handle<SocketAddr>, within: Duration) {
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = signal::ctrl_c() => {}
        _ = terminated => {}
    }
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(within));
}

fn start_log(settings: &Settings) {
    let registry = tracing_subscriber::registry().with(EnvFilter::new(settings.log.as_str()));
    match settings.log_format {
        LogFormat::Text => registry
            .with(fmt::layer().with_ansi(io::stdout().is_terminal()))
            .init(),
        LogFormat::Json => registry.with(fmt::layer().json()).init(),
    }
}
