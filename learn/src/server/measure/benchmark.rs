//! Measures, within bounds: one measurement at a time, with a pause between two, and none longer than a
//! visitor waits.

use std::{hint::black_box, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::Mutex,
    task::{spawn_blocking, yield_now},
    time::{Instant, timeout_at},
};

use super::{
    Check, Figures, Measurement, Prepared, Refused, opaque::OpaqueCheck, signed::SignedCheck,
};
use monban_auth::{Algorithm, AuthError, Clock, KeyError, SystemClock};

/// The longest time that a measurement may take in all.
const LIMIT: Duration = Duration::from_secs(2);
/// The part of that time that is left for cleaning up and responding.
const RESERVE: Duration = Duration::from_millis(300);
/// The time from the start of one measurement to the start of the next. However often a process is
/// asked, it measures for a fourth of one core's time at most.
const PAUSE: Duration = Duration::from_secs(8);
/// The checks that come first and do not count, while caches fill and statements are prepared.
const WARM_UP: usize = 50;
/// The largest number of checks of one candidate.
const MAX_CHECKS: usize = 20_000;

/// Makes the measurements. There is one for a process.
#[derive(Debug, Default)]
pub(crate) struct Benchmark {
    /// The start of the last measurement. Locked while one is under way.
    last: Mutex<Option<Instant>>,
}

/// What the measurements are made with.
pub(crate) struct Resources {
    /// The algorithm that tokens are signed with.
    pub(crate) algorithm: Algorithm,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Resources {
    /// The machine's clock, and keys of that algorithm.
    pub(crate) fn with(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            clock: Arc::new(SystemClock),
        }
    }
}

/// Why no measurement was made.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A measurement is under way, or the last one is not long ago, or there was no time left.
    #[error("another measurement is under way, or was a moment ago")]
    Busy,
    /// The account system failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl Benchmark {
    /// Measures the candidates, one after the other. A candidate that cannot be prepared is left out.
    pub(crate) async fn measure(
        &self,
        resources: Resources,
    ) -> Result<Vec<Measurement>, MeasureError> {
        let mut last = self.last.try_lock().map_err(|_| MeasureError::Busy)?;
        let start = Instant::now();
        if !is_due(*last, start) {
            return Err(MeasureError::Busy);
        }
        *last = Some(start);
        let all = measure_all(&resources, start + LIMIT - RESERVE);
        let measured = timeout_at(start + LIMIT, all).await;
        Ok(measured.map_err(|_| MeasureError::Busy)??)
    }
}

fn is_due(last: Option<Instant>, now: Instant) -> bool {
    last.is_none_or(|last| now >= last + PAUSE)
}

async fn measure_all(resources: &Resources, until: Instant) -> Result<Vec<Measurement>, AuthError> {
    let (now, alg) = (resources.clock.now(), resources.algorithm);
    let signed = spawn_blocking(move || SignedCheck::prepare(alg, now))
        .await
        .map_err(|_| KeyError::Generate)??;
    let looked_up = [
        OpaqueCheck::session(now).await,
        OpaqueCheck::api_key(now).await,
    ];

    let mut left = signed.len() + looked_up.len();
    let mut measured = Vec::with_capacity(left);
    let mut share = || {
        let now = Instant::now();
        let share = (until - now) / u32::try_from(left).unwrap_or(u32::MAX).max(1);
        left = left.saturating_sub(1);
        now + share
    };
    for check in signed {
        measured.extend(measure(check, Arc::clone(&resources.clock), share()).await);
    }
    for check in looked_up {
        let until = share();
        match check {
            Ok(check) => measured.extend(measure(check, Arc::clone(&resources.clock), until).await),
            Err(error) => tracing::warn!(%error, "a candidate is left out of the measurement"),
        }
    }
    Ok(measured)
}

/// Measures the candidate until that instant. `None` if its checks accept what is wrong, refuse what is
/// genuine, or if none was measured.
async fn measure<C: Check>(
    mut check: C,
    clock: Arc<dyn Clock>,
    until: Instant,
) -> Option<Measurement> {
    let mut times = Vec::with_capacity(MAX_CHECKS);
    if C::IS_CPU_BOUND {
        let runtime = Handle::current();
        let work = move || {
            let outcome = runtime.block_on(run(&mut check, &*clock, until, &mut times));
            (check, times, outcome)
        };
        let (check, times, outcome) = spawn_blocking(work).await.ok()?;
        to_measurement(&check, times, outcome)
    } else {
        // A check that does not return costs the candidate its share of the time. The checks before it
        // count.
        let run = run(&mut check, &*clock, until, &mut times);
        let outcome = timeout_at(until, run).await.unwrap_or(Ok(()));
        to_measurement(&check, times, outcome)
    }
}

fn to_measurement<C: Check>(
    check: &C,
    times: Vec<Duration>,
    outcome: Result<(), Invalid>,
) -> Option<Measurement> {
    let Prepared {
        candidate, genuine, ..
    } = check.prepared();
    let (candidate, sent) = (*candidate, genuine.sent(*candidate));
    if let Err(error) = outcome {
        tracing::warn!(candidate = candidate.code(), %error, "left out of the measurement");
        return None;
    }
    Some(Measurement {
        candidate,
        sent,
        figures: Figures::of(times)?,
    })
}

/// Why a candidate's checks are not valid.
#[derive(Debug, thiserror::Error)]
enum Invalid {
    #[error("it accepted a wrong credential")]
    AcceptsWrong,
    #[error("it refused the genuine credential: {0}")]
    RefusesGenuine(#[from] Refused),
}

/// Repeats the check and records how long each took.
async fn run<C: Check>(
    check: &mut C,
    clock: &dyn Clock,
    until: Instant,
    times: &mut Vec<Duration>,
) -> Result<(), Invalid> {
    let Prepared { genuine, wrong, .. } = check.prepared().clone();
    for wrong in wrong {
        if check.check(&wrong, clock.now()).await.is_ok() {
            return Err(Invalid::AcceptsWrong);
        }
    }
    for _ in 0..WARM_UP {
        check.check(&genuine, clock.now()).await?;
    }
    while times.len() < MAX_CHECKS && Instant::now() < until {
        let start = Instant::now();
        let checked = black_box(check.check(&genuine, clock.now()).await);
        times.push(start.elapsed());
        checked?;
        if !C::IS_CPU_BOUND {
            yield_now().await;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::measure::{Candidate, Credential, Prepared};
    use monban_auth::{AccountId, Timestamp};

    /// A check that looks at nothing but the length.
    struct Length(Prepared);

    impl Length {
        async fn measured(genuine: &str, wrong: &str, until: Duration) -> Option<Measurement> {
            let length = Self(Prepared {
                candidate: Candidate::Jwt,
                genuine: Credential::new(genuine),
                wrong: vec![Credential::new(wrong)],
            });
            measure(length, Arc::new(SystemClock), Instant::now() + until).await
        }
    }

    impl Check for Length {
        const IS_CPU_BOUND: bool = false;

        fn prepared(&self) -> &Prepared {
            &self.0
        }

        async fn check(
            &mut self,
            presented: &Credential,
            _: Timestamp,
        ) -> Result<AccountId, Refused> {
            match presented.sent(Candidate::Jwt).bytes - "Cookie: __Host-monban_access=".len() {
                4 => Ok(AccountId::NONE),
                5 => std::future::pending().await,
                _ => Err(Refused::Unknown),
            }
        }
    }

    #[tokio::test]
    async fn a_candidate_whose_checks_are_invalid_is_not_measured() {
        let soon = Duration::from_millis(50);
        let sound = Length::measured("four", "six...", soon).await.unwrap();
        assert!((1..=MAX_CHECKS).contains(&sound.figures.checks));
        assert!(
            Length::measured("four", "4444", soon).await.is_none(),
            "accepts what is wrong"
        );
        assert!(
            Length::measured("six...", "twelve", soon).await.is_none(),
            "refuses what is genuine"
        );
    }

    #[tokio::test]
    async fn a_check_that_does_not_return_costs_its_share_of_the_time() {
        let start = Instant::now();
        let silent = Length::measured("five.", "six...", Duration::from_millis(50)).await;
        assert!(silent.is_none() && start.elapsed() < Duration::from_secs(1));
    }

    /// The benchmark has no access to a database or another machine.
    #[tokio::test(flavor = "multi_thread")]
    async fn every_way_is_measured_with_an_algorithm_alone() {
        let resources = Resources::with(Algorithm::EdDsa);
        let measured = Benchmark::default().measure(resources).await.unwrap();
        let ways: Vec<_> = measured.iter().map(|way| way.candidate.code()).collect();
        assert_eq!(
            ways,
            [
                "jwt",
                "jwt_denylist",
                "jwt_remembered",
                "session_sqlite",
                "api_key_sqlite"
            ]
        );
    }

    #[test]
    fn one_follows_another_after_the_pause() {
        let now = Instant::now();
        assert!(is_due(None, now));
        assert!(!is_due(Some(now), now + PAUSE - Duration::from_nanos(1)));
        assert!(is_due(Some(now), now + PAUSE));
    }
}
