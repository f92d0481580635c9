//! The sandbox of the learning pages: a second, complete Monban inside this process.
//!
//! It has a database, a master key, signing keys, an issuer and a clock of its own, and the same
//! [`router`](crate::router::router), called without a network. So what it shows is what really
//! happens, and nothing of it is good outside: a real node knows neither its keys nor its issuer.
//!
//! - [`SharedSandbox`]: the one of this process; one run at a time, each bounded in time;
//! - [`World`]: a Monban, made anew after so many runs, so that it never grows;
//! - [`Actor`]: somebody who takes part: a browser, a native client, a thief;
//! - [`Stage`]: writes down what was said; [`shorten()`] takes out what would open something.

mod actor;
mod attacks;
mod directory;
mod flows;
mod shorten;
mod stage;
#[cfg(test)]
mod tests;
mod timing;
mod world;

use std::{sync::Arc, time::Duration};

use monban_app::{
    error::AppError,
    learn::{
        attacks::{AttackName, AttackView, Attacking},
        sandbox::{FlowName, Running, Sandbox},
    },
    server::failed,
};
use tokio::{
    sync::Mutex,
    time::{self, Instant},
};
use tracing::Instrument;

use crate::settings::Settings;

use self::directory::Directory;
pub use self::{
    actor::Actor,
    shorten::shorten,
    stage::Stage,
    world::{ORIGIN, SandboxError, World},
};

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
    bounds: Bounds,
    place: Arc<Mutex<Option<Used>>>,
}

/// A world that has been used.
#[derive(Debug)]
struct Used {
    world: World,
    runs: u32,
    since: Instant,
}

impl SharedSandbox {
    /// A sandbox beside a server with these settings.
    pub fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            bounds: Bounds::USUAL,
            place: Arc::default(),
        }
    }

    async fn run_in_turn(&self, play: Play) -> Result<AttackView, AppError> {
        let bounds = self.bounds;
        let turn = time::timeout(bounds.wait, Arc::clone(&self.place).lock_owned()).await;
        let mut place = turn.map_err(|_| AppError::Busy)?;
        let settings = self.settings.clone();
        // A task of its own, which inherits nothing of the page that waits for it, and which comes
        // to an end even if nobody waits any more.
        let work = tokio::spawn(
            async move {
                let mut left = place.take();
                if let Some(used) = left.take_if(|used| bounds.end(used)) {
                    used.world.close().await;
                }
                let done = time::timeout(bounds.run, run(left, &settings, play)).await;
                let (used, view) = done.map_err(|_| AppError::Busy)??;
                // A changed key is the one thing that the next run would see.
                if bounds.end(&used) || play == Play::Flow(FlowName::KeyRotation) {
                    used.world.close().await;
                } else {
                    *place = Some(used);
                }
                Ok(view)
            }
            .instrument(tracing::info_span!("sandbox", play = play.name())),
        );
        work.await.unwrap_or(Err(AppError::Internal))
    }
}

impl Sandbox for SharedSandbox {
    fn run(&self, flow: FlowName) -> Running<'_> {
        Box::pin(async move {
            let view = self.run_in_turn(Play::Flow(flow)).await?;
            Ok(view.exchanges)
        })
    }

    fn attack(&self, attack: AttackName) -> Attacking<'_> {
        Box::pin(self.run_in_turn(Play::Attack(attack)))
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
    play: Play,
) -> Result<(Used, AttackView), AppError> {
    let mut used = match left {
        Some(used) => used,
        None => Used {
            world: World::open(settings).await.map_err(refused)?,
            runs: 0,
            since: Instant::now(),
        },
    };
    let view = match play {
        Play::Flow(flow) => used.world.play(flow).await.map(AttackView::of),
        Play::Attack(attack) => used.world.attack(attack).await,
    };
    let view = view.map_err(refused)?;
    used.runs += 1;
    Ok((used, view))
}

fn refused(error: SandboxError) -> AppError {
    match error {
        SandboxError::Auth(error) => failed(&error),
        error => {
            tracing::error!(%error, "the sandbox failed");
            AppError::Internal
        }
    }
}
