//! One instance of the sandbox: a complete Monban that serves a limited number of runs.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode},
};
use monban_auth::{
    Auth, AuthError, Clock, KeyChangeError, SessionId, Store, SystemClock, Timestamp,
};
use monban_axum::{
    Accounts, RunError,
    settings::{
        KeySettings, PasswordSettings, SessionSettings, Settings, SettingsError, SignInSettings,
        SignUpSettings, Sources, load,
    },
};
use tower::ServiceExt;

use super::{Directory, Recorder, Site, attacks, flows, timing};
use crate::{
    attacks::{AttackName, RunView},
    sandbox::{ExchangeView, FlowName, RowView},
    time_of_day,
};

/// The origin that the sandbox's browsers see, and the issuer of its tokens. The top-level domain
/// `invalid` is reserved (RFC 6761 §6.4), so no real server has this origin.
pub const ORIGIN: &str = "https://sandbox.invalid";

/// The shortest lifetime of an access token that the flows can show.
const MIN_ACCESS_TTL: Duration = Duration::from_mins(1);
/// The shortest refresh window in which two tabs surely race.
const MIN_REFRESH_WINDOW: Duration = Duration::from_secs(10);

/// Why a scenario did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The directory of the instance could not be created.
    #[error("a directory for the sandbox: {0}")]
    Directory(#[from] io::Error),
    /// The settings of the instance contradict each other.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The instance did not start.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The account system of the instance failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The signing key could not be rotated.
    #[error(transparent)]
    Keys(#[from] KeyChangeError),
    /// A request could not be built.
    #[error(transparent)]
    Http(#[from] axum::http::Error),
    /// A response body broke off.
    #[error(transparent)]
    Body(#[from] axum::Error),
    /// A client lacks the token that the scenario needs next.
    #[error("there is no {0} to send")]
    Missing(&'static str),
    /// A measured request got another status than the one that is measured.
    #[error("an answer that was not awaited: {0}")]
    Unexpected(StatusCode),
}

/// A complete Monban, with its own accounts, keys and clock, behind the real router.
#[derive(Debug)]
pub struct SandboxInstance {
    /// The account system.
    pub auth: Arc<Auth>,
    store: Store,
    router: Router,
    clock: Arc<OffsetClock>,
    settings: Settings,
    site: Site,
    /// The directory of the database, which is removed with the instance.
    _directory: Directory,
}

impl SandboxInstance {
    /// Opens a new instance. It takes over those of the server's settings that a visitor would notice,
    /// and no secret.
    pub async fn open(server: &Settings, site: Site) -> Result<Self, SandboxError> {
        Self::open_with(server, site, Rules::LENIENT).await
    }

    async fn open_with(server: &Settings, site: Site, rules: Rules) -> Result<Self, SandboxError> {
        let directory = Directory::create().await?;
        let settings = instance_settings(server, rules, &directory)?;
        let clock = Arc::new(OffsetClock::default());
        let accounts = Accounts::open_by(settings.clone(), Arc::clone(&clock) as _).await?;
        Ok(Self {
            auth: Arc::clone(accounts.auth()),
            store: accounts.store().clone(),
            router: site(accounts.quiet()),
            clock,
            settings,
            site,
            _directory: directory,
        })
    }

    /// Runs a flow on a new account.
    pub async fn run_flow(&self, flow: FlowName) -> Result<Vec<ExchangeView>, SandboxError> {
        let mut recorder = Recorder::new(self);
        flows::run(flow, &mut recorder).await?;
        Ok(recorder.into_exchanges())
    }

    /// Runs an attack on a new account. An attack that depends on the count of failures, or on the cost
    /// of hashing, gets an instance of its own.
    pub async fn run_attack(&self, attack: AttackName) -> Result<RunView, SandboxError> {
        let rules = match attack {
            AttackName::Guessing => Rules::STRICT,
            AttackName::Timing => Rules::COSTLY,
            _ => return run_attack_in(self, attack).await,
        };
        let instance = Self::open_with(&self.settings, self.site, rules).await?;
        let outcome = run_attack_in(&instance, attack).await;
        instance.close().await;
        outcome
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// The settings of this instance.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Moves the clock forward.
    pub fn advance_clock(&self, time: Duration) {
        self.clock.0.fetch_add(millis(time), Ordering::SeqCst);
    }

    /// Responds to a request as the real server would.
    pub async fn respond(&self, request: Request<Body>) -> Response<Body> {
        let response: Result<_, Infallible> = self.router.clone().oneshot(request).await;
        response.unwrap_or_else(|never| match never {})
    }

    /// The row of that session, after what is still in memory has been written: a page cannot wait for
    /// the background work.
    pub(super) async fn session_row(
        &self,
        session: SessionId,
    ) -> Result<Option<RowView>, SandboxError> {
        self.auth.write_behind().await?;
        let row = self.store.find_session(session).await;
        let row = row.map_err(AuthError::from)?;
        let time = |at: Timestamp| time_of_day(at.as_millis());
        Ok(row.map(|row| RowView {
            generation: row.generation.get(),
            rotated_at: time(row.rotated_at),
            generation_seen_at: row.generation_seen_at.map(time),
            ended_at: row.ended_at.map(time),
            end_reason: row.end_reason.map(|reason| reason.code().to_owned()),
        }))
    }
}

async fn run_attack_in(
    instance: &SandboxInstance,
    attack: AttackName,
) -> Result<RunView, SandboxError> {
    let mut recorder = Recorder::new(instance);
    attacks::run(attack, &mut recorder).await?;
    let timing = match attack {
        AttackName::Timing => Some(timing::measure(&recorder).await?),
        _ => None,
    };
    Ok(RunView {
        exchanges: recorder.into_exchanges(),
        timing,
    })
}

/// The settings in which instances differ.
#[derive(Clone, Copy, Debug)]
struct Rules {
    /// The number of sign-ins that may fail; zero means no limit.
    failures: u32,
    /// The memory that hashing a password takes, in KiB.
    hash_kib: u32,
}

impl Rules {
    /// No limit on failures, and cheap hashes: no visitor waits.
    const LENIENT: Self = Self {
        failures: 0,
        hash_kib: 64,
    };
    /// A low limit on failures, because a reader looks at each guess.
    const STRICT: Self = Self {
        failures: 3,
        ..Self::LENIENT
    };
    /// Hashes that take most of a sign-in's time, as on a real server, and cheap enough for a hundred in
    /// a second.
    const COSTLY: Self = Self {
        hash_kib: 2048,
        ..Self::LENIENT
    };
}

/// The machine's clock, moved forward.
#[derive(Debug, Default)]
struct OffsetClock(AtomicU64);

impl Clock for OffsetClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The settings of an instance: those of the server that a visitor would notice, and defaults.
fn instance_settings(
    server: &Settings,
    rules: Rules,
    directory: &Directory,
) -> Result<Settings, SandboxError> {
    let sources = Sources::default()
        .variable("MONBAN_BASE_URL", ORIGIN)
        .variable("MONBAN_DATA_DIR", &directory.path().display().to_string())
        .variable("MONBAN_ARGON2_ITERATIONS", "1");
    let own = load(&sources)?.settings;
    Ok(Settings {
        keys: KeySettings {
            key_algorithm: server.keys.key_algorithm,
            jwks_max_age: server.keys.jwks_max_age,
            ..own.keys
        },
        sessions: SessionSettings {
            access_ttl: server.sessions.access_ttl.max(MIN_ACCESS_TTL),
            refresh_window: server.sessions.refresh_window.max(MIN_REFRESH_WINDOW),
            ..own.sessions
        },
        sign_in: SignInSettings {
            sign_in_failures: rules.failures,
            ..own.sign_in
        },
        sign_up: SignUpSettings {
            // All accounts of the instance sign up from the same address.
            sign_up_attempts: 0,
            ..own.sign_up
        },
        password: PasswordSettings {
            argon2_memory: rules.hash_kib,
            ..own.password
        },
        ..own
    })
}
