//! The sandbox of the learning pages: a second, complete Monban inside this process.
//!
//! It has a database, a master key, signing keys, an issuer and a clock of its own, and the same
//! router, called without a network. So what it shows is what really
//! happens, and nothing of it is good outside: a real node knows neither its keys nor its issuer.
//!
//! - [`SharedSandbox`]: the one of this process; one run at a time, each bounded in time, and all of
//!   them by a `Budget`;
//! - [`World`]: a Monban, made anew after so many runs, so that it never grows;
//! - [`Actor`]: somebody who takes part: a browser, a native client, a thief;
//! - [`Stage`]: writes down what was said; [`shorten()`] takes out what would open something.

mod actor;
mod attacks;
mod budget;
mod directory;
mod flows;
mod shorten;
mod stage;
#[cfg(test)]
mod tests;
mod timing;
mod world;

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

use super::measure::{Bench, MeasureError, Measurement, Resources};
use crate::{
    attacks::{AttackName, AttackView},
    sandbox::{ExchangeView, FlowName},
};

pub use self::{
    actor::Actor,
    shorten::shorten,
    stage::Stage,
    world::{ORIGIN, SandboxError, World},
};
use self::{
    budget::{Budget, Network},
    directory::Directory,
};

/// Puts a site together on the accounts of a sandbox.
pub type Site = fn(Accounts) -> Router;

/// What bounds a sandbox.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// How many runs a world lasts.
    runs: u32,
    /// How long a world lasts.
    age: Duration,
    /// How long a visitor waits for those before them.
    wait: Duration,
    /// How long a run may take.
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

    /// Whether a world has lasted.
    fn end(&self, used: &Used) -> bool {
        used.runs >= self.runs || used.since.elapsed() >= self.age
    }
}

/// The sandbox of this process. Its world is made when somebody first runs a flow.
#[derive(Debug)]
pub struct SharedSandbox {
    settings: Settings,
    site: Site,
    bench: Arc<Bench>,
    bounds: Bounds,
    place: Place,
    budget: Arc<Budget>,
}

/// Where runs take place, one at a time.
type Place = Arc<Mutex<Option<Used>>>;
/// The turn of one. When it is over, however it ends, it is charged first, and then the next begins.
/// It is used by dereference only: a block that named one field would take that field along and leave
/// the charge behind, to be made before the work has begun.
struct Turn {
    _charge: Charge,
    place: OwnedMutexGuard<Option<Used>>,
}

impl Deref for Turn {
    type Target = Option<Used>;

    fn deref(&self) -> &Self::Target {
        &self.place
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.place
    }
}

/// A world that has been used.
#[derive(Debug)]
struct Used {
    world: World,
    runs: u32,
    since: Instant,
}

impl SharedSandbox {
    /// A sandbox beside a server with these settings, in which `site` puts a second one together.
    pub fn new(settings: &Settings, site: Site) -> Self {
        Self {
            settings: settings.clone(),
            site,
            bench: Arc::default(),
            bounds: Bounds::USUAL,
            place: Place::default(),
            budget: Arc::default(),
        }
    }

    /// Works in turn, for somebody at that address, if there is [budget](Budget) for it.
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
        let turn = time::timeout(self.bounds.wait, Arc::clone(&self.place).lock_owned()).await;
        let place = turn.map_err(|_| AppError::Busy)?;
        // Those before may have used it up.
        self.check_budget(network)?;
        let budget = Arc::clone(&self.budget);
        let turn = Turn {
            _charge: Charge {
                budget,
                network,
                begun: Instant::now(),
            },
            place,
        };
        // A task of its own, which inherits nothing of the page that waits for it, and which comes
        // to an end even if nobody waits any more. It ends with its bound.
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

    async fn perform(&self, play: Play, ip: &str) -> Result<AttackView, AppError> {
        let (bounds, settings, site) = (self.bounds, self.settings.clone(), self.site);
        self.in_turn(ip, move |mut turn| async move {
            let mut left = turn.take();
            if let Some(used) = left.take_if(|used| bounds.end(used)) {
                used.world.close().await;
            }
            let span = tracing::info_span!("sandbox", play = play.name());
            let run = run(left, &settings, site, play).instrument(span);
            let done = time::timeout(bounds.run, run).await;
            let (used, view) = done.map_err(|_| AppError::Busy)?.map_err(refused)?;
            // A changed key is the one thing that the next run would see.
            if bounds.end(&used) || play == Play::Flow(FlowName::KeyRotation) {
                used.world.close().await;
            } else {
                *turn = Some(used);
            }
            Ok(view)
        })
        .await
    }
}

impl SharedSandbox {
    /// Runs that flow for somebody at that address. [`AppError::Busy`] if others are before it for too
    /// long, [`AppError::TooManyRequests`] if too much was run of late.
    pub async fn run(&self, flow: FlowName, ip: &str) -> Result<Vec<ExchangeView>, AppError> {
        let view = self.perform(Play::Flow(flow), ip).await?;
        Ok(view.exchanges)
    }

    /// Tries that attack, as above.
    pub async fn attack(&self, attack: AttackName, ip: &str) -> Result<AttackView, AppError> {
        self.perform(Play::Attack(attack), ip).await
    }

    /// Measures what ways to check a request cost, as above. Tokens are signed with that algorithm.
    pub async fn measure(
        &self,
        algorithm: Algorithm,
        ip: &str,
    ) -> Result<Vec<Measurement>, AppError> {
        let bench = Arc::clone(&self.bench);
        self.in_turn(ip, move |turn| async move {
            let measured = bench.measure(Resources::with(algorithm)).await;
            drop(turn);
            measured.map_err(|error| match error {
                MeasureError::Busy => AppError::Busy,
                MeasureError::Auth(error) => internal_error(&error),
            })
        })
        .await
    }
}

/// What to charge, and to whom.
struct Charge {
    budget: Arc<Budget>,
    network: Network,
    begun: Instant,
}

impl Drop for Charge {
    fn drop(&mut self) {
        let now = Instant::now();
        self.budget.charge(self.network, now - self.begun, now);
    }
}

/// What is performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Play {
    Flow(FlowName),
    Attack(AttackName),
}

impl Play {
    const fn name(self) -> &'static str {
        match self {
            Self::Flow(flow) => flow.name(),
            Self::Attack(attack) => attack.name(),
        }
    }
}

/// Runs it where others ran before, or in a new world. A world in which a run failed is dropped.
async fn run(
    left: Option<Used>,
    settings: &Settings,
    site: Site,
    play: Play,
) -> Result<(Used, AttackView), SandboxError> {
    let mut used = match left {
        Some(used) => used,
        None => Used {
            world: World::open(settings, site).await?,
            runs: 0,
            since: Instant::now(),
        },
    };
    let view = match play {
        Play::Flow(flow) => AttackView::of(used.world.play(flow).await?),
        Play::Attack(attack) => used.world.attack(attack).await?,
    };
    used.runs += 1;
    Ok((used, view))
}

fn refused(error: SandboxError) -> AppError {
    match error {
        SandboxError::Auth(error) => internal_error(&error),
        error => {
            tracing::error!(%error, "the sandbox failed");
            AppError::Internal
        }
    }
}
