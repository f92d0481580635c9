//! From settings to a running server, and back to a clean stop.

use std::{
    fs::DirBuilder,
    io,
    net::{SocketAddr, TcpListener},
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use axum_server::Handle;
use monban_auth::{
    AttemptRules, Auth, AuthError, Clock, Grace, HashingCost, KeyRules, Lifetimes, PasswordPolicy,
    Redis, Rules, SignUpRules, Store, StoreError, StoreOptions, SystemClock,
    store::DatabaseFileError,
};
use tokio::{
    runtime::Runtime,
    signal::unix::{self, SignalKind},
    time,
};

use crate::{
    background::{CERTIFICATE, Health},
    http::connections::Connections,
    logging,
    master::{self, MasterError},
    settings::{Settings, SignUp, unnamed_proxy},
    state::AppState,
    tls::{self, Tls, TlsError},
};

/// How long the end may take after a second signal. What is in memory is written in that time, or lost
/// as in a crash.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Puts an app together: what its layers share, and its routes (see [`router`](crate::router::router)).
pub type BuildApp = fn(Arc<Auth>, &Settings) -> (AppState, Router);

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A proxy stands in front that nobody has named.
    #[error("{0}")]
    UnnamedProxy(&'static str),
    /// The data directory cannot be made.
    #[error("{0}: {1}")]
    DataDirectory(String, io::Error),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The master key cannot be had.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address of Redis is none.
    #[error("redis_url: {0}")]
    Redis(String),
    /// A command found no database where it was called.
    #[error("no database at {}; set data_dir to where the server has it", .0.display())]
    NoDatabase(PathBuf),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account system does not start.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// It was told twice to stop, and what was in memory could not be written.
    #[error("stopped at once, before everything was written")]
    CutOff,
    /// The server broke off.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Starts the log and a runtime, and runs a server there to its end.
pub fn start<E: From<RunError>>(
    settings: Settings,
    server: impl AsyncFnOnce(Settings) -> Result<(), E>,
) -> Result<(), E> {
    if let Some(why) = unnamed_proxy(&settings) {
        return Err(RunError::UnnamedProxy(why).into());
    }
    let _flush = logging::start(&settings).map_err(RunError::from)?;
    let runtime = Runtime::new().map_err(RunError::from)?;
    let ended = runtime.block_on(server(settings));
    // Work on other threads may be stuck: the process does not wait for it.
    runtime.shutdown_timeout(AT_ONCE);
    ended
}

/// Serves that app until Ctrl-C or SIGTERM. A second one stops at once.
pub async fn serve(settings: Settings, app: BuildApp) -> Result<(), RunError> {
    let stop = settings.clone();
    until_told_to_stop(&stop, async move |listener, handle, told| {
        serve_on(listener, settings, app, handle, told).await
    })
    .await
}

/// Serves what was opened and put together before, in the same way.
pub(crate) async fn serve_opened(
    settings: Settings,
    opened: (Arc<Auth>, Store),
    app: (AppState, Router),
) -> Result<(), RunError> {
    let tls = Tls::open(&settings)?;
    let stop = settings.clone();
    until_told_to_stop(&stop, async move |listener, handle, told| {
        let endpoint = Endpoint {
            listener,
            tls,
            handle,
        };
        run_server(endpoint, settings, opened, app, told).await
    })
    .await
}

/// Takes the address, and serves there until Ctrl-C or SIGTERM. A second one stops at once.
async fn until_told_to_stop(
    settings: &Settings,
    serve: impl AsyncFnOnce(TcpListener, Handle<SocketAddr>, StopSignal) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let listener = listen(settings.listen)?;
    let handle = Handle::new();
    // Each hears every signal from here on, whether it is waited for already or not.
    let (mut first, mut second) = (Signals::listen(settings)?, Signals::listen(settings)?);
    let told_to_stop: StopSignal = Box::pin(async move { first.next().await });
    let mut served = pin!(serve(listener, handle.clone(), told_to_stop));
    let told_again = async {
        second.next().await;
        second.next().await;
    };
    tokio::select! {
        ended = &mut served => return ended,
        () = told_again => {}
    }
    tracing::warn!("told to stop again: stopping at once");
    handle.shutdown();
    if let Ok(ended) = time::timeout(AT_ONCE, served).await {
        ended
    } else {
        tracing::error!("the database does not answer; what was not written is lost");
        Err(RunError::CutOff)
    }
}

type StopSignal = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where requests come in, and how the server is told to stop taking them.
struct Endpoint {
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    handle: Handle<SocketAddr>,
}

/// Serves on that listener until it is told to stop, and `shutdown_delay` longer, or until the handle
/// says so.
pub async fn serve_on(
    listener: TcpListener,
    settings: Settings,
    app: BuildApp,
    handle: Handle<SocketAddr>,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let endpoint = Endpoint {
        listener,
        tls: Tls::open(&settings)?,
        handle,
    };
    let mut told_to_stop: StopSignal = Box::pin(told_to_stop);
    let opened = tokio::select! {
        // First, so that signals are heard from now on.
        biased;
        () = &mut told_to_stop => return Ok(()),
        opened = open(&settings) => opened?,
    };
    let app = app(Arc::clone(&opened.0), &settings);
    run_server(endpoint, settings, opened, app, told_to_stop).await
}

async fn run_server(
    endpoint: Endpoint,
    settings: Settings,
    (auth, store): (Arc<Auth>, Store),
    (state, app): (AppState, Router),
    told_to_stop: StopSignal,
) -> Result<(), RunError> {
    if settings.access_ttl <= settings.refresh_window {
        tracing::warn!(
            "access_ttl should be longer than refresh_window: else a slow request is two generations behind before it arrives"
        );
    }
    let Endpoint {
        listener,
        tls,
        handle,
    } = endpoint;
    let connections = Connections::new(&settings);
    tracing::info!(url = settings.base_url.origin(), listen = %listener.local_addr()?, "serving");

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

/// Takes the address, without blocking on it.
pub fn listen(address: SocketAddr) -> Result<TcpListener, RunError> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    bind().map_err(|error| RunError::Listen(address, error))
}

/// The account system, and the store behind it.
pub async fn open(settings: &Settings) -> Result<(Arc<Auth>, Store), RunError> {
    open_by(settings, Arc::new(SystemClock)).await
}

/// The same, by another clock than the machine's.
pub async fn open_by(
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<(Arc<Auth>, Store), RunError> {
    open_where(settings, clock, true).await
}

/// The same for a command, which works with what a server has made: it makes no database, and so no
/// master key, wherever it happens to be called.
pub async fn open_existing(settings: &Settings) -> Result<(Arc<Auth>, Store), RunError> {
    open_where(settings, Arc::new(SystemClock), false).await
}

async fn open_where(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    create: bool,
) -> Result<(Arc<Auth>, Store), RunError> {
    let redis = open_redis(settings)?;
    let store = open_store_where(settings, redis.clone(), create).await?;
    if let Some(redis) = &redis
        && let Err(error) = redis.ping().await
    {
        tracing::warn!(%error, "Redis does not answer; until it does, nodes look for changes every second");
    }
    let auth = open_auth(settings, store.clone(), redis, clock).await?;
    Ok((auth, store))
}

/// Opens the database, made where there is none, and brings its schema up to date.
pub async fn open_store(settings: &Settings) -> Result<Store, RunError> {
    open_store_where(settings, open_redis(settings)?, true).await
}

async fn open_store_where(
    settings: &Settings,
    redis: Option<Redis>,
    create: bool,
) -> Result<Store, RunError> {
    if create {
        let directory = &settings.data_dir;
        // Password hashes are in it: for its owner only.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|error| RunError::DataDirectory(directory.display().to_string(), error))?;
    }
    let options = StoreOptions {
        create,
        signal: redis.map(|redis| Arc::new(redis) as _),
        allow_plaintext: settings.allow_plaintext,
        ..StoreOptions::default()
    };
    let opened = Store::open_with(settings.database_url.expose(), options).await;
    opened.map_err(|error| match error {
        StoreError::File(DatabaseFileError::Absent(path)) => RunError::NoDatabase(path),
        error => error.into(),
    })
}

fn open_redis(settings: &Settings) -> Result<Option<Redis>, RunError> {
    let open = |url| Redis::open(url, settings.allow_plaintext);
    let redis = settings.redis_url.expose().map(open).transpose();
    redis.map_err(|error| RunError::Redis(error.to_string()))
}

async fn open_auth(
    settings: &Settings,
    store: Store,
    redis: Option<Redis>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<Auth>, RunError> {
    let master = master::read(settings, &store).await?;
    let issuer = settings.base_url.origin();
    let auth = Auth::new(store, master, issuer, rules(settings), clock).await?;
    let auth = match redis {
        Some(redis) => auth.counting_in(redis),
        None => auth,
    };
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
        attempts: AttemptRules {
            failures: settings.sign_in_failures,
            window: settings.sign_in_window,
        },
        sign_up: SignUpRules {
            open: settings.sign_up == SignUp::Open,
            attempts: settings.sign_up_attempts,
            window: settings.sign_up_window,
        },
        keys: KeyRules {
            algorithm: settings.key_algorithm,
            rotation: settings.key_rotation,
            jwks_max_age: settings.jwks_max_age,
        },
        staleness: settings.revocation_staleness,
        retention: settings.retention,
    }
}

/// Ctrl-C, SIGTERM, and SIGHUP where it asks for nothing else: a terminal that is closed stops the server
/// as cleanly as Ctrl-C does. With a certificate from files it means that these are read again.
struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: Option<unix::Signal>,
}

impl Signals {
    fn listen(settings: &Settings) -> io::Result<Self> {
        let hang_up = settings.tls_cert.get().is_none();
        let hang_up = hang_up.then(|| unix::signal(SignalKind::hangup()));
        Ok(Self {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: hang_up.transpose()?,
        })
    }

    /// Waits for the next of either.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = tls::heard(&mut self.hang_up) => {}
        }
    }
}

/// Serves on until load balancers know that it stops, then lets open requests finish.
async fn stop(state: &AppState, settings: &Settings, handle: &Handle<SocketAddr>) {
    tracing::info!("stopping");
    state.stop();
    time::sleep(settings.shutdown_delay).await;
    handle.graceful_shutdown(Some(settings.shutdown_timeout));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Sources, load};

    #[test]
    fn the_core_by_itself_has_the_rules_of_the_settings_defaults() {
        let defaults = load(&Sources::default()).unwrap().settings;
        assert_eq!(rules(&defaults), Rules::default());
    }
}
