use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::*;

const PERIOD: Duration = Duration::from_secs(10);

/// What the parts of a test work on.
#[derive(Debug, Default)]
struct Work {
    runs: AtomicU32,
    /// What the next runs do.
    mood: AtomicU32,
    lag: AtomicU64,
}

const WELL: u32 = 0;
const PANICS_AT_ONCE: u32 = 1;
const PANICS_LATER: u32 = 2;
const HANGS: u32 = 3;
const FAILS: u32 = 4;

#[expect(
    clippy::needless_pass_by_value,
    reason = "what a part runs is given its own"
)]
fn run(work: Arc<Work>) -> Running {
    work.runs.fetch_add(1, Ordering::SeqCst);
    let mood = work.mood.load(Ordering::SeqCst);
    assert!(mood != PANICS_AT_ONCE, "before there is any future");
    Box::pin(async move {
        sleep(Duration::from_millis(1)).await;
        match mood {
            PANICS_LATER => panic!("while it is polled"),
            HANGS => std::future::pending().await,
            FAILS => Err(AuthError::OutOfSync),
            _ => Ok(()),
        }
    })
}

const PART: Part<Work> = Part {
    name: "work",
    period: PERIOD,
    bound: Some(Duration::from_secs(5)),
    patience: Duration::from_mins(1),
    required: true,
    run,
    lag: None,
};

impl Work {
    /// How many runs there are in that time, in that mood.
    async fn runs_within(&self, mood: u32, time: Duration) -> u32 {
        self.mood.store(mood, Ordering::SeqCst);
        let before = self.runs.load(Ordering::SeqCst);
        sleep(time).await;
        self.runs.load(Ordering::SeqCst) - before
    }
}

fn start(part: Part<Work>) -> (Arc<Work>, Arc<Health<Work>>, JoinSet<()>) {
    let (work, health) = (Arc::default(), Arc::new(Health::of([part])));
    let parts = health.supervise(&work);
    (work, health, parts)
}

#[tokio::test(start_paused = true)]
async fn no_panic_no_fault_and_no_hanging_ends_a_part() {
    let (work, health, _parts) = start(PART);
    for mood in [PANICS_AT_ONCE, PANICS_LATER, HANGS, FAILS] {
        let tried = work.runs_within(mood, Duration::from_mins(10)).await;
        assert!((30..=70).contains(&tried), "{mood}: {tried}");
        assert_eq!(health.unhealthy(&work).len(), 1, "{mood}");

        work.runs_within(WELL, Duration::from_mins(1)).await;
        assert_eq!(health.unhealthy(&work), [], "{mood}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_tried_again_soon_at_first_and_then_less_and_less() {
    let (work, _, _parts) = start(PART);
    let second = Duration::from_secs(1);
    assert_eq!(work.runs_within(PANICS_AT_ONCE, second / 10).await, 1);
    // After half a second, one more, two, four, eight.
    assert_eq!(work.runs_within(PANICS_AT_ONCE, 16 * second).await, 5);
    // From then on once in a period.
    assert_eq!(work.runs_within(PANICS_AT_ONCE, 10 * PERIOD).await, 10);
}

#[tokio::test(start_paused = true)]
async fn what_fails_now_and_then_is_not_ill() {
    let (work, health, _parts) = start(PART);
    for _ in 0..100 {
        work.runs_within(FAILS, PART.patience / 2).await;
        assert_eq!(health.unhealthy(&work), []);
        work.runs_within(WELL, PERIOD).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_ill_part_is_named_with_the_time_since_it_was_well() {
    let idle = Part {
        name: "idle",
        required: false,
        ..PART
    };
    let health = Health::of([PART, idle]);
    let work = Work::default();
    sleep(PART.patience).await;
    assert_eq!(health.unhealthy(&work), [], "a start is a success");
    sleep(Duration::from_secs(5)).await;
    let since = PART.patience + Duration::from_secs(5);
    let ill = |part, required| UnhealthyPart {
        part,
        since,
        required,
    };
    assert_eq!(
        health.unhealthy(&work),
        [ill("work", true), ill("idle", false)]
    );
}

#[tokio::test(start_paused = true)]
async fn what_goes_on_for_ever_says_itself_how_far_it_is_behind() {
    let (work, health, _parts) = start(Part {
        bound: None,
        lag: Some(|work| Duration::from_secs(work.lag.load(Ordering::SeqCst))),
        ..PART
    });
    assert_eq!(work.runs_within(HANGS, Duration::from_hours(1)).await, 1);
    assert_eq!(health.unhealthy(&work), []);
    work.lag.store(100, Ordering::SeqCst);
    assert_eq!(health.unhealthy(&work)[0].since, Duration::from_secs(100));
}

#[tokio::test(start_paused = true)]
async fn what_succeeds_again_and_again_and_is_behind_all_the_same_is_ill() {
    let (work, health, _parts) = start(Part {
        lag: Some(|work| Duration::from_secs(work.lag.load(Ordering::SeqCst))),
        ..PART
    });
    work.runs_within(WELL, PERIOD).await;
    assert_eq!(health.unhealthy(&work), []);
    work.lag.store(100, Ordering::SeqCst);
    assert_eq!(health.unhealthy(&work)[0].since, Duration::from_secs(100));
}

#[test]
fn each_part_is_patient_for_several_periods_and_has_a_name_of_its_own() {
    let mut names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), PARTS.len());
    for part in PARTS {
        assert!(part.patience >= 4 * part.period, "{}", part.name);
        assert!(part.bound.is_some() || part.lag.is_some(), "{}", part.name);
    }
}
