//! A Monban of its own, for a while.

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

use super::{Directory, Site, Stage, attacks, flows, timing};
use crate::{
    attacks::{AttackName, AttackView},
    sandbox::{ExchangeView, FlowName, RowView},
    time_of_day,
};

/// Where its browsers believe themselves to be, and the issuer of its tokens. No name may end so
/// (RFC 6761 §6.4), so no real server has it.
pub const ORIGIN: &str = "https://sandbox.invalid";

/// The shortest life of an access token that the flows can show.
const MIN_ACCESS: Duration = Duration::from_mins(1);
/// The narrowest window in which two tabs surely race.
const MIN_WINDOW: Duration = Duration::from_secs(10);

/// Why a flow did not run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// There is no place for its database.
    #[error("a directory for the sandbox: {0}")]
    Directory(#[from] io::Error),
    /// Its settings do not go together.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// It does not start.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Its account system failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Its keys did not change.
    #[error(transparent)]
    Keys(#[from] KeyChangeError),
    /// A message could not be put together.
    #[error(transparent)]
    Http(#[from] axum::http::Error),
    /// An answer broke off.
    #[error(transparent)]
    Body(#[from] axum::Error),
    /// Somebody had nothing to show where the flow needs a token.
    #[error("there is no {0} to send")]
    Missing(&'static str),
    /// Something else was answered than a measurement is of.
    #[error("an answer that was not awaited: {0}")]
    Unexpected(StatusCode),
}

/// A complete Monban: accounts, keys and a clock of its own, behind the real router.
#[derive(Debug)]
pub struct World {
    /// The account system.
    pub auth: Arc<Auth>,
    store: Store,
    router: Router,
    clock: Arc<MovedClock>,
    settings: Settings,
    site: Site,
    /// The database, which goes with it.
    _directory: Directory,
}

impl World {
    /// A new one, beside a server with these settings. It takes over what a visitor would notice,
    /// and nothing that is secret.
    pub async fn open(beside: &Settings, site: Site) -> Result<Self, SandboxError> {
        Self::open_with(beside, site, Rules::LENIENT).await
    }

    async fn open_with(beside: &Settings, site: Site, rules: Rules) -> Result<Self, SandboxError> {
        let directory = Directory::create().await?;
        let settings = settings_beside(beside, rules, &directory)?;
        let clock = Arc::new(MovedClock::default());
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

    /// Performs a flow on a new account.
    pub async fn play(&self, flow: FlowName) -> Result<Vec<ExchangeView>, SandboxError> {
        let mut stage = Stage::new(self);
        flows::perform(flow, &mut stage).await?;
        Ok(stage.exchanges())
    }

    /// Performs an attack on a new account. What depends on its own count of failures, or on what
    /// hashing costs, gets a world of its own.
    pub async fn attack(&self, attack: AttackName) -> Result<AttackView, SandboxError> {
        let rules = match attack {
            AttackName::Guessing => Rules::STRICT,
            AttackName::Timing => Rules::COSTLY,
            _ => return attack_in(self, attack).await,
        };
        let world = Self::open_with(&self.settings, self.site, rules).await?;
        let done = attack_in(&world, attack).await;
        world.close().await;
        done
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// What it runs with.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Moves its clock forward.
    pub fn wait(&self, time: Duration) {
        self.clock.0.fetch_add(millis(time), Ordering::SeqCst);
    }

    /// Answers a request as the real server would.
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let answered: Result<_, Infallible> = self.router.clone().oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }

    /// That session's row. What is written behind is written first: a page cannot wait for it.
    pub(super) async fn row(&self, session: SessionId) -> Result<Option<RowView>, SandboxError> {
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

async fn attack_in(world: &World, attack: AttackName) -> Result<AttackView, SandboxError> {
    let mut stage = Stage::new(world);
    attacks::perform(attack, &mut stage).await?;
    let timing = match attack {
        AttackName::Timing => Some(timing::measure(&stage).await?),
        _ => None,
    };
    Ok(AttackView {
        exchanges: stage.exchanges(),
        timing,
    })
}

/// Where worlds differ.
#[derive(Clone, Copy, Debug)]
struct Rules {
    /// How many sign-ins may fail; zero is no limit.
    failures: u32,
    /// How much memory a password's hash takes.
    hash_kib: u32,
}

impl Rules {
    /// Nobody waits.
    const LENIENT: Self = Self {
        failures: 0,
        hash_kib: 64,
    };
    /// Few guesses: a reader looks at each.
    const STRICT: Self = Self {
        failures: 3,
        ..Self::LENIENT
    };
    /// A hash takes most of a sign-in's time, as in earnest, and a hundred fit into a second.
    const COSTLY: Self = Self {
        hash_kib: 2048,
        ..Self::LENIENT
    };
}

/// The machine's clock, moved forward.
#[derive(Debug, Default)]
struct MovedClock(AtomicU64);

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn settings_beside(
    beside: &Settings,
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
            key_algorithm: beside.keys.key_algorithm,
            jwks_max_age: beside.keys.jwks_max_age,
            ..own.keys
        },
        sessions: SessionSettings {
            access_ttl: beside.sessions.access_ttl.max(MIN_ACCESS),
            refresh_window: beside.sessions.refresh_window.max(MIN_WINDOW),
            ..own.sessions
        },
        sign_in: SignInSettings {
            sign_in_failures: rules.failures,
            ..own.sign_in
        },
        sign_up: SignUpSettings {
            // All of its accounts are made from one place.
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
