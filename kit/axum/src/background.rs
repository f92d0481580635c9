//! Work in the background: the list of it, and the supervisor that keeps it going.
//!
//! Each [part](PARTS) runs by itself. A fault or a panic ends one run and never the part: it runs
//! again, at first soon and then ever later, up to its period. The log has one line when a part becomes
//! unhealthy (and one more each time the number of faults has doubled) and one when it works again.
//!
//! # What readiness makes of it
//!
//! A part is unhealthy once its last success is older than its patience, which is several periods long: a
//! lost connection, a restart of the database or one slow run changes nothing, so readiness does not
//! flap. `/readyz` names each unhealthy part. Whether that takes the node out of service is decided here,
//! for each part, by one question: *would people be better off elsewhere?* What affects every node alike
//! must not empty the whole fleet unless there is nothing left to serve.
//!
//! | part | unhealthy means | takes the node out | because |
//! |---|---|---|---|
//! | `database` | it does not answer | yes | no one can sign in or renew here; while all nodes lack it there is nothing to serve anywhere, and a balancer says that sooner than we do |
//! | `writer` | it takes no writes: a standby behind old connections, a lock that is never released, a disk that is full or may only be read | yes | the same, and new connections, as of a node that starts, may well reach the right server |
//! | `evidence` | what was seen in use, and the audit, stay in this process's memory | yes | with the writer well this is a fault of this process alone. Theft is noticed by evidence, memory fills, and a crash would lose it |
//! | `changes` | nothing is heard of other nodes | no | the node asks the database for each request and stays right. If all are deaf (Redis is gone), all are slower, and none better |
//! | `maintenance` | keys are not rotated, old rows stay | no | the effects show after days only |

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use monban_auth::{Auth, AuthError};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use crate::tls::Tls;

/// The first pause after a fault. It doubles with each further one, up to the part's period.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// One part of the work in the background.
#[derive(Debug)]
pub struct Part<C = Auth> {
    /// Its name in the log and in `/readyz`.
    pub name: &'static str,
    /// The pause between two runs, and the longest before one more try.
    pub period: Duration,
    /// The longest a run may take. `None`: it does not end, and `lag` alone tells its health.
    pub bound: Option<Duration>,
    /// It is unhealthy once its last success is that long ago.
    pub patience: Duration,
    /// Whether the node is out of service while it is unhealthy.
    pub required: bool,
    /// One run of it.
    pub run: fn(Arc<C>) -> Running,
    /// How far it is behind, where that is more than the time since its last success.
    pub lag: Option<fn(&C) -> Duration>,
}

/// A run under way.
pub type Running = Pin<Box<dyn Future<Output = Result<(), AuthError>> + Send>>;

/// All of it.
pub const PARTS: [Part; 5] = [
    Part {
        name: "database",
        period: Duration::from_secs(2),
        bound: Some(Duration::from_secs(10)),
        patience: Duration::from_secs(10),
        required: true,
        run: |auth| Box::pin(async move { auth.ping().await }),
        lag: None,
    },
    Part {
        name: "writer",
        period: Duration::from_secs(5),
        bound: Some(Duration::from_secs(10)),
        patience: Duration::from_secs(30),
        required: true,
        run: |auth| Box::pin(async move { auth.check_writer().await }),
        lag: None,
    },
    // A crash forgets at most one period of who was last seen when.
    Part {
        name: "evidence",
        period: Duration::from_secs(5),
        bound: Some(Duration::from_mins(1)),
        patience: Duration::from_mins(1),
        required: true,
        run: |auth| Box::pin(async move { auth.write_behind().await }),
        lag: Some(|auth| auth.backlog().evidence_waits.unwrap_or_default()),
    },
    Part {
        name: "changes",
        period: Duration::from_secs(5),
        bound: None,
        patience: Duration::from_secs(30),
        required: false,
        run: |auth| {
            Box::pin(async move {
                auth.follow().await;
                Ok(())
            })
        },
        lag: Some(Auth::unheard_for),
    },
    // Keys that are due, and rows that are no longer needed.
    Part {
        name: "maintenance",
        period: Duration::from_secs(30),
        bound: Some(Duration::from_mins(10)),
        patience: Duration::from_mins(15),
        required: false,
        run: |auth| Box::pin(async move { auth.run_maintenance().await }),
        lag: None,
    },
];

/// The certificate, where Monban speaks TLS by itself. It says itself what is wrong with a renewed one,
/// and the one in use goes on.
pub(crate) const CERTIFICATE: Part<Tls> = Part {
    name: "certificate",
    period: Duration::from_secs(5),
    bound: None,
    patience: Duration::MAX,
    required: false,
    run: |tls| {
        Box::pin(async move {
            tls.follow().await;
            Ok(())
        })
    },
    lag: None,
};

/// How the work in the background is doing.
#[derive(Debug)]
pub(crate) struct Health<C = Auth>(Vec<Supervised<C>>);

/// A part, and the instant of its last success.
#[derive(Debug)]
struct Supervised<C> {
    part: Part<C>,
    succeeded_at: Mutex<Instant>,
}

/// A part that is unhealthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnhealthyPart {
    /// Its name.
    pub part: &'static str,
    /// The time since its last success.
    pub since: Duration,
    /// Whether the node is out of service for that.
    pub required: bool,
}

impl Default for Health {
    /// That of [`PARTS`].
    fn default() -> Self {
        Self::of(PARTS)
    }
}

impl<C: Send + Sync + 'static> Health<C> {
    /// That of these parts. A start counts as a success: it asked the database for all that it needs.
    pub fn of(parts: impl IntoIterator<Item = Part<C>>) -> Self {
        let supervised = |part| Supervised {
            part,
            succeeded_at: Mutex::new(Instant::now()),
        };
        Self(parts.into_iter().map(supervised).collect())
    }

    /// The unhealthy parts, in the order of the list.
    pub fn unhealthy(&self, context: &C) -> Vec<UnhealthyPart> {
        let unhealthy = |supervised: &Supervised<C>| {
            let since = supervised.since(context);
            (since > supervised.part.patience).then_some(UnhealthyPart {
                part: supervised.part.name,
                since,
                required: supervised.part.required,
            })
        };
        self.0.iter().filter_map(unhealthy).collect()
    }

    /// Runs each part in a task of its own, again and again. Dropped, the set ends them.
    pub fn supervise(self: &Arc<Self>, context: &Arc<C>) -> JoinSet<()> {
        let mut parts = JoinSet::new();
        for place in 0..self.0.len() {
            let (health, context) = (Arc::clone(self), Arc::clone(context));
            parts.spawn(async move {
                if let Some(supervised) = health.0.get(place) {
                    supervised.run_repeatedly(&context).await;
                }
            });
        }
        parts
    }
}

impl<C: Send + Sync + 'static> Supervised<C> {
    async fn run_repeatedly(&self, context: &Arc<C>) {
        let Part { name, period, .. } = self.part;
        let mut faults: u32 = 0;
        loop {
            let pause = match self.run(context).await {
                Ok(()) => {
                    if faults > 0 {
                        tracing::info!(part = name, faults, "works again");
                    }
                    faults = 0;
                    self.succeed();
                    period
                }
                Err(fault) => {
                    faults = faults.saturating_add(1);
                    fault.log(name, faults);
                    pause_after(faults).min(period)
                }
            };
            sleep(pause).await;
        }
    }

    async fn run(&self, context: &Arc<C>) -> Result<(), Fault> {
        let context = Arc::clone(context);
        // The call itself may panic, too, so it is made inside.
        let run = AssertUnwindSafe(async { (self.part.run)(context).await }).catch_unwind();
        let ran = match self.part.bound {
            Some(bound) => timeout(bound, run).await.map_err(|_| Fault::Slow(bound))?,
            None => run.await,
        };
        Ok(ran.map_err(|panic| Fault::Panic(text_of(&*panic)))??)
    }

    fn succeed(&self) {
        let mut at = self
            .succeeded_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *at = Instant::now();
    }

    /// The time since its last success, or its lag where that is more.
    fn since(&self, context: &C) -> Duration {
        let lag = self.part.lag.map_or(Duration::ZERO, |lag| lag(context));
        if self.part.bound.is_none() {
            return lag;
        }
        let at = self
            .succeeded_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        at.elapsed().max(lag)
    }
}

/// Why a run came to nothing.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("not done after {0:?}")]
    Slow(Duration),
    #[error("it panicked: {0}")]
    Panic(String),
}

impl Fault {
    /// The first of a row, then the second, the fourth, the eighth: a fault that lasts must neither
    /// flood the log nor be forgotten.
    fn log(&self, part: &str, faults: u32) {
        match self {
            _ if !faults.is_power_of_two() => tracing::debug!(part, faults, error = %self),
            Self::Panic(_) => {
                tracing::error!(part, faults, error = %self, "it will be tried again");
            }
            _ => tracing::warn!(part, faults, error = %self, "it will be tried again"),
        }
    }
}

fn pause_after(faults: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << (faults - 1).min(16))
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
