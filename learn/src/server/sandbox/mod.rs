//! The sandbox of the learning pages: a second, complete Monban inside this process.
//!
//! It has its own database, master key, signing keys, issuer and clock, and the same
//! router, which is called without a network. So what it shows is what
//! really happens, and its tokens are worthless outside: a real node knows neither its keys nor its issuer.
//!
//! - [`SharedSandbox`]: the one sandbox of this process. It performs one run at a time, limits the time
//!   of each, and the time of all by a `Budget`;
//! - [`SandboxInstance`]: a complete Monban, which is replaced after a number of runs, so that it never
//!   grows;
//! - [`SandboxClient`]: a client that takes part in a run: a browser, a native app, an attacker;
//! - [`Recorder`]: sends the requests of a run and records the exchanges; [`shorten()`] removes the tokens.

mod attacks;
mod budget;
mod client;
mod directory;
mod flows;
mod instance;
mod recorder;
mod shorten;
#[cfg(test)]
mod tests;
mod timing;

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use monban_auth::Algorithm;
use monban_axum::{Accounts, settings::Settings};
use monban_leptos::{error::AppError, server::internal_error};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{self, Instant},
};
use tracing::Instrument;

use super::measure::{Benchmark, MeasureError, Measurement, Resources};
use crate::{
    attacks::{AttackName, RunView},
    sandbox::{ExchangeView, FlowName},
};

use self::{
    budget::{Budget, Network},
    directory::Directory,
};
pub use self::{
    client::SandboxClient,
    instance::{ORIGIN, SandboxError, SandboxInstance},
    recorder::Recorder,
    shorten::shorten,
};

/// Builds a site on the accounts of a sandbox instance.
pub type Site = fn(Accounts) -> Router;

/// The bounds of a sandbox.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// The number of runs after which an instance is replaced.
    runs: u32,
    /// The age at which an instance is replaced.
    age: Duration,
    /// How long a visitor waits for the runs before theirs.
    wait: Duration,
    /// The longest time that a run may take.
    run: Duration,
}

impl Bounds {
    /// Hashing is cheap in a sandbox and no time is slept through: a run takes well under a second.
    const USUAL: Self = Self {
        runs: 50,
        age: Duration::from_mins(15),
        wait: Duration::from_secs(3),
        run: Duration::from_secs(15),
    };

    /// Whether the instance is to be replaced.
    fn are_reached_by(&self, current: &CurrentInstance) -> bool {
        current.runs >= self.runs || current.opened_at.elapsed() >= self.age
    }
}

/// The sandbox of this process. Its first instance is opened by the first run.
#[derive(Debug)]
pub struct SharedSandbox {
    settings: Settings,
    site: Site,
    benchmark: Arc<Benchmark>,
    bounds: Bounds,
    slot: InstanceSlot,
    budget: Arc<Budget>,
}

/// Holds the current instance, if there is one. Locked for the time of a run, so runs take turns.
type InstanceSlot = Arc<Mutex<Option<CurrentInstance>>>;
/// The exclusive use of the slot for one run. When it ends, in whatever way, the run is charged first,
/// and then the next one begins. Used by dereference only: an async block that named one field would
/// capture that field alone, and the charge would be dropped before the work has begun.
struct Turn {
    _charge: Charge,
    slot: OwnedMutexGuard<Option<CurrentInstance>>,
}

impl Deref for Turn {
    type Target = Option<CurrentInstance>;

    fn deref(&self) -> &Self::Target {
        &self.slot
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.slot
    }
}

/// The instance that serves runs at present.
#[derive(Debug)]
struct CurrentInstance {
    instance: SandboxInstance,
    /// The number of runs that it has served.
    runs: u32,
    opened_at: Instant,
}

impl SharedSandbox {
    /// The sandbox of a server with these settings. `site` builds its instances.
    pub fn new(settings: &Settings, site: Site) -> Self {
        Self {
            settings: settings.clone(),
            site,
            benchmark: Arc::default(),
            bounds: Bounds::USUAL,
            slot: InstanceSlot::default(),
            budget: Arc::default(),
        }
    }

    /// Performs the work when its turn comes, for a visitor at that address, if the [`Budget`] allows.
    async fn in_turn<T, W>(
        &self,
        ip: &str,
        work: impl FnOnce(Turn) -> W + Send,
    ) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let network = Network::of(ip);
        self.check_budget(network)?;
        let turn = time::timeout(self.bounds.wait, Arc::clone(&self.slot).lock_owned()).await;
        let slot = turn.map_err(|_| AppError::Busy)?;
        // The runs before may have used it up.
        self.check_budget(network)?;
        let budget = Arc::clone(&self.budget);
        let turn = Turn {
            _charge: Charge {
                budget,
                network,
                start: Instant::now(),
            },
            slot,
        };
        // A task of its own: it inherits nothing of the request that waits for it, and it ends, within
        // its time limit, even if that request is dropped.
        let work = tokio::spawn(work(turn));
        work.await.unwrap_or(Err(AppError::Internal))
    }

    fn check_budget(&self, network: Network) -> Result<(), AppError> {
        let wait = self.budget.wait(network, Instant::now());
        if wait.is_zero() {
            return Ok(());
        }
        let retry_after = wait.as_secs() + 1;
        Err(AppError::TooManyRequests { retry_after })
    }

    async fn run(&self, scenario: Scenario, ip: &str) -> Result<RunView, AppError> {
        let (bounds, settings, site) = (self.bounds, self.settings.clone(), self.site);
        self.in_turn(ip, move |mut turn| async move {
            let mut previous = turn.take();
            if let Some(old) = previous.take_if(|current| bounds.are_reached_by(current)) {
                old.instance.close().await;
            }
            let span = tracing::info_span!("sandbox", scenario = scenario.name());
            let run = run(previous, &settings, site, scenario).instrument(span);
            let outcome = time::timeout(bounds.run, run).await;
            let (current, view) = outcome
                .map_err(|_| AppError::Busy)?
                .map_err(map_sandbox_error)?;
            // A rotated key is the one thing that the next run would notice.
            if bounds.are_reached_by(&current) || scenario == Scenario::Flow(FlowName::KeyRotation)
            {
                current.instance.close().await;
            } else {
                *turn = Some(current);
            }
            Ok(view)
        })
        .await
    }
}

impl SharedSandbox {
    /// Runs that flow for a visitor at that address. [`AppError::Busy`] if the runs before it take too
    /// long, [`AppError::TooManyRequests`] if the budget is used up.
    pub async fn run_flow(&self, flow: FlowName, ip: &str) -> Result<Vec<ExchangeView>, AppError> {
        let view = self.run(Scenario::Flow(flow), ip).await?;
        Ok(view.exchanges)
    }

    /// Runs that attack. Fails as [`Self::run_flow`] does.
    pub async fn run_attack(&self, attack: AttackName, ip: &str) -> Result<RunView, AppError> {
        self.run(Scenario::Attack(attack), ip).await
    }

    /// Measures the cost of each way to check a request. Tokens are signed with that algorithm. Fails as
    /// [`Self::run_flow`] does.
    pub async fn measure(
        &self,
        algorithm: Algorithm,
        ip: &str,
    ) -> Result<Vec<Measurement>, AppError> {
        let benchmark = Arc::clone(&self.benchmark);
        self.in_turn(ip, move |turn| async move {
            let measured = benchmark.measure(Resources::with(algorithm)).await;
            drop(turn);
            measured.map_err(|error| match error {
                MeasureError::Busy => AppError::Busy,
                MeasureError::Auth(error) => internal_error(&error),
            })
        })
        .await
    }
}

/// Charges the network with the time from `start` until it is dropped.
struct Charge {
    budget: Arc<Budget>,
    network: Network,
    start: Instant,
}

impl Drop for Charge {
    fn drop(&mut self) {
        let now = Instant::now();
        self.budget.charge(self.network, now - self.start, now);
    }
}

/// What is run: a flow or an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scenario {
    Flow(FlowName),
    Attack(AttackName),
}

impl Scenario {
    const fn name(self) -> &'static str {
        match self {
            Self::Flow(flow) => flow.name(),
            Self::Attack(attack) => attack.name(),
        }
    }
}

/// Runs the scenario in the previous instance, or in a new one. An instance in which a run fails is
/// dropped.
async fn run(
    previous: Option<CurrentInstance>,
    settings: &Settings,
    site: Site,
    scenario: Scenario,
) -> Result<(CurrentInstance, RunView), SandboxError> {
    let mut current = match previous {
        Some(current) => current,
        None => CurrentInstance {
            instance: SandboxInstance::open(settings, site).await?,
            runs: 0,
            opened_at: Instant::now(),
        },
    };
    let view = match scenario {
        Scenario::Flow(flow) => RunView::without_timing(current.instance.run_flow(flow).await?),
        Scenario::Attack(attack) => current.instance.run_attack(attack).await?,
    };
    current.runs += 1;
    Ok((current, view))
}

fn map_sandbox_error(error: SandboxError) -> AppError {
    match error {
        SandboxError::Auth(error) => internal_error(&error),
        error => {
            tracing::error!(%error, "the sandbox failed");
            AppError::Internal
        }
    }
}
